"""Rules ask for the kind of a label, never for its name: all sets are checked alike, under their own names."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tyez_bench
from checks_run import refused, said
from tyez_bench.checks.engine import CheckResult
from tyez_bench.checks.rule import Finding
from tyez_bench.cli import main

# What marks stand for in the label sets that have something of the kind.
SETS = {
    "tyez": {"P": "PLACE", "G": "ORG", "M": "MONEY", "D": "DATE"},
    "conll03": {"P": "LOC", "G": "ORG", "H": "PER"},
    "msra": {"P": "NS", "G": "NT", "H": "NR"},
    "cluener": {"P": "address", "G": "company", "H": "name"},
    "ontonotes5": {"P": "GPE", "G": "ORG", "H": "PERSON", "M": "MONEY", "D": "DATE"},
    "uner": {"P": "LOC", "G": "ORG", "H": "PER"},
}
# Each with slips in places and organisations, and in nothing else.
NAMES = (
    "⟦G|晋阳工具公司⟧在⟦P|太原市⟧，晋阳工具公司很大。",
    "⟦P|晋祠工具公司⟧搬到⟦P|在万柏林区⟧。",
    "⟦G|太原市⟧的⟦P|我市⟧和⟦P|区⟧，⟦G|长治市⟧。",
    "⟦P|太原市、⟧⟦G|汾河工具公⟧司。",
    "⟦G|⟦P|太原⟧酒厂⟧，⟦P|太原酒厂⟧。",
    "杏花岭区和⟦P|太原市⟧，清徐酒业有限公司。",
    "⟦P|万柏林⟧区，⟦P|万柏林区⟧。",
)
# Amounts and dates with a slip each.
VALUES = (
    "投资157.⟦M|67亿元⟧。",
    "⟦M|亿元⟧的项目，5亿元。",
    "⟦D|上午好⟧，8月9日，⟦D|2月30日⟧。",
    "⟦D|8月⟧9日，⟦D|太原8月9日⟧。",
)


def record(number: int, text: str, labels: Mapping[str, str]) -> str:
    """A record of a text whose entities stand in marks; marks of no label are taken away."""
    plain, open_, entities = "", [], []
    for part in re.split(r"(⟦[A-Z]\||⟧)", text):
        if part.startswith("⟦"):
            open_.append((len(plain), labels.get(part[1])))
        elif part == "⟧":
            start, label = open_.pop()
            if label is not None:
                entities.append({"start": start, "end": len(plain), "type": label})
        else:
            plain += part
    return json.dumps({"id": f"d{number}", "text": plain, "entities": entities}, ensure_ascii=False)


def checked(folder: Path, texts: Sequence[str], names: Mapping[str, str], **how: Any) -> CheckResult:
    """The check of these texts under these labels."""
    path = folder / "gold.jsonl"
    path.write_text("".join(record(number, text, names) + "\n" for number, text in enumerate(texts)), "utf-8")
    return tyez_bench.check(path, **how)


def by_kind(outcome: CheckResult, labels: Mapping[str, str]) -> list[tuple[object, ...]]:
    """The findings with the marks in the places of the labels."""
    marks = {label: f"⟨{mark}⟩" for mark, label in labels.items()}

    def unnamed(text: str) -> str:
        for label, mark in marks.items():
            text = re.sub(rf"(?<![A-Za-z]){re.escape(label)}(?![A-Za-z])", mark, text)
        return text

    def facts(one: Finding) -> tuple[object, ...]:
        also = [(where.document, where.start, where.end, unnamed(where.label or "")) for where in one.related]
        return one.code, one.document, one.start, one.end, unnamed(one.label or ""), unnamed(one.message), also

    return [facts(one) for one in outcome.findings]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No project's configuration is at hand."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("told", [True, False])
def test_one_text_has_one_set_of_findings_under_all_labels(name: str, told: bool, tmp_path: Path) -> None:
    """Whether the set is named or told by the labels."""
    labels = {mark: SETS[name][mark] for mark in "PG"}
    expected = by_kind(checked(tmp_path, NAMES, SETS["tyez"]), SETS["tyez"])
    codes = {code for code, *_ in expected}
    assert codes >= {"L301", "L302", "L303", "L305", "L306", "L307", "L309", "P304", "S107", "X601", "X602"}
    outcome = checked(tmp_path, NAMES, labels, **({"label_set": name} if told else {}))
    assert by_kind(outcome, labels) == expected
    assert {one.label for one in outcome.findings if one.label is not None} == set(labels.values())


def test_amounts_and_dates_are_looked_at_where_the_set_has_labels_for_them(tmp_path: Path) -> None:
    texts = (*NAMES, *VALUES)
    expected = by_kind(checked(tmp_path, texts, SETS["tyez"]), SETS["tyez"])
    assert {code for code, *_ in expected} >= {"S108", "M401", "M406", "D502", "D504", "D505", "D511"}
    found = checked(tmp_path, texts, SETS["ontonotes5"])
    assert by_kind(found, SETS["ontonotes5"]) == expected
    for name in ("conll03", "msra", "cluener", "uner"):
        outcome = checked(tmp_path, texts, SETS[name])
        assert {one.code[0] for one in outcome.findings} == {"S", "L", "P", "X"}


def test_people_are_names_and_no_places(tmp_path: Path) -> None:
    """Their second mentions are looked for; what is asked of places and organisations is not asked of them."""
    texts = ("⟦H|王明⟧说，王明在⟦P|太原⟧。", "⟦H|赵⟧先生和⟦H|阿列克谢·尼古拉耶维奇·托尔斯泰伯爵先生⟧。", "⟦H|长治市⟧。")
    for name in ("conll03", "msra", "cluener", "ontonotes5", "uner"):
        found = checked(tmp_path, texts, SETS[name]).findings
        assert [(one.code, one.document, one.label) for one in found] == [
            ("X602", "d0", SETS[name]["H"]),
            ("L302", "d2", SETS[name]["H"]),
        ]


def test_labels_of_one_kind_are_no_other_types_to_rules_about_words(tmp_path: Path) -> None:
    """Several labels of a set may be places: each is asked what places are asked, and one name has one of them."""
    labels = {"P": "address", "S": "scene", "G": "company", "O": "government", "N": "organization"}
    found = checked(
        tmp_path, ("⟦S|晋祠公园⟧和⟦S|太原市⟧，⟦P|晋祠公园⟧。", "⟦O|太原市政府⟧，⟦N|晋祠公园⟧。"), labels
    ).findings
    # The name of a park is a place's, whatever label for places it has.
    # The labels of one name are one finding; nobody says which of the two for places is right.
    assert [(one.code, one.document, one.label) for one in found] == [("X601", "d1", "organization")]
    assert [where.label for where in found[0].related] == ["scene"]


def test_a_label_of_no_kind_is_looked_at_for_structure_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ("⟦A|我市⟧和⟦A|太原市、⟧，我市。", "⟦A|肺⟧，⟦A|肺炎⟧，肺炎，⟦A|5亿元⟧，8月9日。")
    outcome = checked(tmp_path, texts, {"A": "dis ease"})
    assert [(one.code, one.label) for one in outcome.findings] == [("S107", "dis ease")]
    assert main(["check", "gold.jsonl", "--output-format", "concise"]) == 1
    assert capsys.readouterr().err == (
        "the kind of these labels is unknown, so rules that need it skip them: dis ease; --label-set FILE defines it\n"
    )
    (tmp_path / "own.toml").write_text('[labels]\n"dis ease" = { kind = "place" }\n', "utf-8")
    codes = {one.code for one in checked(tmp_path, texts, {"A": "dis ease"}, label_set="own.toml").findings}
    assert codes == {"S107", "L305", "L303", "X602"}


def test_nouns_that_describe_are_not_asked_what_names_are_asked(tmp_path: Path) -> None:
    texts = ("⟦N|我市⟧的⟦N|人⟧，我市，⟦P|我市⟧。", "⟦N|老师⟧和老师。")
    found = checked(tmp_path, texts, {"N": "GPE.NOM", "P": "GPE.NAM"}).findings
    assert [(one.code, one.label) for one in found] == [("X601", "GPE.NOM"), ("L305", "GPE.NAM")]


def test_a_known_label_has_its_kind_beside_unknown_ones(tmp_path: Path) -> None:
    outcome = checked(tmp_path, ("⟦P|我市⟧，⟦A|肺炎⟧。",), {"P": "LOC", "A": "mineral"})
    assert [(one.code, one.label) for one in outcome.findings] == [("L305", "LOC")]
    assert len(outcome.notes) == 1
    assert "skip them: mineral" in outcome.notes[0]


def test_an_amount_that_is_marked_as_another_type_is_not_called_unmarked(tmp_path: Path) -> None:
    texts = ("投资⟦G|5亿元⟧，⟦M|3亿元⟧。", "⟦G|2022年8月9日⟧开会，⟦D|8月9日⟧。")
    found = checked(tmp_path, texts, SETS["ontonotes5"]).findings
    assert [(one.code, one.message) for one in found] == [
        ("M406", "'5亿元' is an amount of money, but is marked as ORG"),
        ("D505", "'2022年8月9日' is a date, but is marked as ORG"),
    ]


def test_a_time_of_the_day_with_a_label_of_its_own_is_no_part_of_a_date(tmp_path: Path) -> None:
    labels = {"D": "DATE", "T": "TIME", "M": "MONEY"}
    assert checked(tmp_path, ("⟦D|8月9日⟧⟦T|上午⟧开会。",), labels).findings == ()
    assert [one.code for one in checked(tmp_path, ("⟦D|8月9日⟧上午开会。",), labels).findings] == ["D502"]


def test_what_is_marked_as_something_else_is_not_called_unmarked(tmp_path: Path) -> None:
    """A title, an event or a product may be called by an amount or a date."""
    labels = {"M": "MONEY", "D": "DATE", "W": "WORK_OF_ART", "E": "EVENT", "Q": "QUANTITY"}
    texts = ("⟦W|百万元大奖⟧、⟦E|2008年奥运会⟧和⟦Q|5亿元⟧。", "⟦M|5亿元⟧，⟦D|2008年⟧。")
    assert [one.code for one in checked(tmp_path, texts, labels, label_set="ontonotes5").findings] == ["X601"]


@pytest.mark.parametrize(
    ("labels", "unknown"),
    [({"label_set": "uner"}, "GPE"), ({"labels": "msra"}, "GPE")],
)
def test_labels_that_there_are_not_are_one_finding_each(labels: dict[str, str], unknown: str, tmp_path: Path) -> None:
    """Their records are looked at all the same."""
    texts = ("⟦X|太原⟧和⟦X|大同⟧。", "⟦G|太钢⟧和太钢。", "⟦X|临汾⟧。")
    found = checked(tmp_path, texts, {"X": unknown, "G": "ORG"}, **labels).findings
    assert [(one.code, one.document, one.start) for one in found] == [("F004", "d0", 0), ("X602", "d1", 3)]
    assert found[0].message.startswith(f"unknown label '{unknown}', expected ")
    assert "; labels=FILE maps it; label_set=FILE has it; 2 more in this file" in found[0].message


def test_a_value_that_its_label_cannot_carry_is_a_finding(tmp_path: Path) -> None:
    value = {"currency": "CNY", "amount": "5"}
    for label, codes in (("LOC", ["F002"]), ("GPE", ["F002"]), ("MONEY", []), ("mineral", [])):
        entity = {"start": 0, "end": 2, "type": label, "value": value}
        (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": "5元", "entities": [entity]}) + "\n", "utf-8")
        found = tyez_bench.check("a.jsonl").findings
        assert [one.code for one in found] == codes
        assert all(f"{label} can't carry a value of kind money" in one.message for one in found)


def test_what_is_out_of_scope_is_marked_all_the_same(tmp_path: Path) -> None:
    texts = ("⟦G|太钢⟧在⟦P|太原⟧。", "⟦X|太钢⟧。")
    labels = {"G": "ORG", "P": "GPE", "X": "PERSON"}
    found = checked(tmp_path, texts, labels, labels="ontonotes5")
    assert (found.findings, found.out_of_scope) == ((), {"PERSON": 1})


def test_the_configuration_names_label_set_and_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checked(tmp_path, ("⟦G|太钢⟧和太钢，⟦X|太原⟧。",), {"G": "ORG", "X": "GPE"})
    table = '[tool.tyez-bench.check]\npaths = ["gold.jsonl"]\n'
    (tmp_path / "own.toml").write_text('[labels]\nORG = { kind = "organisation" }\n', "utf-8")
    for told, codes in (("", ["X602"]), ('label-set = "own.toml"\n', ["X602", "F004"])):
        (tmp_path / "pyproject.toml").write_text(table + told, "utf-8")
        for paths in ([], ["gold.jsonl"]):
            data = json.loads(said(capsys, 1, "check", *paths, "--output-format", "json"))
            assert [one["code"] for one in data["findings"]] == codes
    # Other files have labels of their own.
    (tmp_path / "other.jsonl").write_text(record(1, "⟦X|太原⟧。", {"X": "GPE"}) + "\n", "utf-8")
    assert json.loads(said(capsys, 0, "check", "other.jsonl", "--output-format", "json"))["findings"] == []
    (tmp_path / "pyproject.toml").write_text(table + 'label-set = "nope"\n', "utf-8")
    assert "unknown label set 'nope'" in refused(capsys, "check")


def test_what_a_configuration_says_of_no_label_is_refused_with_the_labels_of_the_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checked(tmp_path, ("⟦G|太钢⟧，⟦X|王明⟧。",), {"G": "ORG", "X": "PER"})
    config = tmp_path / "pyproject.toml"
    table = '[tool.tyez-bench.check]\npaths = ["gold.jsonl"]\n'
    config.write_text(table + 'allow = { "太钢" = ["ORG", "PER"] }\ntypes-of-rules = { P = "LOC?" }\n', "utf-8")
    assert said(capsys, 0, "check").startswith("no findings")
    config.write_text(table + 'allow = { "太钢" = ["ORG", "PLACE"] }\n', "utf-8")
    line = refused(capsys, "check")
    assert f"{config}: allow: 太钢 is 'PLACE', expected LOC, ORG, PER" in line
    assert "label-set in the configuration lists the labels" in line


def test_a_file_beside_a_project_may_have_a_label_set_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the project's configuration says of its own labels is not held against it."""
    checked(tmp_path, ("⟦G|太钢⟧。",), {"G": "ORG"})
    table = '[tool.tyez-bench.check]\npaths = ["gold.jsonl"]\ntypes-of-rules = { O = "ORG" }\n'
    (tmp_path / "pyproject.toml").write_text(table, "utf-8")
    (tmp_path / "own.toml").write_text("[labels]\nX = { kind = 'person' }\n", "utf-8")
    (tmp_path / "own.conll").write_text("王 B-X\n明 I-X\n好 O\n\n", "utf-8")
    assert said(capsys, 0, "check", "own.conll", "--label-set", "own.toml").startswith("no findings")
    assert "types-of-rules: O is 'ORG', expected X" in refused(capsys, "check", "--label-set", "own.toml")


