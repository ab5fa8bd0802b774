"""The readings of what the check finds in sets that are not ours: samples, judgements, and the figures made of them.

annotations/check/SET/ holds sample.jsonl, which has no text of the set; reader-A.jsonl and so on, what each reader
judged; decided.jsonl, what was decided where they differ. ``scripts/reading.py`` draws samples and compares them with
what is found today, for which it needs a copy of the set. The tables need none.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import NormalDist
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from generated.maker import ANNOTATIONS, ROOT, Files
from tyez_bench.checks.rule import known_rules
from tyez_bench.files.jsonl import convert, json_text, read_records
from tyez_bench.model.errors import InputError, counted
from tyez_bench.report.table import Table, figure, render, table
from tyez_bench.scoring.agreement import kappa

FOLDER = ANNOTATIONS / "check"
MEASURED = ROOT / "src" / "tyez_bench" / "checks" / "measured.json"
SAMPLE, DECIDED = "sample.jsonl", "decided.jsonl"
_READER = re.compile(r"reader-([A-Za-z0-9]+)\.jsonl")

Judgement = Literal["true", "other side", "false", "open"]
JUDGEMENTS: tuple[Judgement, ...] = get_args(Judgement)


class Head(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The first line of a sample: what it was drawn from.

    ``files`` are names with their SHA-256; ``findings`` counts all findings by rule; ``others`` are the places, as
    :class:`Drawn` has them, of those that were not drawn. A sample whose ``purpose`` is mending was read to change
    rules, and measures none.
    """

    set: str
    purpose: Literal["measuring", "mending"]
    version: str
    seed: int
    files: dict[str, str]
    records: int
    entities: int
    findings: dict[str, int]
    others: list[str]


class Drawn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A finding of a sample, without its words. ``place`` is a hash of file, line, document, rule and offsets."""

    number: Annotated[int, Meta(ge=1)]
    file: str
    document: str | None
    line: int | None
    code: str
    start: int | None
    end: int | None
    fingerprint: str
    place: str


class Judged(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody judged of a finding of a sample, and why."""

    number: int
    judgement: Judgement
    reason: Annotated[str, Meta(min_length=1)]


@dataclass(frozen=True)
class Reading:
    """A sample and what was judged of it, by reader and number; ``decided`` where readers differ."""

    folder: Path
    head: Head
    drawn: tuple[Drawn, ...]
    readers: Mapping[str, Mapping[int, Judged]]
    decided: Mapping[int, Judged]

    def verdict(self, number: int) -> Judgement | None:
        """What holds for a finding: the decision, else what all readers say; None where there is no such thing."""
        if number in self.decided:
            return self.decided[number].judgement
        said = {found[number].judgement if number in found else None for found in self.readers.values()}
        return said.pop() if len(said) == 1 else None

    @property
    def judged(self) -> list[tuple[Drawn, Judgement]]:
        """The findings that have a judgement that holds."""
        found = ((one, self.verdict(one.number)) for one in self.drawn)
        return [(one, verdict) for one, verdict in found if verdict is not None]


_COLUMNS = ("rule", "found", "read", "true", "other side", "false", "open", "share true", "share false")
# Texts that stand in a file twice: anybody sees that they do.
_COPIES = "X606"


def read_sample(path: Path) -> tuple[Head, tuple[Drawn, ...]]:
    """A sample. Raises InputError with the line."""
    records = read_records(path)
    first = next(records, None)
    if first is None:
        raise InputError("is empty, expected a sample that scripts/reading.py draw wrote", path=path)
    head = convert(first[1], Head, path=path, line=first[0])
    drawn = tuple(convert(record, Drawn, path=path, line=line) for line, record in records)
    for at, one in enumerate(drawn, 1):
        if one.number != at or one.file not in head.files:
            wrong = f"number {one.number}, expected {at}" if one.number != at else f"a file {one.file!r} not in line 1"
            raise InputError(wrong, path=path, line=at + 1)
    return head, drawn


def read_judgements(path: Path, numbers: int) -> dict[int, Judged]:
    """Judgements of a sample of so many findings, by number. Raises InputError with the line."""
    found: dict[int, Judged] = {}
    for line, record in read_records(path):
        one = convert(record, Judged, path=path, line=line)
        if not 1 <= one.number <= numbers:
            raise InputError(f"number {one.number} is not in the sample, expected 1 to {numbers}", path=path, line=line)
        if found.setdefault(one.number, one) is not one:
            raise InputError(f"number {one.number} is judged above", path=path, line=line)
    return found


def read_reading(folder: Path) -> Reading:
    """The reading in a folder. Raises InputError."""
    head, drawn = read_sample(folder / SAMPLE)
    names = {match[1]: path for path in sorted(folder.iterdir()) if (match := _READER.fullmatch(path.name))}
    readers = {name: read_judgements(path, len(drawn)) for name, path in names.items()}
    decided = folder / DECIDED
    return Reading(folder, head, drawn, readers, read_judgements(decided, len(drawn)) if decided.is_file() else {})


def readings(folder: Path = FOLDER) -> list[Reading]:
    """All readings under a folder, by name. Raises InputError."""
    return [read_reading(path.parent) for path in sorted(folder.glob(f"*/{SAMPLE}"))]


