"""The blind reading of the stress suite: the labels of second readers, who had seen nothing of it.

annotations/stress/sample.jsonl holds the texts as they were drawn, with the labels of their templates, under numbers
that tell nothing; `title` has the id of the text in the suite. t001 and on are of the first drawing, 300 cases; u001
and on of the second, a case of each template that had none in the first, as far as they were read. reading.txt holds
the readers' labels, in the notation of the passes; decisions.jsonl what came of each difference; remarks.jsonl what
the readers said of texts that no paper would print so, and whether the template was corrected or why not. All four stay
as they were: the suite was corrected afterwards.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from generated.maker import ANNOTATIONS
from tyez_bench.files.jsonl import read_records
from tyez_bench.gold.build.notation import read_pass
from tyez_bench.gold.gold import Gold, load
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import AnnotationError
from tyez_bench.report.table import Table, render, table
from tyez_bench.report.tables.gold import agreement_tables
from tyez_bench.scoring.agreement import Agreement, agreement, alpha, character_labels
from tyez_bench.stress.suite import CAPABILITIES

FOLDER = ANNOTATIONS / "stress"
SAMPLE, READING, DECISIONS, REMARKS = (
    FOLDER / name for name in ("sample.jsonl", "reading.txt", "decisions.jsonl", "remarks.jsonl")
)
DRAWINGS = {"t": "first", "u": "second"}

Spans = frozenset[tuple[int, int, str, str, str]]
Verdict = Literal["template", "reader", "dropped", "guidelines"]
Entry = TypeVar("Entry", bound=Struct)


class Decision(Struct, frozen=True, forbid_unknown_fields=True):
    """What came of a text that the reader labelled otherwise than its template.

    ``verdict``: the template was right, the reader was (the template was corrected), the text was dropped, or the
    guidelines left it open (they were made clear; ``mended`` says whether the template changed).
    """

    id: str
    text_id: str
    constructed: list[str]
    read: list[str]
    verdict: Verdict
    mended: bool
    rule: str
    reason: str


class Remark(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a reader said of the wording of a text; ``reason`` says why a template was left as it was."""

    id: str
    text_id: str
    remark: str
    mended: bool
    reason: str | None = None


def read() -> tuple[Gold, Gold]:
    """The sample with the labels of its templates, and with those of the reader."""
    sample = load(SAMPLE)
    bare = tuple(msgspec.structs.replace(text, entities=()) for text in sample)
    return sample, Gold("reading", None, "", read_pass(READING, bare))


def template_of(text: Document) -> tuple[str, str]:
    """Capability and template of a text of the sample."""
    capability, _, name = (text.title or "").partition("/")
    return capability, name.partition(".")[0]


def spans(text: Document) -> Spans:
    """What is compared: boundaries, type, status and value of the outermost layer, and of the nested one no value."""
    return frozenset(
        (e.start, e.end, e.type, e.status.value, str(e.value) if e.outermost else "") for e in text.entities
    )


def differences(sample: Gold, reading: Gold) -> Iterator[tuple[Document, list[str], list[str]]]:
    """Each text that the two label otherwise, with what one of them alone has."""
    for text in sample:
        one, other = spans(text), spans(reading[text.id])
        if one != other:
            yield text, _shown(text, one - other), _shown(reading[text.id], other - one)


def _shown(text: Document, found: Spans) -> list[str]:
    return [_words(entity) for entity in text.entities if not found.isdisjoint(spans_of(entity))]


def spans_of(entity: Entity) -> Spans:
    """An entity as :func:`spans` compares it."""
    value = str(entity.value) if entity.outermost else ""
    return frozenset([(entity.start, entity.end, entity.type, entity.status.value, value)])


def _words(entity: Entity) -> str:
    value = "" if entity.value is None else f" {entity.value}"
    nested = "" if entity.outermost else " nested"
    return f"{entity.type}{'' if entity.required else '?'} {entity.text} {entity.start}-{entity.end}{nested}{value}"


def log_of(path: Path, what: type[Entry]) -> list[Entry]:
    """The log of decisions or of remarks. Raises AnnotationError with the line."""
    found = []
    for line, record in read_records(path):
        try:
            found.append(msgspec.convert(record, what))
        except msgspec.ValidationError as error:
            raise AnnotationError(str(error), path=path, line=line) from None
    return found


def text() -> str:
    """The agreement, and what was decided, as a text."""
    return render(tables(*read(), *logs()))


def logs() -> tuple[list[Decision], list[Remark]]:
    """Both logs. Raises AnnotationError."""
    return log_of(DECISIONS, Decision), log_of(REMARKS, Remark)


def tables(sample: Gold, reading: Gold, log: list[Decision], remarks: list[Remark]) -> list[Table]:
    """Agreement; how many texts agree in all, by capability and drawing; what came of the others, and of remarks."""
    result: Agreement = agreement(sample, reading)
    differing = {text.id for text, _, _ in differences(sample, reading)}
    outer = {text.id for text in sample if _outermost(text) != _outermost(reading[text.id])}

    def row(name: str, own: set[str]) -> tuple[str, ...]:
        return name, str(len(own)), str(len(own - outer)), str(len(own - differing))

    rows = [row(name, {text.id for text in sample if template_of(text)[0] == name}) for name in CAPABILITIES]
    rows += [
        row(f"{name} drawing", {text.id for text in sample if text.id[0] == letter})
        for letter, name in DRAWINGS.items()
    ]
    rows.append(row("all", {text.id for text in sample}))
    verdicts = Counter(decision.verdict for decision in log)
    mended = Counter(remark.mended for remark in remarks)
    return [
        *agreement_tables(result, alpha([character_labels(found) for found in (sample, reading)])),
        table(
            "texts",
            ("capability", "texts", "same spans", "same in all"),
            rows,
            [
                "same spans: boundaries, types and status of the outermost layer; in all: nested ones and values, too",
            ],
        ),
        table(
            "what was decided", ("verdict", "texts"), [(name, str(number)) for name, number in sorted(verdicts.items())]
        ),
        table(
            "remarks on the wording",
            ("what came of it", "texts"),
            [("corrected", str(mended[True])), ("left as it was", str(mended[False]))],
        ),
    ]


def same_spans(sample: Gold, reading: Gold) -> int:
    """How many texts have the same boundaries, types and status on the outermost layer."""
    return sum(_outermost(text) == _outermost(reading[text.id]) for text in sample)


def _outermost(text: Document) -> frozenset[tuple[int, int, str, str]]:
    return frozenset((e.start, e.end, e.type, e.status.value) for e in text.outermost())


def problems() -> Iterator[str]:
    """What is not in order in the logs."""
    yield from problems_of(*read(), *logs())


def problems_of(sample: Gold, reading: Gold, log: list[Decision], remarks: list[Remark]) -> Iterator[str]:
    """What is undecided, decided of an unknown difference, or remarked on no text or without an answer."""
    decided = {decision.id: decision for decision in log}
    open_ = {text.id: (one, other) for text, one, other in differences(sample, reading)}
    yield from (f"{id_}: the difference is not decided" for id_ in open_ if id_ not in decided)
    for id_, decision in decided.items():
        if id_ not in open_ or open_[id_] != (decision.constructed, decision.read):
            yield f"{id_}: the decision is on another difference than there is"
    for remark in remarks:
        if remark.id not in sample or sample[remark.id].title != remark.text_id:
            yield f"{remark.id}: the remark is on a text that is not in the sample"
        if remark.mended == (remark.reason is not None):
            yield f"{remark.id}: a remark has a reason where nothing was mended, and there alone"
