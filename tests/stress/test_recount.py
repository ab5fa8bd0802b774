"""Rates counted again, from the predictions alone and without the scorer."""

import json
from collections import Counter
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tyez_bench.cli.stress import SuiteResult, compare_stress, score_stress
from tyez_bench.io.read import FileOptions
from tyez_bench.model.documents import Document, Prediction
from tyez_bench.stress.capability import CaseKind
from tyez_bench.stress.cases import StressCase
from tyez_bench.stress.rates import differences, rows
from tyez_bench.stress.suite import suite
from tyez_bench.stress.verdicts import verdicts

WHOLE = suite()
COMMITTED = Path(__file__).parents[2] / "data" / "predictions" / "stress"
Span = tuple[int, int, str]


@cache
def system(name: str) -> SuiteResult:
    """A system on the suite: the rules are run, the other's predictions are committed."""
    return score_stress(name if name == "rules" else str(COMMITTED / f"{name}.jsonl.gz"), WHOLE)


def half(path: Path) -> SuiteResult:
    """Perfect answers to every second text, written to a file."""
    lines = []
    for text in WHOLE.gold.documents[::2]:
        found = [{"start": e.start, "end": e.end, "type": e.type} for e in text.outermost() if e.required]
        lines.append(json.dumps({"id": text.id, "entities": found}) + "\n")
    path.write_text("".join(lines), "utf-8")
    return score_stress(str(path), WHOLE, how=FileOptions(labels="tyez"))


@pytest.fixture(scope="module", params=["rules", "jieba"])
def scored(request: pytest.FixtureRequest) -> SuiteResult:
    """A system that finds amounts and dates, and one that finds names."""
    return system(request.param)


def gold(text: Document, types: tuple[str, ...], status: str) -> set[Span]:
    return {
        (e.start, e.end, str(e.type))
        for e in text.entities
        if e.parent is None and e.status == status and e.type in types
    }


def right(text: Document, found: Prediction | None, types: tuple[str, ...]) -> bool | None:
    """Whether a text is answered exactly; None where an optional span or a nested prediction makes that a question."""
    said = {(e.start, e.end, str(e.type)) for e in (found.entities if found else ()) if e.type in types}
    if gold(text, types, "optional") or any(a != b and a[0] < b[1] and b[0] < a[1] for a, b in product(said, said)):
        return None
    return said == gold(text, types, "required")


def test_cases_pass_where_the_sets_of_spans_are_equal(scored: SuiteResult) -> None:
    types = scored.report.types
    looked = 0
    for verdict in scored.verdicts:
        case = verdict.case
        each = [right(text, scored.predictions.get(text.id), types) for text in case.texts]
        if None in each or verdict.passed is None or (case.kind is CaseKind.DIRECTIONAL and values_alone(case)):
            continue
        looked += 1
        assert verdict.passed is all(each), case.id
        assert list(verdict.right) == each
    assert looked > 700


def values_alone(case: StressCase) -> bool:
    one, other = (sorted((e.text, str(e.type)) for e in text.outermost()) for text in case.texts)
    return one == other


def test_a_case_is_not_asked_where_all_its_spans_are_of_other_types(scored: SuiteResult) -> None:
    types = scored.report.types
    for verdict in scored.verdicts:
        case = verdict.case
        wanted = {str(e.type) for text in case.texts for e in text.outermost() if e.required}
        if wanted and not wanted & set(types):
            assert verdict.passed is None


def test_f1_of_a_capability_is_that_of_its_spans(scored: SuiteResult) -> None:
    """Over texts without optional spans, so that every prediction counts."""
    types = scored.report.types
    for row in scored.rows:
        cases = [case for case in WHOLE.cases if case.capability == row.capability]
        texts = [text for case in cases for text in case.texts[case.transformed :]]
        said = [scored.predictions.get(text.id) for text in texts]
        if any(right(t, found, types) is None for t, found in zip(texts, said, strict=True)):
            continue
        wanted = [gold(text, types, "required") for text in texts]
        given = [{(e.start, e.end, str(e.type)) for e in (p.entities if p else ()) if e.type in types} for p in said]
        hits = sum(len(a & b) for a, b in zip(wanted, given, strict=True))
        total = sum(map(len, wanted)) + sum(map(len, given))
        assert row.f1 == (pytest.approx(2 * hits / total) if total else None)


def test_p_is_close_to_that_of_every_exchange(tmp_path: Path) -> None:
    """Of few templates all exchanges can be enumerated."""
    one, other = half(tmp_path / "half.jsonl"), system("jieba")
    types = ("PLACE", "ORG")
    first, second = (verdicts(WHOLE, s.report.narrowed(types), s.predictions) for s in (one, other))
    few = {case.template for case in WHOLE.cases if case.capability == "areas"}
    kept = set(sorted(few)[:12])
    narrow = [[o for o in side if o.case.capability == "areas" and o.case.template in kept] for side in (first, second)]
    small = type(WHOLE)(1, tuple(o.case for o in narrow[0]))
    (found,) = differences(small, *narrow, number=20000)
    a, b = (Counter(one.case.template for one in side if one.passed) for side in narrow)
    moves = np.array([b[template] - a[template] for template in sorted(kept)], float)
    total = sum(one.passed is not None for one in narrow[0])
    assert found.difference == pytest.approx(moves.sum() / total)
    exact = np.mean([abs(np.dot(signs, moves)) >= abs(moves.sum()) - 1e-9 for signs in product((-1, 1), repeat=12)])
    assert found.p == pytest.approx(float(exact), abs=0.015)


def test_comparison_is_over_the_types_that_both_have(tmp_path: Path) -> None:
    values, names, both = system("rules"), system("jieba"), half(tmp_path / "half.jsonl")
    nothing = compare_stress(values, names, 100)
    assert (nothing.types, nothing.rates, nothing.f1) == ((), [], {})
    pair = compare_stress(values, both, 100)
    assert pair.types == ("MONEY", "DATE")
    assert {line.capability for line in pair.rates} >= {"money-arabic", "date-absolute", "negatives", "numerals"}


def test_f1_is_compared_as_it_is_scored(tmp_path: Path) -> None:
    one, other = system("jieba"), half(tmp_path / "half.jsonl")
    pair = compare_stress(one, other, 300)
    narrow = [
        {row.capability: row.f1 for row in rows(WHOLE, s.report.narrowed(pair.types), s.verdicts)} for s in (one, other)
    ]
    told = 0
    for capability, found in pair.f1.items():
        a, b = (side[capability] for side in narrow)
        if a is not None and b is not None:
            told += 1
            assert found.difference is not None
            assert found.difference == pytest.approx(b - a)
            assert found.interval is not None
            assert found.interval.low <= found.difference <= found.interval.high
            assert found.randomisation is not None
            assert found.holm is not None
            assert found.holm >= found.randomisation
    assert told > 15
