"""Differences between versions, for people: text, and Markdown for a pull request."""

from collections.abc import Iterator, Sequence

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import one_line
from tyez_bench.gold.diff import KINDS, Difference, Differences
from tyez_bench.model import Entity
from tyez_bench.render.markup import cell, markdown, row
from tyez_bench.render.sheet import Sheet, sheet
from tyez_bench.render.text import render
from tyez_bench.values import Money, Timex

_AROUND = 10


def counts_sheet(found: Differences) -> Sheet:
    """How many of each kind by type."""
    rows = [(label, *(str(counts[kind]) for kind in KINDS)) for label, counts in found.counts().items()]
    total = [str(len(found.of(kind))) for kind in KINDS]
    documents = (("added", found.added), ("removed", found.removed), ("with another text", found.rewritten))
    notes = [f"documents {what}: {', '.join(names)}" for what, names in documents if names]
    if found.renamed:
        notes.append(f"documents renamed: {', '.join(f'{old} → {new}' for old, new in found.renamed)}")
    notes += [f"document {one.document}: {', '.join(one.changed)} changed" for one in found.edited]
    title = f"from {found.old} to {found.new}"
    return sheet(title, ("type", *KINDS), [*rows, ("all", *total)] if found.entities else [], notes)


def as_text(found: Differences, old: Gold, new: Gold, notes: Sequence[str] = ()) -> str:
    """The counts, then each entity, before and after; ``notes`` say how the files were read."""
    said = "".join(f"{one_line(note)}\n" for note in notes)
    if not found:
        return f"no differences between {one_line(found.old)} and {one_line(found.new)}\n{said}"
    lines = []
    for one in found.entities:
        sign = {"added": "+", "removed": "-"}.get(one.kind, "~")
        context = _context(one, old, new)
        lines.append(one_line(f"{sign} {one.document}:{one.entity.start} {one.kind}: {_what(one)}  {context}"))
    return render([counts_sheet(found)]) + "".join(f"{line}\n" for line in lines) + said


def as_markdown(found: Differences, old: Gold, new: Gold, notes: Sequence[str] = ()) -> str:
    """The counts as a table, then the entities, folded; ``notes`` say how the files were read."""
    said = [f"- {cell(note)}" for note in notes]
    if not found:
        return (
            "\n".join(
                [f"No differences between {cell(found.old)} and {cell(found.new)}.", *(["", *said] if said else [])]
            )
            + "\n"
        )
    lines = [markdown([counts_sheet(found)]), *said]
    if found.entities:
        lines += [f"<details><summary>{len(found.entities)} entities</summary>\n"]
        lines += ["| document | what | entity | in context |", "|:--|:--|:--|:--|"]
        for one in found.entities:
            cells = (f"{one.document}:{one.entity.start}", one.kind, _what(one), _context(one, old, new))
            lines.append(row(cells))
        lines += ["\n</details>"]
    return "\n".join(lines) + "\n"


def _what(one: Difference) -> str:
    """An entity before and after, with what differs."""
    old, new = one.old, one.new
    if old is None or new is None:
        return f"{one.entity.type}{'' if one.entity.required else '?'} {one.entity.text}"
    parts = []
    if one.kind == "changed":
        parts.append(f"{new.type} {new.text}")
    else:
        parts.append(f"{old.type} {old.text} → {new.type} {new.text}")
    parts += [f"{name} {_shown(old, name)} → {_shown(new, name)}" for name in one.changed]
    return "; ".join(parts)


def _shown(entity: Entity, name: str) -> str:
    value = getattr(entity, name)
    if isinstance(value, Money | Timex):
        return " ".join(_parts(value))
    if name == "alternatives":
        return ", ".join(f"{start}–{end}" for start, end in value) or "none"
    return "none" if value is None else str(value)


def _parts(value: Money | Timex) -> Iterator[str]:
    for name in value.__struct_fields__:
        part = getattr(value, name)
        if part is not None:
            yield f"{'–' if name == 'upper' else ''}{part}"


def _context(one: Difference, old: Gold, new: Gold) -> str:
    """The text around it, in the version that has it."""
    text = (old if one.new is None and one.document in old else new)[one.document].text
    start, end = one.entity.start, one.entity.end
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return f"{before}⟦{text[start:end]}⟧{after}".replace("\n", "⏎")
