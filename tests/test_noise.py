"""scripts/generated/noise.py: how noisy the rules are on clean news, and what they find of mistakes made by hand."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from generated import noise
from tyez_bench.checks.config import Config
from tyez_bench.checks.rule import rules
from tyez_bench.checks.rules import repeats
from tyez_bench.checks.rules.habits import around

ROOT = Path(__file__).parent.parent
# What is found in the clean sentences, and why it may be.
LEFT = {
    ("S110", "雅虎！日本"): "the mark is part of the name, and ends a sentence everywhere else",
    ("D507", "今日"): "in the title of a column; 今日 is a date otherwise",
    ("X603", "黄河"): "in the name of a law; the option not-names is for those",
    ("L301", "北京环球度假区"): "a firm that is named after its park",
}
# How many mistakes of each kind must be found by the rule that they name.
FOUND = {
    # Of 敦煌机场 the dictionary says that it is one name: 敦煌 in it is none that was left out.
    "name left out": 25,
    "name cut": 31,
    "name with more": 24,
    "another type": 50,
    "no name": 7,
    "amount left out": 17,
    "amount cut": 31,
    "amount with more": 7,
    "date left out": 22,
    "date cut": 25,
    "date with more": 7,
    "impossible date": 9,
}


@pytest.mark.parametrize("config", [Config(), Config(approximators="outside")])
def test_nothing_but_what_is_listed_is_found_in_clean_news(config: Config) -> None:
    found = Counter((finding.code, finding.surface) for finding in noise.in_clean_news(config))
    assert found == Counter(LEFT.keys())


def test_the_clean_sentences_are_many_and_none_is_twice() -> None:
    records = [json.loads(line) for line in noise.CLEAN.read_text("utf-8").splitlines()]
    assert len(records) >= 300
    assert len({record["text"] for record in records}) == len(records)
    assert Counter(entity["type"] for record in records for entity in record["entities"]).keys() == {
        *("PLACE", "ORG", "MONEY", "DATE")
    }


def test_mistakes_are_found_by_the_rule_that_they_name(monkeypatch: pytest.MonkeyPatch) -> None:
    # The clean sentences are looked at again for every mistake, and the words around their names stay the same.
    monkeypatch.setattr(repeats, "around", cache(around))
    slips = list(noise.slips())
    assert len(slips) >= 200
    assert {slip.code for slip in slips} <= set(rules())
    assert Counter(slip.kind for slip in slips if slip.code in slip.found) == FOUND
    # One slip, one finding.
    assert sum(len(slip.found) == 1 for slip in slips) >= 0.98 * len(slips)
