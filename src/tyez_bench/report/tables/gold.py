"""Gold sets as tables: in numbers, what words can hold of them, agreement of passes, differences of versions."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tyez_bench.dataset.statistics import LAYERS, Ceiling, Statistics
from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted, one_line
from tyez_bench.model.values import Money, Timex
from tyez_bench.report.table import Table, cell, figure, number, render, row, table
from tyez_bench.report.tables.comparisons import reason_notes
from tyez_bench.scoring.schemes import f1

if TYPE_CHECKING:
    # Those of formats come with them.
    from tyez_bench.scoring.agreement import Agreement, Disagreement
    from tyez_bench.scoring.diff import AlignedRecords, Difference, Differences

# How many of the entities that a segmenter cuts are named.
_SHOWN = 12
# How many characters stand on either side of an entity.
_AROUND = 10
# What F1 of passes is made of.
_MEASURED = {"exact": "boundary and type equal", "overlap": "an overlap, type equal", "boundary": "boundary equal"}


def info_tables(found: Statistics, names: int) -> list[Table]:
    """Entities by type and layer, by document, their lengths, nesting and attributes; the most frequent names."""
    return [
        layers_table(found),
        documents_table(found),
        lengths_table(found),
        attributes_table(found),
        names_table(found, names),
    ]


def _title(found: Statistics) -> str:
    """Which gold set it is, and how large."""
    version = f" {found.gold.version}" if found.gold.version else ""
    return (
        f"gold {found.gold.name}{version}, sha256 {found.gold.fingerprint[:12]}: "
        f"{counted(len(found.gold), 'document')}, {counted(found.sentences, 'sentence')}, "
        f"{counted(found.characters, 'character')}, " + counted(found.entities, "entity", "entities")
    )


def layers_table(found: Statistics) -> Table:
    """Entities by type, layer and status."""
    rows = [
        (label, *(str(found.count(label, *kind)) for _, *kind in LAYERS), str(found.count(label)))
        for label in found.labels
    ]
    total = ("all", *(str(found.count(None, *kind)) for _, *kind in LAYERS), str(found.entities))
    return table(_title(found), ("entities", *(name for name, *_ in LAYERS), "all"), [*rows, total])


def documents_table(found: Statistics) -> Table:
    """The documents: size, required outermost entities by type, optional and nested ones."""
    rows = [
        (row.id, *(str(n) for n in (row.characters, row.sentences, *row.required.values(), row.optional, row.nested)))
        for row in found.by_document
    ]
    header = ("document", "characters", "sentences", *found.labels, "optional", "nested")
    return table("documents, with their required outermost entities, outermost optional and nested ones", header, rows)


def lengths_table(found: Statistics) -> Table:
    """How long the required outermost entities are."""
    rows = [
        (label, str(of.shortest), number(of.median), f"{of.mean:.2f}", str(of.longest))
        for label, of in found.lengths.items()
    ]
    return table("length in characters, required outermost", ("type", "shortest", "median", "mean", "longest"), rows)


def attributes_table(found: Statistics) -> Table:
    """How deep entities are nested, and what they carry."""
    depths = [(f"{depth} entities around it", str(times)) for depth, times in sorted(found.depths.items())]
    rows = [*depths, *((name, str(times)) for name, times in found.attributes.items())]
    return table("nesting and attributes, all layers", ("entities with", "how many"), rows)


def names_table(found: Statistics, shown: int) -> Table:
    """The most frequent names of the required outermost layer."""
    flat = found.count(None, True, True)
    rows = [(name.text, name.type, str(name.times)) for name in found.names[:shown]]
    note = f"{len(found.names)} different names or expressions among {flat} required outermost entities"
    return table("most frequent names, required outermost", ("name", "type", "times"), rows, [note], words=2)


def ceiling_table(found: Sequence[Ceiling], layer: str) -> Table:
    """The highest recall that a tagger on each segmenter's words can reach, and the entities that they cut."""
    labels = found[0].labels if found else ()
    rows = [
        (one.segmenter, str(one.words), str(len(one.cut)), *(figure(one.share(label)) for label in (None, *labels)))
        for one in found
    ]
    gold = found[0].gold if found else {}
    of = "of all layers" if layer == "all" else f"of the layer {layer}"
    notes = [f"required entities {of}: " + ", ".join(f"{gold.get(label, 0)} {label}" for label in labels)]
    for one in found:
        named = [f"{entity.text} ({entity.type}, {document.id})" for document, entity in one.cut[:_SHOWN]]
        more = len(one.cut) - len(named)
        if named:
            notes.append(f"{one.segmenter} cuts " + ", ".join(named) + (f" and {more} more" if more else ""))
    header = ("segmenter", "words", "cut", "all", *labels)
    title = f"share of entities {of} with both edges on word edges: the highest recall on these words"
    return table(title, header, rows, notes)


