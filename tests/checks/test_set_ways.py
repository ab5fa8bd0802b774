"""Rules about names follow the set: what it does throughout is a convention, what departs from it a finding."""

from pathlib import Path

import pytest

from checks_run import check_text, marked
from tyez_bench.checks.engine import CheckResult
from tyez_bench.checks.rules.shape import length
from tyez_bench.report.findings_json import as_json
from tyez_bench.report.tables.findings import concise, markdown


def check_all(folder: Path, *texts: str) -> CheckResult:
    """Check texts with marks, an id each."""
    return check_text(folder, *(marked(f"d{number}", text) for number, text in enumerate(texts)))


def found(outcome: CheckResult) -> list[tuple[str, str]]:
    """Code and surface of each finding."""
    return [(finding.code, finding.surface) for finding in outcome.findings]


def test_an_ending_that_the_set_marks_otherwise_is_a_convention(tmp_path: Path) -> None:
    hospitals = [f"他在⟦PLACE|{name}医院⟧住院。" for name in ("协和", "同仁", "友谊", "天坛")]
    outcome = check_all(tmp_path, *hospitals, "⟦ORG|积水潭医院⟧的专家")
    assert found(outcome) == []
    (one,) = outcome.conventions
    assert one == ("L301", "names that end with 医院 are PLACE 4 times, ORG once")
    last = "convention of the set: names that end with 医院 are PLACE 4 times, ORG once (L301 suffix-says-otherwise)"
    assert concise(outcome).splitlines()[-1] == last
    assert "- names that end with 医院" in markdown(outcome)
    assert '"conventions"' in as_json(outcome)


def test_what_departs_from_the_sets_own_way_is_found(tmp_path: Path) -> None:
    usual = [f"⟦ORG|{name}大学⟧招生。" for name in ("清华", "复旦", "南开", "浙江", "厦门")]
    outcome = check_all(tmp_path, *usual, "⟦PLACE|武汉大学⟧的樱花")
    assert found(outcome) == [("L301", "武汉大学")]
    assert outcome.conventions == ()


def test_a_text_says_itself_what_it_calls_so(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "⟦ORG|重庆机场集团⟧（下称⟦ORG|江北机场⟧）是被告。")) == []
    assert found(check_all(tmp_path, "⟦ORG|江北机场⟧是被告。")) == [("L301", "江北机场")]


@pytest.mark.parametrize(
    "text", ["旅⟦PLACE|沪⟧侨民", "全⟦PLACE|美⟧第二", "⟦PLACE|中⟧⟦PLACE|俄⟧合资", "全⟦PLACE|韓⟧各地"]
)
def test_abbreviations_of_places_are_names(tmp_path: Path, text: str) -> None:
    assert found(check_all(tmp_path, text)) == []


def test_a_single_character_of_a_longer_name_is_found(tmp_path: Path) -> None:
    outcome = check_all(tmp_path, "来自⟦PLACE|中⟧国的消息")
    assert found(outcome) == [("L303", "中")]
    assert "a single character of '中国'" in outcome.findings[0].message


def test_a_character_that_a_set_always_marks_alone_in_a_word_is_its_way(tmp_path: Path) -> None:
    whole = "⟦PLACE|山城⟧很美"
    outcome = check_all(tmp_path, whole, *(f"{n}日⟦PLACE|山⟧城下雨" for n in range(1, 7)))
    assert found(outcome) == []
    assert "PLACE 山 is marked alone in 山城, 6 times" in [one.message for one in outcome.conventions]
    assert found(check_all(tmp_path, *(f"{n}日⟦PLACE|京⟧城下雨" for n in range(1, 4)))) == []
    # Against more whole ones, and of a country, it is a slip each time.
    assert found(check_all(tmp_path, whole, whole, *(f"{n}日⟦PLACE|山⟧城下雨" for n in range(1, 4)))) != []
    outcome = check_all(tmp_path, *(f"{n}日⟦PLACE|中⟧国队" for n in range(1, 7)))
    assert found(outcome) == [("L303", "中")] * 6


