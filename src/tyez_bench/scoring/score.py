"""Score predictions against a gold set."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from msgspec import structs

from tyez_bench.gold.gold import Gold, value_misfit
from tyez_bench.io.formats.native import check_prediction
from tyez_bench.io.read import Predictions
from tyez_bench.model.documents import Document, PredictedEntity, Prediction, Unlocated
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import advice, public
from tyez_bench.model.labels import Label, LabelSet
from tyez_bench.model.spans import order_key
from tyez_bench.scoring.counting import Case, case, count_by_text, count_documents, count_spans
from tyez_bench.scoring.counts import Count
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.scores import MICRO
from tyez_bench.scoring.settings import GoldFacts, Settings
from tyez_bench.scoring.spans import Spans
from tyez_bench.scoring.tables import Tables, hashes, merge

# Documents counted at a time: bounds the memory of the arrays.
CHUNK = 4096

Progress = Callable[[int], None]


@public
def score(
    gold: Gold,
    predictions: Mapping[str, Prediction],
    *,
    system: str = "predictions",
    settings: Settings | None = None,
    documents: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Score predictions against a gold set.

    Every span is paired once and counted under every scheme; strict, exact, partial and type are those of SemEval-2013
    task 9 (Segura-Bedmar et al. 2013).

    Args:
        gold: the gold set.
        predictions: by document id, as of :func:`tyez_bench.read_predictions`, or a dictionary of your own with
            offsets in half-open code points. A document without a prediction counts as predicted empty, and is listed
            as missing.
        system: what the system is called.
        settings: what counts, and how intervals are drawn; None: those of the headline.
        documents: ids of a part of the gold to score alone; reports of parts add up.
        progress: called with the number of documents done, now and then.

    Returns:
        The report: counts under every scheme, from which all figures are made.

    Raises:
        InputError: a prediction of a document that the gold lacks, or one that does not fit its text or overlaps
            itself.
        UsageError: predictions that are no mapping, an unknown document, a label that is called ``micro``.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> found = tyez_bench.PredictedEntity(start=0, end=4, type="PLACE")
        >>> report = tyez_bench.score(gold, {"wanbolin": tyez_bench.Prediction(id="wanbolin", entities=(found,))})
        >>> report.precision, report["strict", "PLACE"].fn, len(report.missing)
        (1.0, 90, 7)
    """
    if not isinstance(predictions, Mapping):
        raise UsageError(f"expected predictions by document id, got {type(predictions).__name__}")
    settings = settings or Settings()
    labels, reading, notes, sentences = how_read(predictions)
    part = _part(gold, documents)
    _check(gold, predictions, settings, system)
    every = gold.labels.with_more({item.type for given in predictions.values() for item in _items(given)})
    check_rows(every.names)
    settings = structs.replace(settings, types=types_that_count(settings, gold.labels, every, predictions))
    parts = []
    # Without any document, too, there is a table.
    for first in range(0, max(1, len(part)), CHUNK):
        chunk = part[first : first + CHUNK]
        parts.append(_count(cases_of(chunk, predictions, settings), every, settings, sentences))
        if progress is not None and chunk:
            progress(first + len(chunk))
    return Report(
        system=system,
        gold=GoldFacts.of(gold),
        settings=settings,
        tables=merge(parts),
        documents=hashes([document.id for document in part]),
        missing=tuple(document.id for document in part if document.id not in predictions),
        unit_ids=tuple(id_ for document in part for id_ in unit_ids(document)),
        labels=labels,
        reading=reading,
        notes=notes,
    )


def check_rows(labels: Iterable[str]) -> None:
    """Raise UsageError for a label that is called as the row of all of them is: one would be taken for the other."""
    if MICRO in labels:
        how = advice("{gold_labels} and {labels} give it another name", gold_labels="FILE", labels="FILE")
        raise UsageError(f"a label is called {MICRO!r}, as the row of all labels together is{how}")


def types_that_count(
    settings: Settings, gold: LabelSet, every: LabelSet, predictions: Mapping[str, Prediction]
) -> tuple[str, ...]:
    """The types that count: those of the settings, or what the label map expresses; and what only predictions have."""
    if settings.types is not None:
        return settings.types
    expressed = gold.names
    if isinstance(predictions, Predictions) and not settings.all_types:
        expressed = gold.order(predictions.label_map.expresses)
    return (*expressed, *every.names[len(gold) :])


def _items(prediction: Prediction) -> Iterator[PredictedEntity | Unlocated]:
    yield from prediction.entities
    yield from prediction.unlocated


def how_read(predictions: Mapping[str, Prediction]) -> tuple[str, dict[str, str], dict[str, Any], bool]:
    """Label map with its hash, what the reading was told, what it counted, whether it went sentence by sentence."""
    if not isinstance(predictions, Predictions):
        return "-", {}, {}, False
    reading, label_map = predictions.reading, predictions.label_map
    name = f"{label_map.name}#{label_map.sha256[:12]}"
    alike = {"maps_alike": list(label_map.alike)} if label_map.alike else {}
    return name, dict(predictions.asked), reading.notes | alike, reading.keyed_by == "sentence"


def unit_ids(document: Document) -> list[str]:
    """Ids of the units of a document: its sentences, or itself."""
    return [sentence.id for sentence in document.sentences] or [document.id]


def cases_of(documents: Iterable[Document], predictions: Mapping[str, Prediction], settings: Settings) -> list[Case]:
    """Documents with what counts of them and of their predictions; one without a prediction is predicted empty."""
    return [case(d, predictions.get(d.id) or Prediction(id=d.id, entities=()), settings) for d in documents]


