"""Words around an amount or a date that say how exactly it is meant."""

import re
from typing import NamedTuple

from tyez_bench.files.toml import any_of, word_lists
from tyez_bench.model.values import Modifier

_WORDS = word_lists("tyez_bench.zh", "around")
# What compares, and what it says behind 不 or 未: not more than is less or equal.
_MORE, _LESS, _NOT = _WORDS.words("more"), _WORDS.words("less"), _WORDS.words("not")
COMPARING = frozenset((*_MORE, *_LESS, *(word + compared for word in _NOT for compared in (*_MORE, *_LESS))))
BEFORE = {
    **{word: Modifier(name) for word, name in _WORDS.meanings("before").items()},
    **dict.fromkeys(_LESS, Modifier.LESS_THAN),
    **dict.fromkeys(_MORE, Modifier.MORE_THAN),
    **dict.fromkeys((word + more for word in _NOT for more in _MORE), Modifier.EQUAL_OR_LESS),
    **dict.fromkeys((word + less for word in _NOT for less in _LESS), Modifier.EQUAL_OR_MORE),
}
BEHIND = {word: Modifier(name) for word, name in _WORDS.meanings("behind").items()}
_WHOLE_BEHIND = _WORDS.by_key("whole-word-behind")
# Such a word is the end of another one behind these: 签约 says nothing of three hundred million, 折合约 does.
_OTHER = {
    word: re.compile(f"{any_of(other, unless_behind=_WHOLE_BEHIND)}$")
    for word, other in _WORDS.by_key("another-word-before").items()
}
# And the beginning of another one in front of these: 上下班, 以上述, 以下简称.
_OTHER_BEHIND = {
    word: other for word in BEHIND for end, other in _WORDS.by_key("another-word-behind").items() if word.endswith(end)
}


_BEFORE = re.compile(f"({any_of(BEFORE)})(?:人民币)?$")
_LEADING = re.compile(f"({any_of(BEFORE)})")
_BEHIND = re.compile(f"({any_of(BEHIND, unless=_OTHER_BEHIND)})")
_LONGEST_FIRST = sorted(BEHIND, key=len, reverse=True)
_REACH = 8
# 上 is the end of a place, unless a magnitude follows: 上百万元.
_MAGNITUDES = "百千万亿"
_LIMITS = re.compile("(.+?)以上[至到]?(.+?)以下")


class Said(NamedTuple):
    """A word, what it says, and whether it stands behind."""

    word: str
    modifier: Modifier
    behind: bool


def said(text: str, start: int, end: int) -> Said | None:
    """What the words right in front of a span, or right behind it, say."""
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    if before is not None and _counts(text, before, start):
        return Said(before[1], BEFORE[before[1]], behind=False)
    behind = _BEHIND.match(text, end)
    return None if behind is None else Said(behind[1], BEHIND[behind[1]], behind=True)


def stripped(text: str, start: int, end: int) -> tuple[int, int, Said | None]:
    """A span without such words at its own edges, and what they say."""
    found = None
    leading = _LEADING.match(text, start, end)
    if leading is not None and leading.end() < end and _counts(text, leading, leading.end()):
        start, found = leading.end(), Said(leading[1], BEFORE[leading[1]], behind=False)
    for word in _LONGEST_FIRST:
        if text.endswith(word, start, end) and end - len(word) > start:
            return start, end - len(word), found or Said(word, BEHIND[word], behind=True)
    return start, end, found


def _counts(text: str, match: re.Match[str], number: int) -> bool:
    """Whether a word in front of the number at ``number`` is itself, and not the end of another one."""
    word = match[1]
    if word == "上" and text[number : number + 1] not in _MAGNITUDES:
        return False
    other = _OTHER.get(word)
    return other is None or other.search(text, max(0, match.start() - 2), match.start()) is None


def limits(surface: str) -> tuple[str, str] | None:
    """The two ends of 1万元以上5万元以下, as statutes write a range; None for anything else."""
    match = _LIMITS.fullmatch(surface)
    return None if match is None else (match[1], match[2])
