"""The transformed sentences of the page, made once for all tests."""

from functools import cache

from tyez_bench.gold.gold import load
from tyez_bench.io.export.rows import units
from tyez_bench.model.documents import Document
from tyez_bench.stress.cases import StressCase
from tyez_bench.stress.suite import SEED, page_sentence, transformed

SEEDS = (SEED, 7)


@cache
def page_cases(seed: int = SEED) -> tuple[StressCase, ...]:
    """All cases of a seed."""
    return tuple(transformed(load(), seed))


def of(name: str, *, sentence: str | None = None, seed: int = SEED) -> list[StressCase]:
    """The cases of a transformation, or those that it makes of one sentence."""
    return [
        case for case in page_cases(seed) if case.capability == name and (sentence is None or case.template == sentence)
    ]


def texts_of(name: str, sentence: str) -> list[str]:
    """What a transformation makes of a sentence."""
    return [case.texts[1].text for case in of(name, sentence=sentence)]


@cache
def sentences() -> tuple[Document, ...]:
    """The sentences of the page in which a span must be found."""
    return tuple(page_sentence(unit) for document in load() for unit in units(document) if unit.flat(required=True))