def problems(folder: Path = FOLDER) -> Iterator[str]:
    """What is not judged by a reader, not decided though readers differ, or decided though they don't."""
    for reading in readings(folder):
        name = reading.folder.name
        if not reading.readers:
            yield f"{name}: no reader has judged the sample"
        for one in reading.drawn:
            said = {found[one.number].judgement for found in reading.readers.values() if one.number in found}
            lacking = [reader for reader, found in reading.readers.items() if one.number not in found]
            if lacking:
                yield f"{name}: number {one.number} is not judged by {', '.join(lacking)}"
            elif len(said) > 1 and one.number not in reading.decided:
                yield f"{name}: number {one.number} is judged in {len(said)} ways, and not decided"
            elif len(said) == 1 and one.number in reading.decided:
                yield f"{name}: number {one.number} is decided, though all readers agree"


def wilson(hits: int, of: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """The interval of a share by Wilson's score; None of nothing.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22 (1927), 209–212.
    """
    if of == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = hits / of, z * z / of
    middle = (share + weight / 2) / (1 + weight)
    half = z * math.sqrt(share * (1 - share) / of + weight / of / 4) / (1 + weight)
    return max(0.0, middle - half) if hits else 0.0, min(1.0, middle + half) if hits < of else 1.0


def tables(found: Sequence[Reading]) -> list[Table]:
    """What was judged in each set by rule, and how far readers agree."""
    made: list[Table] = []
    for reading in found:
        if reading.judged:
            made += [_by_rule(reading), *_agreement(reading)]
    return [*made, *_together(found)]


def _together(found: Sequence[Reading]) -> Iterator[Table]:
    """What was judged in all sets that measure one version of the rules, where there are several."""
    versions = Counter(reading.head.version for reading in found if reading.head.purpose == "measuring")
    for version, sets in versions.items():
        if sets < 2:
            continue
        of = [one for one in found if (one.head.purpose, one.head.version) == ("measuring", version)]
        judged = [pair for reading in of for pair in reading.judged]
        numbers = sum((Counter(reading.head.findings) for reading in of), Counter[str]())
        rows = [
            _row(f"{code} {_named(code)}", numbers[code], Counter(v for one, v in judged if one.code == code))
            for code in sorted(numbers)
        ]
        rows.append(_row("all", numbers.total(), Counter(verdict for _, verdict in judged)))
        of_copies = Counter(verdict for one, verdict in judged if one.code != _COPIES)
        rows.append(_row(f"all but {_COPIES}", numbers.total() - numbers[_COPIES], of_copies))
        notes = [", ".join(reading.head.set for reading in of), "intervals: 95 %, Wilson's score"]
        yield table(f"findings in all sets that were read for version {version}", _COLUMNS, rows, notes)


def _by_rule(reading: Reading) -> Table:
    head, judged = reading.head, reading.judged
    counts = {code: Counter(v for one, v in judged if one.code == code) for code in sorted(head.findings)}
    rows = [_row(f"{code} {_named(code)}", head.findings[code], found) for code, found in counts.items()]
    rows.append(_row("all", sum(head.findings.values()), Counter(verdict for _, verdict in judged)))
    purpose = "" if head.purpose == "measuring" else ", read to change the rules: it measures none of them"
    drawn = "all findings" if not head.others else f"{len(reading.drawn)} drawn by the seed {head.seed}"
    held = f"{counted(head.records, 'record')}, {counted(head.entities, 'entity', 'entities')}"
    notes = [f"{held}; {drawn}; version {head.version}{purpose}", "intervals: 95 %, Wilson's score"]
    return table(f"findings in {head.set}", _COLUMNS, rows, notes)


def _named(code: str) -> str:
    """The name of a rule; samples stay when rules go."""
    return known_rules()[code].name if code in known_rules() else ""


def _row(name: str, number: int, found: Counter[Judgement]) -> tuple[str, ...]:
    read = found.total()
    shares = (_share(found[judgement], read) for judgement in ("true", "false"))
    return name.strip(), str(number), str(read), *(str(found[one]) for one in JUDGEMENTS), *shares


def _share(hits: int, of: int) -> str:
    bounds = wilson(hits, of)
    return "–" if bounds is None else f"{figure(hits / of)} ({bounds[0]:.3f}–{bounds[1]:.3f})"


def _agreement(reading: Reading) -> Iterator[Table]:
    rows = []
    for one, other in combinations(reading.readers, 2):
        first, second = reading.readers[one], reading.readers[other]
        both = sorted(first.keys() & second.keys())
        said = [[found[number].judgement for number in both] for found in (first, second)]
        equal = sum(a == b for a, b in zip(*said, strict=True))
        share = figure(equal / len(both)) if both else "–"
        rows.append((f"{one}, {other}", str(len(both)), str(equal), share, figure(kappa(*said))))
    if rows:
        columns = ("read by both", "same judgement", "share", "Cohen's kappa")
        yield table(f"readers of {reading.head.set}", ("readers", *columns), rows)


def text() -> str:
    """The tables of what is committed, for the documentation."""
    found = tables(readings())
    return render(found, "markdown") if found else "No set has been read yet.\n"


def measured(found: Iterable[Reading]) -> list[dict[str, str | int]]:
    """What was judged, by set and rule, of the samples that measure."""
    rows: list[dict[str, str | int]] = []
    for reading in found:
        if reading.head.purpose != "measuring":
            continue
        for code in sorted({one.code for one, _ in reading.judged}):
            counts = Counter(verdict for one, verdict in reading.judged if one.code == code)
            said = {name.replace(" ", "_"): counts[name] for name in JUDGEMENTS}
            rows.append({"set": reading.head.set, "version": reading.head.version, "code": code, **said})
    return rows


def make() -> Files:
    """The counts that the package carries, for the rules' pages."""
    return {MEASURED: json_text(measured(readings())).encode()}