def test_two_types_of_a_span_are_a_warning_unless_they_are_allowed(tmp_path: Path) -> None:
    """Crossing spans and copies are errors; none of them hides what else is in the record."""
    texts = ("⟦G|⟦P|太钢⟧⟧和⟦G|太钢⟧，太钢。",)
    found = checked(tmp_path, texts, SETS["conll03"]).findings
    assert [(one.code, one.start, one.label) for one in found if one.code != "X601"] == [
        ("S114", 0, "ORG"),
        ("X602", 6, "ORG"),
    ]
    config = tmp_path / "check.toml"
    config.write_text('allow = { "太钢" = ["ORG", "LOC"] }\n', "utf-8")
    assert [one.code for one in tyez_bench.check("gold.jsonl", config=config).findings] == ["X602"]
    text = "太原钢铁和太原钢铁"
    for spans, codes in (([(0, 4), (0, 4)], {"S103", "X602"}), ([(0, 4), (2, 5)], {"S104", "X602"})):
        entities = [{"start": start, "end": end, "type": "ORG"} for start, end in spans]
        (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": text, "entities": entities}) + "\n", "utf-8")
        outcome = tyez_bench.check("a.jsonl")
        assert {one.code for one in outcome.findings} == codes
        assert outcome.skipped == 0


PIECES = st.sampled_from(
    [
        "太原市",
        "我市",
        "晋阳工具公司",
        "汾河",
        "5亿元",
        "157.",
        "67亿元",
        "8月9日",
        "上午",
        "王明",
        "和",
        "在",
        "，",
        "。",
        "某某酒业有限公司",
    ]
)
KINDS = ("place", "organisation", "person", "money", "date", "time", "product", "work", "other", None)


@st.composite
def annotated(draw: st.DrawFn) -> list[tuple[str, list[tuple[int, int, int]]]]:
    """Texts of pieces, some of which are entities; each with the number of its label."""
    texts = []
    for _ in range(draw(st.integers(1, 3))):
        text, spans = "", []
        for piece in draw(st.lists(PIECES, min_size=1, max_size=7)):
            label = draw(st.integers(-2, 4))
            if label >= 0:
                spans.append((len(text), len(text) + len(piece), label))
            text += piece
        texts.append((text, spans))
    return texts


@settings(deadline=None, max_examples=60)
@given(annotated(), st.lists(st.sampled_from(KINDS), min_size=5, max_size=5))
def test_renaming_the_labels_renames_the_findings_and_nothing_else(
    texts: list[tuple[str, list[tuple[int, int, int]]]], kinds: list[str | None]
) -> None:
    def outcome(names: Sequence[str], folder: Path) -> list[tuple[object, ...]]:
        told = [
            f'{name} = {{ kind = "{kind}" }}' if kind else f"{name} = {{}}"
            for name, kind in zip(names, kinds, strict=True)
        ]
        (folder / "set.toml").write_text("[labels]\n" + "\n".join(told) + "\n", "utf-8")
        lines = [
            {"id": f"d{n}", "text": text, "entities": [{"start": a, "end": b, "type": names[t]} for a, b, t in spans]}
            for n, (text, spans) in enumerate(texts)
        ]
        (folder / "gold.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        found = tyez_bench.check(folder / "gold.jsonl", label_set=folder / "set.toml")
        return by_kind(found, dict(zip("ABCDE", names, strict=True)))

    with TemporaryDirectory() as folder:
        first = outcome(("PLACE", "ORG", "MONEY", "DATE", "PER"), Path(folder))
        assert first == outcome(("zeta", "MONEY", "alpha", "ORG", "beta"), Path(folder))


def test_passes_are_compared_under_their_own_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With floors by these labels, and under the label map of the configuration."""
    for name, tag in (("gold", "PER"), ("a", "PER"), ("b", "LOC")):
        rows = f"王\tB-{tag}\n明\tI-{tag}\n在\tO\n太\tB-LOC\n原\tI-LOC\n\n"
        (tmp_path / f"{name}.conll").write_text(rows, "utf-8")
    table = '[tool.tyez-bench.check]\npaths = ["gold.conll"]\nselect = ["A702"]\n'
    agreement = '[tool.tyez-bench.check.agreement]\npasses = ["a.conll", "b.conll"]\nfloors = { LOC = 0.9 }\n'
    (tmp_path / "pyproject.toml").write_text(table + agreement, "utf-8")
    found = json.loads(said(capsys, 1, "check", "--output-format", "json"))["findings"]
    assert [(one["code"], one["label"]) for one in found] == [("A702", "LOC")]
    assert "F1 of LOC with b.conll is 0.667, below the floor 0.9" in found[0]["message"]
    (tmp_path / "pyproject.toml").write_text(table + agreement.replace("LOC", "PLACE"), "utf-8")
    assert "agreement.floors: 'PLACE', expected LOC, ORG, PER" in refused(capsys, "check")
    found = json.loads(said(capsys, 1, "check", "--labels", "msra", "--output-format", "json"))["findings"]
    assert [(one["code"], one["label"]) for one in found] == [("A702", "PLACE")]