def test_an_abbreviation_beside_another_is_no_part_of_a_country(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "在⟦PLACE|欧⟧⟦PLACE|美⟧国家")) == []
    assert found(check_all(tmp_path, "在⟦PLACE|美⟧国家")) == [("L303", "美")]


def test_single_characters_in_a_row_are_names(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "⟦ORG|工⟧、⟦ORG|农⟧、⟦ORG|建⟧三家银行")) == []
    assert found(check_all(tmp_path, "日⟦ORG|军⟧偷袭")) == [("L303", "军")]


def test_a_latin_word_is_one_character_of_a_length() -> None:
    assert length("The National Football Museum") == 4
    assert length("Stutsman County，North Dakota") == 5
    assert length("南海大道21号") == 6


def test_a_long_name_that_is_whole_may_be_long(tmp_path: Path) -> None:
    names = [f"⟦ORG|{one}{other}厂⟧开工。" for one in "甲乙丙丁戊" for other in "东西南北"]
    whole = "⟦ORG|察哈尔省境内蒙古各盟旗群地方自治政务委员会⟧"
    assert found(check_all(tmp_path, *names, whole)) == []
    assert found(check_all(tmp_path, *names, "⟦ORG|察哈尔厂今天在境内各盟旗召开群众大会并且⟧"))[0][0] == "L304"


def test_a_person_may_be_called_as_an_area(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "司令员⟦PER|吴忠⟧表示")) == []
    assert found(check_all(tmp_path, "司令员⟦PER|吴忠市⟧表示")) == [("L302", "吴忠市")]


def test_teams_called_by_their_places_are_a_convention(tmp_path: Path) -> None:
    places = [
        f"他在⟦PLACE|{name}⟧。"
        for _ in "ab"
        for name in ("太原", "大同", "阳泉", "长治", "晋城", "朔州", "晋中", "运城", "忻州", "临汾")
    ]
    outcome = check_all(tmp_path, *places, "⟦ORG|英格兰⟧赢了", "签约⟦ORG|辽宁⟧出战", "⟦ORG|广元市⟧出战")
    assert ("L302", "辽宁") not in found(outcome)
    assert ("L302", "广元市") in found(outcome)
    assert [one.code for one in outcome.conventions] == ["L302"]


def test_areas_that_are_words_by_chance_are_none(tmp_path: Path) -> None:
    rest = "⟦PLACE|广州市⟧新城区的中心，⟦PLACE|深圳⟧等沿海城市"
    assert found(check_all(tmp_path, rest)) == []
    assert found(check_all(tmp_path, "⟦PLACE|广州市⟧，吉林省镇赉县。")) == [("P304", "吉林省镇赉县")]
    # Where somebody is from.
    assert found(check_all(tmp_path, "⟦PLACE|广州市⟧，吉林省镇赉县人")) == []


def test_names_that_begin_like_a_function_word_are_whole(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "切断⟦PLACE|的黎波里⟧与边境", "延长到⟦PLACE|于维西车站⟧")) == []


def test_a_name_with_two_types_is_one_finding(tmp_path: Path) -> None:
    texts = [f"⟦ORG|太钢⟧签约{'。' * number}" for number in range(1, 8)] + ["⟦PLACE|太钢⟧门前", "⟦PLACE|太钢⟧附近"]
    (finding,) = check_all(tmp_path, *texts).findings
    assert (finding.code, finding.document) == ("X601", "d7")
    assert finding.message == (
        "'太钢' has the type PLACE here, but is ORG 7 times, PLACE 2 times; the first of 2 that are not ORG"
    )
    assert [(where.document, where.label) for where in finding.related] == [("d0", "ORG"), ("d8", "PLACE")]


def test_a_name_that_is_often_both_is_both(tmp_path: Path) -> None:
    texts = [
        f"⟦{label}|太钢⟧{'签约门前'[size:]}{'。' * number}"
        for number in range(1, 5)
        for size, label in ((0, "ORG"), (2, "PLACE"))
    ]
    assert found(check_all(tmp_path, *texts)) == []


