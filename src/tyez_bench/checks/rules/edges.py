"""Level 2: where spans begin and end, one by one and over a file, and the characters of the text.

No span alone can say that offsets make sense only in another unit than code points. But where the offsets of a file
count another unit, its spans begin and end anywhere as they are read, and as names do in that unit.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tyez_bench.checks.rule import Check, Convention, Finding
from tyez_bench.checks.texts import VALUES, Set, Text
from tyez_bench.gold.derived import entity_id
from tyez_bench.io.align.texts import UNITS, WORDS, any_tells, code_points_at, first_told, spans_nowhere
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted
from tyez_bench.model.hints import advice
from tyez_bench.model.labels import Kind
from tyez_bench.zh.areas import areas
from tyez_bench.zh.find import is_amount, whole_date

PAIRS = dict(zip("（(《〈“‘「『【[〔", "）)》〉”’」』】]〕", strict=True))
_CLOSING = {closing: opening for opening, closing in PAIRS.items()}
_BRACKETS = frozenset((*PAIRS, *_CLOSING))
_ENCLOSED = "is enclosed in"
# Of so many names in such signs the set says whether it marks the signs, too, if more than this share has them.
_ENOUGH_ENCLOSED, _FEW_ENCLOSED = 4, 0.2
_MARKS = set("，。、；：！？,;:!?…—–-·.．~～/|｜*#=+<>")
_APOSTROPHE = re.compile("[A-Za-z0-9]’[A-Za-z]")
_SIGNS = re.compile(r"[-−+＋]?[0-9０-９]")
_NAME_ENDS_SO = re.compile(r"[A-Za-z][!.]$")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ſＡ-Ｚａ-ｚ]")
_LONGEST_WORD = 22
_DIGIT = re.compile(r"[0-9０-９]")
_HALF_WIDTH, _FULL_WIDTH = re.compile("[0-9]"), re.compile("[０-９]")
_THOUSANDS = re.compile(r"[0-9]{3}(?![0-9])")
_BEFORE_THOUSANDS = re.compile(r"(?<![A-Za-z0-9-])[0-9]{1,3}$")
_SENTENCE_END = re.compile(r"[。！？!?\n]")
_FULL_STOP = re.compile(r"[。\n]")
_NAMES = (Kind.PLACE, Kind.ORGANISATION, Kind.PERSON, *VALUES)
_ID = re.compile(r"(.*):([0-9]+)-([0-9]+)", re.DOTALL)
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb]"
)
_LOST = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
# How much must speak for another unit of offsets, and how many times as much as against it.
_LEAST, _TIMES = 2, 3


def whitespace_at_an_edge(texts: Set) -> Iterator[Finding]:
    """S106."""
    for text, entity in texts.whose(lambda surface: surface != surface.strip()):
        side = "begins" if entity.text[0].isspace() else "ends"
        yield text.of("S106", entity, f"{entity.type} {entity.text!r} {side} with white space")


def punctuation_at_an_edge(texts: Set) -> Iterator[Finding | Convention]:
    """S107. Whether titles are marked with the signs around them is for all texts to say."""
    enclosed: dict[str, list[tuple[Text, Entity, str]]] = {}
    bare: Counter[str] = Counter()
    reasons = {surface: punctuation(surface) for surface in texts.by_surface}
    for text in texts.texts:
        whole = text.document.text
        for entity in text.document.entities:
            reason = reasons[entity.text]
            if reason is not None and reason.startswith(_ENCLOSED):
                enclosed.setdefault(entity.text[0], []).append((text, entity, reason))
            elif reason is not None:
                yield text.of("S107", entity, f"{entity.type} {entity.text!r} {reason}")
            elif entity.start and whole[entity.end : entity.end + 1] == PAIRS.get(whole[entity.start - 1]):
                bare[whole[entity.start - 1]] += 1
    for sign, found in enclosed.items():
        both = f"{sign}…{PAIRS[sign]}"
        total = len(found) + bare[sign]
        if total >= _ENOUGH_ENCLOSED and len(found) > _FEW_ENCLOSED * total:
            number = counted(len(found), "entity", "entities")
            yield Convention("S107", f"{number} are marked with {both} around them, and {bare[sign]} without")
            continue
        for rank, (text, entity, reason) in enumerate(found):
            message = f"{entity.type} {entity.text!r} {reason}"
            yield text.finding(
                "S107", message, entity.start, entity.end, label=entity.type, cause=f"enclosed {both}", rank=rank
            )


def punctuation(surface: str) -> str | None:
    """What is wrong with the punctuation at the edges of a surface, in words; None where nothing is."""
    if surface.isalnum():
        # As most are; no mark is a letter or a digit.
        return None
    first, last = surface[0], surface[-1]
    if (first in _MARKS and not _SIGNS.match(surface)) or first in _CLOSING:
        return f"begins with {first!r}"
    if (last in _MARKS and not _NAME_ENDS_SO.search(surface)) or last in PAIRS:
        return f"ends with {last!r}"
    if _BRACKETS.isdisjoint(surface):
        return None
    waiting: list[tuple[str, int]] = []
    for at, character in enumerate(surface):
        if character == "’" and _APOSTROPHE.fullmatch(surface[max(0, at - 1) : at + 2]):
            continue
        if character in PAIRS:
            waiting.append((character, at))
        elif character in _CLOSING:
            if not waiting or waiting[-1][0] != _CLOSING[character]:
                return f"has {character!r} without {_CLOSING[character]!r}"
            _, opened = waiting.pop()
            if opened == 0 and at == len(surface) - 1:
                return f"{_ENCLOSED} {first!r} and {last!r}"
    return f"has {waiting[0][0]!r} without {PAIRS[waiting[0][0]]!r}" if waiting else None


def edge_inside_a_word(texts: Set) -> Iterator[Finding]:
    """S108."""
    for text, entity in texts.entities():
        what = cut(text.document.text, entity)
        if what is not None and not _is_cut_by_marks(text, entity):
            yield text.of("S108", entity, f"an edge of {entity.type} {entity.text!r} cuts {what}")


def cut(whole: str, entity: Entity) -> str | None:
    """What one of the edges of an entity cuts: a Latin word, a number in digits, a character."""
    return edge_cuts(whole, entity.start) or edge_cuts(whole, entity.end)


# A set has few pairs of characters at its edges, and each of them often.
@lru_cache(1 << 14)
def _may_be_inside(pair: str) -> bool:
    """Whether two characters side by side may be parts of one thing."""
    one, other = pair[0], pair[1]
    if (other >= "\u0300" and unicodedata.combining(other)) or other in "\u200d\ufe0f" or one == "\u200d":
        return True
    return all(_LATIN.match(part) or _DIGIT.match(part) or part in ".．," for part in pair)


def _is_cut_by_marks(text: Text, entity: Entity) -> bool:
    """Whether what it cuts is marked on the other side, too: several in a row, each by itself (dvd|evd, 27.30.37)."""
    whole = text.document.text
    others = [one for one in text.near(entity.start - 1, entity.end + 1) if one is not entity]
    starts, ends = {one.start for one in others}, {one.end for one in others}
    left = edge_cuts(whole, entity.start) is None or not ends.isdisjoint((entity.start, entity.start - 1))
    right = edge_cuts(whole, entity.end) is None or not starts.isdisjoint((entity.end, entity.end + 1))
    return left and right


def edge_cuts(text: str, at: int) -> str | None:
    """What an edge before the character at ``at`` cuts."""
    if not 0 < at < len(text) or not _may_be_inside(text[at - 1 : at + 1]):
        return None
    one, other = text[at - 1], text[at]
    if other >= "\u0300" and (unicodedata.combining(other) or other in "\u200d\ufe0f" or one == "\u200d"):
        return "a character from its combining mark"
    if _LATIN.match(one) and _LATIN.match(other):
        return None if _is_run_together(text, at) else "a word"
    if _DIGIT.match(one) and _DIGIT.match(other):
        return "a number"
    if one in ".．" and at > 1 and _DIGIT.match(text[at - 2]) and _DIGIT.match(other):
        return "a number"
    if one == "," and _THOUSANDS.match(text, at) and _BEFORE_THOUSANDS.search(text, max(0, at - 5), at - 1):
        return "a number"
    if other in ".．" and at + 1 < len(text) and _DIGIT.match(one) and _DIGIT.match(text[at + 1]):
        return "a number"
    return None


def _is_run_together(text: str, at: int) -> bool:
    """Whether so many letters stand around a place without a blank that words were written together: nothing is cut."""
    first, last = at, at
    while first > 0 and at - first < _LONGEST_WORD and _LATIN.match(text[first - 1]):
        first -= 1
    while last < len(text) and last - at < _LONGEST_WORD and _LATIN.match(text[last]):
        last += 1
    return last - first > _LONGEST_WORD


def sentence_inside(texts: Set) -> Iterator[Finding]:
    """S110."""
    for text, entity in texts.whose(_SENTENCE_END.search):
        # Titles and products may have an exclamation inside; names of people, places and bodies hardly do.
        ends = _SENTENCE_END if texts.kind(entity) in _NAMES else _FULL_STOP
        match = ends.search(entity.text, 1, len(entity.text) - 1)
        # Inside of quotation marks or brackets a name may hold anything.
        if match and not any(opening in entity.text[: match.start()] for opening in PAIRS):
            what = "a line break" if match[0] == "\n" else f"{match[0]!r}"
            message = f"{entity.type} {entity.text!r} continues across {what}"
            yield text.finding(
                "S110", message, entity.start, entity.end, label=entity.type, cause=f"across {entity.text}"
            )


def wrong_ids(texts: Set) -> Iterator[Finding]:
    """S112: an id that says which span it is of, and says it wrongly."""
    for text in texts.not_plain:
        document = text.document
        for entity in document.entities:
            if entity.id == entity_id(document.id, entity.start, entity.end):
                continue
            parts = _ID.fullmatch(entity.id)
            if parts is None or parts[1] != document.id:
                continue
            if (int(parts[2]), int(parts[3])) != (entity.start, entity.end):
                yield text.of("S112", entity, f"the id {entity.id!r} does not match {entity.start}–{entity.end}")


def nesting_of_values(texts: Set) -> Iterator[Finding]:
    """S113."""
    for text in texts.not_plain:
        by_id = {entity.id: entity for entity in text.document.entities}
        for entity in text.document.entities:
            outer = by_id.get(entity.parent or "")
            if outer is not None and texts.label_set.kind(outer.type) in VALUES:
                yield text.of("S113", entity, f"{entity.type} {entity.text!r} is inside {outer.type} {outer.text!r}")


def lost_characters(texts: Set) -> Iterator[Finding]:
    """C201."""
    for text in texts.unusual:
        yield from _characters(text, "C201", _LOST, "stands for a lost character")


def invisible_characters(texts: Set) -> Iterator[Finding]:
    """C202."""
    for text in texts.unusual:
        yield from _characters(text, "C202", _INVISIBLE, "is invisible")


def _characters(text: Text, code: str, pattern: re.Pattern[str], what: str) -> Iterator[Finding]:
    """One finding a text and character, at its first place."""
    if pattern.search(text.document.text) is None:
        return
    seen: dict[str, re.Match[str]] = {}
    times: Counter[str] = Counter()
    for match in pattern.finditer(text.document.text):
        times[match[0]] += 1
        seen.setdefault(match[0], match)
    for character, first in seen.items():
        often = f", {times[character]} times, first here" if times[character] > 1 else ""
        yield text.finding(code, f"U+{ord(character):04X} {what}{often}", first.start(), first.end())


def not_composed(texts: Set) -> Iterator[Finding]:
    """C203."""
    for text in texts.unusual:
        whole = text.document.text
        if not unicodedata.is_normalized("NFC", whole):
            at = next(
                (i for i in range(len(whole)) if not unicodedata.is_normalized("NFC", whole[max(0, i - 1) : i + 1])), 0
            )
            yield text.finding("C203", "the text is not in Unicode form NFC, first here", at, at + 1)


def mixed_digits(texts: Set) -> Iterator[Finding]:
    """C204."""
    for text in texts.unusual:
        if _FULL_WIDTH.search(text.document.text) is None:
            continue
        for entity in text.document.entities:
            if _HALF_WIDTH.search(entity.text) and _FULL_WIDTH.search(entity.text):
                yield text.of("C204", entity, f"{entity.type} {entity.text!r} mixes full-width and half-width digits")


@dataclass
class _Evidence:
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
        evidence = max((_evidence(unit, found) for unit in UNITS), key=lambda evidence: evidence.weight)
        if evidence.weight and evidence.first is not None:
            text, entity, surface = evidence.first
            counts = evidence.counts
            yield text.of(
                "S115",
                entity,
                f"the offsets of the file seem to count {evidence.unit}: {entity.type} {entity.text!r} would be "
                f"{surface!r}; of {evidence.moved} spans that this moves, {counts['odd', False]} have an odd edge and "
                f"{counts['known', False]} are known names as read, {counts['odd', True]} and {counts['known', True]} "
                "when converted"
                + (advice("{offsets} reads them that way", offsets=WORDS[evidence.unit]) if text.unsaid else ""),
            )


def _evidence(unit: str, texts: Sequence[Text]) -> _Evidence:
    evidence = _Evidence(unit)
    moved: list[tuple[Text, list[Entity]]] = []
    sure: set[str] = set()
    if not any_tells((text.document.text for text in texts), unit) or _is_nonsense(unit, texts):
        return evidence
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
            evidence.add(text, entity, (at[entity.start], at[entity.end]) if inside else None, sure)
    return evidence


def _is_nonsense(unit: str, texts: Sequence[Text]) -> bool:
    """Whether so many spans would begin or end inside a character that nothing can outweigh it.

    Each of them speaks against the unit; a span speaks for it at most twice, once where it has no place then.
    """
    spans = sum(len(text.document.entities) for text in texts)
    nowhere = 0
    for text in texts:
        at = [(entity.start, entity.end) for entity in text.document.entities]
        nowhere += spans_nowhere(text.document.text, unit, at)
        if nowhere and 2 * spans - nowhere <= _TIMES * nowhere:
            return True
    return False


def _is_known(surface: str, sure: Collection[str]) -> bool:
    """Whether it is a name or an expression wherever it stands: an area, an amount, a date, or one of the ``sure``."""
    if len(surface) < 2:
        return False
    return surface in sure or surface in areas().codes or is_amount(surface) or whole_date(surface) is not None


def _is_odd(whole: str, start: int, end: int) -> bool:
    """Whether a span begins or ends as hardly a name does: in a character, a word or a number, with space or a mark."""
    surface = whole[start:end]
    if surface != surface.strip() or punctuation(surface) is not None:
        return True
    return any(edge_cuts(whole, at) is not None for at in (start, end))


CHECKS = (
    Check(("S106",), whitespace_at_an_edge),
    Check(("S107",), punctuation_at_an_edge),
    Check(("S108",), edge_inside_a_word),
    Check(("S110",), sentence_inside),
    Check(("S112",), wrong_ids),
    Check(("S113",), nesting_of_values),
    Check(("C201",), lost_characters),
    Check(("C202",), invisible_characters),
    Check(("C203",), not_composed),
    Check(("C204",), mixed_digits),
)
# Told by all texts of a file together.
FILE_CHECKS = (Check(("S115",), offsets_of_another_unit),)
