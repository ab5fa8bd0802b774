"""Level 2: offsets that make sense only in another unit than code points, detected over all texts of a file.

No span alone can say so. But where the offsets of a file count another unit, its spans begin and end anywhere as they
are read, and as names do in that unit.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.rules.edges import edge_cuts, punctuation
from tyez_bench.checks.texts import Text
from tyez_bench.io.align.texts import UNITS, WORDS, code_points_at, first_told
from tyez_bench.model.documents import Entity
from tyez_bench.model.hints import advice
from tyez_bench.zh.areas import areas
from tyez_bench.zh.find import find_dates, find_money

# How much must speak for the other unit, and how many times as much as against it.
_LEAST, _TIMES = 2, 3


@dataclass
class _Case:
    """What speaks for a unit in a file: spans that it moves, odd ones and known ones, as they are read and as moved.

    ``first`` is the first span that speaks for it, with what it is then.
    """

    unit: str
    moved: int = 0
    counts: Counter[tuple[str, bool]] = field(default_factory=Counter)
    first: tuple[Text, Entity, str] | None = None

    @property
    def weight(self) -> int:
        """How much more speaks for the unit than against it; 0 where that is not enough."""
        for_it = self.counts["odd", False] + self.counts["known", True]
        against = self.counts["odd", True] + self.counts["known", False]
        return for_it - against if for_it >= _LEAST and for_it > _TIMES * against else 0

    def add(self, text: Text, entity: Entity, there: tuple[int, int] | None, sure: Collection[str]) -> None:
        """Count a span that the unit moves, to nowhere where one of its edges is inside a character then.

        ``sure`` are the surfaces of the spans that it does not move.
        """
        whole = text.document.text
        surface = "" if there is None else whole[there[0] : there[1]]
        as_read = _is_odd(whole, entity.start, entity.end), _is_known(entity.text, sure)
        moved = there is None or _is_odd(whole, *there), _is_known(surface, sure)
        self.moved += 1
        for is_moved, (odd, name) in ((False, as_read), (True, moved)):
            self.counts["odd", is_moved] += odd
            self.counts["known", is_moved] += name
        if self.first is None and there is not None and (moved[1] or (as_read[0] and not moved[0])):
            self.first = text, entity, surface


def offsets_of_another_unit(texts: Sequence[Text]) -> Iterator[Finding]:
    """S115: one finding a file."""
    files: dict[str, list[Text]] = {}
    for text in texts:
        files.setdefault(text.set or text.path, []).append(text)
    for found in files.values():
        case = max((_case(unit, found) for unit in UNITS), key=lambda case: case.weight)
        if case.weight and case.first is not None:
            text, entity, surface = case.first
            counts = case.counts
            yield text.of(
                "S115",
                entity,
                f"the offsets of the file seem to count {case.unit}: {entity.type} {entity.text!r} is {surface!r} "
                f"then; of {case.moved} spans that this moves, {counts['odd', False]} have an odd edge and "
                f"{counts['known', False]} are known names as read, {counts['odd', True]} and {counts['known', True]} "
                "then" + (advice("{offsets} reads them so", offsets=WORDS[case.unit]) if text.unsaid else ""),
            )


def _case(unit: str, texts: Sequence[Text]) -> _Case:
    case = _Case(unit)
    moved: list[tuple[Text, list[Entity]]] = []
    sure: set[str] = set()
    for text in texts:
        first, entities = first_told(text.document.text, unit), text.document.entities
        behind = [] if first is None else [entity for entity in entities if entity.end > first]
        if behind:
            moved.append((text, behind))
        sure.update(entity.text for entity in entities if first is None or entity.end <= first)
    for text, behind in moved:
        at = code_points_at(text.document.text, unit)
        for entity in behind:
            inside = entity.start in at and entity.end in at
            case.add(text, entity, (at[entity.start], at[entity.end]) if inside else None, sure)
    return case


def _is_known(surface: str, sure: Collection[str]) -> bool:
    """Whether it is a name or an expression wherever it stands: an area, an amount, a date, or one of the ``sure``."""
    if len(surface) < 2:
        return False
    if surface in sure or surface in areas().codes:
        return True
    return any(found[:2] == (0, len(surface)) for find in (find_money, find_dates) for found in find(surface))


def _is_odd(whole: str, start: int, end: int) -> bool:
    """Whether a span begins or ends as hardly a name does: in a character, a word or a number, with space or a mark."""
    surface = whole[start:end]
    if surface != surface.strip() or punctuation(surface) is not None:
        return True
    return any(edge_cuts(whole, at) is not None for at in (start, end))


CHECKS = (Check(("S115",), offsets_of_another_unit),)
