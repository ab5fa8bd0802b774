"""A second set of amounts made from their values, by another hand than ``generate``: numerals of its own, other forms.

Each comes alone and inside of a sentence. Dates are in ``second_dates``. What readers may differ on is in
``test_reported``.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tyez_bench.model.values import Modifier, Money, Timex

SEED = 20220809
DAY, MONTH = "2022-08-09", "2022-08"
APPROX, LESS, MORE = Modifier.APPROX, Modifier.LESS_THAN, Modifier.MORE_THAN
AT_MOST, AT_LEAST = Modifier.EQUAL_OR_LESS, Modifier.EQUAL_OR_MORE


@dataclass(frozen=True)
class Expression:
    """A span of a text, the form it has, and the value it was made from."""

    form: str
    text: str
    start: int
    end: int
    value: Money | Timex
    reference: str | None = None

    @property
    def words(self) -> str:
        """The expression itself."""
        return self.text[self.start : self.end]


# Numerals.
PLAIN, CHEQUE = ("零一二三四五六七八九", "", "十", "百", "千"), ("零壹贰叁肆伍陆柒捌玖", "", "拾", "佰", "仟")
LARGE = ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"), (1, ""))


def four(number: int, style: tuple[str, ...], *, inside: bool, two: bool) -> str:
    """A number under ten thousand; ``inside``: of a larger one; ``two``: 两百 for 二百."""
    out, gap = "", inside and number < 1000
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit == 0:
            gap = gap or out != ""
            continue
        if gap:
            out += style[0][0]
        gap = False
        if power == 1 and digit == 1 and not out and not inside and style is PLAIN:
            out += style[2]
        else:
            out += ("两" if two and digit == 2 and power >= 2 else style[0][digit]) + style[1 + power]
    return out


def zh(number: int, style: tuple[str, ...] = PLAIN, *, two: bool = False) -> str:
    """A whole number in characters."""
    out = ""
    for size, name in LARGE:
        group = number // size
        number %= size
        if group:
            lone = two and group == 2 and name and not out
            out += ("两" if lone else four(group, style, inside=out != "", two=two)) + name
    return out


def wide(text: str) -> str:
    """Digits and signs as wide as characters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def decimal(number: Decimal | int | str) -> str:
    """A number with no exponent and no zeros at its end."""
    return format(Decimal(number).normalize(), "f")


def ways(number: int) -> Iterator[tuple[str, str]]:
    """The forms of a numeral, each with its name."""
    yield "digits", str(number)
    yield "wide digits", wide(str(number))
    yield "characters", zh(number)
    yield "characters with 两", zh(number, two=True)
    if number >= 1000:
        yield "commas", f"{number:,}"
        yield "wide commas", wide(f"{number:,}")
        yield "commas and cents", f"{number:,}.00"
    for size, name in ((10**12, "万亿"), (10**8, "亿"), (10**7, "千万"), (10**4, "万")):
        part = Decimal(number) / size
        if 1 <= part < 10**5 and part == part.quantize(Decimal("0.001")):
            yield f"digits and {name}", decimal(part) + name
            yield f"spaced {name}", f"{decimal(part)} {name}"
            if part == part.to_integral() and name != "千万":
                yield f"characters and {name}", zh(int(part)) + name