def agreement_tables(result: "Agreement", alpha: float | None = None, missing: str | None = None) -> list[Table]:
    """The agreement of two passes. ``missing``: why there is no alpha."""
    kinds = {"exact": result.exact, "overlap": result.overlap, "boundary": result.boundary}
    columns = [counts for layers in kinds.values() for counts in layers.values()]
    names = list(columns[0])
    rows = [(name, *(figure(f1(counts[name])) for counts in columns)) for name in names]
    header = ("", *(f"{kind} {layer}" for kind, layers in kinds.items() for layer in layers))
    counted_as = "boundary and type equal; an overlap, type equal; boundary alone"
    title = f"agreement of {result.a} and {result.b}: F1, {counted_as}"
    shares = [(n, figure(s.value), str(s.equal), str(s.cases)) for n, s in result.attributes.items()]
    why = f" ({result.kappa_reason})" if result.kappa_reason else ""
    kappa = f"Cohen's kappa over characters, outermost layer: {figure(result.kappa)}{why}"
    notes = [*pair_lines(result), kappa, alpha_note(alpha, missing)]
    attributes = ("attribute", "agree", "equal", "cases")
    return [table(title, header, rows), table("on spans with the same boundary and type", attributes, shares, notes)]


def pair_lines(pair: "Agreement") -> list[str]:
    """How many documents of either pass are left out, and how many were aligned; nothing where there are none."""
    lines = []
    if any(pair.left_out):
        one, other = pair.left_out
        lines.append(
            f"left out, as only one pass has them: {counted(one, 'document')} of {pair.a} and {other} of {pair.b}"
        )
    if any(pair.aligned):
        one, other = pair.aligned
        sides = f"{counted(one, 'record')} of {pair.a} and {other} of {pair.b}"
        lines.append(f"{sides} hold the same text broken in other places: aligned by their characters")
    return lines


def alpha_note(alpha: float | None, missing: str | None) -> str:
    """Krippendorff's alpha in a line; ``missing``: the package that it needs is not there."""
    from tyez_bench.scoring.agreement import ONE_LABEL

    why = missing or (ONE_LABEL if alpha is None else None)
    return f"Krippendorff's alpha over characters, outermost layer: {figure(alpha)}" + (f" ({why})" if why else "")


def several_tables(pairs: Sequence["Agreement"], alpha: float | None, missing: str | None) -> list[Table]:
    """Three passes and more: each pair, and the mean, the lowest and the highest of the pairs, by type."""
    names = list(pairs[0].exact["all"])
    found = []
    for what, equal in _MEASURED.items():
        rows = []
        values: dict[str, list[float]] = {name: [] for name in names}
        for pair in pairs:
            scores = [f1(getattr(pair, what)["all"][name]) for name in names]
            rows.append((f"{pair.a}, {pair.b}", *map(figure, scores)))
            for name, value in zip(names, scores, strict=True):
                values[name] += [] if value is None else [value]
        for word, of in (("mean", lambda v: sum(v) / len(v)), ("lowest", min), ("highest", max)):
            rows.append((word, *(figure(of(values[name])) if values[name] else "–" for name in names)))
        some = [name for name, defined in values.items() if 0 < len(defined) < len(pairs)]
        notes = [f"mean, lowest and highest of {', '.join(some)} are of the pairs that have an F1"] if some else []
        found.append(table(f"F1 of every pair, {equal}, all layers", ("passes", *names), rows, notes))
    kappas = [(f"{pair.a}, {pair.b}", figure(pair.kappa)) for pair in pairs]
    reasons = reason_notes((f"{pair.a}, {pair.b}", pair.kappa_reason) for pair in pairs)
    title = "Cohen's kappa over characters, outermost layer"
    lines = [line for pair in pairs for line in pair_lines(pair)]
    found.append(table(title, ("passes", "kappa"), kappas, [*lines, *reasons, alpha_note(alpha, missing)]))
    return found


def disagreement_table(found: Sequence["Disagreement"], passes: Sequence[Gold], texts: Gold, number: int) -> Table:
    """The first disagreements, what each pass has there side by side; ``texts`` has all documents."""
    rows = []
    shown = found[:number] if number else found
    for place in shown:
        context = _in_context(texts[place.document].text, place.start, place.end)
        cells = [_reading(entities, place) for entities in place.readings]
        rows.append((f"{place.document}:{place.start}", place.kind, *cells, context))
    title = f"{len(shown)} of {len(found)} disagreements"
    header = ("document", "kind", *(one.name for one in passes), "in context")
    return table(title, header, rows, words=len(header))


def _reading(entities: Sequence[Entity] | None, place: "Disagreement") -> str:
    if entities is None:
        return "not read"
    if place.kind != "attribute":
        return "; ".join(f"{e.type}{'' if e.required else '?'} {e.text}" for e in entities) or "–"
    from tyez_bench.scoring.agreement import ATTRIBUTES

    all_ = [reading[0] for reading in place.readings if reading]
    names = [name for name in ATTRIBUTES if any(getattr(one, name) != getattr(all_[0], name) for one in all_)]
    facts = ", ".join(f"{name} {_shown(getattr(entities[0], name))}" for name in names)
    return f"{entities[0].type} {entities[0].text}: {facts}"