def test_names_that_two_types_share_are_a_convention(tmp_path: Path) -> None:
    teams = ["⟦ORG|德国⟧胜⟦ORG|法国⟧，⟦ORG|西班牙⟧胜"]
    places = [f"在⟦PLACE|{name}⟧{'。' * number}" for number in (1, 2) for name in ("德国", "法国", "西班牙")]
    outcome = check_all(tmp_path, *teams, *places)
    assert found(outcome) == []
    said = "3 names are marked as ORG and as PLACE (德国, 法国, 西班牙)"
    assert [one.message for one in outcome.conventions if one.code == "X601"] == [said]
    # What a name itself says is another matter.
    odd = check_all(tmp_path, *teams, *places, "⟦ORG|太原大学⟧招生", "⟦ORG|太原大学⟧放假", "在⟦PLACE|太原大学⟧读书")
    assert found(odd) == [("X601", "太原大学")]


def test_of_equally_frequent_types_the_name_says_which_is_right(tmp_path: Path) -> None:
    (finding,) = check_all(tmp_path, "在⟦PLACE|太原大学⟧读书", "⟦ORG|太原大学⟧招生").findings
    assert (finding.document, finding.label) == ("d0", "PLACE")


def test_a_label_of_how_a_name_is_used_is_no_other_type(tmp_path: Path) -> None:
    names = ("晋国", "赵国", "燕国", "齐国")
    usual = [f"在⟦GPE|{name}⟧{'。' * number}" for number in range(1, 7) for name in names]
    outcome = check_all(tmp_path, *usual, *(f"⟦NORP|{name}⟧士兵" for name in names), "⟦ORG|晋党⟧", "去⟦PERCENT|齐国⟧买")
    assert found(outcome) == [("X601", "齐国")]
    assert [one.code for one in outcome.conventions] == ["X601"]


def test_a_people_is_no_slip_of_its_country(tmp_path: Path) -> None:
    usual = [f"在⟦GPE|晋国⟧{'。' * number}" for number in range(1, 7)]
    assert found(check_all(tmp_path, *usual, "⟦NORP|晋国⟧人民来了")) == []
    assert found(check_all(tmp_path, *usual, "向⟦NORP|晋国⟧出口")) == [("X601", "晋国")]


def test_a_name_is_never_a_day_however_many_slips_there_are(tmp_path: Path) -> None:
    names = ("晋阳堡", "赵州堡", "燕山堡")
    usual = [f"在⟦GPE|{name}⟧{'。' * number}" for number in range(1, 5) for name in names]
    outcome = check_all(tmp_path, *usual, *(f"去⟦DATE|{name}⟧看看" for name in names))
    assert [surface for code, surface in found(outcome) if code == "X601"] == list(names)


def test_a_number_counts_this_and_that(tmp_path: Path) -> None:
    usual = [f"有⟦CARDINAL|三⟧个{'。' * number}" for number in range(1, 10)]
    assert found(check_all(tmp_path, *usual, "其⟦ORDINAL|三⟧是")) == []
    assert found(check_all(tmp_path, *usual, "这⟦ORG|三⟧项")) == [("X601", "三")]


def test_of_two_types_the_names_that_end_alike_say_which_is_right(tmp_path: Path) -> None:
    ends = [f"看⟦LAW|{name}纪闻⟧。" for name in ("晋阳", "燕山", "赵州")]
    outcome = check_all(tmp_path, *ends, "读⟦LAW|楚地纪闻⟧。", "这是⟦EVENT|楚地纪闻⟧吗")
    assert [(finding.document, finding.surface) for finding in outcome.findings] == [("d4", "楚地纪闻")]
    assert found(check_all(tmp_path, "读⟦LAW|楚地纪闻⟧。", "这是⟦EVENT|楚地纪闻⟧吗")) == []


def test_a_body_may_be_marked_as_the_building_that_somebody_visits(tmp_path: Path) -> None:
    places = [f"在⟦GPE|晋阳⟧{'。' * number}" for number in range(1, 4)]
    body = [f"⟦ORG|晋阳议事院⟧说{'。' * number}" for number in range(1, 5)]
    assert found(check_all(tmp_path, *places, *body, "在⟦FAC|晋阳议事院⟧门口")) == []
    assert found(check_all(tmp_path, *places, *body, "由⟦FAC|晋阳议事院⟧宣布")) == [("X601", "晋阳议事院")]
    # A school that is listed among the sights.
    assert found(check_all(tmp_path, *places, "⟦ORG|晋阳公司⟧", "⟦FAC|晋阳中学⟧和⟦FAC|晋阳塔⟧")) == []


