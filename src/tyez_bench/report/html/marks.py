"""The marks of a document: its gold spans, and each system's predictions with what became of them."""

import string
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from msgspec import Struct, structs

from tyez_bench.files.toml import tables
from tyez_bench.model.display import classes_of
from tyez_bench.model.documents import Document, Entity, PredictedEntity
from tyez_bench.model.errors import UsageError
from tyez_bench.model.spans import order_key
from tyez_bench.model.values import Money, Timex
from tyez_bench.scoring.comparison import check_comparable
from tyez_bench.scoring.counting import Case
from tyez_bench.scoring.diagnosis import KINDS, DiagnosedError, Diagnosis
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.spans import TypedSpan

RIGHT = "right"
NOT_COUNTED = "not counted"
MISSED = "missed"


class OutcomeSign(NamedTuple):
    """A sign for narrow marks, a word for wide ones, and what it means."""

    sign: str
    word: str
    meaning: str


OUTCOMES = {name: OutcomeSign(*signs) for name, signs in tables("tyez_bench.report", "texts.toml")["outcomes"].items()}
# Every kind of error of the diagnosis has its sign.
ERRORS = tuple(kind for kind in OUTCOMES if kind in KINDS)


def slug(outcome: str) -> str:
    """An outcome as a name for classes and attributes."""
    return outcome.replace(" ", "-")


# Each system has a letter, which stands in every mark of it: there are no more systems than letters.
LETTERS = string.ascii_uppercase
GOLD = 0


@dataclass(frozen=True)
class Result:
    """A system's report, the cases that it was counted on, and the diagnosis of its errors."""

    report: Report
    cases: Sequence[Case]
    diagnosis: Diagnosis


def check_number(systems: int) -> None:
    """Raise UsageError for more systems than letters, and for none."""
    if not 1 <= systems <= len(LETTERS):
        limit = f"a report shows 1 to {len(LETTERS)} systems, because each has a letter in its marks; got {systems}"
        raise UsageError(f"{limit}{'; compare takes any number' if systems else ''}")


def check_shown(results: Sequence[Result]) -> None:
    """Raise UsageError for more systems than can be told apart, and for systems not scored alike and by position."""
    reports = [result.report for result in results]
    check_number(len(reports))
    if any(report.settings.matching != "position" for report in reports):
        raise UsageError("a report marks positions in the text, which matching by set and multiset ignores")
    check_comparable(reports)


class Fact(Struct, frozen=True):
    """One thing that is known of a mark; ``text`` says that the value is a piece of a text."""

    name: str
    value: str
    text: bool = False


class Mark(Struct, frozen=True, kw_only=True):
    """A span to draw: its place, the lane (0 the gold, then the systems), and what is known of it.

    ``outcomes`` are pairs of a system's letter and what became of the span there: one for a prediction, one for each
    system for a gold span. ``errors`` are the ids of the errors that it belongs to. A ``gap`` is no span of its own but
    stands in a system's lane where that system missed one. A mention without a place has ``start`` = ``end``. ``id`` is
    unique in the page, ``colour`` the class that its type has there.
    """

    start: int
    end: int
    type: str
    lane: int
    text: str
    outcomes: tuple[tuple[str, str], ...]
    errors: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    required: bool = True
    gap: bool = False
    id: str = ""
    colour: str = ""

    @property
    def counted(self) -> bool:
        """Whether it is right or wrong for any system."""
        return any(outcome != NOT_COUNTED for _, outcome in self.outcomes)


Key = tuple[int, int, str]
Numbered = tuple[str, DiagnosedError]
Within = Callable[[int, int], bool]


class _Side(Struct, frozen=True):
    """A system's errors in a document, by the spans that they take, with their ids."""

    letter: str
    case: Case
    types: tuple[str, ...]
    gold: dict[Key, Numbered]
    predicted: dict[Key, Numbered]
    right: frozenset[Key]
    unlocated: tuple[str, ...]


def marks_of(
    results: Sequence[Result], shown: Mapping[int, Sequence[tuple[int, int]] | None]
) -> Iterator[tuple[int, list[Mark]]]:
    """The marks of documents, by lane and place, with the document's number: of the stretches shown, None for all."""
    colours = colours_of(results)
    errors = [_by_document(letter, result) for letter, result in zip(LETTERS, results, strict=False)]
    for number, stretches in shown.items():
        document = results[0].cases[number].document
        sides = [
            _side(letter, result, result.cases[number], of_system.get(document.id, []))
            for letter, result, of_system in zip(LETTERS, results, errors, strict=False)
        ]
        surfaces = {entity.id: entity.text for entity in document.entities}
        within = _within(stretches)
        found = [
            _gold(entity, document, surfaces, sides) for entity in document.entities if within(entity.start, entity.end)
        ]
        for lane, side in enumerate(sides, 1):
            found += [*_predictions(side, lane, within), *_nowhere(side, lane, within), *_gaps(side, lane, within)]
        found.sort(key=lambda mark: (mark.lane, order_key(mark)))
        yield (
            number,
            [
                structs.replace(mark, id=f"m{number + 1}-{n}", colour=colours[mark.type])
                for n, mark in enumerate(found, 1)
            ],
        )


def _within(stretches: Sequence[tuple[int, int]] | None) -> Within:
    """Tell whether a span has a character in one of the stretches, or, being nowhere, begins in one."""
    if stretches is None:
        return lambda start, end: True
    ends = [end for _, end in stretches]

    def within(start: int, end: int) -> bool:
        # The first stretch that ends behind the beginning of the span.
        at = bisect_right(ends, start)
        return at < len(stretches) and stretches[at][0] < max(end, start + 1)

    return within


