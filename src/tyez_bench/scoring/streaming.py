"""Scoring corpora too large for memory: gold and predictions are read side by side, and only counts are kept.

Both files hold one document (or sentence) a line, plain or gzip, in the same order; predictions may leave documents
out. What stays in memory is the counts of every unit and a hash of every id. There are no names and surfaces then, as
these would keep every distinct text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from msgspec import structs

from tyez_bench.gold.gold import GoldStream
from tyez_bench.gold.label_sets import BUILT_IN, load_label_set
from tyez_bench.io.formats.native import check_prediction, stream_predictions
from tyez_bench.io.label_maps import LabelMap, identity, load_map
from tyez_bench.model.documents import Document, Prediction
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import public
from tyez_bench.model.labels import LabelSet
from tyez_bench.scoring.counting import Case, case, count_spans_of
from tyez_bench.scoring.counts import Tables, hashes, merge
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import CHUNK, Progress
from tyez_bench.scoring.settings import GoldFacts, Settings


@dataclass
class _Seen:
    """Hashes of ids, to tell whether one occurs twice."""

    hashes: set[int] = field(default_factory=set)

    def add(self, id_: str, path: Path, line: int) -> None:
        before = len(self.hashes)
        self.hashes.add(int(hashes([id_])[0]))
        if len(self.hashes) == before:
            raise InputError(f"document id {id_!r} occurs twice", path=path, line=line)


@public
def score_files(
    gold: str | Path,
    predictions: str | Path,
    *,
    labels: str | Path | LabelMap | None = None,
    label_set: LabelSet | str | Path = BUILT_IN,
    system: str | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Report:
    """Score native JSON Lines against a gold file, document by document.

    The file of the gold is read once, and so can't tell its labels beforehand: ``label_set`` says them. ``labels`` is
    the label map; without one the predictions have the gold's own labels.

    Raises InputError, with file and line, for invalid records, for ids that occur twice, and for predictions that are
    not in the order of the gold.
    """
    labels_of_gold = label_set if isinstance(label_set, LabelSet) else load_label_set(label_set)
    stream = GoldStream(Path(gold), labels_of_gold)
    label_map = _label_map(labels, labels_of_gold)
    settings = settings or Settings()
    if settings.types is None:
        types = labels_of_gold.names if settings.all_types else labels_of_gold.order(label_map.expresses)
        settings = structs.replace(settings, types=types)
    parts: list[Tables] = []
    missing: list[str] = []
    ids: list[int] = []
    cases: list[Case] = []
    for document, prediction in _pairs(stream, Path(predictions), label_map, settings.layer == "outermost"):
        if prediction is None:
            missing.append(document.id)
            prediction = Prediction(id=document.id, entities=())
        cases.append(case(document, prediction, settings))
        if len(cases) == CHUNK:
            parts.append(count_spans_of(cases, labels_of_gold, settings.min_overlap))
            ids += hashes([c.document.id for c in cases]).tolist()
            cases = []
            if progress is not None:
                progress(len(ids))
    parts.append(count_spans_of(cases, labels_of_gold, settings.min_overlap))
    ids += hashes([c.document.id for c in cases]).tolist()
    return Report(
        system=system or Path(predictions).name.removesuffix(".gz").removesuffix(".jsonl"),
        gold=GoldFacts(stream.name, None, stream.fingerprint, labels_of_gold),
        settings=settings,
        tables=merge(parts),
        documents=np.array(ids, np.uint64),
        missing=tuple(missing),
        labels=f"{label_map.name}#{label_map.sha256[:12]}",
        reading={"format": "native"},
    )


def _label_map(given: str | Path | LabelMap | None, gold: LabelSet) -> LabelMap:
    if given is None:
        return identity(gold)
    return given if isinstance(given, LabelMap) else load_map(given)


def _pairs(
    gold: GoldStream, path: Path, label_map: LabelMap, flat: bool
) -> Iterator[tuple[Document, Prediction | None]]:
    """Each gold document with its prediction."""
    seen = _Seen()
    predictions = stream_predictions(path, label_map)
    following = next(predictions, None)
    for line, document in gold:
        seen.add(document.id, gold.path, line)
        if following is None or following[1].id != document.id:
            yield document, None
            continue
        at, prediction = following
        try:
            check_prediction(prediction, document, flat=flat)
        except ValueError as error:
            raise InputError(str(error), path=path, line=at) from None
        yield document, prediction
        following = next(predictions, None)
    if following is not None:
        at, prediction = following
        raise InputError(
            f"document id {prediction.id!r} is not in the gold, or not in its order, which streaming needs",
            path=path,
            line=at,
        )
