"""Rules about dates and amounts follow the set: what it does throughout is a convention, what departs a finding."""

from pathlib import Path

import pytest

from checks_run import check_text, marked
from tyez_bench.checks.engine import CheckResult


def check_all(folder: Path, *texts: str, select: tuple[str, ...] = ("D", "M", "L305", "X605")) -> CheckResult:
    """Check texts with marks, an id each."""
    return check_text(folder, *(marked(f"d{number}", text) for number, text in enumerate(texts)), select=select)


def found(outcome: CheckResult) -> list[tuple[str, str, str]]:
    """Code, document and surface of each finding."""
    return [(one.code, one.document or "", one.surface) for one in outcome.findings]


def said(outcome: CheckResult) -> list[str]:
    """The conventions."""
    return [one.message for one in outcome.conventions]


def test_each_word_for_a_time_goes_its_own_way(tmp_path: Path) -> None:
    """A set that marks 日前 and leaves 目前 is asked for neither."""
    texts = [f"{name}厂⟦DATE|日前⟧投产，目前运行平稳。" for name in "甲乙丙丁戊己"]
    outcome = check_all(tmp_path, *texts, "辛厂日前停产。")
    assert found(outcome) == [("D507", "d6", "日前")]
    assert said(outcome) == ["words for times that are not marked: 目前 6 of 6 times"]


def test_the_one_mark_of_a_word_that_is_left_out_is_found(tmp_path: Path) -> None:
    texts = [f"{name}厂⟦DATE|昨天⟧停产，现在恢复了。" for name in "甲乙丙丁戊己庚辛壬癸"]
    outcome = check_all(tmp_path, *texts, "⟦DATE|现在⟧一切正常。")
    assert found(outcome) == [("D507", "d10", "现在")]
    assert outcome.findings[0].message == "DATE '现在' is marked, but is not marked in 10 other places"


def test_words_that_are_marked_as_often_as_not_are_a_convention(tmp_path: Path) -> None:
    texts = [f"{name}厂⟦DATE|每天⟧开工。" for name in "甲乙丙丁"] + [f"{name}矿每天开工。" for name in "甲乙丙丁戊"]
    outcome = check_all(tmp_path, *texts)
    assert found(outcome) == []
    assert said(outcome) == ["words for times that are not marked: 每天 5 of 9 times"]


@pytest.mark.parametrize(
    "text",
    [
        *("总有一天会通车。", "一天吃三顿饭。", "一年才回来一次。", "除了一个月二十元的租金。", "他读三年二班。"),
        *("四周的目光都看过来。", "这是百年大计。", "他三天两头请假。", "连日连夜赶工。"),
    ],
)
def test_what_looks_like_a_length_of_time(text: str, tmp_path: Path) -> None:
    usual = [
        f"{name}厂停产⟦DATE|{number}年⟧，又停了⟦DATE|{number}天⟧。"
        for name, number in zip("甲乙丙丁", "三四五六", strict=True)
    ]
    assert found(check_all(tmp_path, *usual, text)) == []


@pytest.mark.parametrize(
    ("text", "surface"),
    [("一年之后通车。", "一年"), ("最后一天停工。", "一天"), ("四周后复工。", "四周"), ("停了三年，又三天。", "三年")],
)
def test_what_is_a_length_of_time(text: str, surface: str, tmp_path: Path) -> None:
    usual = [
        f"{name}厂停产⟦DATE|{number}年⟧，又停了⟦DATE|{number}天⟧。"
        for name, number in zip("甲乙丙丁", "三四五六", strict=True)
    ]
    assert ("D507", "d4", surface) in found(check_all(tmp_path, *usual, text))


@pytest.mark.parametrize("text", ["可以说明年节将近。", "建成后年产值五百万。"])
def test_years_in_other_words(text: str, tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "⟦DATE|2021年⟧开工。", "⟦DATE|明年⟧完工。", text)) == []