def cases_for(report: Report, gold: Gold, predictions: Mapping[str, Prediction]) -> list[Case]:
    """The cases that a report was made of, in its order. Raises UsageError for other gold or other predictions."""
    if gold.fingerprint != report.gold.fingerprint:
        raise UsageError(f"the report is of the gold set {report.gold.name}, but gold= is another one, {gold.name}")
    place = {number: at for at, number in enumerate(report.documents.tolist())}
    chosen = [(place[n], d) for n, d in zip(hashes([d.id for d in gold]).tolist(), gold, strict=True) if n in place]
    cases = cases_of((document for _, document in sorted(chosen, key=itemgetter(0))), predictions, report.settings)
    if report.settings.matching == "position":
        _check_counted(report, cases)
    return cases


def _check_counted(report: Report, cases: Sequence[Case]) -> None:
    """Raise UsageError unless every document has as many gold spans, predictions and right ones as were counted."""
    rows = [report.tables.types.index(type_) for type_ in report.types]
    columns = (Count.GOLD, Count.PREDICTED, Count.IGNORED_PREDICTED, Count.RIGHT)
    table = report.tables.by("document").by_unit(rows, columns)
    for one, (of_gold, of_predicted, ignored, right) in zip(cases, table.tolist(), strict=True):
        gold, predicted = (Counter(map(order_key, side)) for side in (one.gold, one.predicted))
        number = predicted.total() + len(one.unlocated)
        if (gold.total(), number, (gold & predicted).total()) != (of_gold, of_predicted + ignored, right):
            raise UsageError(f"the report is not of these predictions: they differ in document {one.document.id!r}")


@public
def score_spans(
    gold: Sequence[Sequence[tuple[int, int, str]]],
    predicted: Sequence[Sequence[tuple[int, int, str]]],
    *,
    system: str = "predictions",
    types: Sequence[str] | None = None,
    settings: Settings | None = None,
    **more: Any,
) -> Report:
    """Score plain spans: a list of (start, end, type) for each document or sentence.

    Without texts there are no names and surfaces; each list is a unit of the bootstrap.

    Args:
        gold: for each text its gold spans; offsets are half-open and of any unit, as long as it is the same on both
            sides.
        predicted: for each text what was predicted, in the same order.
        system: what the system is called.
        types: the types that there are; None: those that occur.
        settings: what counts, and how intervals are drawn; None: those of the headline.
        **more: ``optional``: for each text its optional gold spans; ``others``: gold spans that do not count, on which
            predictions are ignored; ``alternatives``: accepted boundaries, (number of the text, of the gold span in it,
            start, end); ``starts``: for each text the offsets at which its units begin.

    Returns:
        The report.

    Raises:
        InputError: spans that are empty, reversed, or twice on one side.
        UsageError: lists of different length.

    Example:
        >>> import tyez_bench
        >>> report = tyez_bench.score_spans([[(0, 2, "PER"), (3, 5, "ORG")]], [[(0, 2, "PER")]])
        >>> report.precision, report.recall, round(report.f1, 3)
        (1.0, 0.5, 0.667)
    """
    if len(gold) != len(predicted):
        raise UsageError(f"{len(gold)} lists of gold spans, but {len(predicted)} of predictions")
    settings = settings or Settings()
    tables = count_spans(Spans.plain(gold, predicted, **more), types and sorted(types), settings.min_overlap)
    check_rows(tables.types)
    if settings.types is None:
        settings = structs.replace(settings, types=tables.types)
    labels = LabelSet("spans", tuple(map(Label, tables.types)))
    return Report(system, GoldFacts("spans", None, "", labels), settings, tables, hashes([]))


def _part(gold: Gold, documents: Iterable[str] | None) -> Sequence[Document]:
    if documents is None:
        return gold.documents
    chosen = set(documents)
    unknown = sorted(id_ for id_ in chosen if id_ not in gold)
    if unknown:
        raise UsageError(f"unknown document id {unknown[0]!r}")
    return [document for document in gold if document.id in chosen]


def _check(gold: Gold, predictions: Mapping[str, Prediction], settings: Settings, system: str) -> None:
    flat = settings.layer == "outermost"
    if isinstance(predictions, Predictions) and predictions.fits(gold, flat=flat):
        return
    more = predictions.label_map.unknown_to_gold if isinstance(predictions, Predictions) else ()
    known = {*gold.labels.names, *more}
    for id_, given in predictions.items():
        if id_ not in gold or id_ != given.id:
            raise InputError(f"{system}: unknown document id {id_!r}, or not that of its prediction ({given.id!r})")
        unknown = None if gold.open_labels else next((e for e in _items(given) if e.type not in known), None)
        if unknown is not None:
            expected = f"{', '.join(gold.labels.names)} (label set {gold.labels.name})"
            raise InputError(f"{system}: {id_}: unknown label {unknown.type!r}, expected {expected}")
        strange = next((p for e in given.entities if (p := value_misfit(e.type, e.value, gold.labels))), None)
        if strange is not None:
            raise InputError(f"{system}: {id_}: {strange}")
        try:
            check_prediction(given, gold[id_], flat=flat)
        except ValueError as error:
            raise InputError(f"{system}: {error}") from None


def _count(cases: Sequence[Case], labels: LabelSet, settings: Settings, sentences: bool) -> Tables:
    if settings.matching == "position":
        return count_documents(cases, labels, settings.min_overlap)
    return count_by_text(cases, labels, settings, sentences=sentences)
