"""Systems put together: the first one's spans, and of each further one the types that those before it have none of.

The labels are the gold's own, read through the label map of each part. A span of a later part that overlaps one of an
earlier part is left out: the earlier part has looked at that place.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tyez_bench.io.label_maps import OWN, LabelMap, load_map
from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import advice
from tyez_bench.model.spans import Span
from tyez_bench.systems.system import Passage, System, span_record


def combine(name: str, parts: Sequence[tuple[str | None, System]]) -> System:
    """One system of several, each with the name of its label map.

    Raises UsageError for a part whose labels are not known beforehand, that answers in words, that is given other
    passages than the first, or that adds no type.
    """
    taken: set[str] = set()
    readings: list[tuple[LabelMap, frozenset[str]]] = []
    for labels, part in parts:
        called = part.name or "a part"
        if part.format != "native":
            raise UsageError(f"{name}: {called} gives no spans, and only systems that give spans can be combined")
        if labels is None:
            raise UsageError(
                f"{name}: the labels of {called} are not known beforehand"
                + advice("{labels} names its label map", labels="NAME")
            )
        if part.by != parts[0][1].by:
            raise UsageError(
                f"{name}: only systems with the same passages can be combined"
                + advice("{by} gives them", by="document|sentence")
            )
        found = load_map(labels)
        adds = frozenset(found.expresses) - taken
        if not adds:
            raise UsageError(f"{name}: a part adds no type to those before it ({', '.join(sorted(taken))})")
        taken |= adds
        readings.append((found, adds))
    systems = [part for _, part in parts]

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        answers = [system.predict(given) for system in systems]
        for passage, *records in zip(given, *answers, strict=True):
            spans: list[Span] = []
            for record, (label_map, adds) in zip(records, readings, strict=True):
                spans += [
                    span for span in _read(record, label_map, adds) if not any(_overlap(span, old) for old in spans)
                ]
            yield span_record(passage, spans)

    settings = {"parts": [dict(system.settings) for system in systems]} if any(s.settings for s in systems) else {}
    called = "+".join(system.name or "" for system in systems) if all(system.name for system in systems) else name
    return System(predict=predict, by=systems[0].by, labels=OWN, name=called, settings=settings)


def _read(record: Mapping[str, Any], label_map: LabelMap, adds: frozenset[str]) -> Iterator[Span]:
    for entity in record["entities"]:
        label = label_map.labels.get(entity["type"])
        if label is not None and label in adds:
            yield Span(entity["start"], entity["end"], label, entity.get("text"))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
