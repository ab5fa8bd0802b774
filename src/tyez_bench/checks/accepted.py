"""Warnings that were looked at and accepted, each with its reason: ``accepted.jsonl``.

An entry is about a rule, a document, a surface and the characters around it, never about a line or an offset. ``n``
such findings are accepted, no more.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from msgspec import Meta, Struct, structs

from tyez_bench.checks.rule import Finding, Key, Severity, line_finding, rules
from tyez_bench.files.in_use import note_read
from tyez_bench.files.jsonl import convert, encode_lines, read_bytes, records_of
from tyez_bench.model.errors import InputError, UsageError, counted, excerpt
from tyez_bench.model.hints import advice


class AcceptedEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line of the file: findings that are accepted, and why."""

    rule: Annotated[str, Meta(description="code of the rule")]
    document: Annotated[str, Meta(description="id of the document, empty for a finding about a file")]
    surface: Annotated[str, Meta(description="what the finding is about")]
    label: Annotated[str, Meta(description="its type, empty without one")] = ""
    before: Annotated[str, Meta(description="the characters in front of it")] = ""
    after: Annotated[str, Meta(description="the characters behind it")] = ""
    n: Annotated[int, Meta(description="how many findings of this kind are accepted", ge=1)] = 1
    reason: Annotated[str, Meta(description="why it is right as it is")]
    by: Annotated[str, Meta(description="who looked at it")]
    date: Annotated[str, Meta(description="when, as 2026-11-24")] = ""

    @property
    def key(self) -> Key:
        """What it is compared by."""
        return self.rule, self.document, self.label, self.before, excerpt(self.surface), self.after


def day(text: str) -> str:
    """A day of the calendar as it is written, ``2026-11-24``. Raises ValueError for what is none."""
    # Python takes 20261124 and 2026-W48-2, too.
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is not a day, expected one such as 2026-11-24")
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar") from None
    return text


def read_accepted(path: Path) -> tuple[tuple[int, AcceptedEntry], ...]:
    """The entries with their lines; none for an empty file. Raises InputError for what is missing or malformed."""
    if path.is_file() and path.stat().st_size == 0:
        note_read(path)
        return ()
    return entries_of(read_bytes(path), path)


def entries_of(data: bytes, path: str | Path) -> tuple[tuple[int, AcceptedEntry], ...]:
    """As :func:`read_accepted`, from bytes; ``path`` is what errors name."""
    if not data:
        return ()
    found = tuple(
        (line, convert(record, AcceptedEntry, path=path, line=line)) for line, record in records_of(data, path)
    )
    keys: set[Key] = set()
    for line, entry in found:
        if entry.date:
            try:
                day(entry.date)
            except ValueError as error:
                raise InputError(f"date: {error}", path=path, line=line) from None
        if entry.key in keys:
            raise InputError("the same finding has an entry above; use n for their number", path=path, line=line)
        keys.add(entry.key)
    return found


def written(entries: Iterable[AcceptedEntry]) -> bytes:
    """The file with these entries, in its order: by document, rule and surface."""

    def order(entry: AcceptedEntry) -> tuple[str, str, str, Key]:
        return entry.document, entry.rule, entry.surface, entry.key

    ordered: list[AcceptedEntry] = sorted(entries, key=order)
    return encode_lines(ordered)


def apart(findings: Sequence[Finding], entries: Sequence[AcceptedEntry]) -> tuple[list[Finding], list[Finding]]:
    """The findings that stand, and those that are accepted. Errors always stand."""
    left = Counter({entry.key: entry.n for entry in entries})
    standing, accepted = [], []
    for finding in findings:
        if finding.rule.severity is Severity.WARNING and left[finding.key] > 0:
            left[finding.key] -= 1
            accepted.append(finding)
        else:
            standing.append(finding)
    return standing, accepted


def judge(
    entries: Sequence[tuple[int, AcceptedEntry]],
    accepted: Sequence[Finding],
    ran: set[str],
    documents: set[str] | None,
    path: str,
) -> Iterator[Finding]:
    """B901, B902 and B904: what is wrong with the entries themselves.

    Only entries are judged whose rule was among those that ``ran``, and whose document is among ``documents``
    (None: all of them are).
    """
    used = Counter(finding.key for finding in accepted)
    for line, entry in entries:
        name = f"{entry.rule} {entry.surface!r} in {entry.document or 'a file'}"
        if entry.rule not in rules():
            yield line_finding("B901", f"{name}: unknown rule", path, line, name)
            continue
        if rules()[entry.rule].severity is Severity.ERROR:
            yield line_finding("B904", f"{name}: an error can't be accepted", path, line, name)
            continue
        if not entry.reason.strip() or not entry.by.strip():
            lacks = "reason" if not entry.reason.strip() else "reviewer"
            yield line_finding("B902", f"{name}: has no {lacks}", path, line, name)
        if entry.rule in ran and (documents is None or not entry.document or entry.document in documents):
            number = used[entry.key]
            if number < entry.n:
                found = "is no longer found" if number == 0 else f"is found {counted(number, 'time')}, not {entry.n}"
                yield line_finding("B901", f"{name}: {found}", path, line, name)


class Before(NamedTuple):
    """What was accepted at a base revision, and the ids of the documents that there were."""

    revision: str
    entries: tuple[AcceptedEntry, ...]
    documents: frozenset[str]


def ratchet(now: Sequence[AcceptedEntry], before: Before, documents: Set[str], path: str) -> Iterator[Finding]:
    """B903: more is accepted than at the base revision, in the documents that are there in both.

    A new document brings what is to be said about it; the same is no reason for more in the old ones.
    ``documents``: the ids of those that there are now.
    """
    common = (before.documents & documents) | {""}
    number, allowed = (sum(e.n for e in entries if e.document in common) for entries in (now, before.entries))
    if number > allowed:
        where = (
            f"{counted(number, 'finding')} accepted in documents that {before.revision} also has, "
            f"but only {allowed} there"
        )
        yield line_finding("B903", f"{where}: their number may not grow", path, None, path)


def add(
    entries: Sequence[AcceptedEntry], findings: Sequence[Finding], *, reason: str, by: str, date: str
) -> tuple[AcceptedEntry, ...]:
    """The entries with these findings accepted, too. Raises UsageError for errors, and for a reason that is empty."""
    if not reason.strip() or not by.strip():
        raise UsageError(
            f"expected a reason and the reviewer's name{advice('{reason} {by}', reason='TEXT', by='NAME')}"
        )
    errors = sorted({finding.code for finding in findings if finding.rule.severity is Severity.ERROR})
    if errors:
        raise UsageError(f"errors can't be accepted, only warnings: {', '.join(errors)}")
    known = {entry.key: entry for entry in entries}
    for key, number in Counter(finding.key for finding in findings).items():
        fields: Any = dict(zip(("rule", "document", "label", "before", "surface", "after"), key, strict=True))
        old = known.get(key) or AcceptedEntry(**fields, n=0, reason=reason, by=by)
        known[key] = structs.replace(old, n=old.n + number, reason=reason, by=by, date=date)
    return tuple(known.values())


def prune(entries: Sequence[AcceptedEntry], accepted: Sequence[Finding], stale: set[Key]) -> tuple[AcceptedEntry, ...]:
    """The entries without what is no longer found; ``stale`` are the keys of the entries judged so."""
    used = Counter(finding.key for finding in accepted)
    kept = (
        structs.replace(entry, n=min(entry.n, used[entry.key])) if entry.key in stale else entry for entry in entries
        if entry.key not in stale or used[entry.key]
    )  # fmt: skip
    return tuple(kept)
