"""The texts of the gold as samples of an evaluation harness, and what each answer counts.

A harness asks, and keeps what was answered; the counts are the scorer's own. They add up: figures are made from the
sums over all samples, never as a mean of the samples' figures.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from tyez_bench.files.jsonl import encode
from tyez_bench.gold.gold import Gold, load
from tyez_bench.io.label_maps import OWN
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Document
from tyez_bench.scoring.schemes import MEASURES, Counts
from tyez_bench.scoring.score import score
from tyez_bench.systems.llm.endpoint import Completion, writable
from tyez_bench.systems.llm.options import Asking
from tyez_bench.systems.llm.prompts import Message, examples, messages
from tyez_bench.systems.llm.reading import REPAIRED, record
from tyez_bench.systems.system import Passage, passages

_HEADINGS = {"zh": ("原文是:", "回答是:"), "en": ("The text is:", "The answer is:")}


class Asked(Struct, frozen=True):
    """A sample: a passage of the gold, and the conversation that asks about it."""

    passage: Passage
    messages: list[Message]


def samples(asking: Asking, by: str) -> list[Asked]:
    """One sample a document or a sentence of the built-in gold. Raises UsageError."""
    gold = load()
    shots = {document.id: examples(gold, document.id, asking.shots, by) for document in gold}
    return [Asked(p, messages(asking, shots[p.document], p.text)) for p in passages(gold, by)]


def in_one(conversation: list[Message], language: str) -> str:
    """A conversation as one text that the answer goes on from, for models without turns."""
    text, answer = _HEADINGS[language]
    first, *turns = (message["content"] for message in conversation)
    pairs = zip(turns[::2], [*turns[1::2], ""], strict=True)
    return "\n\n".join([first, *(f"{text}\n{asked}\n{answer}\n{answered}" for asked, answered in pairs)])


def counted(id_: str, answer: str, by: str, finish: str | None = None) -> dict[str, int]:
    """What an answer counts, strictly and over all types: ``gold``, ``predicted``, ``right``; and ``failed``, 0 or 1.

    ``finish`` is the finish_reason of the endpoint, where it is known. A failed answer is one that names nothing
    because it could not be read, was cut off, refused or empty.
    """
    gold = _passages(by)
    found = record(Passage(id_, id_, gold[id_].text), Completion(content=writable(answer), finish=finish))
    predictions = read_source(Source("answer", encode(found)), gold, ReadOptions(labels=OWN), format="llm")
    strict = score(gold, predictions, documents=[id_]).counts()
    failed = found["problem"] not in (None, REPAIRED) and not found["names"]
    return {"gold": strict.gold, "predicted": strict.predicted, "right": int(strict.right), "failed": int(failed)}


def figures(counts: Iterable[Mapping[str, float]]) -> dict[str, float | None]:
    """Strict micro precision, recall and F1 of all samples together, and how many answers failed.

    Counts may be means over equally many answers to each sample; the shares are then those of all answers together.
    """
    total = dict.fromkeys(("gold", "predicted", "right", "failed"), 0.0)
    for one in counts:
        for name in total:
            total[name] += one[name]
    both = Counts(total["gold"], total["predicted"], total["right"])  # type: ignore[arg-type]  # means
    return {**{name: measure(both) for name, measure in MEASURES.items()}, "parse_failures": total["failed"]}


@cache
def _passages(by: str) -> Gold:
    """The gold with each passage as a document of its own. Entities cross no sentence, so that counts stay the same."""
    gold = load()
    return Gold(
        gold.name, gold.version, gold.fingerprint, tuple(_alone(gold[p.document], p) for p in passages(gold, by))
    )


def _alone(document: Document, passage: Passage) -> Document:
    start = next((s.start for s in document.sentences if s.id == passage.id), 0)
    end = start + len(passage.text)
    entities = tuple(
        replace(
            e,
            start=e.start - start,
            end=e.end - start,
            alternatives=tuple((a - start, b - start) for a, b in e.alternatives),
        )
        for e in document.entities
        if start <= e.start < end
    )
    return Document(id=passage.id, text=passage.text, entities=entities)
