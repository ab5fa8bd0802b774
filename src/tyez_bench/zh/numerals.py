"""Chinese, Arabic and mixed numerals as numbers, and the spaces that printing sets between them and their units."""

import re
from bisect import bisect_left
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from tyez_bench.files.toml import word_lists
from tyez_bench.model.values import Modifier
from tyez_bench.zh.characters import simplified

_WORDS = word_lists("tyez_bench.zh", "numerals")
_DIGITS = _WORDS.numbers("digits")
CHINESE = "".join(_DIGITS)
# The largest first.
_UNITS = dict(sorted(_WORDS.numbers("units").items(), key=lambda unit: -unit[1]))
_FORMAL = str.maketrans(_WORDS.meanings("formal") | _WORDS.meanings("traditional"))
_WIDE = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
CHINESE_DIGITS = str.maketrans("0123456789０１２３４５６７８９", "〇一二三四五六七八九" * 2)
SEPARATOR = "(?:至|到|[-—–―－~～]+)"
# Characters of an expression; what is longer is no amount and no date that anybody wrote, but a column of digits.
LONGEST = 100
# What a numeral is written with, for the patterns of others.
NUMERAL = f"0-9０-９{CHINESE}{''.join(_UNITS)}{''.join(_WORDS.meanings('formal'))}半"
_READ_OUT = re.compile(f"[0-9]{{2}}|[{CHINESE}]{{2}}|[0-9]{{4}}|[〇零○一二三四五六七八九]{{4}}")
# Most numerals: digits, a magnitude behind them or none.
_SIMPLE = re.compile(r"([0-9]++(?>(?:\.[0-9]++)?))([百千万亿]?)")
_UNCERTAIN = {word: Modifier(name) for word, name in _WORDS.meanings("uncertain").items()}


class Quantity(NamedTuple):
    """A number, or a range of numbers (``upper`` is then not None), and what its own words say of it."""

    lower: Decimal
    upper: Decimal | None = None
    modifier: Modifier | None = None


def plain(text: str) -> str:
    """A numeral with ordinary digits and characters: no full-width or formal ones, no separators of thousands."""
    text = text.translate(_WIDE).translate(_FORMAL).replace("．", ".")
    text = re.sub("(?<=[0-9])·(?=[0-9])", ".", text)
    return re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", text)


def number(text: str) -> Decimal | None:
    """The number that a numeral stands for; None for what is none."""
    return _number(plain(text))


def _number(text: str) -> Decimal | None:
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return Decimal(text)
    if text == "半":
        return Decimal("0.5")
    if "点" in text:
        return _with_point(text)
    if re.fullmatch(f"[{CHINESE}]+", text):
        return Decimal("".join(str(_DIGITS[character]) for character in text))
    for unit, size in _UNITS.items():
        at = text.rfind(unit)
        if at >= 0:
            return _around(text[:at], size, text[at + 1 :])
    return None


