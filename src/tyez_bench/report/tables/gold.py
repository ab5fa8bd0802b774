"""The gold set in numbers, and what words can hold of it, as tables."""

from collections.abc import Sequence

from tyez_bench.dataset.statistics import LAYERS, Ceiling, Statistics
from tyez_bench.model.errors import counted
from tyez_bench.report.table import Table, figure, number, table

# How many of the entities that a segmenter cuts are named.
_SHOWN = 12


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
        (
            row.id,
            *(str(n) for n in (row.characters, row.sentences, *row.required.values(), row.optional, row.nested)),
        )
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
        (
            one.segmenter,
            str(one.words),
            str(len(one.cut)),
            *(figure(one.share(label)) for label in (None, *labels)),
        )
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
