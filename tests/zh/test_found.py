"""What the finder once found and is none, cut short, or missed."""

import pytest
from one_date import parse_date

from tyez_bench.zh.find import find_dates, find_money
from tyez_bench.zh.money import parse_money


@pytest.mark.parametrize(
    "text",
    [
        "二元结构",
        "二元论",
        "二元期权",
        "一元化",
        "一元二次方程",
        "三元里",
        "三元桥",
        "三元区",
        "三元食品",
        "三元材料",
        "三元锂电池",
        "三元催化",
        "2元音",
        "千元机",
        "500万欧元区",
        "12月30日元旦",
        "三元三角债",
        "百亿级产业",
        "千亿级",
        "1.4万余亩",
        "2万吨",
        "13710",
        "五角大楼",
        "万元户",
        "多元化",
        "3单元",
        "第3元",
        "3块地",
    ],
)
def test_no_amount_is_found(text: str) -> None:
    assert list(find_money(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("获赔3亿卢布", ["3亿卢布"]),
        ("花了100泰铢", ["100泰铢"]),
        ("奖金RMB5000", ["RMB5000"]),
        ("跌破$45.5,亏损$3亿", ["$45.5", "$3亿"]),
        ("捐款500万人民币", ["500万人民币"]),
        ("收入 35.6 亿元,花了3块5毛", ["35.6 亿元", "3块5毛"]),
        ("捐了伍拾万元整", ["伍拾万元整"]),
        ("票价五元一张,电费500元", ["五元", "500元"]),
    ],
)
def test_amounts_that_are_found(text: str, found: list[str]) -> None:
    assert [text[p.start : p.end] for p in find_money(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "去年轻人",
        "2022年鉴",
        "2022年会上",
        "表现在",
        "呈现在",
        "实现在",
        "展现在",
        "显现在",
        "浮现在",
        "再现在",
        "发现在",
        "年初步",
        "明日之星",
        "今日头条",
        "昨日重现",
        "每日报",
        "每周年",
        "每天然气",
        "每月球",
        "年产",
        "年利税",
        "24小时",
        "一日三餐",
        "百日攻坚",
        "千年古城",
        "八月初九",
        "大年初一",
        "本周一共",
        "10日前",
        "节日前后",
    ],
)
def test_no_date_is_found(text: str) -> None:
    assert list(find_dates(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8月9日召开", ["8月9日 absolute"]),
        ("省政府2022年8月9日召开会议", ["2022年8月9日 absolute"]),
        ("8月9号楼", []),
        ("2022年08月09日", ["2022年08月09日 absolute"]),
        ("2021 年 12 月 31 日,", ["2021 年 12 月 31 日 absolute"]),
        ("有效期3-5年", ["3-5年 duration"]),
        ("2020-2022年", ["2020-2022年 absolute"]),
        ("今年前三季度", ["今年前三季度 absolute"]),
        ("每两周检查,每3年更新", ["每两周 set", "每3年 set"]),
        (
            "1990年代,20世纪90年代,上世纪八十年代末",
            ["1990年代 absolute", "20世纪90年代 absolute", "上世纪八十年代末 absolute"],
        ),
        ("上个月底,本月底,下月中旬", ["上个月底 relative", "本月底 relative", "下月中旬 relative"]),
        ("2021年生产总值,2021年利润", ["2021年 absolute", "2021年 absolute"]),
        ("2022年会议,2022年会更好", ["2022年 absolute", "2022年 absolute"]),
        ("8月末,6月底,8月中旬,5月份", ["8月末 absolute", "6月底 absolute", "8月中旬 absolute", "5月份 absolute"]),
        ("1-7月,2月至6月", ["1-7月 absolute", "2月至6月 absolute"]),
        ("上周五,下周三", ["上周五 relative", "下周三 relative"]),
        ("三个多月", ["三个多月 duration"]),
        ("2022.8.9", ["2022.8.9 absolute"]),
        ("1500年历史,3000年", ["1500年 duration", "3000年 duration"]),
    ],
)
def test_dates_that_are_found(text: str, found: list[str]) -> None:
    assert [f"{text[p.start : p.end]} {p.kind}" for p in find_dates(text)] == found


@pytest.mark.parametrize("run", ["9" * 4000, "一" * 4000, "十" * 4000, "百千" * 2000, "1," * 2000, "1.1" * 1500])
def test_a_column_of_digits_is_passed_over(run: str) -> None:
    """Tried in every way to part it, such a run would take hours."""
    text = f"编号{run},投资5亿元,8月9日开工"
    money = [text[found.start : found.end] for found in find_money(text)]
    assert money[-1] == "5亿元"
    assert [text[found.start : found.end] for found in find_dates(text)][-1] == "8月9日"
    assert parse_money(f"{run}元") is None
    assert parse_date(f"{run}年") is None


@pytest.mark.parametrize("reference", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("words", ["昨天", "明天", "上周", "下周五", "去年", "明年", "前年", "大后天", "0000年1月1日"])
def test_beyond_the_calendar_nothing_is_said(words: str, reference: str) -> None:
    found = parse_date(words, reference=reference)
    assert found is None or (found.value is not None and found.value[:3] in ("000", "999"))
