"""Tags on tokens: how they are spelt, and what they mean as chunks.

The encoding is detected from the prefixes of the whole file, or set (``--encoding``):

- ``bio``: B begins a chunk, I continues it (IOB2).
- ``iob1``: I begins and continues a chunk; B only if the previous token ends a chunk of the same label. Looks like
  broken ``bio``, and must be set.
- ``bioes``: B, I and E are the first, the inner and the last token of a chunk, S is a single-token chunk (IOBES).
- ``bmes``: the same with M for I.
- ``bmewo``: ``bmes`` with W for S (BMEOW).
- ``bilou``: ``bioes`` with L for E and U for S.
- ``io``: I for every token of a chunk, or only the label; neighbours of one label are one chunk. Must be set.

A sequence is legal if it is what its chunks would be written as. Illegal ones are refused, or read with a repair
(``--repair``), and counted:

- ``conlleval``: as the script of that name: a chunk begins at B and at S, after E, S and O, and when the
  label changes, whatever the prefix; it ends before the next one and before O. (M is I, L is E, U and W are S.)
- ``discard``: the same, but only chunks with legal tags are kept: with bio those that begin with B,
  with iob1 those whose B, if any, directly follows a chunk of the same label, with the others those with complete
  tags (S, or B I … E).

A file has one spelling. The first of these that fits all of its tags is taken. Labels may contain hyphens and
underscores, and keep their case.

- ``B-ORG``: the usual one.
- ``B_ORG``: an underscore after the prefix.
- ``ORG-B`` and ``ORG_B``: the prefix after the label (seqeval's ``suffix``).
- ``b-ORG`` and ``b_ORG``: prefixes, and the ``o`` for no entity, in lower case.
- ``B``: no label. All entities have the label ``_``; a label map gives it another.

Numbers are not tags: their names are elsewhere, and have to be substituted. Nor are the special tokens of BERT's
tokenizer (``[CLS]``, ``[SEP]``, ``X``).
"""

import operator
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import advice

Chunk = tuple[int, int, str]
"""First token, the token behind the last, label."""

OUTSIDE = "O"
# What each encoding calls the prefixes B, I, E and S; bio and iob1 have no E and S.
NAMES = {
    "bio": {"B": "B", "I": "I"},
    "iob1": {"B": "B", "I": "I"},
    "bioes": {"B": "B", "I": "I", "E": "E", "S": "S"},
    "bmes": {"B": "B", "I": "M", "E": "E", "S": "S"},
    "bmewo": {"B": "B", "I": "M", "E": "E", "S": "W"},
    "bilou": {"B": "B", "I": "I", "E": "L", "S": "U"},
    "io": {"I": "I"},
}
PREFIXES = frozenset("BIMESLUW")
ENCODINGS = tuple(NAMES)
REPAIRS = ("conlleval", "discard")


class TagError(ValueError):
    """A tag is malformed, or illegal where it stands; ``index`` is its token's."""

    def __init__(self, message: str, index: int):
        super().__init__(message)
        self.index = index


class _Tag(NamedTuple):
    """A tag with its prefix as one of B, I, E and S; outside: O and no label."""

    prefix: str
    label: str


_NONE = _Tag(OUTSIDE, "")


def detect(tags: Iterable[str]) -> str:
    """The encoding that the prefixes tell: bilou, bmewo, bmes, bioes or bio.

    iob1 and io have to be named: they look like a bio that is broken.
    """
    prefixes = {tag[0] for tag in tags if tag[1:2] == "-"}
    if prefixes & {"U", "L"}:
        return "bilou"
    if "W" in prefixes:
        return "bmewo"
    if "M" in prefixes:
        return "bmes"
    return "bioes" if prefixes & {"E", "S"} else "bio"


def is_tag(text: str) -> bool:
    """Whether it is a tag of any encoding."""
    return text == OUTSIDE or (len(text) > 2 and text[0] in PREFIXES and text[1] == "-")


def decode(tags: Sequence[str], encoding: str, repair: str | None = None) -> tuple[list[Chunk], int]:
    """The chunks of one sentence, and how many of its tags are not as these chunks are written.

    Raises TagError for a malformed tag and, unless a repair is named, for the first illegal one.
    """
    check_names(encoding, repair)
    if all(tag == OUTSIDE for tag in tags):
        return [], 0
    parsed = [_NONE if tag == OUTSIDE else _parse(tag, index, encoding) for index, tag in enumerate(tags)]
    if repair is None:
        _check(tags, parsed, encoding)
    chunks = _chunks(parsed)
    if repair == "discard":
        chunks = [chunk for chunk in chunks if _is_legal(chunk, parsed, encoding)]
    written = encode(len(tags), chunks, encoding)
    if encoding == "io":
        # A label may stand alone, which is no repair.
        tags = [tag if tag == OUTSIDE or is_tag(tag) else f"I-{tag}" for tag in tags]
    return chunks, sum(map(operator.ne, tags, written))