@pytest.mark.parametrize(
    "date",
    [
        *(
            "民国三十年",
            "乾隆二十年",
            "西元二○○三年",
            "同一天",
            "那一年",
            "过两天",
            "最后两年",
            "两年多前",
            "八、九年前",
            "今天一早",
        ),
        *(
            "今天凌晨五点多",
            "前年九月至今",
            "去年秋冬之交",
            "一年一度",
            "战争爆发前六个多月",
            "民国七十六年左右",
            "五月份儿",
        ),
        *("截至一月二十九日止", "从1951年7月起", "今年一开始", "每周六晚上的八点钟", "两千零四年的一月", "到不了一年"),
    ],
)
def test_what_belongs_to_a_date(date: str, tmp_path: Path) -> None:
    assert found(check_all(tmp_path, f"⟦DATE|{date}⟧的事。", select=("D511", "D501"))) == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "⟦DATE|到去年底⟧完工。",
            "⟦DATE|自从今年三月⟧停工。",
            "⟦DATE|1月18日电⟧",
            "⟦DATE|直到民国三十六年⟧才回。",
        ),
        *("记⟦DATE|者8月9日⟧报道。", "⟦DATE|会议8月19日⟧召开。", "⟦DATE|8月19日举⟧行。", "三⟦DATE|至四年⟧建成。"),
    ],
)
def test_what_is_no_part_of_a_date(text: str, tmp_path: Path) -> None:
    assert [code for code, *_ in found(check_all(tmp_path, text, select=("D511",)))] == ["D511"]


def test_words_inside_of_many_dates_are_a_convention(tmp_path: Path) -> None:
    texts = [f"⟦DATE|到{year}年底⟧完工。" for year in (2018, 2019, 2020)]
    outcome = check_all(tmp_path, *texts, select=("D511",))
    assert found(outcome) == []
    assert said(outcome) == ["到 is part of 3 dates, as of 到2018年底"]


def test_a_seam_where_most_dates_are_split_is_a_convention(tmp_path: Path) -> None:
    split = [f"⟦DATE|{month}月⟧底完工。" for month in range(1, 5)]
    outcome = check_all(tmp_path, *split, select=("D502",))
    assert found(outcome) == []
    assert said(outcome) == ["4 dates like '1月' stop where a date may go on"]
    whole = [f"⟦DATE|{month}月底⟧完工。" for month in range(5, 10)]
    assert len(check_all(tmp_path, *split, *whole, select=("D502",)).findings) == 4


@pytest.mark.parametrize(
    "surface", ["早上", "国庆", "两个钟头", "拂晓", "东汉", "秦至东汉", "隋唐", "上古", "Christmas"]
)
def test_words_for_times(surface: str, tmp_path: Path) -> None:
    assert found(check_all(tmp_path, f"⟦DATE|{surface}⟧的事。", select=("D501",))) == []


def test_september_or_october(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "⟦DATE|九十月份⟧收割。", select=("D504",))) == []


def test_a_word_is_odd_only_beside_many_of_the_other_side(tmp_path: Path) -> None:
    """最近 and 接近 are other words than 近; points and lengths of time are counted apart."""
    outside = [f"近⟦DATE|{number}年⟧增产。" for number in "三四五"]
    assert found(check_all(tmp_path, *outside, "⟦DATE|近六年⟧减产。", select=("D506",))) == [("D506", "d3", "近六年")]
    assert found(check_all(tmp_path, *outside[:2], "⟦DATE|近六年⟧减产。", select=("D506",))) == []
    other = [f"{word}⟦DATE|{number}年⟧增产。" for word, number in (("最近", "三"), ("临近", "四"), ("接近", "五"))]
    assert found(check_all(tmp_path, *other, "⟦DATE|近六年⟧减产。", select=("D506",))) == []
    points = [f"⟦DATE|{month}月⟧之后增产。" for month in (1, 2, 3)]
    assert found(check_all(tmp_path, *points, "⟦DATE|三年之后⟧减产。", select=("D506",))) == []


