"""Rows of types: what is printed follows from the counts printed beside it, whatever the scheme; by another counter."""

import json
from collections import Counter
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate.evaluator import Evaluator

import tyez_bench
from tyez_bench.report.tables.scores import report_tables
from tyez_bench.scoring.schemes import SCHEMES, Counts, MucCounts
from tyez_bench.scoring.settings import Settings

Triple = tuple[int, int, str]
Documents = list[tuple[list[Triple], list[Triple]]]
TYPES = ("A", "B", "C")
PAIRED = ("strict", "exact", "partial", "type")


def side(size: int) -> st.SearchStrategy[list[Triple]]:
    """Any spans of a document: apart, nested, crossing, of two types."""
    span = st.tuples(st.integers(0, 9), st.integers(1, 5), st.sampled_from(TYPES))
    return st.lists(span.map(lambda s: (s[0], s[0] + s[1], s[2])), max_size=size, unique=True)


DOCUMENTS = st.lists(st.tuples(side(4), side(4)), min_size=1, max_size=3)


def best_pairs(gold: list[Triple], predicted: list[Triple], share: float) -> list[tuple[Triple, Triple]]:
    """Of all sets of pairs the best, as the documentation puts it; tried one by one."""
    order = [sorted(one, key=lambda s: (s[0], -s[1], s[2])) for one in (gold, predicted)]

    def common(g: Triple, p: Triple) -> int:
        return min(g[1], p[1]) - max(g[0], p[0])

    every = [
        (i, j)
        for i, g in enumerate(order[0])
        for j, p in enumerate(order[1])
        if common(g, p) >= 1 and common(g, p) / (g[1] - g[0]) >= share
    ]
    best: tuple[Any, list[tuple[int, int]]] = ((), [])
    for size in range(min(len(gold), len(predicted)) + 1):
        for chosen in combinations(every, size):
            if len({i for i, _ in chosen}) < size or len({j for _, j in chosen}) < size:
                continue
            pairs = [(order[0][i], order[1][j]) for i, j in chosen]
            partner = dict(chosen)
            worth = (
                sum(g == p for g, p in pairs),
                sum(g[:2] == p[:2] for g, p in pairs),
                size,
                sum(g[2] == p[2] for g, p in pairs),
                sum(common(g, p) for g, p in pairs),
                [-partner.get(i, len(predicted)) for i in range(len(gold))],
            )
            if not best[0] or worth > best[0]:
                best = worth, list(chosen)
    return [(order[0][i], order[1][j]) for i, j in best[1]]


class Tally:
    """True and false positives, false negatives and the MUC categories of each row, counted in halves, span by span."""

    def __init__(self, documents: Documents, scheme: str, share: float) -> None:
        self.tp: Counter[str] = Counter()
        self.fp: Counter[str] = Counter()
        self.fn: Counter[str] = Counter()
        self.muc: Counter[tuple[str, str]] = Counter()
        for gold, predicted in documents:
            pairs = best_pairs(gold, predicted, share)
            for g, p in pairs:
                self._pair(g, p, scheme)
            for g in gold:
                if g not in [one for one, _ in pairs]:
                    self.fn[g[2]] += 2
                    self._say(g[2], "missed")
            for p in predicted:
                if p not in [other for _, other in pairs]:
                    self.fp[p[2]] += 2
                    self._say(p[2], "spurious")

    def _say(self, row: str, category: str) -> None:
        self.muc[row, category] += 1
        self.muc["micro", category] += 1

    def _pair(self, g: Triple, p: Triple, scheme: str) -> None:
        boundary, type_ = g[:2] == p[:2], g[2] == p[2]
        if scheme in ("strict", "type") and not type_:
            self.fn[g[2]] += 2
            self.fp[p[2]] += 2
            self.muc[g[2], "missed"] += 1
            self.muc[p[2], "spurious"] += 1
            self.muc["micro", "incorrect"] += 1
            return
        category = {
            "strict": "correct" if boundary else "incorrect",
            "exact": "correct" if boundary else "incorrect",
            "partial": "correct" if boundary else "partial",
            "type": "correct",
        }[scheme]
        halves = {"correct": 2, "partial": 1, "incorrect": 0}[category]
        self.tp[g[2]] += halves
        self.fn[g[2]] += 2 - halves
        self.fp[g[2]] += 2 - halves
        self._say(g[2], category)

    def counts(self, row: str) -> tuple[float, float, float]:
        """TP, FP and FN."""
        of_row = [kind.total() if row == "micro" else kind[row] for kind in (self.tp, self.fp, self.fn)]
        return of_row[0] / 2, of_row[1] / 2, of_row[2] / 2

    def outcome(self, row: str) -> MucCounts:
        """The MUC categories."""
        return MucCounts(*(self.muc[row, name] for name in MucCounts.__struct_fields__))