def encode(length: int, chunks: Iterable[Chunk], encoding: str) -> list[str]:
    """The tags of a sentence of ``length`` tokens.

    Raises ValueError for chunks that overlap or lie outside it, and in io for neighbours that would become one.
    """
    check_names(encoding)
    names = NAMES[encoding]
    tags = [OUTSIDE] * length
    before: Chunk = (0, 0, "")
    for start, end, label in sorted(chunks):
        if not 0 <= start < end <= length:
            raise ValueError(f"{label} {start}–{end} is empty or outside the tokens (0–{length})")
        if start < before[1]:
            raise ValueError(f"{before[2]} {before[0]}–{before[1]} and {label} {start}–{end} overlap")
        if not label:
            raise ValueError(f"the chunk {start}–{end} has an empty label")
        if encoding == "io" and before[1:] == (start, label):
            raise ValueError(f"{label} {before[0]}–{before[1]} and {label} {start}–{end} would merge in io")
        for index in range(start, end):
            tags[index] = f"{names['I']}-{label}"
        if "B" in names and (encoding != "iob1" or before[1:] == (start, label)):
            tags[start] = f"{names['B']}-{label}"
        if "E" in names:
            tags[end - 1] = f"{names['S' if end - start == 1 else 'E']}-{label}"
        before = (start, end, label)
    return tags


def check_names(encoding: str | None, repair: str | None = None) -> None:
    """Raise UsageError unless they are an encoding and a repair, or None."""
    if encoding is not None and encoding not in ENCODINGS:
        raise UsageError(f"unknown encoding {encoding!r}, expected one of: {', '.join(ENCODINGS)}")
    if repair is not None and repair not in REPAIRS:
        raise UsageError(f"unknown repair {repair!r}, expected one of: {', '.join(REPAIRS)}")


def _parse(tag: str, index: int, encoding: str) -> _Tag:
    if tag == OUTSIDE:
        return _NONE
    # Only the first hyphen separates: labels may have one, too.
    prefix, _, label = tag.partition("-")
    canonical = next((key for key, name in NAMES[encoding].items() if name == prefix), None)
    if encoding == "io" and not is_tag(tag) and tag:
        return _Tag("I", tag)
    if canonical is None or not label:
        forms = ", ".join(f"{name}-LABEL" for name in NAMES[encoding].values())
        raise TagError(f"{tag!r} is not a tag of the encoding {encoding}, expected O, {forms}", index)
    return _Tag(canonical, label)


def _chunks(parsed: Sequence[_Tag]) -> list[Chunk]:
    """The chunks as conlleval reads them; of a legal sequence those that were written."""
    chunks: list[Chunk] = []
    start, before = 0, _NONE
    for index, tag in enumerate([*parsed, _NONE]):
        begins = tag.prefix in "BS" or before.prefix in "ESO" or tag.label != before.label
        if before is not _NONE and begins:
            chunks.append((start, index, before.label))
        if begins:
            start = index
        before = tag
    return chunks


def _is_legal(chunk: Chunk, parsed: Sequence[_Tag], encoding: str) -> bool:
    """Whether the tags of one chunk are what it is written as where it stands."""
    start, end, label = chunk
    prefixes = [tag.prefix for tag in parsed[start:end]]
    if encoding == "bio":
        return prefixes[0] == "B"
    if encoding == "io":
        return True
    if encoding == "iob1":
        behind_same = start > 0 and parsed[start - 1].label == label
        return (prefixes[0] == "B") == behind_same
    return prefixes == (["S"] if end - start == 1 else ["B", *"I" * (end - start - 2), "E"])


def _check(tags: Sequence[str], parsed: Sequence[_Tag], encoding: str) -> None:
    """Raise TagError for the first tag that may not follow the one before it, and for a chunk left open."""
    before = _NONE
    for index, tag in enumerate(parsed):
        expected = _violated(before, tag, encoding)
        if expected is not None:
            place = f"after {tags[index - 1]}" if index else "at the beginning of the sentence"
            raise TagError(
                f"{tags[index]} {place} is illegal in {encoding}, expected {expected}{_hint(encoding)}", index
            )
        before = tag
    if "E" in NAMES[encoding] and before.prefix in "BI":
        expected = _violated(before, _NONE, encoding)
        raise TagError(
            f"the sentence ends after {tags[-1]}, which is illegal in {encoding}, expected {expected}{_hint(encoding)}",
            len(tags) - 1,
        )


