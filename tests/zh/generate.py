"""Expressions of money and dates made from their values: the value first, then the ways to write it.

Knows nothing of the parser, and shares nothing with it but the types of the values.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tyez_bench.model.values import Modifier, Money, Timex, TimexType

SEED = 2022
_DIGIT = "零一二三四五六七八九"


@dataclass(frozen=True)
class Case:
    """An expression in its words, with what it must be read as, and the way it is written."""

    form: str
    before: str
    surface: str
    after: str
    expected: Money | Timex
    reference: str | None = None

    @property
    def text(self) -> str:
        """The words around it, too."""
        return self.before + self.surface + self.after


def chinese(number: int) -> str:
    """A whole number under 10^16 in Chinese, as it is read out."""
    if number == 0:
        return "零"
    groups: list[str] = []
    units = ("", "万", "亿", "万亿")
    filled_before = False
    for power in (3, 2, 1, 0):
        group = number // 10_000**power % 10_000
        if group == 0:
            continue
        words = _group(group)
        # A group that does not fill its thousands is joined with 零.
        if filled_before and group < 1000:
            words = "零" + words
        groups.append(words + units[power])
        filled_before = True
    text = "".join(groups)
    return text.removeprefix("一") if text.startswith("一十") else text


def _group(number: int) -> str:
    text, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGIT[digit] + unit
        gap = False
    return text


def formal(text: str) -> str:
    """In the characters of cheques."""
    return text.translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"))


def wide(text: str) -> str:
    """With full-width digits."""
    return text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))


def written(value: Decimal) -> str:
    """A number without an exponent and without zeros at its end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_UNITS = {
    "元": "CNY",
    "美元": "USD",
    "港元": "HKD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "韩元": "KRW",
    "卢布": "RUB",
}
_SIGNS = {"¥": "CNY", "￥": "CNY", "人民币": "CNY", "US$": "USD", "€": "EUR", "£": "GBP", "HK$": "HKD"}
_SCALES = {"万": 10**4, "亿": 10**8, "万亿": 10**12, "百万": 10**6, "千万": 10**7}
# Words before and behind, and what they say.
_AROUND = (
    ("约", "", Modifier.APPROX),
    ("近", "", Modifier.LESS_THAN),
    ("超过", "", Modifier.MORE_THAN),
    ("不超过", "", Modifier.EQUAL_OR_LESS),
    ("至少", "", Modifier.EQUAL_OR_MORE),
    ("不到", "", Modifier.LESS_THAN),
    ("", "左右", Modifier.APPROX),
    ("", "以上", Modifier.EQUAL_OR_MORE),
    ("共", "", None),
    ("总投资", "", None),
)


