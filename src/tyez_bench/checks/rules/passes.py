"""Level 5: the gold against the passes that it was made from, and the passes against each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tyez_bench.checks.rule import Finding
from tyez_bench.checks.texts import Text
from tyez_bench.gold.build.adjudication import Decision, Log, Place, Reading, readings
from tyez_bench.gold.gold import Gold, labels_of
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import counted
from tyez_bench.scoring.agreement import agreement
from tyez_bench.scoring.schemes import f1


def check_passes(
    texts: Sequence[Text],
    passes: Mapping[str, Gold],
    log: Log,
    log_path: str,
    *,
    floors: Mapping[str, float],
    least: int,
) -> Iterator[Finding]:
    """A701 to A706. ``passes`` by the path that findings name; ``least``: how many passes each text must be in."""
    yield from _missing(texts, passes, least)
    common = [t for t in texts if all(_same_text(t.document, found) for found in passes.values())]
    yield from _floors(passes, floors, texts)
    noted = {entry.place: (line, entry) for line, entry in log}
    if not passes:
        common = []
    said = [readings(tuple(found)) for found in passes.values()]
    for text in common:
        yield from _decisions(text, said, noted)
    yield from _log(texts, noted, log_path)


def _same_text(document: Document, found: Gold) -> bool:
    return document.id in found and found[document.id].text == document.text


def _missing(texts: Sequence[Text], passes: Mapping[str, Gold], least: int) -> Iterator[Finding]:
    for text in texts:
        having = [path for path, found in passes.items() if _same_text(text.document, found)]
        if len(having) < least:
            lacking = ", ".join(path for path in passes if path not in having) or "none is configured"
            number = counted(len(having), "pass", "passes")
            message = f"is in {number}, expected {least}; lacking or with another text: {lacking}"
            yield text.finding("A701", message, surface="")


def _floors(passes: Mapping[str, Gold], floors: Mapping[str, float], texts: Sequence[Text]) -> Iterator[Finding]:
    names = list(passes)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            # Texts that a pass lacks are A701's business; not every one is in every pass.
            pair = passes[one], passes[other]
            ids = [t.document.id for t in texts if all(_same_text(t.document, found) for found in pair)]
            a, b = (replace(found, documents=tuple(found[id_] for id_ in ids)) for found in pair)
            rows = agreement(a, b).exact["all"]
            for label, floor in floors.items():
                value = f1(rows[label]) if label in rows else None
                if value is not None and value < floor:
                    message = f"F1 of {label} with {other} is {value:.3f}, below the floor {floor}"
                    yield Finding(code="A702", message=message, path=one, surface=other, label=label)


def _decisions(
    text: Text, said: Sequence[Mapping[Place, Reading]], noted: Mapping[Place, tuple[int, Decision]]
) -> Iterator[Finding]:
    """Every place of a text on which the passes or the gold differ, and the log has no entry."""
    document = text.document
    gold = readings((document,))
    places = {place for found in (*said, gold) for place in found if place[0] == document.id}
    for place in sorted(places - noted.keys()):
        start, end = place[1:]
        given = [found.get(place) for found in said]
        holds = gold.get(place)
        label = str((holds or next(filter(None, given))).type)
        surface = document.text[start:end]
        if any(one != given[0] for one in given):
            message = f"{surface!r}: the passes differ ({_differing(given)}), and the log has no entry"
            yield text.finding("A703", message, start, end, label=label)
        elif holds != given[0]:
            if given[0] is None:
                message = f"{surface!r}: no pass has this {label}, and the log has no entry"
                yield text.finding("A704", message, start, end, label=label)
            else:
                message = f"{surface!r}: the passes agree ({_differing([given[0], holds])}), and the log has no entry"
                yield text.finding("A705", message, start, end, label=label)


def _differing(given: Sequence[Reading | None]) -> str:
    """What the readings differ in, in words."""
    present = [one for one in given if one is not None]
    if len(present) < len(given):
        return f"{present[0].type} against none" if present else "none"
    names = [n for n in Reading.__struct_fields__ if any(getattr(o, n) != getattr(present[0], n) for o in present)]
    return ", ".join(names)


def _log(texts: Sequence[Text], noted: Mapping[Place, tuple[int, Decision]], log_path: str) -> Iterator[Finding]:
    """A706: entries of the log that the gold does not follow."""
    gold = readings(tuple(text.document for text in texts))
    by_id = {text.document.id: text for text in texts}
    for place, (line, entry) in noted.items():
        text = by_id.get(entry.document)
        if text is None or gold.get(place) == entry.decision:
            continue
        says = "no entity" if entry.decision is None else entry.decision.type
        message = f"{entry.id}: decides for {says} at {entry.text!r}, but the gold differs"
        where = (text.where(entry.start, entry.end),)
        yield Finding(
            code="A706",
            message=message,
            path=log_path,
            line=line,
            document=entry.document,
            start=entry.start,
            end=entry.end,
            surface=entry.text,
            label=None if entry.decision is None else str(entry.decision.type),
            related=where,
        )


def as_gold(path: Path, documents: Sequence[Document]) -> Gold:
    """Documents as a gold set by the name of their file."""
    return Gold(path.stem, None, "", tuple(documents), labels_of(documents), open_labels=True)
