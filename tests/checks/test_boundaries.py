"""One name with two boundaries in the same words: the finding is at the exception, and there is none without one."""

from pathlib import Path

import pytest

from checks_run import check_text, marked
from tyez_bench.checks.rule import Finding


def boundaries(folder: Path, *texts: str) -> tuple[list[Finding], list[str]]:
    """The findings of X604 in texts with marks, and what it says of the set."""
    outcome = check_text(folder, *(marked(f"d{number}", text) for number, text in enumerate(texts)))
    found = [finding for finding in outcome.findings if finding.code == "X604"]
    return found, [one.message for one in outcome.conventions if one.code == "X604"]


def several(text: str, number: int) -> list[str]:
    """So many texts that differ behind the mark."""
    return [f"{text}{'。' * dots}" for dots in range(1, number + 1)]


def test_the_shorter_of_two_is_found_where_it_is_the_exception(tmp_path: Path) -> None:
    (one,), _ = boundaries(tmp_path, *several("⟦ORG|中国远航党⟧开会", 7), "中国⟦ORG|远航党⟧开会")
    assert (one.document, one.surface) == ("d7", "远航党")
    assert one.message == "ORG '远航党' is marked in '中国远航党', which is marked as ORG in 7 places"


def test_the_longer_of_two_is_found_where_it_is_the_exception(tmp_path: Path) -> None:
    (one,), _ = boundaries(tmp_path, *several("到⟦PLACE|晋北⟧地区", 5), "到⟦PLACE|晋北地区⟧去", "⟦PLACE|晋北⟧")
    assert (one.document, one.surface) == ("d5", "晋北地区")
    assert one.message == "PLACE '晋北地区' is marked here; in 5 places '晋北' alone is marked in it"


def test_a_name_that_is_marked_in_two_parts_is_the_exception(tmp_path: Path) -> None:
    texts = [*several("⟦ORG|中国远航党⟧开会", 4), "⟦PLACE|中国⟧⟦ORG|远航党⟧开会", "在⟦PLACE|中国⟧", "⟦ORG|远航党⟧"]
    (one,), _ = boundaries(tmp_path, *texts)
    assert (one.document, one.surface) == ("d4", "中国")


def test_two_that_are_as_frequent_are_only_said(tmp_path: Path) -> None:
    texts = [*several("⟦PLACE|晋北地区⟧", 2), *several("在⟦PLACE|晋北⟧地区", 2), "去⟦PLACE|晋北⟧"]
    assert boundaries(tmp_path, *texts) == (
        [],
        ["1 name with two boundaries, as often the one as the other (晋北 in 晋北地区)"],
    )


def test_a_part_that_stands_nowhere_else_has_lost_the_rest(tmp_path: Path) -> None:
    texts = ["⟦ORG|晋北公债研究所⟧认为", "据⟦ORG|晋北公债⟧研究所", "向⟦ORG|晋北公债⟧研究所"]
    (one,), _ = boundaries(tmp_path, *texts)
    assert (one.document, one.surface, len(one.more)) == ("d1", "晋北公债", 1)


def test_what_other_names_do_with_the_words_beside_them_counts(tmp_path: Path) -> None:
    others = [f"⟦PLACE|{name}⟧军队来了" for name in ("晋北", "晋南", "晋东", "晋西", "晋中")]
    twice = ["⟦ORG|塞北军队⟧来了", *several("⟦PLACE|塞北⟧军队", 2), "⟦PLACE|塞北⟧"]
    assert [(one.document, one.surface) for one in boundaries(tmp_path, *others, *twice)[0]] == [("d5", "塞北军队")]
    assert boundaries(tmp_path, *twice)[0] == []


@pytest.mark.parametrize(
    ("longer", "text"),
    [
        ("晋台市", "⟦PLACE|晋台⟧市长"),
        ("晋台市", "⟦PLACE|晋台⟧市府"),
        ("晋台市", "⟦PLACE|晋台⟧市中心"),
        ("晋台乡", "⟦PLACE|晋台⟧乡民"),
        ("三岸", "⟦PLACE|三⟧岸都是树"),
    ],
)
def test_another_word_or_a_number_is_no_part_of_the_name(longer: str, text: str, tmp_path: Path) -> None:
    elsewhere = [*several(f"在⟦PLACE|{longer}⟧", 3), "去⟦PLACE|晋台⟧"]
    assert boundaries(tmp_path, *elsewhere, text) == ([], [])


def test_what_stands_in_quotation_marks_by_itself_is_called_so(tmp_path: Path) -> None:
    texts = [*several("⟦PLACE|晋北⟧新闻", 6), "看《⟦ORG|晋北新闻⟧》", "去⟦PLACE|晋北⟧"]
    assert boundaries(tmp_path, *texts)[0] == []


def test_names_with_the_same_words_too_many_are_one_finding(tmp_path: Path) -> None:
    marks = [text for name in ("晋北", "塞北") for text in several(f"⟦PLACE|{name}⟧地区", 4)]
    (one,), _ = boundaries(tmp_path, *marks, "⟦PLACE|晋北地区⟧", "⟦PLACE|塞北地区⟧", "⟦PLACE|晋北⟧", "⟦PLACE|塞北⟧")
    assert [finding.document for finding in one.each()] == ["d8", "d9"]