def scored(documents: Documents, share: float = 0.0, **more: Any) -> tyez_bench.Report:
    """A report with all types, few draws."""
    gold, predicted = zip(*documents, strict=True)
    return tyez_bench.score_spans(
        gold, predicted, types=TYPES, settings=Settings(types=TYPES, min_overlap=share, draws=5), **more
    )


@pytest.mark.parametrize("share", [0.0, 0.34, 0.5, 1.0])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(documents=DOCUMENTS)
def test_every_row_of_every_scheme_by_another_counter(share: float, documents: Documents) -> None:
    report = scored(documents, share)
    for scheme in PAIRED:
        expected = Tally(documents, scheme, share)
        for row in (*TYPES, "micro"):
            found = report.counts(row, scheme)
            told = (found.right, found.predicted - found.right, found.gold - found.right)
            assert told == expected.counts(row), (scheme, row)
            assert report.outcome(row, scheme) == expected.outcome(row), (scheme, row)


def follows(row: dict[str, Any]) -> None:
    """Whether a row of JSON holds together."""
    tp, fp, fn = row["tp"], row["fp"], row["fn"]
    assert min(tp, fp, fn) >= 0
    assert (row["gold"], row["predicted"]) == (tp + fn, tp + fp)
    assert row["precision"] == (pytest.approx(tp / (tp + fp)) if tp + fp else None)
    assert row["recall"] == (pytest.approx(tp / (tp + fn)) if tp + fn else None)
    assert row["f1"] == (pytest.approx(2 * tp / (2 * tp + fp + fn)) if tp + fp + fn else None)
    if "correct" in row:
        paired = row["correct"] + row["incorrect"] + row["partial"]
        assert min(row[name] for name in MucCounts.__struct_fields__) >= 0
        assert paired + row["missed"] == row["gold"]
        assert paired + row["spurious"] == row["predicted"]
        assert row["correct"] + row["partial"] / 2 == tp


def add_up(rows: dict[str, Any]) -> None:
    """Whether the rows of the types add up to the total."""
    for name in ("tp", "fp", "fn", "gold", "predicted"):
        assert sum(row[name] for type_, row in rows.items() if type_ != "micro") == rows["micro"][name]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(documents=DOCUMENTS, optional=side(3), moved=st.booleans())
def test_every_figure_of_the_outputs_follows_from_the_counts_beside_it(
    documents: Documents, optional: list[Triple], moved: bool
) -> None:
    """JSON, CSV and the table, with optional spans, with an accepted alternative that is predicted, unlocated spans."""
    gold, predicted = documents[0]
    maybe = [[s for s in optional if s not in gold], *([] for _ in documents[1:])]
    alternatives = []
    if moved and gold and predicted:
        wanted = (*predicted[0][:2], gold[0][2])
        if wanted not in gold and min(gold[0][1], wanted[1]) > max(gold[0][0], wanted[0]):
            alternatives = [(0, 0, wanted[0], wanted[1])]
    report = scored(documents, optional=maybe, alternatives=alternatives)
    data = json.loads(json.dumps(report.to_dict()))
    assert set(data["schemes"]) | {"strict"} == set(SCHEMES)
    for rows in (data["scores"], *data["schemes"].values()):
        add_up(rows)
        for row in rows.values():
            follows(row)
    follows(data["require"])
    for line in report.to_rows():
        p, r, f, _, _, tp, fp, fn, of_gold, of_predicted = line[3:13]
        named = ("precision", "recall", "f1", "tp", "fp", "fn", "gold", "predicted")
        follows(dict(zip(named, (p, r, f, tp, fp, fn, of_gold, of_predicted), strict=True)))
    for name, p, r, f, _, tp, fp, fn, of_gold in report_tables(report)[0].rows:
        told = {**data["scores"][name], "tp": int(tp), "fp": int(fp), "fn": int(fn), "gold": int(of_gold)}
        assert told == data["scores"][name]
        for shown, value in ((p, told["precision"]), (r, told["recall"]), (f, told["f1"])):
            assert shown == ("–" if value is None else f"{value:.3f}")


