"""Scoring predictions against a gold set, by hand-worked examples."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.model.documents import PredictedEntity, Prediction, Unlocated
from tyez_bench.model.values import Money, Timex, TimexType
from tyez_bench.scoring.counts import Count
from tyez_bench.scoring.schemes import Counts
from tyez_bench.scoring.settings import Settings
from tyez_bench.scoring.tables import ValueCounts

TEXT = "甲市乙局说,目前丙县获3万元"
RECORD = {
    "id": "d",
    "text": TEXT,
    "sentences": [{"id": "d.s1", "start": 0, "end": 6}, {"id": "d.s2", "start": 6, "end": 14}],
    "entities": [
        {"start": 0, "end": 4, "type": "ORG", "alternatives": [[2, 4]]},
        {"start": 0, "end": 2, "type": "PLACE"},
        {"start": 6, "end": 8, "type": "DATE", "status": "optional"},
        {"start": 8, "end": 10, "type": "PLACE"},
        {"start": 11, "end": 14, "type": "MONEY", "value": {"amount": "30000", "currency": "CNY"}},
    ],
}


@pytest.fixture
def small(tmp_path: Path) -> tyez_bench.Gold:
    """A gold set of two documents; the second has no entities."""
    path = tmp_path / "small.jsonl"
    records = [RECORD, {"id": "e", "text": "无"}]
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), "utf-8")
    return tyez_bench.load(path)


Found = tuple[int, int, str]


def predict(*spans: Found, id_: str = "d") -> dict[str, Prediction]:
    """A prediction for one document."""
    entities = tuple(PredictedEntity(start=s, end=e, type=t) for s, e, t in spans)
    return {id_: Prediction(id=id_, entities=entities)}


def rows(report: tyez_bench.Report, scheme: str = "strict") -> dict[str, tuple[int, int, int]]:
    """TP, FP and FN of each row."""
    return {name: (int(c.right), int(c.predicted - c.right), int(c.gold - c.right)) for name, c in report.rows(scheme)}


def micro(report: tyez_bench.Report, scheme: str = "strict") -> tuple[int, int, int]:
    """TP, FP and FN of all."""
    return rows(report, scheme)["micro"]


def ignored(report: tyez_bench.Report) -> tuple[int, int]:
    """Ignored gold spans and predictions."""
    columns = report.columns()
    return int(columns[Count.IGNORED_GOLD]), int(columns[Count.IGNORED_PREDICTED])


PERFECT: tuple[Found, ...] = ((0, 4, "ORG"), (6, 8, "DATE"), (8, 10, "PLACE"), (11, 14, "MONEY"))


def test_nested_gold_is_absent_and_optional_gold_ignored(small: tyez_bench.Gold) -> None:
    report = tyez_bench.score(small, predict(*PERFECT))
    assert rows(report) == {
        "PLACE": (1, 0, 0),
        "ORG": (1, 0, 0),
        "MONEY": (1, 0, 0),
        "DATE": (0, 0, 0),
        "micro": (3, 0, 0),
    }
    assert report.missing == ("e",)
    assert ignored(report) == (1, 1)
    assert report.required == Counts(4, 4, 4)
    assert report.figures("DATE")["f1"] is None


@pytest.mark.parametrize(
    ("optional", "expected", "left_out"),
    [("ignore", (3, 0, 0), (1, 1)), ("require", (4, 0, 0), (0, 0)), ("drop", (3, 1, 0), (0, 0))],
)
def test_what_becomes_of_optional_gold(
    small: tyez_bench.Gold, optional: Any, expected: tuple[int, int, int], left_out: tuple[int, int]
) -> None:
    report = tyez_bench.score(small, predict(*PERFECT), settings=Settings(optional=optional))
    assert micro(report) == expected
    assert ignored(report) == left_out


@pytest.mark.parametrize(
    ("layer", "predicted", "expected"),
    [
        # Nested: the one nested span counts, hits on outermost gold are ignored.
        ("nested", [*PERFECT], (0, 0, 1)),
        ("nested", [*PERFECT, (0, 2, "PLACE")], (1, 0, 0)),
        ("nested", [(0, 3, "ORG")], (0, 1, 1)),
        # All: both count; the optional one is still ignored.
        ("all", [*PERFECT], (3, 0, 1)),
        ("all", [*PERFECT, (0, 2, "PLACE")], (4, 0, 0)),
        ("all", [*PERFECT, (0, 2, "ORG")], (3, 1, 1)),
    ],
)
def test_layers(small: tyez_bench.Gold, layer: Any, predicted: list[Found], expected: tuple[int, int, int]) -> None:
    assert micro(tyez_bench.score(small, predict(*predicted), settings=Settings(layer=layer))) == expected


def test_an_accepted_alternative_counts_under_tolerant_alone(small: tyez_bench.Gold) -> None:
    report = tyez_bench.score(small, predict((2, 4, "ORG")))
    assert micro(report) == (0, 1, 3)
    assert micro(report, "tolerant") == (1, 0, 2)
    assert micro(report, "type") == (1, 0, 2)
    assert report.figures(scheme="partial")["precision"] == 0.5


def test_only_the_types_of_the_settings_count(small: tyez_bench.Gold) -> None:
    """A system without MONEY and DATE is not held to account for them, and its predictions of them add nothing."""
    report = tyez_bench.score(small, predict(*PERFECT), settings=Settings(types=("PLACE", "ORG")))
    assert rows(report) == {"PLACE": (1, 0, 0), "ORG": (1, 0, 0), "micro": (2, 0, 0)}
    assert ignored(report) == (0, 0)
    narrowed = tyez_bench.score(small, predict(*PERFECT)).narrowed(("PLACE", "ORG"))
    assert rows(narrowed) == rows(report)


def test_a_prediction_on_a_nested_span_is_wrong(small: tyez_bench.Gold) -> None:
    report = tyez_bench.score(small, predict((0, 2, "PLACE"), (8, 10, "PLACE"), (10, 14, "MONEY")))
    assert rows(report) == {
        "PLACE": (1, 1, 0),
        "ORG": (0, 0, 1),
        "MONEY": (0, 1, 1),
        "DATE": (0, 0, 0),
        "micro": (1, 2, 2),
    }


def test_no_predictions_at_all(small: tyez_bench.Gold) -> None:
    report = tyez_bench.score(small, {})
    assert micro(report) == (0, 0, 3)
    for scheme in report.schemes:
        assert report.figures(scheme=scheme) == {"precision": None, "recall": 0, "f1": 0}
    assert report.averages()["macro"] == {"precision": 0, "recall": 0, "f1": 0}
    assert report.missing == ("d", "e")


def test_nothing_on_either_side_is_undefined_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text('{"id":"e","text":"无"}\n', "utf-8")
    report = tyez_bench.score(tyez_bench.load(path), {})
    undefined = {"precision": None, "recall": None, "f1": None}
    assert all(report.figures(scheme=scheme) == undefined for scheme in report.schemes)
    assert all(figures == undefined for figures in report.averages().values())
    assert report.intervals()["micro"] == undefined
    assert report.by_name is None
    assert report.surface_interval is None


def test_averages_by_hand(small: tyez_bench.Gold) -> None:
    """PLACE right, ORG missed, MONEY right with one too many: macro (1 + 0 + 2/3) / 3; one document has gold."""
    report = tyez_bench.score(small, predict((8, 10, "PLACE"), (11, 14, "MONEY"), (4, 5, "MONEY")))
    averages = report.averages()
    assert averages["macro"]["f1"] == pytest.approx((1 + 0 + 2 / 3) / 3)
    assert averages["macro"]["precision"] == pytest.approx((1 + 0 + 1 / 2) / 3)
    assert averages["weighted"]["recall"] == pytest.approx(2 / 3)
    assert averages["documents"] == report.figures()


def test_macro_over_documents(small: tyez_bench.Gold, gold: tyez_bench.Gold) -> None:
    """The mean of the documents' own scores."""
    predictions = predict((0, 4, "PLACE"), id_="wanbolin")
    whole = tyez_bench.score(gold, predictions)
    alone = [tyez_bench.score(gold, {}, documents=[d.id]) for d in gold if d.id != "wanbolin"]
    alone.append(tyez_bench.score(gold, predictions, documents=["wanbolin"]))
    with_gold = [report for report in alone if report.counts().gold]
    for measure in ("precision", "recall", "f1"):
        expected = sum(report.figures()[measure] or 0 for report in with_gold) / len(with_gold)
        assert whole.averages()["documents"][measure] == pytest.approx(expected)


