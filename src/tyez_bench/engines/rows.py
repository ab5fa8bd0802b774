"""The rows of a joined batch as spans and documents, with the labels of the gold; what is wrong names the id."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from tyez_bench.gold.gold import first_misfit, value_misfit
from tyez_bench.io.formats.native import check_prediction
from tyez_bench.io.label_maps import LabelMap
from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction, Unlocated
from tyez_bench.model.labels import LabelSet
from tyez_bench.scoring.counting import Case, case
from tyez_bench.scoring.settings import Settings
from tyez_bench.scoring.spans import LIMIT, Ints, SpanColumns, Spans

_documents, _predictions = msgspec.json.Decoder(Document), msgspec.json.Decoder(Prediction)


class Rules(Struct, frozen=True):
    """What counts, and what labels mean.

    ``labels`` are those of the gold, None where any may occur; ``label_map`` leads from the predictions' labels to
    them, None where they are the same.
    """

    settings: Settings
    labels: LabelSet | None = None
    label_map: LabelMap | None = None


class RefusedError(Exception):
    """What is wrong with the row of an id."""

    def __init__(self, id_: str, reason: str):
        super().__init__(reason)
        self.id = id_


def case_of(row: dict[str, Any], rules: Rules, found: Counter[tuple[Any, ...]]) -> Case:
    """A row as a document with its predictions."""
    document, prediction = _document(row), _prediction(row, rules, found)
    _check_gold(document, rules)
    for entity in document.entities:
        found["labels", "", entity.type, 0, 0, 0] += 1
    _check_prediction(document, prediction, rules)
    for named in (prediction.entities, prediction.unlocated):
        for one in named:
            found["predicted labels", "", one.type, 0, 0, 0] += 1
    return case(document, prediction, rules.settings)


def labels_of(one: Case) -> Iterator[str]:
    """The labels of all that is on either side."""
    for entities in (one.gold, one.optional, one.others, one.predicted, one.unlocated):
        yield from (entity.type for entity in entities)


def _document(row: dict[str, Any]) -> Document:
    if row["record"] is not None:
        return _documents.decode(row["record"])
    id_, text = row["id"], row["text"]
    if text is None:
        raise RefusedError(id_, f"document {id_!r} has no text, which its predictions need")
    spans = zip(row["starts"], row["ends"], row["types"], strict=True)
    entities = tuple(Entity(id=f"{id_}:{s}-{e}", start=s, end=e, text=text[s:e], type=t) for s, e, t in spans)
    return Document(id=id_, text=text, entities=entities)


def _prediction(row: dict[str, Any], rules: Rules, found: Counter[tuple[Any, ...]]) -> Prediction:
    if row["predicted_record"] is not None:
        given = _predictions.decode(row["predicted_record"])
    else:
        texts = row["predicted_texts"] or [None] * len(row["predicted_starts"] or [])
        spans = zip(
            row["predicted_starts"] or [], row["predicted_ends"] or [], row["predicted_types"] or [], texts, strict=True
        )
        given = Prediction(
            id=row["id"], entities=tuple(PredictedEntity(start=s, end=e, type=t, text=x) for s, e, t, x in spans)
        )
    entities, unlocated = [], []
    for entity in given.entities:
        type_ = _target(entity.type, rules, row["id"])
        if type_ is None:
            found["out of scope", "", entity.type, 0, 0, 0] += 1
        else:
            entities.append(msgspec.structs.replace(entity, type=type_))
    for one in given.unlocated:
        type_ = _target(one.type, rules, row["id"])
        if type_ is None:
            found["out of scope", "", one.type, 0, 0, 0] += 1
        else:
            unlocated.append(Unlocated(text=one.text, type=type_, start=one.start))
    return Prediction(id=row["id"], entities=tuple(entities), unlocated=tuple(unlocated))


def _target(label: str, rules: Rules, id_: str) -> str | None:
    """What a label of the predictions is in the gold; None out of scope."""
    if not label:
        raise RefusedError(id_, f"{id_}: a label is empty, expected a name")
    if rules.label_map is None:
        if rules.labels is not None and label not in rules.labels:
            known = ", ".join(rules.labels.names)
            raise RefusedError(id_, f"{id_}: unknown label {label!r}, expected {known} (label set {rules.labels.name})")
        return label
    try:
        return rules.label_map.target(label)
    except KeyError:
        known = ", ".join(rules.label_map.labels)
        raise RefusedError(
            id_, f"{id_}: unknown label {label!r}, expected {known} (label map {rules.label_map.name})"
        ) from None


def _check_gold(document: Document, rules: Rules) -> None:
    wrong = None if rules.labels is None else first_misfit(document, rules.labels)
    if wrong is not None:
        raise RefusedError(document.id, f"{document.id}: {wrong}")


def _check_prediction(document: Document, prediction: Prediction, rules: Rules) -> None:
    try:
        check_prediction(prediction, document, flat=rules.settings.layer == "outermost")
        for one in prediction.entities:
            strange = None if rules.labels is None else value_misfit(one.type, one.value, rules.labels)
            if strange is not None:
                raise ValueError(f"{document.id}: {strange}")
    except ValueError as error:
        raise RefusedError(document.id, str(error)) from None


class PlainRows:
    """The spans of plain rows, whose columns are read without a look at each of them."""

    def __init__(self, rows: pa.Table, rules: Rules, found: Counter[tuple[Any, ...]]):
        self.rows, self.rules, self.number = rows, rules, len(rows)
        gold = self._columns("")
        predicted = self._columns("predicted_")
        self._check(*predicted)
        gold = self._gold_labels(gold, found)
        predicted = self._predicted_labels(predicted, found)
        of_gold, of_predicted = self._counted(*gold), self._counted(*predicted)
        self.types = {*of_gold.types, *of_predicted.types}
        nothing = SpanColumns([0] * self.number, [], [], [])
        self.spans = Spans(of_gold, of_predicted, nothing, nothing, ids=rows["id"].to_pylist())

    def _columns(self, prefix: str) -> tuple[Ints, Ints, Ints, pa.Array]:
        """The row of each span, its start, its end and its type."""
        lists = [_one(self.rows[f"{prefix}{name}"]) for name in ("starts", "ends", "types")]
        lengths = pc.fill_null(pc.list_value_length(lists[0]), 0).to_numpy(zero_copy_only=False)
        start, end = (one.flatten().to_numpy(zero_copy_only=False).astype(np.int64) for one in lists[:2])
        return np.repeat(np.arange(self.number), lengths), start, end, lists[2].flatten()

    def _check(self, row: Ints, start: Ints, end: Ints, type_: pa.Array) -> None:
        """Raise RefusedError for predictions that don't fit their text, or one another."""
        texts = _one(self.rows["text"])
        size = pc.fill_null(pc.utf8_length(texts).cast(pa.int64()), LIMIT).to_numpy(zero_copy_only=False)
        odd = set(row[end > size[row]].tolist())
        order = np.lexsort((-end, start, row))
        row, start, end = row[order], start[order], end[order]
        odd |= set(row[1:][(row[1:] == row[:-1]) & (start[1:] < end[:-1])].tolist())
        surfaces = _one(self.rows["predicted_texts"])
        with_texts = np.flatnonzero(surfaces.is_valid().to_numpy(zero_copy_only=False))
        if len(with_texts):
            chosen = self.rows.select(["text", "predicted_starts", "predicted_ends", "predicted_texts"])
            for number, one in zip(with_texts.tolist(), chosen.take(pa.array(with_texts)).to_pylist(), strict=True):
                text, spans = (
                    one["text"],
                    zip(one["predicted_starts"], one["predicted_ends"], one["predicted_texts"], strict=True),
                )
                if text is not None and any(said is not None and said != text[s:e] for s, e, said in spans):
                    odd.add(number)
        for number in sorted(odd):
            one = self.rows.slice(number, 1).to_pylist()[0]
            if one["text"] is None:
                # Whether they overlap can be told without the text.
                one["text"] = "\0" * max([*one["ends"], *one["predicted_ends"]])
                one["predicted_texts"] = None
            _check_prediction(_document(one), _prediction(one, self.rules, Counter()), self.rules)

    def _gold_labels(
        self, side: tuple[Ints, Ints, Ints, pa.Array], found: Counter[tuple[Any, ...]]
    ) -> tuple[Ints, Ints, Ints, pa.Array]:
        for label, number in _tally(side[3]):
            found["labels", "", label, 0, 0, 0] += number
            if self.rules.labels is not None and label not in self.rules.labels:
                at = pc.index(side[3], label).as_py()
                _check_gold(_document(self.rows.slice(int(side[0][at]), 1).to_pylist()[0]), self.rules)
        return side

    def _predicted_labels(
        self, side: tuple[Ints, Ints, Ints, pa.Array], found: Counter[tuple[Any, ...]]
    ) -> tuple[Ints, Ints, Ints, pa.Array]:
        """The predictions with the gold's labels, less those that are out of scope."""
        row, start, end, type_ = side
        targets: dict[str, str | None] = {}
        for label, number in _tally(type_):
            at = int(row[pc.index(type_, label).as_py()])
            target = targets[label] = _target(label, self.rules, self.rows["id"][at].as_py())
            table, name = ("out of scope", label) if target is None else ("predicted labels", target)
            found[table, "", name, 0, 0, 0] += number
        if all(label == target for label, target in targets.items()):
            return side
        names = pa.array(list(targets), pa.string())
        type_ = pa.array(list(targets.values()), pa.string()).take(pc.index_in(type_, names))
        kept = type_.is_valid()
        mask = kept.to_numpy(zero_copy_only=False)
        return row[mask], start[mask], end[mask], type_.filter(kept)

    def _counted(self, row: Ints, start: Ints, end: Ints, type_: pa.Array) -> SpanColumns:
        """The spans of the types that count."""
        types = self.rules.settings.types
        if types is not None and len(type_):
            kept = pc.is_in(type_, pa.array(types, pa.string()))
            mask = kept.to_numpy(zero_copy_only=False)
            row, start, end, type_ = row[mask], start[mask], end[mask], type_.filter(kept)
        sizes = np.bincount(row, minlength=self.number) if self.number else np.zeros(0, np.int64)
        return SpanColumns(sizes.tolist(), start.tolist(), end.tolist(), type_.to_pylist())


def _one(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)


def _tally(labels: pa.Array) -> list[tuple[str, int]]:
    return [(one["values"], one["counts"]) for one in pc.value_counts(labels).to_pylist()]
