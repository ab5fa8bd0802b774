"""Passages cut into parts (windows, sentences) for a model that is given several at a time; and put together."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from tyez_bench.errors import InputError, first_line
from tyez_bench.formats.record import RawSpan
from tyez_bench.systems.batches import batches
from tyez_bench.systems.system import Passage, Predict, span_record
from tyez_bench.systems.windows import sentence_places

Whole = TypeVar("Whole")
Part = TypeVar("Part")
# A passage with its spans so far.
_Answer = tuple[Passage, list[RawSpan]]


def in_batches(
    given: Iterable[Passage],
    cut: Callable[[Passage], tuple[Whole, Sequence[Part]]],
    run: Callable[[list[tuple[Whole, Part]]], None],
    size: int,
) -> Iterator[Whole]:
    """What ``cut`` made of each passage, after ``run`` has seen all of its parts, ``size`` parts at a time.

    Raises InputError that names the passages of the batch for whatever goes wrong in ``run``.
    """
    waiting: deque[list[Any]] = deque()

    def to_do() -> Iterator[tuple[list[Any], Part, Passage]]:
        for passage in given:
            whole, parts = cut(passage)
            job = [whole, len(parts)]
            waiting.append(job)
            yield from ((job, part, passage) for part in parts)

    for batch in batches(to_do(), size):
        try:
            run([(job[0], part) for job, part, _ in batch])
        except InputError:
            raise
        except Exception as error:
            which = " to ".join(dict.fromkeys(repr(passage.id) for _, _, passage in (batch[0], batch[-1])))
            raise InputError(f"{which}: the model failed: {type(error).__name__}: {first_line(error)}") from error
        for job, _, _ in batch:
            job[1] -= 1
        while waiting and not waiting[0][1]:
            yield waiting.popleft()[0]
    yield from (whole for whole, _ in waiting)


def by_sentences(tag: Callable[[list[str]], list[list[RawSpan]]], size: int) -> Predict:
    """A tagger of sentences as the function that the runner calls; it is given up to ``size`` of them at a time.

    Sentences end at line breaks, too, and are given without the white space around them.
    """

    def cut(passage: Passage) -> tuple[_Answer, list[tuple[int, str]]]:
        places = [(start, passage.text[start:end]) for start, end in sentence_places(passage.text)]
        parts = [(start + len(one) - len(one.lstrip()), one.strip()) for start, one in places]
        return (passage, []), [(start, sentence) for start, sentence in parts if sentence]

    def run(batch: list[tuple[_Answer, tuple[int, str]]]) -> None:
        found = tag([sentence for _, (_, sentence) in batch])
        for ((_, spans), (start, _)), more in zip(batch, found, strict=True):
            spans += [span._replace(start=span.start + start, end=span.end + start) for span in more]

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for passage, spans in in_batches(given, cut, run, size):
            yield span_record(passage, spans)

    return predict