def _violated(before: _Tag, tag: _Tag, encoding: str) -> str | None:
    """What was expected instead of ``tag``; None if it may follow."""
    names = NAMES[encoding]
    same = before.label == tag.label
    if encoding == "bio":
        return f"B-{tag.label} first" if tag.prefix == "I" and not same else None
    if encoding == "io":
        return None
    if encoding == "iob1":
        return f"I-{tag.label} (B only directly after the same label)" if tag.prefix == "B" and not same else None
    if before.prefix in "BI":
        if tag.prefix in "IE" and same:
            return None
        return f"{names['I']}-{before.label} or {names['E']}-{before.label}"
    return f"{names['B']}-{tag.label} first" if tag.prefix in "IE" else None


def _hint(encoding: str) -> str:
    hint = advice("pass {repair} to read illegal tags", repair="|".join(REPAIRS))
    if encoding == "bio":
        hint += advice("pass {encoding} or io if chunks begin with I", encoding="iob1")
    return hint


NAMELESS = "_"
"""The label of tags that have none."""
MARKS = ("[CLS]", "[SEP]", "[PAD]")
"""What BERT's tokenizers put around a text."""
_PIECE = "X"
NO_TAGS = frozenset((*MARKS, _PIECE))
"""What stands in the place of a tag and is none."""


class Spelling(NamedTuple):
    """What parts the prefix from the label, whether it is ``behind`` it, and whether it may be a ``small`` letter.

    Without a separator tags are prefixes alone.
    """

    separator: str
    behind: bool = False
    small: bool = False

    def usual(self, tag: str) -> str | None:
        """The tag as it is usually spelt; None where it is none of this spelling."""
        if tag == OUTSIDE or (self.small and tag == OUTSIDE.lower()):
            return OUTSIDE
        if not self.separator:
            prefix, label = tag, NAMELESS
        elif self.behind:
            label, _, prefix = tag.rpartition(self.separator)
        else:
            prefix, _, label = tag.partition(self.separator)
        if self.small:
            prefix = prefix.upper()
        return f"{prefix}-{label}" if prefix in PREFIXES and label else None


USUAL = Spelling("-")
SPELLINGS = (
    USUAL,
    Spelling("_"),
    Spelling("-", behind=True),
    Spelling("_", behind=True),
    Spelling("-", small=True),
    Spelling("_", small=True),
    Spelling("", small=True),
)


def spelling_of(tags: Iterable[str]) -> Spelling | None:
    """The spelling of all these tags; None when no one fits them.

    >>> spelling_of(["B_ORG", "O"])
    Spelling(separator='_', behind=False, small=False)
    """
    distinct = set(tags)
    return next((one for one in SPELLINGS if all(one.usual(tag) is not None for tag in distinct)), None)


def nearest(tags: Iterable[str]) -> Spelling:
    """The spelling that fits most of these tags, for files in which some tag is none."""
    distinct = set(tags)
    return max(SPELLINGS, key=lambda one: sum(one.usual(tag) is not None for tag in distinct - {OUTSIDE}))


def usual_tags(tags: Set[str], encoding: str | None) -> dict[str, str]:
    """How each tag of a file is usually spelt; what is no tag stays as it is."""
    if encoding == "io":
        # Labels may stand alone: a letter is one of them.
        fitting = (one for one in SPELLINGS if one.separator and all(one.usual(tag) is not None for tag in tags))
        spelling = next(fitting, USUAL)
    else:
        spelling = nearest(tags)
    return {tag: spelling.usual(tag) or tag for tag in tags}


def odd(tag: str) -> str:
    """What is wrong with a tag that is none, in words."""
    if tag in MARKS:
        return f"{tag!r} is a special token of BERT's tokenizer, not text: leave its line out"
    if tag == _PIECE:
        return (
            f"{tag!r} is not a tag but marks the later pieces of a word: expected whole words, or a tag for each piece"
        )
    if tag.isascii() and tag.isdigit():
        return f"{tag!r} is a number, not a tag: expected tag names such as B-LABEL and O"
    return f"{tag!r} is not a tag such as B-LABEL or O"