# Money.
CURRENCIES = (
    ("元", "CNY"), ("元人民币", "CNY"), ("美元", "USD"), ("美金", "USD"), ("港元", "HKD"), ("港币", "HKD"),
    ("欧元", "EUR"), ("英镑", "GBP"), ("日元", "JPY"), ("韩元", "KRW"), ("卢布", "RUB"), ("加拿大元", "CAD"),
    ("澳大利亚元", "AUD"), ("瑞士法郎", "CHF"), ("泰铢", "THB"),
)  # fmt: skip
FRONTS = (
    ("人民币", "CNY", "元"), ("¥", "CNY", ""), ("￥", "CNY", ""), ("$", "USD", ""), ("US$ ", "USD", ""),
    ("€", "EUR", ""), ("£", "GBP", ""), ("HK$", "HKD", ""), ("NT$", "TWD", ""), ("RMB ", "CNY", ""),
    ("港币", "HKD", "元"), ("美金", "USD", "元"),
)  # fmt: skip
IN_FRONT = (
    ("约", APPROX), ("约合", APPROX), ("折合约", APPROX), ("大概", APPROX), ("近", LESS), ("将近", LESS),
    ("不足", LESS), ("低于", LESS), ("少于", LESS), ("不满", LESS), ("超", MORE), ("超出", MORE), ("逾", MORE),
    ("高于", MORE), ("突破", MORE), ("其中超", MORE), ("不超过", AT_MOST), ("不得超过", AT_MOST), ("未超过", AT_MOST),
    ("不得高于", AT_MOST), ("没有超过", AT_MOST), ("至多", AT_MOST), ("不低于", AT_LEAST), ("不得少于", AT_LEAST),
    ("不小于", AT_LEAST), ("至少", AT_LEAST), ("签约", None), ("就近", None), ("赶超", None),
)  # fmt: skip
BEHIND = (
    ("左右", APPROX), ("上下", APPROX), ("以上", AT_LEAST), ("及以上", AT_LEAST), ("(含)以上", AT_LEAST),
    ("以下", AT_MOST), ("及以下", AT_MOST), ("（含）以下", AT_MOST), ("以内", AT_MOST), ("上下班", None),
    ("以上述方式", None),
)  # fmt: skip


def amount(value: Decimal | int, currency: str = "CNY", modifier: Modifier | None = None) -> Money:
    """One amount."""
    return Money(amount=decimal(value), currency=currency, modifier=modifier)


def span(low: Decimal | int, high: Decimal | int, currency: str = "CNY", modifier: Modifier | None = None) -> Money:
    """A range of amounts."""
    return Money(lower=decimal(low), upper=decimal(high), currency=currency, modifier=modifier)


def whole(rng: random.Random) -> int:
    """A number with few digits that are not nought, of any size up to ten to the twelfth."""
    size = rng.randrange(1, 12)
    return int(str(rng.randrange(1, 10 ** min(size, rng.randrange(1, 5)))).ljust(size, "0"))


def amounts(rng: random.Random) -> Iterator[tuple[str, str, str, str, Money]]:
    """Form, words before, the amount, words behind, value."""
    for _ in range(40):
        value = whole(rng)
        for form, words in rng.sample(list(ways(value)), 4):
            unit, currency = rng.choice(CURRENCIES)
            yield form, "", words + unit, "", amount(value, currency)
            front, currency, unit = rng.choice(FRONTS)
            yield f"behind {front}", "", front + words + unit, "", amount(value, currency)
        tail = rng.choice(("元整", "圆整", "元"))
        yield "cheque", "", rng.choice(("", "人民币")) + zh(value, CHEQUE) + tail, "", amount(value)
    for word, modifier in IN_FRONT:
        value = whole(rng)
        words = rng.choice(list(ways(value)))[1]
        yield "word in front", f"总额{word}", f"{words}元", "", amount(value, "CNY", modifier)
        if modifier is not None and word not in ("折合约", "其中超"):
            yield "word in front, inside", "", f"{word}{words}元", "", amount(value, "CNY", modifier)
    for word, modifier in BEHIND:
        value = whole(rng)
        words = rng.choice(list(ways(value)))[1]
        yield "word behind", "", f"{words}元", word, amount(value, "CNY", modifier)
        if modifier is not None:
            yield "word behind, inside", "", f"{words}元{word}", "", amount(value, "CNY", modifier)
    yield from small_amounts(rng)
    yield from ranges_of_amounts(rng)