def money(rng: random.Random) -> Iterator[Case]:
    """Amounts in every form, eight or more of each."""

    def value(amount: Decimal | int, currency: str = "CNY", modifier: Modifier | None = None) -> Money:
        return Money(amount=written(Decimal(amount)), currency=currency, modifier=modifier)

    def between(low: Decimal | int, high: Decimal | int) -> Money:
        return Money(lower=written(Decimal(low)), upper=written(Decimal(high)), currency="CNY")

    for _ in range(14):
        unit, currency = rng.choice(list(_UNITS.items()))
        whole = rng.randrange(1, 10 ** rng.randrange(1, 8))
        scale, size = rng.choice(list(_SCALES.items())[:3])
        small = Decimal(rng.randrange(1, 99999)) / 10 ** rng.randrange(0, 3)
        yield Case("Arabic", "花了", f"{whole}{unit}", "。", value(whole, currency))
        yield Case("separators", "花了", f"{whole:,}{unit}", "。", value(whole, currency))
        yield Case("full width", "花了", wide(f"{whole}{unit}"), "。", value(whole, currency))
        yield Case("Arabic and magnitude", "投资", f"{written(small)}{scale}{unit}", ",", value(small * size, currency))
        yield Case("Chinese", "投资", f"{chinese(whole)}{unit}", ",", value(whole, currency))
        cheque = formal(chinese(whole))
        yield Case("cheque", "计", f"{cheque}{unit}", "。", value(whole, currency))
        some = rng.randrange(1, 999)
        yield Case("Chinese and magnitude", "投资", f"{chinese(some)}{scale}元", ",", value(some * size))
        digits = "".join(_DIGIT[rng.randrange(1, 10)] for _ in range(2))
        decimals = "".join(str(_DIGIT.index(c)) for c in digits)
        pointed = Decimal(f"{some}.{decimals}") * size
        yield Case("point", "投资", f"{chinese(some)}点{digits}{scale}元", ",", value(pointed))
        sign, other = rng.choice(list(_SIGNS.items()))
        yield Case("sign", "售价", f"{sign}{whole:,}.50", "。", value(Decimal(whole) + Decimal("0.5"), other))
        before, after, modifier = rng.choice(_AROUND)
        yield Case(
            "words around", f"投资{before}", f"{some}{scale}元", f"{after},", value(some * size, "CNY", modifier)
        )
        more = Modifier.MORE_THAN
        tens = rng.randrange(1, 10) * 10
        yield Case("余", "投资", f"{tens}余{scale}元", ",", value(tens * size, "CNY", more))
        yield Case("多", "投资", f"{chinese(tens * 10)}多{scale}元", ",", value(tens * 10 * size, "CNY", more))
        yield Case("余 behind", "投资", f"{tens}{scale}余元", ",", value(tens * size, "CNY", more))
        low = rng.randrange(1, 8)
        high = low + rng.randrange(1, 9 - low + 1)
        join = rng.choice(("至", "到", "-", "—", "～"))
        yield Case("range", "投资", f"{low}{join}{high}{scale}元", ",", between(low * size, high * size))
        full = f"{low}{scale}元{join}{high}{scale}元"
        yield Case("range of two", "投资", full, ",", between(low * size, high * size))
        near = f"{_DIGIT[low]}{_DIGIT[low + 1]}{scale}元"
        if low != 2:
            yield Case("neighbours", "投资", near, ",", between(low * size, (low + 1) * size))
        hundreds = f"{chinese(low)}{join if join in '至到' else '到'}{chinese(high)}百{scale}元"
        yield Case("range, units shared", "投资", hundreds, ",", between(low * 100 * size, high * 100 * size))
        thousand = rng.randrange(1, 9)
        yield Case("mixed", "投资", f"{some}亿{thousand}000万元", ",", value(some * 10**8 + thousand * 10**7))
        yield Case("mixed 千", "花了", f"{low}万{thousand}千元", "。", value(low * 10**4 + thousand * 1000))
        yield Case(
            "digit behind", "花了", f"{chinese(low)}万{_DIGIT[thousand]}元", "。", value(low * 10**4 + thousand * 1000)
        )
        jiao, fen = rng.randrange(1, 10), rng.randrange(1, 10)
        coins = Decimal(whole) + Decimal(jiao) / 10
        yield Case("角", "花了", f"{whole}元{jiao}角", "。", value(coins))
        yield Case("角 and 分", "花了", f"{whole}元{jiao}角{fen}分", "。", value(coins + Decimal(fen) / 100))
        yield Case("块", "花了", f"{chinese(low)}块{_DIGIT[jiao]}", "。", value(Decimal(low) + Decimal(jiao) / 10))
        yield Case("角 alone", "只要", f"{jiao}角", "。", value(Decimal(jiao) / 10))


def _timex(type_: TimexType, value: str | None, modifier: Modifier | None = None, **bounds: str) -> Timex:
    return Timex(type=type_, value=value, modifier=modifier, **bounds)


