"""Cases: the same from a seed everywhere, all different, and no word that stands out."""

import os
import subprocess
import sys
from collections import Counter

import made

from tyez_bench.files.jsonl import encode_lines, sha256
from tyez_bench.stress.cases import all_texts, cases
from tyez_bench.stress.suite import CAPABILITIES, read_all, suite
from tyez_bench.stress.validity import findings, problems


def test_texts_are_all_different() -> None:
    found = cases(made.small(), 40, 7)
    texts = [text.text for text in all_texts(found)]
    assert len(set(texts)) == len(texts)
    assert len(found) > 15


def test_a_seed_gives_the_same_cases_in_another_process_and_another_seed_others() -> None:
    code = "from tyez_bench.stress.suite import suite\nprint(suite(3).gold.fingerprint)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "77"},
    )
    assert done.stdout.strip() == suite(3).gold.fingerprint
    assert suite(4).gold.fingerprint != suite(3).gold.fingerprint


def test_the_fingerprint_is_that_of_the_texts() -> None:
    whole = suite(3)
    assert whole.gold.fingerprint == sha256(encode_lines(whole.gold.documents))


def test_values_are_used_evenly() -> None:
    found = [case for case in cases(made.small(), 12, 7) if case.template == "gets"]
    used = Counter(value for case in found for value in case.fills.values() if "PLACE" in value)
    assert max(used.values()) - min(used.values()) <= 2


def test_no_case_has_a_value_twice_in_slots_of_one_list() -> None:
    for case in cases(made.small(), 40, 7):
        if case.template == "gets":
            assert case.fills["area"] != case.fills["area#2"]


def test_every_capability_of_the_package_is_fit() -> None:
    """Templates, kinds, spread of words; and the consistency check has nothing to say of the labels."""
    whole = suite()
    for capability in read_all():
        own = [case for case in whole.cases if case.capability == capability.name]
        assert list(problems(capability, own)) == []
        assert [f"{found.code} {found.document} {found.message}" for found in findings(capability, own)] == []


def test_every_file_is_in_the_registry() -> None:
    from importlib.resources import files

    folder = files("tyez_bench.stress") / "capabilities"
    assert {path.name for path in folder.iterdir()} == {f"{name}.toml" for name in CAPABILITIES}
