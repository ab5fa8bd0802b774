"""How amounts of money are written: one grammar, which the finder looks for in running text and the reader reads.

The finder wants more around some forms than the reader, who knows from a mark where the amount ends: 块 alone is no
currency in 3块地, 多 behind 元 begins another word in 300元多次, and 万元 is an amount behind 近 only. 块 without 钱 is
looked for where more follows (三块五), or where a hundred and more of them end a part of a sentence (月薪400块，).

几百万元 and 数十亿美元 are amounts to both, and have no value: their words do not say how much.
"""

import re

from tyez_bench.files.toml import any_of, word_lists
from tyez_bench.zh.around import BEFORE
from tyez_bench.zh.numerals import NUMERAL, SEPARATOR

_WORDS = word_lists("tyez_bench.zh", "money")
_FOUND = word_lists("tyez_bench.zh", "find-money")
_OTHER = _FOUND.by_key("another-word")
_UNITS = frozenset(_WORDS.words("units"))
# The names of currencies, which stand behind a number, behind 元, or in front of a number with 元; and the signs and
# names that stand in front of a number without a unit.
NAMES = {word: currency for word, currency in _WORDS.meanings("behind").items() if word not in _UNITS}
SIGNS = _WORDS.meanings("in-front")
# $ and ¥ are those of several currencies: a name behind the number says whose.
OF_SEVERAL = frozenset(_WORDS.words("signs-of-several"))

_GAP = "[ \u00a0\u2009\u3000]*+"
_A = "0-9０-９"
_MAGNITUDES = "万亿兆"
_LETTERS = NUMERAL.removeprefix(_A)
_DIGIT = f"[{_A}一二两三四五六七八九壹贰叁肆伍陆柒捌玖]"
# Taken whole and never given back: otherwise a long one would be tried in every way to part it. A group that is taken
# so stands in (?>…): up to Python 3.11.4, *+ behind a group loses its place where a turn fails half-way.
_ARABIC = f"[{_A}]++(?>(?:[,，][{_A}]{{3}}(?![{_A}]))*)(?>(?:[.．·][{_A}]++)?)"
_NAMES = any_of(NAMES)
# What says that there are some, and not how many; a few of 元 or 块 are an amount with 钱 only.
_SOME = (
    f"(?:(?:[1-9１-９][{_A}]*[0０]|[{_LETTERS}]*[十百千])几[十百千{_MAGNITUDES}]*+"
    f"|(?:好?几|{_WORDS.any('some', unless_behind='another-word-before')})[十百千{_MAGNITUDES}]++"
    f"|好?几(?=[元块]钱|{_NAMES}))[余多]?"
)
VAGUE = re.compile(f"几|{_WORDS.any('some')}")
# 五、六百元, 三、五万元.
_PAIRS = "|".join(
    f"{one}[{'、' if one.isascii() or one in '１２３４５６７８９' else '、,，'}]{other}"
    for one, other in map(tuple, _WORDS.words("neighbours"))
)
_PAIR = f"(?:{_PAIRS})(?![{_A}])"
PAIR = re.compile(_PAIR)
_KNOWN = (
    f"(?:{_PAIR}[十百千{_MAGNITUDES}]*+[余多]?"
    f"|(?>(?![{_MAGNITUDES}点])(?>(?:{_ARABIC}|[{_LETTERS}]|点(?=[{_A}〇零○一二三四五六七八九]))+)"
    f"(?:[余多来][十百千{_MAGNITUDES}]*+)?))"
)
_NUMBER = f"(?:{_SOME}|{_KNOWN})"
_BARE = f"[{_MAGNITUDES}]++"
_BETWEEN = f"{_GAP}{SEPARATOR}{_GAP}"
# Where a sentence, or a part of one, ends.
_END = r"(?=[\s，。；：、！？,.;:!?)）」』”’》…]|\Z)"


def _named(words: list[str], *, behind: bool = True) -> str:
    """A pattern for words that name a currency; a code such as USD is no part of a Latin word."""
    codes = [word for word in words if word.isalpha() and word.isascii()]
    others = any_of((word for word in words if word not in codes), unless=_OTHER if behind else None)
    return f"(?:{others}|{any_of(codes)}{'(?![A-Za-z])' if behind else ''})"


