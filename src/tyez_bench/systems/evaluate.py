"""Run a model over the gold's texts and score what it finds."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from tyez_bench.gold.gold import Gold, load
from tyez_bench.io.label_maps import LabelMap
from tyez_bench.io.read import Predictions, ReadOptions, read_records
from tyez_bench.io.record import Record
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import public
from tyez_bench.model.spans import Span
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import score
from tyez_bench.scoring.settings import Settings
from tyez_bench.systems.adapters.own import spans_in
from tyez_bench.systems.system import passages

Model = Callable[[str], Any]


@public
def evaluate(
    model: Model,
    gold: Gold | None = None,
    *,
    by: str = "document",
    labels: str | Path | LabelMap | None = None,
    ignore_labels: Iterable[str] = (),
    system: str | None = None,
    settings: Settings | None = None,
) -> Report:
    """Run a model over the texts of a gold set, and score what it finds.

    Args:
        model: a function from a text to spans, a spaCy ``Language``, or a Hugging Face token-classification pipeline.
            Spans are (start, end, label), or objects or dictionaries with these; offsets are half-open code points
            into the text that it was given.
        gold: the gold set; None: the built-in one.
        by: what it is given at a time, a ``document`` or a ``sentence`` (for models of limited length).
        labels: the label map that leads from its labels to the gold's, by name, as a file or as a map; None: detected.
        ignore_labels: labels of the model that are out of scope, beside those of the map.
        system: what the system is called; None: the name of the model.
        settings: what counts, and how intervals are drawn; None: those of the headline.

    Returns:
        The report.

    Raises:
        InputError: what goes wrong in the model, with the document, and what does not fit its text.
        UsageError: labels that no map knows, an unknown name.

    Example:
        >>> import tyez_bench
        >>> def model(text):
        ...     return [(at, at + 2, "PLACE") for at in range(len(text)) if text.startswith("太原", at)]
        >>> tyez_bench.evaluate(model)["strict", "PLACE"]
        <strict PLACE: P 0.073, R 0.033, F1 0.045 [0.000–0.103]; TP 3, FP 38, FN 88>
    """
    settings = settings or Settings()
    gold = load() if gold is None else gold
    predictions = run(model, gold, by=by, labels=labels, ignore_labels=ignore_labels, settings=settings)
    return score(gold, predictions, system=system or _name(model), settings=settings)


def run(
    model: Model,
    gold: Gold,
    *,
    by: str = "document",
    labels: str | Path | LabelMap | None = None,
    ignore_labels: Iterable[str] = (),
    settings: Settings | None = None,
) -> Predictions:
    """What ``model`` finds in the texts of ``gold``; see :func:`evaluate`."""
    records = [
        Record(None, id=passage.id, spans=tuple(_answer(model, passage.text, passage.id)))
        for passage in passages(gold, by)
    ]
    flat = (settings or Settings()).layer == "outermost"
    how = ReadOptions(labels=labels, ignore_labels=frozenset(ignore_labels), flat=flat)
    return read_records(records, Source(_name(model), b""), gold, how, format="native")


def _name(model: Model) -> str:
    meta = getattr(model, "meta", None)
    if isinstance(meta, Mapping) and meta.get("name"):
        return str(meta["name"])
    return str(getattr(model, "__name__", type(model).__name__))


def _answer(model: Model, text: str, id_: str) -> list[Span]:
    try:
        return spans_in(model(text), text, id_)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{id_!r}: the model failed: {type(error).__name__}: {error}") from error
