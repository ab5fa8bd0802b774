"""The words that the check cuts a text into around a name, from jieba's dictionary, and traditional characters."""

import gzip
import math
from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files

from generated.maker import ROOT, Files
from tyez_bench.zh.lexicon import ORDINARY, TAGS

FOLDER = ROOT / "src" / "tyez_bench" / "zh"
# Longer words are phrases; rare ones say little about where a word ends, but names are known by being there.
LONGEST = 8
RAREST = {"place": 3, "organisation": 3, "name": 3, "person": 10}
RAREST_OTHER = 20


def make() -> Files:
    """The lexicon, a line for each tag and magnitude of frequency, packed; and the table of characters."""
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    rows = [line.split() for line in files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines()]
    tags = {word: tag for word, _, tag in rows}
    for word, number, tag in rows:
        # Adverbs of several characters are words as others are (终身, 互相).
        kind = ORDINARY if tag == "d" and len(word) > 1 else TAGS.get(tag, ORDINARY)
        least = 3 if len(word) == 1 else RAREST.get(kind, RAREST_OTHER)
        if len(word) <= LONGEST and int(number) >= least and not (kind == ORDINARY and _is_two(word, tags)):
            groups[kind, round(math.log2(int(number)))].append(word)
    lines = [f"{kind} {power} {' '.join(sorted(words))}\n" for (kind, power), words in sorted(groups.items())]
    packed = gzip.compress("".join(lines).encode("utf-8"), 9, mtime=0)
    return {FOLDER / "lexicon.txt.gz": packed, FOLDER / "traditional.tsv": _characters().encode("utf-8")}


def _is_two(word: str, tags: Mapping[str, str]) -> bool:
    """Whether it is the name of a place and another word: 英国文学, 杭州市区."""
    return any(tags.get(word[:at]) == "ns" and word[at:] in tags for at in range(2, len(word) - 1))


def _characters() -> str:
    """Each traditional character that has another simplified form, with that; of several the first."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    pairs = [line.split("\t") for line in table.splitlines()]
    kept = {one: other.split()[0] for one, other in pairs if other.split()[0] != one}
    return "".join(f"{one}\t{other}\n" for one, other in sorted(kept.items()))