def colours_of(results: Sequence[Result]) -> dict[str, str]:
    """The class that colours each label of the gold and of the predictions."""
    labels = results[0].report.gold.labels
    more = {type_ for result in results for type_ in result.report.tables.types}
    return classes_of(labels.with_more(more).names, labels)


def _by_document(letter: str, result: Result) -> dict[str, list[Numbered]]:
    found: dict[str, list[Numbered]] = {}
    for number, error in enumerate(result.diagnosis.errors, 1):
        found.setdefault(error.document, []).append((f"{letter}{number}", error))
    return found


def _side(letter: str, result: Result, case: Case, errors: Sequence[Numbered]) -> _Side:
    return _Side(
        letter,
        case,
        result.report.types,
        {_key(span): numbered for numbered in errors for span in numbered[1].gold},
        {_key(span): numbered for numbered in errors for span in numbered[1].predicted},
        frozenset(_key(entity) for entity in case.gold),
        tuple(id_ for id_, error in errors for span in error.predicted if span.start == span.end),
    )


def _key(span: TypedSpan | Entity | PredictedEntity) -> Key:
    return span.start, span.end, str(span.type)


def _gold(entity: Entity, document: Document, surfaces: Mapping[str, str], sides: Sequence[_Side]) -> Mark:
    key = _key(entity)
    outcomes, errors, told = [], [], []
    for side in sides:
        numbered = side.gold.get(key)
        if numbered is not None:
            outcome = numbered[1].kind
            errors.append(numbered[0])
            more = _spans(numbered[1].predicted, document.text)
            told.append(Fact(side.letter, f"{outcome}: {more}" if more else outcome, text=bool(more)))
        else:
            outcome = RIGHT if key in side.right else NOT_COUNTED
            told.append(Fact(side.letter, outcome if outcome == RIGHT else _why_not(entity, side)))
        outcomes.append((side.letter, outcome))
    return Mark(
        start=entity.start,
        end=entity.end,
        type=str(entity.type),
        lane=GOLD,
        text=entity.text,
        outcomes=tuple(outcomes),
        errors=tuple(errors),
        facts=(*_known(entity, document, surfaces), *told),
        required=entity.required,
    )


def _why_not(entity: Entity, side: _Side) -> str:
    if str(entity.type) not in side.types:
        return f"{NOT_COUNTED}: its labels can't express {entity.type}"
    return f"{NOT_COUNTED}: {'of another layer' if entity.required else 'optional'}"


def _known(entity: Entity, document: Document, surfaces: Mapping[str, str]) -> Iterator[Fact]:
    """What the gold says of an entity."""
    yield Fact("characters", f"{entity.start}–{entity.end}")
    yield Fact("status", str(entity.status))
    if entity.parent is not None:
        yield Fact("nested in", surfaces[entity.parent], text=True)
    for name in ("rule", "role", "code"):
        if (value := getattr(entity, name)) is not None:
            yield Fact(name, str(value))
    if entity.value is not None:
        yield Fact("value", value_words(entity.value))
    if entity.alternatives:
        texts = "; ".join(document.text[start:end] for start, end in entity.alternatives)
        yield Fact("also accepted", texts, text=True)


def _predictions(side: _Side, lane: int, within: Within) -> Iterator[Mark]:
    text = side.case.document.text
    for entity in side.case.predicted:
        if not within(entity.start, entity.end):
            continue
        numbered = side.predicted.get(_key(entity))
        outcome = numbered[1].kind if numbered else RIGHT if _key(entity) in side.right else NOT_COUNTED
        facts = [Fact("characters", f"{entity.start}–{entity.end}"), Fact("outcome", outcome)]
        if numbered and numbered[1].gold:
            facts.append(Fact("the gold has", _spans(numbered[1].gold, text), text=True))
        if numbered and numbered[1].rules:
            facts.append(Fact("rule", ", ".join(dict.fromkeys(numbered[1].rules))))
        if entity.value is not None:
            facts.append(Fact("value", value_words(entity.value)))
        errors = (numbered[0],) if numbered else ()
        yield _of(side, lane, _key(entity), outcome, errors=errors, facts=tuple(facts))


def _nowhere(side: _Side, lane: int, within: Within) -> Iterator[Mark]:
    for mention, id_ in zip(side.case.unlocated, side.unlocated, strict=True):
        if within(mention.start, mention.start):
            key = mention.start, mention.start, str(mention.type)
            facts = (Fact("outcome", "spurious: not in the text"),)
            yield _of(side, lane, key, "spurious", text=mention.text, errors=(id_,), facts=facts)


def _gaps(side: _Side, lane: int, within: Within) -> Iterator[Mark]:
    for key, (id_, error) in side.gold.items():
        if error.kind == MISSED and within(key[0], key[1]):
            yield _of(side, lane, key, MISSED, errors=(id_,), gap=True)


def _of(side: _Side, lane: int, key: Key, outcome: str, text: str | None = None, **more: Any) -> Mark:
    """A mark in the lane of a system; its text is that of its place unless another is given."""
    start, end, type_ = key
    shown = side.case.document.text[start:end] if text is None else text
    outcomes = ((side.letter, outcome),)
    return Mark(start=start, end=end, type=type_, lane=lane, text=shown, outcomes=outcomes, **more)


def _spans(spans: Sequence[TypedSpan], text: str) -> str:
    return "; ".join(f"{span.type} {text[span.start : span.end]}" for span in spans)


def value_words(value: Money | Timex) -> str:
    """A value in one line, as ``12.5–15 CNY, APPROX`` or ``DATE 2022-08-09``."""
    single = value.amount if isinstance(value, Money) else value.value
    bounds = f"{value.lower}–{value.upper}" if single is None else single
    words = f"{bounds} {value.currency}" if isinstance(value, Money) else f"{value.type} {bounds}"
    return words if value.modifier is None else f"{words}, {value.modifier}"
