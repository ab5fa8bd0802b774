"""Expressions whose values were once read wrongly, or not at all: decided by hand, with the span in ⟦⟧."""

import pytest
from one_date import parse_date

from tyez_bench.model.values import Money, Timex
from tyez_bench.zh.dates.values import date_readings
from tyez_bench.zh.money import parse_money

REFERENCE = "2022-08-09"


def marked(text: str) -> tuple[str, int, int]:
    """The text without its brackets, and where they were."""
    start, end = text.index("⟦"), text.index("⟧") - 1
    return text.replace("⟦", "").replace("⟧", ""), start, end


def written(value: Money | Timex | None) -> str:
    """A value in short; – for none."""
    if value is None:
        return "–"
    single = value.amount if isinstance(value, Money) else value.value
    words = [single or f"{value.lower}–{value.upper}"]
    if isinstance(value, Money) and value.currency != "CNY":
        words.append(value.currency)
    return " ".join(words + ([value.modifier.value] if value.modifier else []))


MONEY = """
⟦五到十亿元⟧ = 500000000–1000000000
⟦十五到二十亿元⟧ = 1500000000–2000000000
⟦二十五至三十万元⟧ = 250000–300000
⟦一至三十万元⟧ = 10000–300000
⟦一到十万元⟧ = 10000–100000
⟦两到二十亿元⟧ = 200000000–2000000000
⟦一到二十元⟧ = 1–20
⟦五十到六十万亿元⟧ = 50000000000000–60000000000000
⟦三百至五百万亿元⟧ = 300000000000000–500000000000000
⟦五百至一千万元⟧ = 5000000–10000000
⟦八到一百万元⟧ = 80000–1000000
⟦8千到1万元⟧ = 8000–10000
⟦一百二十到一百五十万元⟧ = 1200000–1500000
⟦一两百元⟧ = 100–200
⟦一两万元⟧ = 10000–20000
罚款不得超过⟦5万元⟧ | 不能超过⟦5万元⟧ | 不应超过⟦5万元⟧ | 不会超过⟦5万元⟧ | 未超过⟦5万元⟧ = 50000 EQUAL_OR_LESS
没有超过⟦5万元⟧ | 未突破⟦5万元⟧ = 50000 EQUAL_OR_LESS
签约⟦3亿元⟧ | 节约⟦3亿元⟧ | 违约⟦3亿元⟧ | 履约⟦3亿元⟧ | 合约⟦3亿元⟧ | 纽约⟦3亿元⟧ | 附近⟦3亿元⟧ = 300000000
就近⟦3亿元⟧ = 300000000
赶超⟦5亿元⟧ | 反超⟦5亿元⟧ = 500000000
折合约⟦3亿元⟧ = 300000000 APPROX
其中超⟦5亿元⟧ = 500000000 MORE_THAN
逼近⟦3亿元⟧ | 接近⟦3亿元⟧ | 将近⟦3亿元⟧ = 300000000 LESS_THAN
⟦3万元⟧上下班 = 30000
⟦500元⟧上下铺 = 500
⟦3万元⟧以上述方式 | ⟦3万元⟧以下简称 = 30000
历史上⟦百万元⟧ | 世界上⟦百万元⟧ | 市场上⟦百万元⟧ | 加上⟦百万元⟧ = 1000000
投资上⟦百万元⟧ = 1000000 EQUAL_OR_MORE
低于⟦5万元⟧ = 50000 LESS_THAN
高于⟦5万元⟧ = 50000 MORE_THAN
少于⟦5万元⟧ = 50000 LESS_THAN
大于⟦5万元⟧ = 50000 MORE_THAN
小于⟦5万元⟧ | 不满⟦5万元⟧ | 不及⟦5万元⟧ = 50000 LESS_THAN
超出⟦5万元⟧ = 50000 MORE_THAN
未达到⟦5万元⟧ = 50000 LESS_THAN
约合⟦5万元⟧ = 50000 APPROX
不得低于⟦5万元⟧ | 不得少于⟦5万元⟧ = 50000 EQUAL_OR_MORE
不大于⟦5万元⟧ = 50000 EQUAL_OR_LESS
不小于⟦5万元⟧ = 50000 EQUAL_OR_MORE
⟦5万元⟧及以下 = 50000 EQUAL_OR_LESS
⟦5万元(含)以上⟧ = 50000 EQUAL_OR_MORE
⟦低于5万元⟧ = 50000 LESS_THAN
⟦1.5 亿元⟧ = 150000000
⟦3000 多万元⟧ = 30000000 MORE_THAN
⟦1 亿 2000 万元⟧ = 120000000
约 ⟦100 万元⟧ = 1000000 APPROX
⟦超万亿元⟧ = 1000000000000 MORE_THAN
近⟦亿元⟧ = 100000000 LESS_THAN
逾⟦亿元⟧ = 100000000 MORE_THAN
单位:⟦万元⟧ = –
⟦1万元以上5万元以下⟧ = 10000–50000
⟦五百元以上一千元以下⟧ = 500–1000
⟦人民币伍仟元整⟧ = 5000
⟦贰拾万圆整⟧ = 200000
⟦伍仟元正⟧ = 5000
⟦188元钱⟧ = 188
⟦两毛钱⟧ = 0.2
⟦三角钱⟧ = 0.3
⟦5分钱⟧ = 0.05
⟦港币5000元⟧ = 5000 HKD
⟦美金500万元⟧ = 5000000 USD
⟦NT$500⟧ = 500 TWD
⟦500加拿大元⟧ = 500 CAD
⟦500澳大利亚元⟧ = 500 AUD
⟦500卢比⟧ = –
⟦500印度卢比⟧ = 500 INR
⟦3万元及以上⟧ = 30000 EQUAL_OR_MORE
⟦¥1,500-¥3,200⟧ = 1500–3200
⟦30―40万元⟧ = 300000–400000
"""

