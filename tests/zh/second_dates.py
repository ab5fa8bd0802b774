"""Dates, durations and sets of the second set: the value first, then the ways to write it."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from second_generator import APPROX, AT_LEAST, AT_MOST, DAY, LESS, MONTH, MORE, PLAIN, SEED, Expression, wide, zh

from tyez_bench.model.values import Modifier, Timex, TimexType

Row = tuple[str, str, str, str, Timex, str | None]
EDGES = (("初", Modifier.START), ("底", Modifier.END), ("末", Modifier.END))
TENS = (("上旬", Modifier.START), ("中旬", Modifier.MID), ("下旬", Modifier.END))
SEASONS = (("春", "SP"), ("夏", "SU"), ("秋", "FA"), ("冬", "WI"))
TODAY = date.fromisoformat(DAY)


def point(value: str, modifier: Modifier | None = None) -> Timex:
    """A date."""
    return Timex(type=TimexType.DATE, value=value, modifier=modifier)


def between(low: str, high: str) -> Timex:
    """A range of dates."""
    return Timex(type=TimexType.DATE, lower=low, upper=high)


def length(value: str, modifier: Modifier | None = None) -> Timex:
    """A duration."""
    return Timex(type=TimexType.DURATION, value=value, modifier=modifier)


def read_out(year: int, nought: str = "〇") -> str:
    """A year digit by digit."""
    return "".join(PLAIN[0][int(digit)] for digit in str(year)).replace("零", nought)


def absolute(rng: random.Random) -> Iterator[Row]:
    """Days, months, years and their parts; the same whatever the reference."""
    for _ in range(14):
        day = date(1949, 1, 1) + timedelta(days=rng.randrange(31000))
        y, m, d, iso = day.year, day.month, day.day, day.isoformat()
        reference = rng.choice((None, DAY, MONTH))
        days = (
            f"{y}年{m}月{d}日", f"{y}年{m:02}月{d:02}日", f"{read_out(y)}年{zh(m)}月{zh(d)}日",
            f"{read_out(y, '零')}年{zh(m)}月{zh(d)}号", f"{y} 年 {m} 月 {d} 日", iso, f"{y}/{m:02}/{d:02}",
            f"{y}.{m}.{d}", wide(f"{y}") + f"年{wide(str(m))}月{wide(str(d))}日",
            f"{y}年{m}月{d}日(星期{'一二三四五六日'[day.weekday()]})",
            f"{y}年{m}月{d}日 周{'一二三四五六日'[day.weekday()]}",
        )  # fmt: skip
        for words in days:
            yield "day", "", words, "", point(iso), reference
        for words in (f"{y}年{m}月", f"{y}年{m:02}月份", f"{read_out(y)}年{zh(m)}月", f"{y}-{m:02}", f"{y} 年 {m} 月"):
            yield "month", "", words, "", point(iso[:7]), reference
        for words in (f"{y}年", f"{read_out(y)}年", wide(str(y)) + "年", f"{y}年度", f"{y}年全年", f"{y}年内"):
            yield "year", "", words, "", point(str(y)), reference
        for tail in ("以来", "间", "期间"):
            yield "year in full and 以来", "自", f"{y}年{tail}", "", point(str(y)), reference
            yield "month and 以来", "自", f"{y}年{m}月{tail}", "", point(iso[:7]), reference
        yield "month and 以来, without a year", "", f"{m}月以来", "", point(f"2022-{m:02}"), DAY
        edge, modifier = rng.choice(EDGES)
        ten, part = rng.choice(TENS)
        yield "edge of a year", "", f"{y}年{edge}", "", point(str(y), modifier), reference
        yield "edge of a month", "", f"{y}年{m}月{ten}", "", point(iso[:7], part), reference
        quarter, (season, letters) = rng.randrange(1, 5), rng.choice(SEASONS)
        for words in (f"{y}年第{zh(quarter)}季度", f"{y}年{quarter}季度", f"{y}年Q{quarter}"):
            yield "quarter", "", words, "", point(f"{y}-Q{quarter}"), reference
        for tail in ("", "天", "季"):
            yield "season", "", f"{y}年{season}{tail}", "", point(f"{y}-{letters}"), reference
        yield "decade", "", f"{y // 10 * 10}年代", "", point(str(y)[:3]), reference
        century = rng.randrange(3, 22)
        for words in (f"{century}世纪", f"{zh(century)}世纪"):
            yield "century", "", words, "", point(f"{century - 1:02}"), reference
            yield "decade of a century", "", f"{words}八十年代", "", point(f"{century - 1:02}8"), reference


def relative(rng: random.Random) -> Iterator[Row]:
    """What hangs on the day of publication."""
    days = {"大前天": -3, "前天": -2, "昨日": -1, "今天": 0, "明日": 1, "后天": 2, "大后天": 3}
    for words, shift in days.items():
        yield "day", "", words, "", point((TODAY + timedelta(days=shift)).isoformat()), DAY
    for shift, words in ((-1, "上"), (0, "本"), (0, "这"), (1, "下"), (-1, "上个"), (-2, "上上"), (2, "下下")):
        monday = TODAY - timedelta(days=TODAY.weekday()) + timedelta(weeks=shift)
        year, week, _ = monday.isocalendar()
        name = rng.choice(("周", "星期"))
        yield "week", "", f"{words}{name}", "", point(f"{year}-W{week}"), DAY
        yield "weekend", "", f"{words}周末", "", point(f"{year}-W{week}-WE"), DAY
        for number in range(7):
            surface = words + name + "一二三四五六日"[number]
            yield "weekday", "", surface, "", point((monday + timedelta(days=number)).isoformat()), DAY
    for words, value in (
        ("上季度", "2022-Q2"), ("本季度", "2022-Q3"), ("下季度", "2022-Q4"), ("上月", "2022-07"), ("月内", "2022-08"),
        ("年内", "2022"), ("大前年", "2019"), ("去年", "2021"), ("今春", "2022-SP"), ("去冬", "2021-WI"),
        ("本世纪", "20"), ("上世纪", "19"), ("今年以来", "2022"), ("上世纪90年代以来", "199"), ("8月9日以来", DAY),
        ("去年全年", "2021"), ("本月以来", MONTH),
    ):  # fmt: skip
        for reference in (DAY, MONTH):
            yield "period", "", words, "", point(value), reference
    for words, value, modifier in (
        ("年初以来", "2022", Modifier.START), ("上月末", "2022-07", Modifier.END),
        ("上个月底", "2022-07", Modifier.END), ("下月中旬", "2022-09", Modifier.MID),
        ("去年底", "2021", Modifier.END), ("二季度末", "2022-Q2", Modifier.END),
    ):  # fmt: skip
        yield "edge", "", words, "", point(value, modifier), MONTH
    for named, later in (("", 0), ("今年", 0), ("去年", -1), ("2020年", -2)):
        for count in (2, 3):
            bounds = between(f"{2022 + later}-Q1", f"{2022 + later}-Q{count}")
            yield "first quarters", "", f"{named}前{zh(count, two=True) if count > 2 else '两'}季度", "", bounds, DAY
        for count in (2, 5, 7, 11) if named else ():
            bounds = between(f"{2022 + later}-01", f"{2022 + later}-{count:02}")
            yield "first months", "", f"{named}前{count}个月", "", bounds, DAY
            yield "months", "", f"{named}1-{count}月", "", bounds, DAY
    for words in ("日前", "不久前"):
        yield "past", "", words, "", point("PAST_REF"), DAY


def ranges(rng: random.Random) -> Iterator[Row]:
    """Two ends on the calendar."""
    for _ in range(14):
        day = date(2015, 1, 1) + timedelta(days=rng.randrange(2500))
        other = day + timedelta(days=rng.randrange(20, 120))
        iso, end = day.isoformat(), other.isoformat()
        join = rng.choice(("至", "到", "—", "~", "-", "―"))
        same = day.year == other.year
        full = f"{day.year}年{day.month}月{day.day}日{join}{'' if same else '次年'}{other.month}月{other.day}日"
        yield "days", "", full, "", between(iso, end), None
        bare = f"{day.year}年{day.month}月{day.day}日{join}{other.month}月{other.day}日"
        yield "days, the later year left out", "", bare, "", between(iso, end), None
        if day.month != other.month:
            months = between(iso[:7], end[:7])
            yield "months", "", f"{day.year}年{day.month}月{join}{other.month}月", "", months, None
        word = rng.choice(("至", "到", "~"))
        yield "numbers", "", f"{iso}{word}{end}", "", between(iso, end), None
        later = day.year + rng.randrange(1, 9)
        years = between(str(day.year), str(later))
        for words in (f"{day.year}{join}{later}年", f"{day.year}年{join}{later}年", f"{day.year}年至{later}年间"):
            yield "years", "", words, "", years, DAY


def lengths(rng: random.Random) -> Iterator[Row]:
    """Durations with what is said of them, and years that are counted."""
    units = (
        ("年", "P{}Y"),
        ("个月", "P{}M"),
        ("天", "P{}D"),
        ("周", "P{}W"),
        ("小时", "PT{}H"),
        ("分钟", "PT{}M"),
        ("个季度", "3M"),
    )
    for number in (1, 2, 3, 5, 7, 8, 100, 180):
        for unit, pattern in units:
            value = f"P{3 * number}M" if pattern == "3M" else pattern.format(number)
            words = rng.choice((str(number), "两" if number == 2 else zh(number))) + unit
            for form, head, tail in (
                ("plain", "", ""),
                ("未来", "未来", ""),
                ("来", "", "来"),
                ("近, 来", "近", "以来"),
                ("最近", "最近", ""),
            ):
                yield form, "", head + words + tail, "", length(value), DAY
                yield f"{form}, outside", head, words, tail, length(value), DAY
            for before, behind, modifier in (
                ("约", "", APPROX), ("不到", "", LESS), ("超", "", MORE), ("不得超过", "", AT_MOST),
                ("至少", "", AT_LEAST), ("", "以上", AT_LEAST), ("", "左右", APPROX), ("签约", "", None),
                ("附近", "", None),
            ):  # fmt: skip
                yield "said of it", before, words, behind, length(value, modifier), DAY
    for number in (10, 12, 15, 20, 21, 35, 50, 70):
        for before, behind in (
            ("有期徒刑", ""), ("合同期限为", ""), ("有着", "的历史"), ("从业", ""), ("质保", ""), ("使用权", ""),
            ("创", "新高"), ("每", "一次"), ("", "一遇的洪水"), ("", "义务教育"), ("已经", ""), ("用", "建成"),
            ("时隔", ""), ("连续", ""), ("", "来"), ("至今已", ""),
        ):  # fmt: skip
            yield "counted", before, f"{number}年", behind, length(f"P{number}Y"), DAY
        for word, modifier in (("不到", LESS), ("近", None), ("至少", AT_LEAST)):
            tail = "来" if modifier is None else ""
            yield "counted by its modifier", word, f"{number}年", tail, length(f"P{number}Y", modifier), DAY
    for number in (1000, 1400, 2000, 3000, 5000):
        for before, behind in (("距今", ""), ("已有", "历史"), ("", "的文明")):
            yield "ages", before, f"{number}年", behind, length(f"P{number}Y"), DAY
    for low, high in ((1, 2), (3, 4), (5, 6), (7, 8)):
        for unit, letter in (("年", "Y"), ("个月", "M"), ("天", "D"), ("周", "W")):
            bounds = Timex(type=TimexType.DURATION, lower=f"P{low}{letter}", upper=f"P{high}{letter}")
            pair = "一两" if low == 1 else PLAIN[0][low] + PLAIN[0][high]
            yield "neighbours", "", pair + unit, "", bounds, DAY
            yield "range", "", f"{zh(low)}{rng.choice('至到')}{zh(high)}{unit}", "", bounds, DAY
            yield "statute", "处", f"{low}{unit}以上{high}{unit}以下", "", bounds, DAY
        for words in (f"{low}年{high}个月", f"{zh(low)}年零{zh(high)}个月"):
            yield "years and months", "", words, "", length(f"P{low}Y{high}M"), DAY
        for letter, unit in (("2W", "两周"), (f"{high}Y", f"{high}年"), (f"{low}M", f"{zh(low)}个月")):
            yield "set", "", f"每{unit}", "", Timex(type=TimexType.SET, value=f"P{letter}"), DAY


def clocks() -> Iterator[Row]:
    """Times of a day."""
    for words, value in (
        ("上午9时30分", "T09:30"), ("中午1点", "T13:00"), ("中午12时", "T12:00"), ("下午3点", "T15:00"),
        ("晚8点", "T20:00"), ("晚11点半", "T23:30"), ("深夜11点", "T23:00"), ("零时", "T00:00"),
        ("凌晨3时", "T03:00"), ("20:15", "T20:15"), ("清晨", "TMO"), ("夜间", "TNI"), (" 下午", "TAF"),
    ):  # fmt: skip
        for day in ("8月9日", "2022年8月9日", "2022 年 8 月 9 日"):
            yield "time", "", day + words, "", Timex(type=TimexType.TIME, value=DAY + value), DAY


SENTENCES = ("记者获悉,{},相关工作启动。", "({})", "会议指出,{}。")


def date_expressions() -> list[Expression]:
    """The dates of the seed, alone and in sentences."""
    rng = random.Random(SEED)
    out = []
    for rows in (absolute(rng), relative(rng), ranges(rng), lengths(rng), clocks()):
        for form, before, words, behind, value, reference in rows:
            for frame in ("{}", rng.choice(SENTENCES)):
                at = frame.index("{}") + len(before)
                text = frame.replace("{}", before + words + behind)
                out.append(Expression(form, text, at, at + len(words), value, reference))
    return out
