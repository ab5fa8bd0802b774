"""Every rule: a bad example that yields its code and nothing else, a good one that yields nothing, and what it says."""

from pathlib import Path

import pytest

from checks_run import check_fixture
from tyez_bench.checks.rule import Severity, matching, rules
from tyez_bench.checks.run import SET_CHECKS, TEXT_CHECKS
from tyez_bench.errors import UsageError

FIXTURES = Path(__file__).parent / "rules"


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


def test_every_rule_has_its_fixtures_and_no_fixture_is_of_no_rule() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == set(rules())
    for code in rules():
        for side in ("bad", "good"):
            folder = FIXTURES / code
            assert (folder / f"{side}.jsonl").is_file() or (folder / side / "check.toml").is_file(), f"{code} {side}"


def test_rules_are_written_out() -> None:
    for rule in rules().values():
        for text in (rule.summary, rule.why, rule.bad, rule.good, rule.mend):
            assert text.strip()
        assert rule.summary.endswith(".")
        assert rule.bad != rule.good
    names = [rule.name for rule in rules().values()]
    assert len(set(names)) == len(names)


def test_every_check_is_of_rules_that_there_are() -> None:
    checks = [*TEXT_CHECKS, *(check for found in SET_CHECKS.values() for check in found)]
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
        with pytest.raises(UsageError, match="no rule has the code or the name"):
            matching([name])