def _shown(value: object) -> str:
    if value is None or value == ():
        return "none"
    fields = getattr(value, "__struct_fields__", None)
    if fields is None:
        return str(value)
    return " ".join(str(getattr(value, name)) for name in fields if getattr(value, name) is not None)


def counts_table(found: "Differences") -> Table:
    """How many of each kind by type."""
    from tyez_bench.scoring.diff import KINDS

    rows = [(label, *(str(counts[kind]) for kind in KINDS)) for label, counts in found.counts().items()]
    total = [str(len(found.of(kind))) for kind in KINDS]
    documents = (("added", found.added), ("removed", found.removed), ("with another text", found.rewritten))
    notes = [f"documents {what}: {', '.join(names)}" for what, names in documents if names]
    if found.renamed:
        notes.append(f"documents renamed: {', '.join(f'{old} → {new}' for old, new in found.renamed)}")
    notes += [f"document {one.document}: {', '.join(one.changed)} changed" for one in found.edited]
    notes += aligned_lines(found.aligned, found.old, found.new)
    title = f"from {found.old} to {found.new}"
    return table(title, ("type", *KINDS), [*rows, ("all", *total)] if found.entities else [], notes)


def aligned_lines(aligned: "AlignedRecords", old: str, new: str) -> list[str]:
    """That records were aligned across different breaks, and how many; nothing where none were."""
    if not aligned:
        return []
    sides = f"{counted(aligned.old, 'record')} of {old} and {aligned.new} of {new}"
    return [f"{sides} hold the same text broken in other places: aligned by their characters"]


def diff_text(found: "Differences", old: Gold, new: Gold, notes: Sequence[str] = ()) -> str:
    """The counts, then each entity, before and after; ``notes`` say how the files were read."""
    said = "".join(f"{one_line(note)}\n" for note in notes)
    if not found:
        said = "".join(f"{one_line(note)}\n" for note in aligned_lines(found.aligned, found.old, found.new)) + said
        return f"no differences between {one_line(found.old)} and {one_line(found.new)}\n{said}"
    lines = []
    for one in found.entities:
        sign = {"added": "+", "removed": "-"}.get(one.kind, "~")
        context = _context(one, old, new)
        lines.append(one_line(f"{sign} {_where(one)} {one.kind}: {_what(one)}  {context}"))
    return render([counts_table(found)]) + "".join(f"{line}\n" for line in lines) + said


def diff_markdown(found: "Differences", old: Gold, new: Gold, notes: Sequence[str] = ()) -> str:
    """The counts as a table, then the entities, folded; ``notes`` say how the files were read."""
    said = [f"- {cell(note)}" for note in notes]
    if not found:
        said = [*(f"- {cell(note)}" for note in aligned_lines(found.aligned, found.old, found.new)), *said]
        return (
            "\n".join(
                [f"No differences between {cell(found.old)} and {cell(found.new)}.", *(["", *said] if said else [])]
            )
            + "\n"
        )
    lines = [render([counts_table(found)], "markdown"), *said]
    if found.entities:
        lines += [f"<details><summary>{counted(len(found.entities), 'entity', 'entities')}</summary>\n"]
        lines += ["| document | what | entity | in context |", "|:--|:--|:--|:--|"]
        for one in found.entities:
            cells = (_where(one), one.kind, _what(one), _context(one, old, new))
            lines.append(row(cells))
        lines += ["\n</details>"]
    return "\n".join(lines) + "\n"


def _where(one: "Difference") -> str:
    """The document and the offset; both where the earlier entity stands in another document."""
    here = f"{one.document}:{one.entity.start}"
    if one.old is None or one.new is None or one.old_document is None:
        return here
    return f"{one.old_document}:{one.old.start} → {here}"


def _what(one: "Difference") -> str:
    """An entity before and after, with what differs."""
    return f"{_changes(one)}; crosses a break of the other version's records" if one.crosses else _changes(one)


def _changes(one: "Difference") -> str:
    old, new = one.old, one.new
    if old is None or new is None:
        return f"{one.entity.type}{'' if one.entity.required else '?'} {one.entity.text}"
    parts = []
    if one.kind == "changed":
        parts.append(f"{new.type} {new.text}")
    else:
        parts.append(f"{old.type} {old.text} → {new.type} {new.text}")
    parts += [f"{name} {_shown_change(old, name)} → {_shown_change(new, name)}" for name in one.changed]
    return "; ".join(parts)


def _shown_change(entity: Entity, name: str) -> str:
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


def _context(one: "Difference", old: Gold, new: Gold) -> str:
    """The text around it, in the version that has it."""
    if one.new is None and one.old_document is not None:
        text = old[one.old_document].text
    else:
        text = (old if one.new is None and one.document in old else new)[one.document].text
    return _in_context(text, one.entity.start, one.entity.end)


def _in_context(text: str, start: int, end: int) -> str:
    """A stretch of a text in brackets, between the characters around it."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return f"{before}⟦{text[start:end]}⟧{after}".replace("\n", "⏎")
