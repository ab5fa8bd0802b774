"""Level 2: runs of records whose marks do not fit their texts, as where a batch was put on the wrong tokens.

One such mark may be anything. But where the marks of record after record begin with a comma, end with a particle, or
are names only some characters further on, what is wrong is one thing, and one finding says so.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.rules.edges import edge_cuts, punctuation
from tyez_bench.checks.texts import Text
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted

_WORDS = word_lists("tyez_bench.checks", "misplaced")
_FIRST, _LAST = frozenset(_WORDS.words("never-first")), frozenset(_WORDS.words("never-last"))
_NO_NAMES = frozenset(_WORDS.words("no-names"))
_NAME = re.compile(r"\w")
# What a mark says of its run: that it fits, that it does not, or neither; and a record without marks, of which long
# stretches are no part of a run.
_FITS, _UNFIT, _NEITHER, _NO_MARK = -1.5, 1.0, -0.3, -0.1
# A run has so many marks that do not fit, in so many records, and so great a share of its marks, less where the rest
# would if they were moved, which is said from a share of them on. It has no more than a third of the file's records
# with marks: where all are so, it is how they are marked.
_MARKS, _RECORDS, _SHARE, _SHARE_MOVED, _SHARE_SAID, _MOST = 6, 4, 0.5, 0.4, 0.2, 1 / 3
# How far marks are moved, in characters, and how many of the moves are looked at: those by which most are names within
# a stretch of records.
_FURTHEST, _MOVES, _STRETCH = 8, 3, 30


class _Record(NamedTuple):
    """What the marks of a record say: which do not fit, and by move, which are known names when moved so."""

    text: Text
    unfit: tuple[Entity, ...]
    fits: int
    moved: Mapping[int, tuple[Entity, ...]]

    def wrong(self, by: int | None) -> list[Entity]:
        """The marks that do not fit, or would if they were moved."""
        more = () if by is None else self.moved.get(by, ())
        return [*self.unfit, *(entity for entity in more if entity not in self.unfit)]

    def score(self, by: int | None) -> float:
        """How much speaks for it that the record is part of a run."""
        marks = len(self.text.document.entities)
        if not marks:
            return _NO_MARK
        wrong = len(self.wrong(by)) if self.unfit or by in self.moved else 0
        return _UNFIT * wrong + _FITS * self.fits + _NEITHER * (marks - wrong - self.fits)


class _Run(NamedTuple):
    """Records in a row, by number, what speaks for the run, and the move by which its marks are names."""

    score: float
    first: int
    last: int
    by: int | None


def misplaced(texts: Sequence[Text]) -> Iterator[Finding]:
    """S116: one finding a run, at its first mark that does not fit."""
    files: dict[str, list[Text]] = {}
    for text in texts:
        files.setdefault(text.set or text.path, []).append(text)
    for found in files.values():
        yield from _in_file(found)


def _in_file(texts: Sequence[Text]) -> Iterator[Finding]:
    marked = sum(bool(text.document.entities) for text in texts)
    if marked * _MOST < _RECORDS:
        return
    known = _known(texts)
    records = [_record(text, known) for text in texts]
    moves: list[int | None] = [None, *_likely_moves(records)]
    taken: set[int] = set()
    runs = (run for by in moves for run in _runs([record.score(by) for record in records], by))
    for run in sorted(runs, key=lambda run: (-run.score, run.first)):
        numbers = range(run.first, run.last + 1)
        of_run = [records[number] for number in numbers if records[number].text.document.entities]
        if taken.isdisjoint(numbers) and _is_enough(of_run, run.by, marked):
            taken.update(numbers)
            yield _finding(of_run)


def _known(texts: Sequence[Text]) -> Mapping[str, int]:
    """In how many stretches of a file each surface is marked: a run has few, however often it has a surface."""
    found: Counter[str] = Counter()
    last: dict[str, int] = {}
    for number, text in enumerate(texts):
        stretch = number // _STRETCH
        for entity in text.document.entities:
            if last.get(entity.text) != stretch:
                last[entity.text] = stretch
                found[entity.text] += 1
    return dict(found)


def _is_enough(records: Sequence[_Record], by: int | None, marked: int) -> bool:
    """Whether so much speaks for a run that nothing else explains it; ``marked``: the file's records with marks."""
    wrong = [len(found) for record in records if (found := record.wrong(by))]
    marks = sum(len(record.text.document.entities) for record in records)
    share = _SHARE if by is None else _SHARE_MOVED
    return sum(wrong) >= max(_MARKS, share * marks) and len(wrong) >= _RECORDS and len(records) <= _MOST * marked