def _behind(*, marked: bool) -> str:
    """A pattern for the unit behind a number, and what goes on behind it. ``marked``: the end is known."""
    coin, fen = any_of("角毛", unless=_OTHER), any_of("分", unless=_OTHER)
    hundreds = f"(?:(?<=[{_A}]{{3}})|(?<=[百千万亿])|(?<=[{_A}百千万亿][余多]))块{_END}"
    block = "块" if marked else f"(?:块(?=钱|{_DIGIT}{coin}|(?:{_DIGIT}|半){_END})|{hundreds})"
    end = f"(?:{any_of('整钱', unless=_OTHER)}|正{_END})?"
    names = _named(list(NAMES))
    return (
        f"(?:(?P<name>{names})(?P<over>[余多]{_END})?{end}"
        f"|(?P<unit>{any_of('元圆', unless=_OTHER)}|{block})(?P<more>[余多]{_END})?"
        f"(?:(?P<jiao>零?{_DIGIT}){coin}(?:(?P<fen>零?{_DIGIT}){fen})?"
        f"|(?P<cents>零{_DIGIT}){fen}|(?P<cent>{_DIGIT})分(?=[钱整]|{_END})|(?P<tenth>{_DIGIT}|半){_END})?{end}"
        f"(?P<tail>人民币|{names}(?!{_FOUND.any('not-behind-tails')}))?)"
    )


def _unnamed(pattern: str) -> str:
    """A pattern without names of its groups, so that it may stand in another one twice."""
    return re.sub(r"\(\?P<[a-z]+>", "(?:", pattern)


# A mark's surface that is one amount, or a range with one unit; and one of 角 and 分.
MARKED = re.compile(
    f"(?:(?P<front>{_named([*SIGNS, *NAMES], behind=False)}){_GAP}(?P<about>{any_of(BEFORE)})?)?"
    f"(?P<number>(?:{_NUMBER}|{_BARE})(?:{_BETWEEN}{_NUMBER})?){_GAP}{_behind(marked=True)}?"
)
COINS = re.compile(
    f"(?P<jiao>[{NUMERAL}]+)[角毛](?:(?P<fen>[{NUMERAL}]+)分)?[整正钱]?|(?P<only>[{NUMERAL}]+)分[整正钱]?"
)
# And one of two amounts, each with its unit.
_FRONT = any_of([*SIGNS, *NAMES])
TWO_MARKED = re.compile(f"(?P<one>.+?{any_of([*NAMES, *_UNITS])}|{_FRONT}.+?)\\s*{SEPARATOR}\\s*(?P<other>.+)")

_UNIT = _unnamed(_behind(marked=False))
_OWN = [word for word, currency in SIGNS.items() if currency == "CNY" or word not in NAMES]
_FOREIGN = [word for word in (*SIGNS, *NAMES) if word not in _OWN]
_RATE = "".join(f"(?<!{word})" for word in _FOUND.words("rates"))
_NUMBERS = f"{_NUMBER}(?:{_BETWEEN}{_NUMBER})?"
_FRONTED = (
    f"(?:{_named(_OWN, behind=False)}|{_RATE}{_named(_FOREIGN, behind=False)}){_GAP}{any_of(BEFORE)}?"
    f"{_NUMBERS}{_GAP}{_UNIT}"
    f"|{_RATE}{_named(list(SIGNS), behind=False)}{_GAP}{_KNOWN}(?:{_BETWEEN}{_KNOWN})?"
    f"(?!{_GAP}{_FOUND.any('not-behind-signs')})"
)
_AMOUNT = f"(?:{_NUMBER}{_GAP}{_UNIT}|{_FRONTED})"
_FIRST = re.escape("".join(sorted({word[0] for word in (*SIGNS, *NAMES)})))
# 一分钱 and 半毛钱 count nothing (一分钱一分货).
_COINS = f"(?<![一半])(?:[角毛](?:{any_of('钱', unless=_OTHER)}|{_DIGIT}分)|分{any_of('钱', unless=_OTHER)})"
# In running text: one amount, two of a range, a number and an amount of one, 3毛钱, and 亿元 behind 近.
FOUND = re.compile(
    f"(?=[{NUMERAL}{_MAGNITUDES}{_FIRST}好几数若])(?<![{NUMERAL}A-Za-z.．·点几数第])(?<![{NUMERAL}][余多来])"
    f"(?:{_NUMBER}(?:{_GAP}{_UNIT}(?P<one>)(?:{_BETWEEN}{_AMOUNT})?|{_BETWEEN}(?P<second>){_AMOUNT}|{_COINS})"
    f"|(?:{_FRONTED})(?P<fronted>)(?:{_BETWEEN}{_AMOUNT})?|(?:{_FOUND.behind('bare')})(?!户))"
)
# Most amounts are readable at a glance.
_TO_NINE = "[一二两三四五六七八九]"
_CLEAR = (
    f"[{_A}]{{1,3}}(?:[{_A}]{{0,15}}+|(?:[,，][{_A}]{{3}}){{1,4}})(?:[.．][{_A}]{{1,20}})?",
    f"{_TO_NINE}?十?{_TO_NINE}(?:点{_TO_NINE})?",
    f"{_TO_NINE}十",
)
CLEAR = re.compile(
    f"(?:(?:{'|'.join(_CLEAR)})[百千]?[余多]?[万亿]?|[{_A}]{{1,4}}亿[{_A}]{{1,4}}万|{_TO_NINE}[万亿]{_TO_NINE}千万?)"
    f"(?:元(?:人民币)?|{any_of(NAMES)})"
)