def test_parts_add_up_to_the_whole(gold: tyez_bench.Gold) -> None:
    path = Path(__file__).parents[2] / "data" / "predictions" / "jionlp.jsonl"
    predictions = tyez_bench.read_predictions(path, gold)
    whole = tyez_bench.score(gold, predictions)
    ids = [document.id for document in gold]
    parts = [tyez_bench.score(gold, predictions, documents=chosen) for chosen in (ids[:1], ids[1:5], ids[5:])]
    merged = parts[0] + parts[1] + parts[2]
    for scheme in whole.schemes:
        assert merged.rows(scheme) == whole.rows(scheme)
    assert merged.intervals() == whole.intervals()
    assert merged.by_name == whole.by_name
    assert merged.surfaces == whole.surfaces
    assert merged.surface_interval == whole.surface_interval
    assert merged.averages() == whole.averages()
    assert merged.unit_ids == whole.unit_ids
    with pytest.raises(tyez_bench.UsageError, match="share a document"):
        whole + parts[0]
    with pytest.raises(tyez_bench.UsageError, match="different settings can't be added"):
        parts[0] + tyez_bench.score(gold, predictions, documents=ids[1:], settings=Settings(layer="all"))
    with pytest.raises(tyez_bench.UsageError, match="different system can't be added"):
        parts[0] + replace(parts[1], system="other")
    with pytest.raises(tyez_bench.UsageError, match="unknown document id 'x'"):
        tyez_bench.score(gold, predictions, documents=["x"])