def test_forms_of_one_name_have_letters(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "有⟦CARDINAL|15⟧个", "是⟦CARDINAL|15⟧个", "占⟦PERCENT|15％⟧的")) == []
    odd = check_all(tmp_path, "⟦ORG|Abba⟧说", "⟦ORG|Abba⟧在", "⟦PRODUCT|ＡＢＢＡ⟧好")
    assert [(finding.code, finding.document) for finding in odd.findings] == [("X607", "d2")]


def test_titles_with_their_marks_are_a_convention_or_the_exception(tmp_path: Path) -> None:
    inside = [f"读《⟦LAW|{name}记⟧》" for name in "甲乙丙丁戊己庚辛"]
    around = [f"读⟦LAW|《{name}传》⟧" for name in "甲乙丙丁戊己庚辛"]
    (one,) = check_all(tmp_path, *inside, *around[:2]).findings
    assert (one.code, one.document, len(one.more)) == ("S107", "d8", 1)
    outcome = check_all(tmp_path, *inside[:2], *around)
    assert found(outcome) == []
    said = ("S107", "8 entities are marked with 《…》 around them, and 2 without")
    assert outcome.conventions == (said,)


def test_an_apostrophe_is_no_quotation_mark(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "看⟦LAW|少年5d’s⟧吗")) == []
    assert found(check_all(tmp_path, "看⟦LAW|少年’之歌⟧吗")) == [("S107", "少年’之歌")]


def test_an_exclamation_in_a_title_ends_no_sentence(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "看⟦LAW|加油！小将⟧吗")) == []
    assert found(check_all(tmp_path, "去⟦GPE|太原！大同⟧吗")) == [("S110", "太原！大同")]


@pytest.mark.parametrize(
    "text",
    [
        "有⟦PRODUCT|dvd⟧⟦PRODUCT|evd⟧吗",
        "⟦CARDINAL|27⟧.⟦CARDINAL|30⟧.⟦CARDINAL|37⟧三种",
        "型号hyc-390,⟦QUANTITY|390升⟧",
        "Senttoyouby⟦PERSON|Nelson⟧viasomereader的来信",
    ],
)
def test_an_edge_beside_another_mark_or_where_no_blanks_are_cuts_nothing(text: str, tmp_path: Path) -> None:
    assert [code for code, _ in found(check_all(tmp_path, text)) if code == "S108"] == []


def test_an_edge_in_a_word_or_a_number_is_found_all_the_same(tmp_path: Path) -> None:
    texts = ("买⟦PRODUCT|dv⟧d", "有⟦CARDINAL|27⟧.30米", "投资1,⟦CARDINAL|390⟧元")
    assert [code for code, _ in found(check_all(tmp_path, *texts)) if code == "S108"] == ["S108"] * 3


def test_one_character_in_quotation_marks_or_as_a_time_is_a_name(tmp_path: Path) -> None:
    assert found(check_all(tmp_path, "“⟦GPE|黎⟧”王", "从⟦DATE|前年⟧至⟦DATE|今⟧，")) == []
    assert ("L303", "月") in found(check_all(tmp_path, "当时⟦DATE|月⟧工资很少"))


def test_an_abbreviation_beside_a_verb_is_no_part_of_a_name(tmp_path: Path) -> None:
    often = [f"⟦GPE|台⟧方{'。' * number}" for number in range(1, 4)]
    assert found(check_all(tmp_path, *often, "他⟦GPE|返台⟧了", "病后返⟦GPE|台⟧，")) == []


def test_what_a_whole_set_marks_is_never_hundreds_of_findings(tmp_path: Path) -> None:
    people = [f"张{name}，曾任⟦ORG|公司⟧董事、⟦ORG|本公司⟧监事、⟦ORG|本行⟧行长。" for name in "甲乙丙丁戊己庚辛"]
    outcome = check_all(tmp_path, *people, "王某任公司经理。")
    assert found(outcome) == []
    assert [one.code for one in outcome.conventions] == ["L305"] * 3