def _likely_moves(records: Sequence[_Record]) -> list[int]:
    """The moves by which most marks are names within a stretch of records."""
    where: dict[int, list[int]] = {}
    for number, record in enumerate(records):
        for by in record.moved:
            where.setdefault(by, []).append(number)
    most = {by: max(bisect_left(found, n + _STRETCH) - at for at, n in enumerate(found)) for by, found in where.items()}
    return sorted((by for by in most if most[by] >= _RECORDS), key=lambda by: (-most[by], abs(by), by))[:_MOVES]


def _finding(records: Sequence[_Record]) -> Finding:
    marks = sum(len(record.text.document.entities) for record in records)
    unfit = sum(len(record.unfit) for record in records)
    reasons = [f"{unfit} begin or end as no name does"] if unfit else []
    counts: Counter[int] = Counter()
    for record in records:
        counts.update({by: len(moved) for by, moved in record.moved.items()})
    by, fit = max(counts.items(), key=lambda item: (item[1], -abs(item[0])), default=(0, 0))
    if fit and (not reasons or fit >= _SHARE_SAID * marks):
        reasons.append(f"{fit} are names of the file when moved by {counted(by, 'character')}")
    last = records[-1].text
    until = last.document.id if last.line is None else f"{last.document.id} (line {last.line})"
    message = (
        f"the marks of {counted(len(records), 'record')} in a row, from here to {until}, seem to belong elsewhere: "
        f"of {counted(marks, 'mark')} {' and '.join(reasons)}"
    )
    related = tuple(record.text.where(0, 0) for record in records)
    at = (*records[0].unfit, *records[0].text.document.entities)[0]
    return records[0].text.of("S116", at, message, related)


def _record(text: Text, known: Mapping[str, int]) -> _Record:
    unfit: list[Entity] = []
    fits = 0
    for entity in text.document.entities:
        surface = entity.text
        if surface in _NO_NAMES:
            unfit.append(entity)
        elif known[surface] > 1:
            fits += 1
        elif _is_unfit(text, entity):
            unfit.append(entity)
    return _Record(text, tuple(unfit), fits, {} if fits else _moved(text, known))


def _is_unfit(text: Text, entity: Entity) -> bool:
    """Whether a mark that no other text has is where hardly a name is: with an edge as no name has it."""
    surface = entity.text
    if surface[0] in _FIRST or surface[-1] in _LAST or punctuation(surface) is not None or not _NAME.search(surface):
        return True
    whole = text.document.text
    return edge_cuts(whole, entity.start) is not None or edge_cuts(whole, entity.end) is not None


def _moved(text: Text, known: Mapping[str, int]) -> Mapping[int, tuple[Entity, ...]]:
    """By how many characters marks of a text would have to be moved to be names of other texts."""
    whole = text.document.text
    found: dict[int, list[Entity]] = {}
    for entity in text.document.entities:
        if entity.end > entity.start + 1:
            for by in range(-min(_FURTHEST, entity.start), _FURTHEST + 1):
                if by and whole[entity.start + by : entity.end + by] in known:
                    found.setdefault(by, []).append(entity)
    return {by: tuple(entities) for by, entities in found.items()}


def _runs(scores: Sequence[float], by: int | None) -> Iterator[_Run]:
    """The stretches for which most speaks, from the left, each as far as it grows."""
    first, at, total, best, last = None, 0, 0.0, 0.0, 0
    while at <= len(scores):
        if first is not None and (at == len(scores) or total + scores[at] <= 0 or total < best - _MARKS):
            yield _Run(best, first, last, by)
            # What comes behind the best end may begin another one.
            first, at, total, best = None, last + 1, 0.0, 0.0
            continue
        if at < len(scores) and (first is not None or scores[at] > 0):
            first = at if first is None else first
            total += scores[at]
            if total > best:
                best, last = total, at
        at += 1


# Told by all texts of a file together.
FILE_CHECKS = (Check(("S116",), misplaced),)