def test_a_noun_that_is_marked_throughout_is_a_convention(tmp_path: Path) -> None:
    texts = [f"{name}国⟦ORG|政府⟧表态。" for name in "甲乙丙丁"]
    outcome = check_all(tmp_path, *texts, "各级政府。")
    assert found(outcome) == []
    assert said(outcome) == ["政府 is marked in 4 places, and not in 1"]
    assert len(check_all(tmp_path, *texts, *(f"{name}省政府表态。" for name in "甲乙丙丁戊己庚辛壬")).findings) == 4


def test_amounts_without_a_currency_are_a_convention(tmp_path: Path) -> None:
    texts = ["投入⟦MONEY|500万⟧，", "盈利⟦MONEY|2亿多⟧。", "捐款⟦MONEY|百万⟧。", "占地⟦MONEY|1.4万⟧亩。"]
    outcome = check_all(tmp_path, *texts)
    assert found(outcome) == [("M402", "d3", "1.4万")]
    assert said(outcome) == ["3 amounts have no currency (500万, 2亿多, …)"]


@pytest.mark.parametrize(
    "text", ["⟦MONEY|一分钱⟧⟦MONEY|一分钱⟧地攒。", "要二千⟦MONEY|二千块钱⟧。", "⟦MONEY|五厘钱⟧", "⟦MONEY|1·5万元⟧"]
)
def test_amounts_as_they_are_spoken(text: str, tmp_path: Path) -> None:
    assert found(check_all(tmp_path, text)) == []


def test_the_name_of_a_currency_with_its_country_follows_an_amount(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "出口⟦MONEY|107亿⟧芬兰马克。")) == [("M403", "d0", "107亿")]


def test_both_ends_of_ranges_by_themselves_are_a_convention(tmp_path: Path) -> None:
    texts = [f"⟦MONEY|{low}亿元⟧至⟦MONEY|{low + 1}亿元⟧。" for low in (1, 2, 3)]
    outcome = check_all(tmp_path, *texts, select=("M405",))
    assert found(outcome) == []
    assert said(outcome) == ["both ends of 3 ranges of amounts are marked, each by itself"]


def test_of_two_copies_the_one_without_the_mark_is_odd(tmp_path: Path) -> None:
    outcome = check_all(tmp_path, "甲厂⟦DATE|8月9日⟧停产。", "甲厂8月9日停产。", select=("X605",))
    assert found(outcome) == [("X605", "d1", "8月9日")]
    assert outcome.findings[0].message == "'8月9日' is not marked; in the same text, 'd0', it is DATE"
    first = check_all(tmp_path, "甲厂8月9日停产。", "甲厂⟦DATE|8月9日⟧停产。", select=("X605",))
    assert found(first) == [("X605", "d0", "8月9日")]


def test_of_three_copies_the_one_that_differs_is_odd(tmp_path: Path) -> None:
    outcome = check_all(tmp_path, "第⟦MONEY|3⟧号", "第3号", "第3号", select=("X605",))
    assert found(outcome) == [("X605", "d0", "3")]
    # But names are left out rather than marked where there are none.
    names = check_all(tmp_path, "⟦PER|王芳⟧摄", "王芳摄", "王芳摄", select=("X605",))
    assert found(names) == [("X605", "d1", "王芳")]


def test_texts_that_were_annotated_twice_are_one_finding(tmp_path: Path) -> None:
    once = [f"{name}厂⟦DATE|8月{day}日⟧停产。" for day, name in enumerate("甲乙丙丁", 1)]
    again = [text.replace("⟦DATE|", "").replace("⟧", "") for text in once]
    outcome = check_all(tmp_path, *once, *again, select=("X605",))
    assert found(outcome) == [("X605", "d4", "8月1日")]
    assert outcome.findings[0].message.endswith("; 3 more places like this")
    assert [one.document for one in outcome.findings[0].more] == ["d5", "d6", "d7"]
