"""Every rule: a bad example that yields its code and nothing else, a good one that yields nothing, and what it says."""

import json
import re
from pathlib import Path

import pytest
from msgspec import to_builtins
from msgspec.structs import fields

from checks_run import check_fixture, check_text, marked, said
from tyez_bench.checks.config import AgreementConfig, Config, ReleaseConfig
from tyez_bench.checks.engine import ALL_CHECKS, FILE_CHECKS, SET_CHECKS, TEXT_CHECKS
from tyez_bench.checks.measured import Measured, measured
from tyez_bench.checks.rule import Severity, known_rules, matching, rules
from tyez_bench.model.errors import UsageError

FIXTURES = Path(__file__).parent / "rules"
# Rules about single entities: each line of their bad examples is found.
BY_ENTITY = (
    *("S107", "S108", "L301", "L302", "L305", "L306", "L309"),
    *("M401", "M402", "M403", "M404", "M409", "D501", "D502", "D504"),
)
# Rules of which rules.toml gives examples that are nothing but marked texts, side by side where " and " stands.
SPELT_OUT = [
    code
    for code, rule in rules().items()
    if "⟦" in rule.bad and not re.search("[a-z]", re.sub("⟦[A-Z]+|ABB| and ", "", rule.bad))
]


@pytest.mark.parametrize("code", rules())
def test_the_bad_example_yields_exactly_this_code(code: str, tmp_path: Path) -> None:
    found = check_fixture(FIXTURES / code, "bad", tmp_path).findings
    assert {finding.code for finding in found} == {code}
    for finding in found:
        assert finding.message
        assert finding.path
        assert "\n" not in finding.message


@pytest.mark.parametrize("code", rules())
def test_the_good_example_yields_nothing(code: str, tmp_path: Path) -> None:
    assert check_fixture(FIXTURES / code, "good", tmp_path).findings == ()


@pytest.mark.parametrize("code", BY_ENTITY)
def test_every_line_of_the_bad_example_is_found(code: str, tmp_path: Path) -> None:
    outcome = check_fixture(FIXTURES / code, "bad", tmp_path)
    assert len({finding.document for finding in outcome.findings}) == outcome.records


@pytest.mark.parametrize("code", SPELT_OUT)
def test_the_documented_example_is_found(code: str, tmp_path: Path) -> None:
    parts = rules()[code].bad.split(" and ")
    # Other texts, for one text in two annotations is X605.
    lines = [marked(str(number), part + "。" * number) for number, part in enumerate(parts)]
    config = Config(approximators="outside", times=code != "D510")
    assert code in {finding.code for finding in check_text(tmp_path, *lines, config=config).findings}


def test_most_documented_examples_are_spelt_out() -> None:
    assert len(SPELT_OUT) > 25


def test_every_rule_has_its_fixtures_and_no_fixture_is_of_no_rule() -> None:
    assert {path.name for path in FIXTURES.iterdir() if path.is_dir()} == set(rules())
    for code in rules():
        for side in ("bad", "good"):
            folder = FIXTURES / code
            assert (folder / f"{side}.jsonl").is_file() or (folder / side / "check.toml").is_file(), f"{code} {side}"


def test_rules_are_written_out() -> None:
    for rule in rules().values():
        for text in (rule.summary, rule.why, rule.bad, rule.good, rule.fix, rule.wrong_when):
            assert text.strip()
        assert rule.wrong_when.endswith(".")
        assert rule.summary.endswith(".")
        assert rule.bad != rule.good
    names = [rule.name for rule in rules().values()]
    assert len(set(names)) == len(names)


def test_the_options_of_rules_are_those_of_the_configuration() -> None:
    known = {field.encode_name for field in fields(Config)}
    for table, type_ in (("agreement", AgreementConfig), ("release", ReleaseConfig)):
        known |= {f"{table}.{field.encode_name}" for field in fields(type_)}
    for rule in rules().values():
        assert set(rule.options) <= known, rule.code


def test_the_page_of_a_rule_is_a_heading_of_the_documentation() -> None:
    page = (FIXTURES.parents[1] / "docs" / "rules.md").read_text("utf-8")
    for rule in known_rules().values():
        file, _, heading = rule.page.partition("#")
        assert file == "docs/rules.md"
        assert f"\n### {rule.code} {rule.name}\n" in page
        assert heading == f"{rule.code} {rule.name}".lower().replace(" ", "-")


def test_what_was_measured_is_part_of_a_rule_s_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read = Measured(set="some set", version="1.2.3", code="X602", true=7, other_side=2, false=1, open=0)
    monkeypatch.setattr("tyez_bench.report.tables.findings.measured", lambda: {"X602": (read,)})
    monkeypatch.setattr("tyez_bench.checks.measured.measured", lambda: {"X602": (read,)})
    line = "7 of 10 findings true in some set (2 from the other side, 1 false), version 1.2.3"
    assert f"\n  Measured: {line}\n" in said(capsys, 0, "explain", "X602")
    assert "\n  Measured: not measured\n" in said(capsys, 0, "explain", "X603")
    assert f"\n- Measured: {line}\n" in said(capsys, 0, "explain", "X602", "--output-format", "markdown")
    (rule,) = json.loads(said(capsys, 0, "explain", "X602", "--output-format", "json"))
    assert rule["measured"] == [to_builtins(read)]


def test_what_was_measured_is_of_rules_that_there_are_or_were() -> None:
    assert measured().keys() <= known_rules().keys()


def test_every_check_is_of_rules_that_there_are() -> None:
    by_level = (*SET_CHECKS.values(), *ALL_CHECKS.values())
    checks = [*TEXT_CHECKS, *FILE_CHECKS, *(check for found in by_level for check in found)]
    for check in checks:
        assert set(check.codes) <= set(rules())
    # Rules about words can't be certain: only a date that is on no calendar is.
    certain = {code for code, rule in rules().items() if rule.level == 3 and rule.severity is Severity.ERROR}
    assert certain == {"D504"}


def test_codes_by_beginning_and_by_name() -> None:
    assert matching(["S10", "X601"]) == {f"S10{n}" for n in range(1, 10)} | {"X601"}
    assert matching(["unmarked-money"]) == {"M406"}
    assert matching(["x602", "m"]) == {"X602"} | {code for code in rules() if code[0] == "M"}
    for name in ("", "Q", "q1", "S1000"):
        with pytest.raises(UsageError, match="unknown rule"):
            matching([name])