def _around(left: str, size: int, right: str) -> Decimal | None:
    """What stands in front of a unit times the unit, and what stands behind it."""
    # Without a number in front, the unit is its own (十五, 百万, and 零十 is none).
    times = Decimal(1) if not left or left in "〇零○" else _number(left.lstrip("〇零○") or left)
    if times is None:
        return None
    if not right:
        return times * size
    if re.fullmatch("[1-9一二三四五六七八九]", right):
        # 一万五 is 15000, and 十五 is 15.
        rest: Decimal | None = Decimal(_DIGITS.get(right) or int(right)) * (size // 10)
    elif right == "半":
        rest = Decimal(size) / 2
    else:
        rest = _number(right.lstrip("〇零○") or right)
    return None if rest is None or rest >= size else times * size + rest


def _with_point(text: str) -> Decimal | None:
    """一百五十七点六七亿: decimals digit by digit, then the units that all of it is times."""
    match = re.fullmatch(f"(.+)点([{CHINESE}0-9]+)([十百千万亿兆]*)", text)
    if match is None:
        return None
    whole = _number(match[1])
    times = _number(match[3]) if match[3] else Decimal(1)
    if whole is None or times is None:
        return None
    decimals = "".join(str(_DIGITS.get(character, character)) for character in match[2])
    return (whole + Decimal(f"0.{decimals}")) * times


def quantity(text: str) -> Quantity | None:
    """A numeral with 余, 多 or 来, a range, or two neighbouring digits (七八万); None for what is none.

    The ends of a range share magnitudes (八到九百亿).
    """
    simple = _SIMPLE.fullmatch(text)
    if simple is not None:
        return Quantity(Decimal(simple[1]) * (_UNITS[simple[2]] if simple[2] else 1))
    text = plain(text)
    parts = re.split(SEPARATOR, text)
    if len(parts) == 2:
        return _range(*parts)
    for word, modifier in _UNCERTAIN.items():
        if text.count(word) == 1 and not text.startswith(word):
            found = _number(text.replace(word, ""))
            return None if found is None else Quantity(found, None, modifier)
    # 三五百万, 十七八万.
    match = re.fullmatch("(.*[十百千万])?([一二两三四五六七八])([二两三四五六七八九])([十百千万亿]*)", text)
    if match is not None and _DIGITS[match[2]] < _DIGITS[match[3]]:
        low, high = (_number((match[1] or "") + match[i] + (match[4] or "")) for i in (2, 3))
        if (
            low is not None
            and high is not None
            and (match[1] or match[4] or _DIGITS[match[3]] - _DIGITS[match[2]] <= 2)
        ):
            return Quantity(low, high)
    found = _number(text)
    return None if found is None else Quantity(found)


def read_out(digits: str) -> bool:
    """Whether a numeral is written digit by digit, as a year of the calendar is: 98, 九八, 1998; not 三五, 3 to 5."""
    if _READ_OUT.fullmatch(digits) is None:
        return False
    found = quantity(digits)
    return found is None or found.upper is None


def _range(one: str, other: str) -> Quantity | None:
    high = quantity(other)
    if high is None or high.upper is not None:
        return None
    low = _lower_end(one, other, high.lower)
    return Quantity(low, high.lower, high.modifier) if low is not None and low <= high.lower else None


def _lower_end(one: str, other: str, high: Decimal) -> Decimal | None:
    """The lower end of a range, with the magnitudes that it shares with the upper one.

    The most of them that leave it the smaller end: 百万 (五到八百万), else the 万, 亿 or 万亿 (五十到六十万亿,
    八到一百万), else none (8千到1万). 十 is never shared: 一到二十 is one to twenty, 五到十亿 five to ten times 亿.
    """
    units = re.search("[十百千万亿兆]*$", other)
    shared = units[0].lstrip("十") if units is not None else ""
    large = re.search("万亿$|[万亿兆]$", shared)
    candidates = [] if one[-1:] in _UNITS else [shared]
    if large is not None and not re.search("[万亿兆]", one):
        candidates += [large[0], large[0][-1]]
    for units_ in filter(None, candidates):
        scaled = _number(one + units_)
        if scaled is not None and scaled < high:
            return scaled
    return _number(one)


_DIGIT = "0-9０-９"
# What may be left out without joining two numbers: digits keep the spaces between them (2022-08-09 09:30).
_SPACE = re.compile(
    f"(?<=[{_DIGIT}])[ \u00a0\u2009]+(?={_WORDS.any('behind-digits')})"
    f"|(?<={_WORDS.any('before-digits')})[ \u00a0\u2009]+(?=[{_DIGIT}])"
    f"|(?<={_WORDS.any('magnitudes')})[ \u00a0\u2009]+(?={_WORDS.any('behind-magnitudes')})"
    "|(?<=[日号])[ \u00a0\u2009]+(?=[(（]?(?:星期|周)|[上下中]午|[早晚凌])"
)


class Closed(NamedTuple):
    """A text without such spaces, and where each character of it, and its end, was; None where none was left out."""

    text: str
    places: list[int] | None

    def inside(self, offset: int) -> int:
        """An offset of the text as it was, in this one."""
        return offset if self.places is None else bisect_left(self.places, offset, 0, len(self.places) - 1)

    def outside(self, start: int, end: int) -> tuple[int, int]:
        """A span of this text, in the text as it was."""
        return (start, end) if self.places is None else (self.places[start], self.places[end - 1] + 1)


# From so many characters on, a text is likely to be asked for again, by each of its amounts and dates.
_LONG = 200


def closed(text: str) -> Closed:
    """The text in simplified characters, and without the spaces between numbers and units."""
    return _of_a_long_text(text) if len(text) > _LONG else _closed(text)


@lru_cache(4)
def _of_a_long_text(text: str) -> Closed:
    return _closed(text)


def _closed(text: str) -> Closed:
    text = simplified(text)
    if " " not in text and "\u00a0" not in text and "\u2009" not in text:
        return Closed(text, None)
    left_out = [range(*match.span()) for match in _SPACE.finditer(text)]
    if not left_out:
        return Closed(text, None)
    gone = {place for places in left_out for place in places}
    places = [place for place in range(len(text)) if place not in gone]
    return Closed("".join(text[place] for place in places), [*places, len(text)])