DATES = """
⟦一两年⟧ = P1Y–P2Y
⟦一两个月⟧ = P1M–P2M
⟦一两天⟧ = P1D–P2D
⟦一两周⟧ = P1W–P2W
期限不得超过⟦30天⟧ = P30D EQUAL_OR_LESS
⟦1978年以来⟧ = 1978
⟦2018年来⟧ = 2018
⟦2020年间⟧ = 2020
⟦7月以来⟧ = 2022-07
⟦3月期间⟧ = 2022-03
⟦20世纪以来⟧ = 19
⟦2018年3月以来⟧ = 2018-03
⟦今年以来⟧ = 2022
⟦年初以来⟧ = 2022 START
签约⟦三年⟧ | 附近⟦三年⟧ | 赶超⟦三年⟧ = P3Y
条约⟦2020年⟧ = 2020
英超⟦2022年⟧ = 2022
历史上⟦百年⟧ = P100Y
最近⟦三年⟧ = P3Y
最近⟦三个月⟧ = P3M
最近⟦一周⟧ = P1W
近⟦三年⟧来 = P3Y
⟦近10年来⟧ = P10Y
⟦近五年来⟧ = P5Y
近⟦三年⟧ = P3Y / P3Y LESS_THAN
将近⟦三年⟧ = P3Y LESS_THAN
超⟦10年⟧ = P10Y MORE_THAN
逾⟦20年⟧ = P20Y MORE_THAN
至少⟦10年⟧ = P10Y EQUAL_OR_MORE
不到⟦20年⟧ = P20Y LESS_THAN
不足⟦10年⟧ = P10Y LESS_THAN
⟦20年⟧以上 = P20Y EQUAL_OR_MORE
⟦20年⟧左右 = P20Y APPROX
超⟦2019年⟧同期 = 2019 / 2019 MORE_THAN
有期徒刑⟦12年⟧ = P12Y
合同期限为⟦30年⟧ = P30Y
有着⟦20年⟧的历史 = P20Y
从业⟦15年⟧ = P15Y
质保⟦10年⟧ = P10Y
使用权⟦70年⟧ = P70Y
创⟦11年⟧新高 = P11Y
每⟦10年⟧一次 = P10Y
⟦50年⟧一遇 = P50Y
⟦12年⟧义务教育 | 已经⟦12年⟧ = P12Y
用⟦10年⟧建成 = P10Y
采用⟦21年⟧数据 = 2021
工期⟦10年⟧。 = P10Y
计划⟦10年⟧。 = 2010 / P10Y
较⟦20年⟧增长 = 2020
于⟦21年⟧开工 | ⟦21年⟧前三季度 = 2021
⟦18年⟧以来营收 = 2018 / P18Y
长达⟦10至15年⟧ = P10Y–P15Y
约⟦15-20年⟧ = P15Y–P20Y APPROX
⟦20至30年⟧ = 2020–2030 / P20Y–P30Y
⟦98年至02年⟧ = 1998–2002
⟦5至10年⟧ = P5Y–P10Y
除了⟦21年⟧,其他年份 | 到了⟦21年⟧ = 2021
将于⟦15日⟧前完成 = 2022-08-15
⟦8日⟧以来 | ⟦8日⟧来到北京 = 2022-08-08
历时⟦15日⟧ = P15D
⟦三世纪⟧ = 02
⟦十六世纪⟧ = 15
⟦十八世纪⟧ = 17
⟦十九世纪末⟧ = 18 END
距今⟦3000年⟧ = P3000Y
一期⟦18年⟧投产 = 2018
租期为⟦18年⟧ = P18Y
⟦98年⟧的经验 = 1998 / P98Y
⟦20年⟧的合同 = P20Y
在⟦10日⟧内完成 = P10D / P10D EQUAL_OR_LESS
⟦618年⟧ = 0618 / P618Y
里约⟦2016年⟧ = 2016
北约⟦2022年⟧ = 2022
约⟦2016年⟧ = 2016 APPROX
已有⟦1400年⟧历史 = P1400Y
⟦5000年⟧文明 = P5000Y
近⟦2000年⟧ = P2000Y / P2000Y LESS_THAN
超⟦1000年⟧ = P1000Y MORE_THAN
公布了⟦2021年⟧年报 | ⟦2021年⟧历史最高 = 2021
⟦8月9日中午1点⟧ = 2022-08-09T13:00
⟦8月9日深夜11点⟧ = 2022-08-09T23:00
⟦8月9日夜里2点⟧ | ⟦8月9日夜间1时⟧ | ⟦8月9日晚上12点⟧ | ⟦8月9日晚上0点⟧ = –
上⟦百年⟧ = P100Y EQUAL_OR_MORE
⟦日前⟧ = PAST_REF
农历⟦三月⟧ = –
⟦十多天⟧ = P10D MORE_THAN
⟦十多个月⟧ = P10M MORE_THAN
⟦半年多⟧ = P6M MORE_THAN
⟦2021 年 12 月 31 日⟧ = 2021-12-31
⟦前三季度⟧ | ⟦今年前三季度⟧ = 2022-Q1–2022-Q3
⟦2021年前三季度⟧ = 2021-Q1–2021-Q3
⟦今年前7个月⟧ = 2022-01–2022-07
⟦前三个月⟧ = 2022-01–2022-03 / P3M
⟦未来五年⟧ | ⟦过去五年⟧ | ⟦今后五年⟧ = P5Y
⟦连续三年⟧ = P3Y
⟦三年内⟧ = P3Y / P3Y EQUAL_OR_LESS
⟦三年⟧以内 = P3Y EQUAL_OR_LESS
⟦三年以上七年以下⟧ = P3Y–P7Y
⟦8月9日(星期二)⟧ | ⟦8月9日（周二）⟧ | ⟦8月9日星期二⟧ = 2022-08-09
⟦3年6个月⟧ = P3Y6M
⟦一年零三个月⟧ = P1Y3M
⟦2021年11月至3月⟧ = 2021-11–2022-03
⟦2021年12月28日至1月3日⟧ = 2021-12-28–2022-01-03
⟦2021年11月至次年3月⟧ = 2021-11–2022-03
⟦12月至2月⟧ = –
⟦2022-08-09至2022-08-12⟧ | ⟦2022-08-09~2022-08-12⟧ = 2022-08-09–2022-08-12
⟦2022-08-09 09:30⟧ = 2022-08-09T09:30
⟦8月9日零时⟧ = 2022-08-09T00:00
⟦昨晚⟧ = 2022-08-08TEV
⟦明早⟧ = 2022-08-10TMO
⟦上季度⟧ = 2022-Q2
⟦大前天⟧ = 2022-08-06
⟦大后天⟧ = 2022-08-12
⟦大前年⟧ = 2019
⟦上上周⟧ = 2022-W30
⟦本周末⟧ = 2022-W32-WE
⟦这个星期⟧ = 2022-W32
⟦年内⟧ = 2022
⟦月内⟧ = 2022-08
⟦今春⟧ = 2022-SP
⟦去冬⟧ = 2021-WI
⟦2021年秋⟧ = 2021-FA
⟦1990年代⟧ = 199
⟦20年代⟧ = 192 / 202
⟦不久前⟧ = PAST_REF
⟦几个小时⟧ = PTXH
⟦上周五至下周三⟧ = 2022-08-05–2022-08-17
⟦15月⟧ | ⟦5季度⟧ = –
"""