def small_amounts(rng: random.Random) -> Iterator[tuple[str, str, str, str, Money]]:
    """角, 分 and 块; 余 and 多."""
    for _ in range(12):
        yuan, jiao, fen = rng.randrange(1, 300), rng.randrange(1, 10), rng.randrange(1, 10)
        tenths, cents = Decimal(yuan) + Decimal(jiao) / 10, Decimal(fen) / 100
        yield "角", "", f"{yuan}元{jiao}角", "", amount(tenths)
        yield "角 and 分", "", f"{zh(yuan)}元{PLAIN[0][jiao]}角{PLAIN[0][fen]}分", "", amount(tenths + cents)
        yield "cheque 分", "", f"{zh(yuan, CHEQUE)}元零{CHEQUE[0][fen]}分", "", amount(Decimal(yuan) + cents)
        yield "毛钱", "", f"{jiao}毛钱", "", amount(Decimal(jiao) / 10)
        yield "角钱", "", f"{PLAIN[0][jiao]}角钱", "", amount(Decimal(jiao) / 10)
        yield "元钱", "", f"{yuan}元钱", "", amount(yuan)
        yield "块毛", "", f"{yuan}块{jiao}毛", "", amount(tenths)
        size, name = rng.choice(LARGE[:3])
        tens, more = rng.randrange(1, 10) * rng.choice((10, 100)), rng.choice("余多")
        yield "余 in front of the magnitude", "", f"{zh(tens)}{more}{name}元", "", amount(tens * size, "CNY", MORE)
        yield "余, spaced", "", f"{tens} {more}{name}元", "", amount(tens * size, "CNY", MORE)
    for size, name in LARGE[1:3]:
        for word, modifier in (
            ("近", LESS),
            ("超", MORE),
            ("逾", MORE),
            ("上", AT_LEAST),
            ("约", APPROX),
            ("不足", LESS),
        ):
            yield "magnitude alone", word, f"{name}元", "", amount(size, "CNY", modifier)
            yield "magnitude alone, inside", "", f"{word}{name}元", "", amount(size, "CNY", modifier)


def ranges_of_amounts(rng: random.Random) -> Iterator[tuple[str, str, str, str, Money]]:
    """Two ends, with what the lower one leaves out; statutes; neighbours."""
    for _ in range(16):
        low = rng.randrange(1, 60)
        high = low + rng.randrange(1, 40)
        size, name = rng.choice(LARGE)
        unit, currency = rng.choice(CURRENCIES)
        both = span(low * size, high * size, currency)
        join = rng.choice(("至", "到", "-", "~", "—", "――", "～"))
        yield "range", "", f"{low}{join}{high}{name}{unit}", "", both
        yield "range of two magnitudes", "", f"{low}{name}{join}{high}{name}{unit}", "", both
        yield "range of two units", "", f"{low}{name}{unit}{join}{high}{name}{unit}", "", both
        yield "range in characters", "", f"{zh(low)}{rng.choice('至到')}{zh(high)}{name}{unit}", "", both
        about = span(low * size, high * size, currency, APPROX)
        yield "range behind 约", "约", f"{low}{join}{high}{name}{unit}", "", about
        fine = span(low * size, high * size)
        yield "statute", "处", f"{low}{name}元以上{high}{name}元以下", "罚款", fine
        yield "range of signs", "", f"¥{low * 10**4:,}{join}¥{high * 10**4:,}", "", span(low * 10**4, high * 10**4)
        yield "range across magnitudes", "", f"{low}00万{join}{high}亿元", "", span(low * 10**6, high * 10**8)
    for low in range(1, 9):
        pair = ("两" if low == 2 else PLAIN[0][low]) + PLAIN[0][low + 1]
        for name, size in (("百", 100), ("千", 1000), ("万", 10**4), ("百万", 10**6), ("千亿", 10**11)):
            yield "neighbours", "", f"{pair}{name}元", "", span(low * size, (low + 1) * size)
        yield "neighbours in the tens", "", f"十{pair}万元", "", span((10 + low) * 10**4, (11 + low) * 10**4)
    for name, size in (("百", 100), ("万", 10**4)):
        yield "一两", "", f"一两{name}元", "", span(size, 2 * size)


SENTENCES = ("据了解,该项目共投入{},由市财政承担。", "公司称({})已到账", "{}。")


def money_expressions() -> list[Expression]:
    """The amounts of the seed, alone and in sentences."""
    rng = random.Random(SEED)
    out = []
    for form, before, words, behind, value in amounts(rng):
        for frame in ("{}", rng.choice(SENTENCES)):
            if before and frame == "据了解,该项目共投入{},由市财政承担。":
                frame = "据了解,{},由市财政承担。"
            at = frame.index("{}") + len(before)
            text = frame.replace("{}", before + words + behind)
            out.append(Expression(form, text, at, at + len(words), value))
    return out