def dates(rng: random.Random) -> Iterator[Case]:
    """Dates in every form, eight or more of each; the reference as coarse as the form allows."""
    point, span = TimexType.DATE, TimexType.DURATION
    for _ in range(14):
        day = date(1990, 1, 1) + timedelta(days=rng.randrange(0, 14000))
        today = date(2022, 8, 9) + timedelta(days=rng.randrange(-400, 400))
        known, month_known, year_known = today.isoformat(), today.isoformat()[:7], today.isoformat()[:4]
        year, month, number = day.year, day.month, day.day
        spelled = "".join("〇一二三四五六七八九"[int(c)] for c in str(year))
        iso = day.isoformat()
        for form, surface in (
            ("年月日", f"{year}年{month}月{number}日"),
            ("年月号", f"{year}年{month}月{number}号"),
            ("Chinese", f"{spelled}年{chinese(month)}月{chinese(number)}日"),
            ("full width", wide(f"{year}年{month}月{number}日")),
            ("ISO", iso),
            ("slashes", f"{year}/{month}/{number}"),
            ("points", f"{year}.{month}.{number}"),
        ):
            yield Case(form, "于", surface, "开工", _timex(point, iso), rng.choice((None, known, "2022-08")))
        yield Case("month", "于", f"{year}年{month}月", "开工", _timex(point, iso[:7]))
        yield Case("month Chinese", "于", f"{spelled}年{chinese(month)}月份", "开工", _timex(point, iso[:7]))
        yield Case("year", "于", f"{year}年", "开工", _timex(point, iso[:4]))
        short = f"{year % 100:02}年{month}月"
        yield Case("short year", "于", short, "开工", _timex(point, iso[:7]), known)
        place = f"{today.year}-{iso[5:]}"
        if number < 29:
            yield Case(
                "月日", "将于", f"{month}月{number}日", "开工", _timex(point, place), rng.choice((known, year_known))
            )
            yield Case("月日 without a year", "于", f"{month}月{number}日", "开工", _timex(point, f"XXXX{iso[4:]}"))
            yield Case("日", "", f"{number}日", "上午,", _timex(point, f"{month_known}-{number:02}"), month_known)
        yield Case("月", "将于", f"{month}月份", "开工", _timex(point, place[:7]), year_known)
        quarter = rng.randrange(1, 5)
        word = rng.choice((str(quarter), "一二三四"[quarter - 1]))
        yield Case("quarter", "", f"第{word}季度", ",", _timex(point, f"{today.year}-Q{quarter}"), year_known)
        yield Case("quarter of a year", "", f"{year}年{word}季度", ",", _timex(point, f"{year}-Q{quarter}"))
        end = _timex(point, f"{today.year}-Q{quarter}", Modifier.END)
        yield Case("end of a quarter", "到", f"{'一二三四'[quarter - 1]}季度末", ",", end, known)
        half, name = rng.choice((("H1", "上半年"), ("H2", "下半年")))
        shift, relative = rng.choice(((0, "今年"), (-1, "去年"), (1, "明年"), (-2, "前年"), (2, "后年")))
        around = today.year + shift
        yield Case("half", "", f"{relative}{name}", ",", _timex(point, f"{around}-{half}"), month_known)
        yield Case("relative year", "", relative, "将", _timex(point, f"{around}"), year_known)
        yield Case(
            "relative month of a year", "", f"{relative}{month}月份", ",", _timex(point, f"{around}-{month:02}"), known
        )
        edge, modifier = rng.choice((("初", Modifier.START), ("底", Modifier.END), ("末", Modifier.END)))
        yield Case("edge of a month", "到", f"{month}月{edge}", ",", _timex(point, place[:7], modifier), known)
        yield Case("edge of a year", "到", f"{year}年{edge}", ",", _timex(point, str(year), modifier))
        yield Case("年 and edge", "到", f"年{edge}", ",", _timex(point, str(today.year), modifier), known)
        ten, modifier = rng.choice((("上旬", Modifier.START), ("中旬", Modifier.MID), ("下旬", Modifier.END)))
        yield Case("旬", "", f"{year}年{month}月{ten}", ",", _timex(point, iso[:7], modifier))
        step, word = rng.choice(
            ((0, "今天"), (0, "今日"), (-1, "昨天"), (-1, "昨日"), (1, "明天"), (-2, "前天"), (2, "后天"))
        )
        yield Case("relative day", "", word, ",", _timex(point, (today + timedelta(days=step)).isoformat()), known)
        first = today.replace(day=1)
        previous, following = first - timedelta(days=1), (first + timedelta(days=32)).replace(day=1)
        for word, other in (("上月", previous), ("上个月", previous), ("本月", first), ("下个月", following)):
            yield Case(
                "relative month", "", word, ",", _timex(point, other.isoformat()[:7]), rng.choice((known, month_known))
            )
        week = rng.choice((-1, 0, 1))
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=week)
        weekday = rng.randrange(7)
        surface = {-1: "上", 0: "本", 1: "下"}[week] + rng.choice(("周", "星期")) + "一二三四五六日"[weekday]
        yield Case("weekday", "", surface, ",", _timex(point, (monday + timedelta(days=weekday)).isoformat()), known)
        decade = rng.choice((80, 90))
        yield Case("decade", "", f"{decade}年代", ",", _timex(point, f"19{decade // 10}"))
        yield Case("decade Chinese", "", f"二十世纪{chinese(decade)}年代", ",", _timex(point, f"19{decade // 10}"))
        count = rng.randrange(3, 10)
        for form, surface, value in (
            ("years", f"{count}年", f"P{count}Y"),
            ("years Chinese", f"{chinese(count * 10)}年", f"P{count * 10}Y"),
            ("months", f"{count}个月", f"P{count}M"),
            ("months and a half", f"{chinese(count)}个半月", f"P{count}.5M"),
            ("year and a half", f"{chinese(count)}年半", f"P{count}.5Y"),
            ("days", f"{count}天", f"P{count}D"),
            ("weeks", f"{chinese(count)}周", f"P{count}W"),
            ("weeks 星期", f"{count}个星期", f"P{count}W"),
            ("hours", f"{count}小时", f"PT{count}H"),
            ("minutes", f"{chinese(count)}分钟", f"PT{count}M"),
        ):
            yield Case(form, "用了", surface, ",", _timex(span, value))
        more = _timex(span, f"P{count * 10}Y", Modifier.MORE_THAN)
        yield Case("余年", "历时", f"{chinese(count * 10)}{rng.choice('余多')}年", ",", more)
        bounds = _timex(span, None, lower=f"P{count}Y", upper=f"P{count + 2}Y")
        join = rng.choice(("至", "到"))
        yield Case("range of years", "需要", f"{count}年{join}{count + 2}年", ",", bounds)
        yield Case("range of years, unit shared", "需要", f"{chinese(count)}{join}{chinese(count + 2)}年", ",", bounds)
        yield Case("counted years", "时隔", f"{count + 10}年", ",", _timex(span, f"P{count + 10}Y"), known)
        yield Case("counted years behind", "", f"{count + 10}年", "来,", _timex(span, f"P{count + 10}Y"), known)
        about = _timex(span, f"P{count}M", Modifier.APPROX)
        yield Case("about", "约", f"{count}个月", ",", about)
        unit, letter = rng.choice((("年", "1Y"), ("月", "1M"), ("周", "1W"), ("天", "1D"), ("季度", "3M")))
        yield Case("set", "", f"每{unit}", "检查", _timex(TimexType.SET, f"P{letter}"))
        yield Case("set of several", "", f"每{chinese(count)}年", "一次", _timex(TimexType.SET, f"P{count}Y"))
        last = min(number + 3, 28)
        if number < last:
            days = _timex(point, None, lower=f"{place[:8]}{number:02}", upper=f"{place[:8]}{last:02}")
            yield Case("range of days", "", f"{month}月{number}日{join}{last}日", ",", days, known)
        if month < 12:
            months = _timex(point, None, lower=place[:7], upper=f"{today.year}-{month + 1:02}")
            yield Case("range of months", "", f"{month}{join}{month + 1}月", ",", months, known)
        years = _timex(point, None, lower=str(year), upper=str(year + 3))
        yield Case("range of years on the calendar", "", f"{year}年{join}{year + 3}年", ",", years)
        yield Case("range of years, one unit", "", f"{year}-{year + 3}年", ",", years)
        if number < 29:
            noon = _timex(TimexType.TIME, f"{place}T15:30")
            yield Case("clock", "", f"{month}月{number}日15时30分", ",", noon, known)
            part, letters = rng.choice((("上午", "MO"), ("下午", "AF"), ("晚上", "EV")))
            yield Case(
                "part of a day",
                "",
                f"{month}月{number}日{part}",
                ",",
                _timex(TimexType.TIME, f"{place}T{letters}"),
                known,
            )
    for words, value in (
        (("目前", "现在", "近日", "当前", "如今", "近期"), "PRESENT_REF"),
        (("过去", "以前"), "PAST_REF"),
        (("将来", "未来", "今后"), "FUTURE_REF"),
    ):
        for word in words:
            yield Case("vague", "", word, ",", _timex(point, value), rng.choice((None, "2022-08")))
    for word, value in (
        ("数年", "PXY"),
        ("多年", "PXY"),
        ("几个月", "PXM"),
        ("数日", "PXD"),
        ("几天", "PXD"),
        ("连日来", "PXD"),
    ):
        yield Case("indefinite", "", word, ",", _timex(span, value))


def all_money() -> list[Case]:
    """The amounts of the seed."""
    return list(money(random.Random(SEED)))


def all_dates() -> list[Case]:
    """The dates of the seed."""
    return list(dates(random.Random(SEED)))