def test_sum_adds_reports(gold: tyez_bench.Gold) -> None:
    predictions = tyez_bench.read_predictions(Path(__file__).parents[2] / "data" / "predictions" / "jionlp.jsonl", gold)
    parts = [tyez_bench.score(gold, predictions, documents=[document.id]) for document in gold]
    whole = tyez_bench.score(gold, predictions)
    assert sum(parts).figures() == whole.figures()  # type: ignore[union-attr]  # sum may return its 0
    assert sum(parts[:1]) is parts[0]
    values = [ValueCounts(3, 2, 1), ValueCounts(4, 4, 0)]
    assert sum(values) == ValueCounts(7, 6, 1)
    for other in (1, 0.5, None):
        with pytest.raises(TypeError, match="unsupported operand"):
            other + whole
        with pytest.raises(TypeError, match="unsupported operand"):
            whole + other
        with pytest.raises(TypeError, match="unsupported operand"):
            other + values[0]


def test_chunks_do_not_matter(gold: tyez_bench.Gold, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(__file__).parents[2] / "data" / "predictions" / "jieba.jsonl"
    predictions = tyez_bench.read_predictions(path, gold)
    whole = tyez_bench.score(gold, predictions)
    monkeypatch.setattr("tyez_bench.scoring.score.CHUNK", 3)
    done: list[int] = []
    chunked = tyez_bench.score(gold, predictions, progress=done.append)
    assert done == [3, 6, 8]
    assert [chunked.rows(s) for s in chunked.schemes] == [whole.rows(s) for s in whole.schemes]
    assert (chunked.intervals(), chunked.by_name, chunked.surfaces) == (
        whole.intervals(),
        whole.by_name,
        whole.surfaces,
    )


def test_surfaces_by_hand(tmp_path: Path) -> None:
    """太原 three times and 晋源 once: a system that knows 太原 alone finds 3 of 4 mentions and 1 of 2 names."""
    path = tmp_path / "g.jsonl"
    entities = [{"start": s, "end": s + 2, "type": "PLACE"} for s in (0, 3, 6, 9)]
    path.write_text(
        json.dumps({"id": "d", "text": "太原、太原、太原、晋源、局、局", "entities": entities}, ensure_ascii=False)
        + "\n",
        "utf-8",
    )
    gold = tyez_bench.load(path)
    knows = predict((0, 2, "PLACE"), (3, 5, "PLACE"), (6, 8, "PLACE"))
    report = tyez_bench.score(gold, knows)
    assert micro(report) == (3, 0, 1)
    assert report.surfaces is not None
    assert report.surfaces["micro"] == Counts(2, 1, 1)
    # The right name in the wrong place is right here; a name of another type is not.
    shifted = tyez_bench.score(gold, predict((0, 2, "ORG"), (9, 11, "PLACE"), (12, 13, "ORG"), (14, 15, "ORG")))
    assert shifted.surfaces is not None
    assert shifted.surfaces["micro"] == Counts(2, 3, 1)
    assert shifted.surfaces["ORG"] == Counts(0, 2, 0)


def test_ignored_predictions_add_no_surface(small: tyez_bench.Gold) -> None:
    report = tyez_bench.score(small, predict((6, 8, "DATE")))
    assert report.surfaces is not None
    assert report.surfaces["micro"] == Counts(3, 0, 0)


def test_mentions_without_a_place_are_spurious_everywhere(small: tyez_bench.Gold) -> None:
    lost = Unlocated(text="丁乡政府", type="ORG", start=8)
    report = tyez_bench.score(small, {"d": Prediction(id="d", entities=(), unlocated=(lost,))})
    for scheme in report.schemes:
        assert report.counts("ORG", scheme).predicted == (4 if scheme == "characters" else 1)
        assert report.figures("ORG", scheme)["precision"] == 0
    assert report.surfaces is not None
    assert report.surfaces["ORG"] == Counts(1, 1, 0)
    # It belongs to the second sentence.
    assert report.tables.units.dense()[:, :, Count.PREDICTED].sum(axis=1).tolist() == [0, 1, 0]
    assert report.tables.by("name").dense()[:, :, Count.PREDICTED].sum() == 1


def valued(value: Money | Timex, place: Found) -> PredictedEntity:
    """A prediction with a value."""
    start, end, type_ = place
    return PredictedEntity(start=start, end=end, type=type_, value=value)


@pytest.mark.parametrize(("amount", "currency", "equal"), [("30000", "CNY", 1), ("3", "CNY", 0), ("30000", "USD", 0)])
def test_values_of_money(small: tyez_bench.Gold, amount: str, currency: str, equal: int) -> None:
    found = valued(Money(amount=amount, currency=currency), (11, 14, "MONEY"))
    counted = tyez_bench.score(small, {"d": Prediction(id="d", entities=(found,))}).tables.values
    assert (counted["MONEY"].pairs, counted["MONEY"].both, counted["MONEY"].equal) == (1, 1, equal)
    assert counted["MONEY"].accuracy == equal


def test_values_count_where_both_sides_have_one(small: tyez_bench.Gold) -> None:
    date = valued(Timex(type=TimexType.DATE, value="2022-08"), (6, 8, "DATE"))
    elsewhere = valued(Money(amount="30000", currency="CNY"), (10, 14, "MONEY"))
    report = tyez_bench.score(
        small, {"d": Prediction(id="d", entities=(date, elsewhere))}, settings=Settings(optional="require")
    )
    assert report.tables.values["DATE"].pairs == 1
    assert report.tables.values["DATE"].accuracy is None
    assert "MONEY" not in report.tables.values


def test_a_prediction_where_the_gold_has_nothing_is_spurious(small: tyez_bench.Gold) -> None:
    assert micro(tyez_bench.score(small, predict((0, 1, "ORG"), id_="e"))) == (0, 1, 3)


def test_an_unknown_document_is_refused(small: tyez_bench.Gold) -> None:
    with pytest.raises(tyez_bench.InputError, match="unknown document id 'f'"):
        tyez_bench.score(small, predict(id_="f"))


@pytest.mark.parametrize("wrong", [(20, 24, "ORG"), (13, 15, "ORG")])
def test_a_prediction_outside_the_text_is_refused(small: tyez_bench.Gold, wrong: Any) -> None:
    with pytest.raises(tyez_bench.InputError, match="outside the text"):
        tyez_bench.score(small, predict(wrong))


def test_predictions_that_are_no_mapping_are_refused(small: tyez_bench.Gold) -> None:
    with pytest.raises(tyez_bench.UsageError, match="expected predictions by document id, got list"):
        tyez_bench.score(small, [])  # type: ignore[arg-type]


def test_a_key_that_is_not_its_predictions_id_is_refused(small: tyez_bench.Gold) -> None:
    with pytest.raises(tyez_bench.InputError, match=r"'d', or not that of its prediction \('e'\)"):
        tyez_bench.score(small, {"d": Prediction(id="e", entities=())})


@pytest.mark.parametrize("other", [(0, 2, "PLACE"), (0, 4, "PLACE"), (3, 5, "ORG")])
def test_overlapping_predictions_are_refused_on_one_layer(small: tyez_bench.Gold, other: Any) -> None:
    with pytest.raises(tyez_bench.InputError, match=r"d: .* overlap; expected one flat layer"):
        tyez_bench.score(small, predict((0, 4, "ORG"), other))
    assert (
        tyez_bench.score(small, predict((0, 4, "ORG"), other), settings=Settings(layer="all")).counts().predicted == 2
    )


@pytest.mark.parametrize(
    "wrong", [{"layer": "inner"}, {"optional": "no"}, {"unit": "page"}, {"draws": 0}, {"seed": -1}]
)
def test_settings_that_make_no_sense_are_refused(wrong: Any) -> None:
    with pytest.raises(tyez_bench.UsageError):
        Settings(**wrong)


def test_the_gold_scored_against_itself_is_perfect(gold: tyez_bench.Gold) -> None:
    for layer in ("outermost", "nested", "all"):
        predictions = {
            d.id: Prediction(
                id=d.id,
                entities=tuple(
                    PredictedEntity(start=e.start, end=e.end, type=e.type)
                    for e in d.entities
                    if layer != "outermost" or e.outermost
                ),
            )
            for d in gold
        }
        report = tyez_bench.score(gold, predictions, settings=Settings(layer=layer))
        counted = [e for _, e in gold.entities() if layer == "all" or e.outermost == (layer == "outermost")]
        required = sum(e.required for e in counted)
        assert report.counts() == Counts(required, required, required)
        assert report.required == Counts(len(counted), len(counted), len(counted))
        assert all(report.figures(scheme=s)["f1"] == 1 for s in report.schemes)
        assert report.surfaces is not None
        assert report.surfaces["micro"].right == report.surfaces["micro"].gold