def test_rows_of_documents_with_texts(gold: tyez_bench.Gold) -> None:
    """Every type wrong, and what is not in the text: surface rows and unlocated mentions hold together, too."""
    turned = {"PLACE": "DATE", "DATE": "PLACE", "ORG": "MONEY", "MONEY": "ORG"}
    predictions = {}
    for document in gold:
        entities = tuple(
            tyez_bench.PredictedEntity(start=e.start, end=e.end, type=turned[e.type] if number % 2 else e.type)
            for number, e in enumerate(document.outermost())
        )
        lost = (tyez_bench.scoring.counting.Unlocated(text="不在", type="ORG", start=3),)
        predictions[document.id] = tyez_bench.Prediction(id=document.id, entities=entities, unlocated=lost)
    data = tyez_bench.score(gold, predictions, settings=Settings(draws=5)).to_dict()
    for rows in (data["scores"], data["surface"], *data["schemes"].values()):
        add_up(rows)
        for row in rows.values():
            follows(row)
    exact = data["schemes"]["exact"]
    assert exact["micro"]["fn"] == 0
    assert exact["ORG"]["fp"] == len(gold)
    assert data["schemes"]["partial"]["ORG"]["tp"] == exact["ORG"]["tp"] == exact["ORG"]["gold"]


def test_a_pair_of_two_types_by_hand() -> None:
    """Gold A 0–3, prediction B 0–3; gold A 10–14, prediction B 11–14; prediction C alone."""
    report = scored([([(0, 3, "A"), (10, 14, "A")], [(0, 3, "B"), (11, 14, "B"), (20, 22, "C")])])
    none, alone = Counts(), Counts(predicted=1)
    asks = {"A": Counts(gold=2), "B": Counts(predicted=2), "C": alone, "micro": Counts(2, 3)}
    assert dict(report.rows()) == dict(report.rows("type")) == dict(report.rows("tolerant")) == asks
    assert dict(report.rows("exact")) == {"A": Counts(2, 2, 1), "B": none, "C": alone, "micro": Counts(2, 3, 1)}
    half = Counts(2, 2, 1.5)
    assert dict(report.rows("partial")) == {"A": half, "B": none, "C": alone, "micro": Counts(2, 3, 1.5)}
    assert report.figures("A", "exact") == {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert report.outcome("A") == MucCounts(0, 0, 0, missed=2, spurious=0)
    assert report.outcome("B") == MucCounts(0, 0, 0, missed=0, spurious=2)
    assert report.outcome() == MucCounts(0, 2, 0, missed=0, spurious=1)
    assert report.outcome("A", "exact") == MucCounts(1, 1, 0, 0, 0)
    assert report.outcome("A", "partial") == MucCounts(1, 0, 1, 0, 0)


def nervaluate(documents: Documents, percent: float) -> Any:
    """What nervaluate finds; its ends are inclusive."""
    gold, predicted = (
        [[{"label": t, "start": s, "end": e - 1} for s, e, t in document[number]] for document in documents]
        for number in (0, 1)
    )
    evaluator = Evaluator(gold, predicted, tags=list(TYPES), loader="dict", min_overlap_percentage=percent)
    return evaluator.evaluate()


def test_nervaluate_books_a_pair_of_two_types_as_missed() -> None:
    """Its rows hold spans of one type on both sides: under exact and partial they don't add up to its total."""
    theirs = nervaluate([([(0, 3, "A")], [(0, 3, "B")])], 1)
    assert theirs["overall"]["exact"].correct == 1
    assert [theirs["entities"][t]["exact"].correct for t in "AB"] == [0, 0]
    assert (theirs["entities"]["A"]["exact"].missed, theirs["entities"]["B"]["exact"].spurious) == (1, 1)


@st.composite
def one_to_one(draw: st.DrawFn) -> Documents:
    """Gold spans far apart, each with one prediction near it or none: there is nothing to choose."""
    gold, predicted = [], []
    for number in range(draw(st.integers(0, 5))):
        start, length = 40 * number, draw(st.integers(1, 10))
        shift, other = draw(st.integers(-10, 10)), draw(st.integers(1, 12))
        gold.append((start + 12, start + 12 + length, draw(st.sampled_from(TYPES))))
        if draw(st.integers(0, 3)):
            predicted.append((start + 12 + shift, start + 12 + shift + other, draw(st.sampled_from(TYPES))))
    return [(gold, predicted)]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(documents=one_to_one(), percent=st.sampled_from([1, 20, 25, 50, 60, 75, 100]))
def test_min_overlap_is_nervaluates(documents: Documents, percent: int) -> None:
    """Spans apart, up to ten characters, and shares that its floating point holds exactly enough."""
    report, theirs = scored(documents, percent / 100), nervaluate(documents, percent)["overall"]
    for scheme, name in (("strict", "strict"), ("exact", "exact"), ("partial", "partial"), ("type", "ent_type")):
        found = report.outcome(scheme=scheme)
        assert found is not None
        assert [getattr(found, f) for f in MucCounts.__struct_fields__] == [
            getattr(theirs[name], f) for f in MucCounts.__struct_fields__
        ]


def test_min_overlap_by_hand() -> None:
    """Of ten characters three; a share is of the gold span, whatever the prediction's length."""
    documents: Documents = [([(0, 10, "A")], [(7, 30, "A")])]
    halves = [scored(documents, share).counts(scheme="partial").right for share in (0, 0.3, 0.31, 0.5)]
    assert halves == [0.5, 0.5, 0, 0]
    assert [scored(documents, share).counts(scheme="type").right for share in (0, 0.3, 0.31)] == [1, 1, 0]
    below = scored(documents, 0.31)
    assert below.outcome(scheme="type") == MucCounts(0, 0, 0, missed=1, spurious=1)
    assert below.outcome() == MucCounts(0, 0, 0, missed=1, spurious=1)


def test_a_share_is_taken_as_it_is_written() -> None:
    """29 of 100 are 0.29, though in binary floating point 29 / 100 * 100 is less than 29."""
    documents: Documents = [([(0, 100, "A")], [(0, 29, "A")])]
    assert scored(documents, 0.29).counts(scheme="type").right == 1
    assert scored(documents, 0.2901).counts(scheme="type").right == 0
    assert nervaluate(documents, 29)["overall"]["ent_type"].correct == 0


@settings(max_examples=100, deadline=None, derandomize=True)
@given(documents=DOCUMENTS, share=st.sampled_from([0.3, 0.5, 1.0]))
def test_min_overlap_changes_nothing_where_the_boundary_decides(documents: Documents, share: float) -> None:
    one, other = scored(documents), scored(documents, share)
    assert one.rows() == other.rows()
    for scheme in ("exact", "characters"):
        assert one.counts(scheme=scheme) == other.counts(scheme=scheme)


@pytest.mark.parametrize("share", [-0.1, 1.01, float("nan"), 50])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(tyez_bench.UsageError, match="is not a share between 0 and 1"):
        Settings(min_overlap=share)


def test_by_text_there_is_no_overlap() -> None:
    with pytest.raises(tyez_bench.UsageError, match="min_overlap has no meaning with matching set"):
        Settings(min_overlap=0.5, matching="set")