def rows(table: str) -> list[tuple[str, str]]:
    """The texts of a table, and what the span of each must be read as."""
    lines = [line.split(" = ") for line in table.strip().split("\n")]
    return [(text, expected) for texts, expected in lines for text in texts.split(" | ")]


@pytest.mark.parametrize(("text", "expected"), rows(MONEY))
def test_amounts(text: str, expected: str) -> None:
    assert written(parse_money(*marked(text))) == expected


@pytest.mark.parametrize(("text", "expected"), rows(DATES))
def test_dates(text: str, expected: str) -> None:
    readings = date_readings(*marked(text), reference=REFERENCE)
    assert (" / ".join(map(written, readings)) or "–") == expected
    only = readings[0] if len(readings) == 1 else None
    assert parse_date(*marked(text), reference=REFERENCE) == only


@pytest.mark.parametrize(
    ("words", "reference", "value"),
    [
        # Which century this is hangs on the text.
        ("本世纪", "1995-06-01", "19"),
        ("上世纪", "1995-06-01", "18"),
        ("本世纪", None, "–"),
        # The last week of a month that is known without a day is not known.
        ("上周五", "2022-08", "–"),
        ("本周二", "2022-08", "–"),
        ("下星期一", "2022-08", "–"),
        ("上季度", "2022-02-15", "2021-Q4"),
        ("前三季度", None, "XXXX-Q1–XXXX-Q3"),
    ],
)
def test_dates_at_another_reference(words: str, reference: str | None, value: str) -> None:
    assert written(parse_date(words, reference=reference)) == value


def test_a_weekday_alone_may_be_of_any_week() -> None:
    readings = [written(value) for value in date_readings("周五", reference=REFERENCE)]
    assert readings == ["XXXX-WXX-5", "2022-08-12", "2022-08-05", "2022-08-19"]
