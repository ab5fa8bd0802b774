"""Whether 21年, 10日 and 2000年 count a span of time or name a year or a day: what the words around them say."""

import re
from enum import Enum, auto

from tyez_bench.files.toml import word_lists
from tyez_bench.model.values import Modifier
from tyez_bench.zh.around import COMPARING, Said
from tyez_bench.zh.dates.calendar import Reference
from tyez_bench.zh.numerals import CHINESE, quantity


class Meaning(Enum):
    """What a number with 年 or 日 means; EITHER where the words leave it open."""

    SPAN = auto()
    POINT = auto()
    EITHER = auto()


_NUMBERED = re.compile(f"([0-9]{{1,4}}|[{CHINESE}百十千]{{1,4}})(年|日)")
_READ_OUT = re.compile(f"[0-9]{{2}}|[{CHINESE}]{{2}}|[0-9]{{4}}|[〇零○一二三四五六七八九]{{4}}")
_REACH = 6
_WORDS = word_lists("tyez_bench.zh", "counted")
_COUNTS_BEFORE = re.compile(
    f"(?:{_WORDS.any('counts-before', unless_behind='another-word-before')}|{_WORDS.any('periods')}为?)的?$"
)
_COUNTS_BEHIND = re.compile(_WORDS.any("counts-behind", "counts-days-behind", unless="another-word"))
# What lasts for so many years, or is of that year: 20年的历史, 98年的经验.
_LASTS_BEHIND = re.compile(f"的?{_WORDS.any('lasting')}(?!{_WORDS.any('not-lasting')})")
# A year or so many years: 21年前, 18年以来.
_LEFT_OPEN_BEHIND = re.compile("之?前(?![后0-9一二两三四五六七八九半]|期)|之?后(?![0-9一二两三四五六七八九]|期)")
_DATED_BEFORE = re.compile(f"{_WORDS.any('dated-before')}$")
_DATED_BEHIND = re.compile(f"{_WORDS.any('dated-behind')}|第?[一二三四1-4]季度|前[二两三]季度")
_DAY_COUNTS_BEHIND = re.compile(_WORDS.any("counts-days-behind", unless="another-word"))
# Four digits count only behind these, or before what lasts for hundreds of years.
_AGES_BEFORE = re.compile(f"{_WORDS.any('ages-before')}{_WORDS.any('ages-right-before')}?$")
_AGES_BEHIND = re.compile(f"的?{_WORDS.any('ages-described')}?{_WORDS.any('ages-behind')}(?!{_WORDS.any('no-ages')})")


def meaning(surface: str, text: str, start: int, end: int, said: Said | None, known: Reference) -> Meaning | None:
    """What the surface of ``text[start:end]`` means; None for what is no number with 年 or 日.

    ``said``: the modifier around it, which a quantity has, and a year has not.
    """
    match = _NUMBERED.fullmatch(surface)
    if match is None:
        return None
    digits, unit = match[1], match[2]
    if unit == "日":
        return _day(digits, text, start, end, said)
    if _READ_OUT.fullmatch(digits) is None or _neighbours(digits):
        # 3年, 十年, 100年; 618年 may be the year.
        year = re.fullmatch("[0-9]{2}[1-9]", digits) is not None and not _counts(text, start, end)
        return Meaning.EITHER if year else Meaning.SPAN
    if len(digits) == 4:
        return _long(digits, text, start, end, said, known)
    return _short(digits, text, start, end, said)


def read_out(digits: str) -> bool:
    """Whether a numeral is written digit by digit, as a year of the calendar is: 98, 九八, 1998."""
    return _READ_OUT.fullmatch(digits) is not None and not _neighbours(digits)


def counts(text: str, start: int, end: int, said: Said | None) -> bool:
    """Whether the words around a number of years count them."""
    return said is not None or _counts(text, start, end)


def _counts(text: str, start: int, end: int) -> bool:
    return _before(_COUNTS_BEFORE, text, start) or _COUNTS_BEHIND.match(text, end) is not None


def _before(pattern: re.Pattern[str], text: str, start: int) -> bool:
    return pattern.search(text, max(0, start - _REACH), start) is not None


def _neighbours(digits: str) -> bool:
    """三五 is three to five."""
    found = quantity(digits)
    return found is not None and found.upper is not None


def _short(digits: str, text: str, start: int, end: int, said: Said | None) -> Meaning:
    """Two digits are a year, unless something counts them; ten, twenty and so on are a year only behind 于 and such."""
    tens = digits.isascii() and digits[1] == "0" and digits[0] != "0"
    dated = _before(_DATED_BEFORE, text, start)
    named = _DATED_BEHIND.match(text, end) is not None
    if _counts(text, start, end):
        return Meaning.EITHER if named else Meaning.SPAN
    if said is not None:
        # 超21年同期 is more than in that year; 98年左右 is about that year.
        compared = said.modifier is Modifier.APPROX if said.behind else said.word in COMPARING
        open_ = named or (compared and not tens)
        return Meaning.EITHER if open_ else Meaning.SPAN
    if text.startswith("以来", end):
        return Meaning.EITHER
    if _LASTS_BEHIND.match(text, end) is not None:
        return Meaning.SPAN if tens and not dated else Meaning.EITHER
    if _LEFT_OPEN_BEHIND.match(text, end) is not None:
        return Meaning.EITHER if dated else Meaning.SPAN
    return Meaning.EITHER if tens and not (dated or named) else Meaning.POINT


def _long(digits: str, text: str, start: int, end: int, said: Said | None, known: Reference) -> Meaning:
    """Four digits are a year, unless they are hundreds and counted, or far in the future."""
    found = quantity(digits)
    value = int(found.lower) if found is not None else 0
    hundreds = value % 100 == 0
    if _before(_AGES_BEFORE, text, start) or (hundreds and _AGES_BEHIND.match(text, end) is not None):
        return Meaning.SPAN
    if value > (known.year or 2100) + 100 and not _before(_DATED_BEFORE, text, start):
        return Meaning.SPAN if hundreds else Meaning.EITHER
    if not hundreds or (said is None and re.match("来|间", text[end:]) is None):
        return Meaning.POINT
    recent = 1900 <= value <= 2100
    if said is not None and said.modifier is Modifier.APPROX:
        return Meaning.POINT if recent and said.behind else Meaning.EITHER
    return Meaning.EITHER if recent and (said is None or said.word != "近") else Meaning.SPAN


def _day(digits: str, text: str, start: int, end: int, said: Said | None) -> Meaning:
    found = quantity(digits)
    if found is None or found.lower > 31 or (len(digits) > 2 and digits.isascii()):
        return Meaning.SPAN
    if _DAY_COUNTS_BEHIND.match(text, end) is not None:
        return Meaning.SPAN
    if _before(_DATED_BEFORE, text, start) or text.startswith("以来", end):
        return Meaning.POINT
    if _before(_COUNTS_BEFORE, text, start):
        return Meaning.SPAN
    if said is not None:
        return Meaning.EITHER if said.behind and said.modifier is Modifier.APPROX else Meaning.SPAN
    return Meaning.EITHER if _LEFT_OPEN_BEHIND.match(text, end) is not None else Meaning.POINT
