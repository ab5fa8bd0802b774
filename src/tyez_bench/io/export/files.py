"""A gold set in the formats of other tools.

A file holds one layer: the outermost, the nested ones, or all. Formats of tags hold spans that don't overlap, and so
not all layers at once. Optional entities are left out unless they are to be kept; what was left out is counted. A
DocBin has a place for all of them, and always holds all; so does the project's own form of a gold set. What a format
can't hold of the entities and texts that are written is counted, too.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tyez_bench.files.inputs import without_collection
from tyez_bench.files.jsonl import encode_lines
from tyez_bench.gold.gold import Gold
from tyez_bench.io.encodings import check_names
from tyez_bench.io.export.losses import (
    Chosen,
    Misaligned,
    check_apart,
    check_policy,
    facts_lost,
    misaligned,
    read_otherwise,
    refuse,
    taken_for_comments,
    texts_lost,
    tokens_lost,
)
from tyez_bench.io.export.rows import UNITS, Unit, units, whole, words_of
from tyez_bench.io.export.words import Bounds, load_segmenter, snap
from tyez_bench.io.formats import conll
from tyez_bench.io.record import Sample
from tyez_bench.io.registry import load_format
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import public
from tyez_bench.model.spans import Span

# What is a file for another tool; the others of the registry are outputs of models.
FORMATS = ("conll", "docbin", "cluener", "doccano", "label-studio", "brat", "inline", "native", "gold")
# The project's own form of a gold set, which holds all that there is of one.
GOLD = "gold"
TOKENS = ("conll", "docbin")
LAYERS = ("outermost", "nested", "all")
OPTIONAL = ("drop", "keep")
ENCODINGS = ("bio", "bioes", "bmes", "bilou", "iob1")


@dataclass(frozen=True)
class Exported:
    """What was written, as bytes or as the files of a directory, and what was not.

    ``spans`` counts the entities in it; ``left_out`` those that were not asked for, by what they are (nested,
    optional); ``lost`` what the format has no place for (values, white space …), ``risks`` what is in the file but read
    otherwise by some of the tools that it is for; ``misaligned`` are those with an edge inside a word, with what became
    of them.
    """

    data: bytes | Mapping[str, bytes]
    spans: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    lost: Mapping[str, int] = field(default_factory=dict)
    risks: Mapping[str, int] = field(default_factory=dict)
    misaligned: tuple[Misaligned, ...] = ()


@public
def export(
    gold: Gold,
    format: str,
    *,
    layer: str | None = None,
    optional: str | None = None,
    by: str | None = None,
    words: str | None = None,
    encoding: str | None = None,
    on_misaligned: str | None = None,
    comments: bool = False,
) -> Exported:
    r"""Write a gold set in a format of another tool.

    Args:
        gold: the gold set.
        format: conll, docbin, cluener, doccano, label-studio, brat, inline, native or gold.
        layer: which entities: outermost (the default), nested or all.
        optional: what becomes of optional entities: drop (the default) or keep.
        by: whether a record is a document or a sentence (the default of columns).
        words: of columns and DocBins, the segmenter whose words are the tokens: char (the default), jieba, thulac …
        encoding: of columns, bio (the default), bioes, bmes, bilou or iob1.
        on_misaligned: of columns and DocBins, what becomes of an entity with an edge inside a word: error (the
            default), expand, contract or drop.
        comments: of columns, a line ``# id = X`` before each sentence, and ``# text = X`` where it has white space;
            most readers of columns take such lines for a token.

    Returns:
        ``data`` as bytes, or as the files of a directory by name; how many ``spans`` are in it, and what was left out
        or lost.

    Raises:
        UsageError: what the format can't do or hold.
        MissingExtraError: a segmenter or spaCy is not installed.

    Example:
        >>> import tyez_bench
        >>> written = tyez_bench.export(tyez_bench.load(), "conll")
        >>> written.data.decode().splitlines()[:3]
        ['·\tO', '太\tB-PLACE', '原\tI-PLACE']
    """
    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}, expected one of: {', '.join(FORMATS)}")
    options = {"layer": layer, "optional": optional, "by": by}
    tokens = {"words": words, "encoding": encoding, "on_misaligned": on_misaligned, "comments": comments}
    check(format, **options, **tokens)
    by = by or ("sentence" if format == "conll" else "document")
    if format == GOLD:
        return Exported(encode_lines(gold), sum(1 for _ in gold.entities()))
    if format == "docbin":
        return _docbin(gold, words or "char", on_misaligned or "error", by)
    chosen = [_choose(unit, layer or "outermost", optional or "drop") for unit in _units(gold, by)]
    check_apart(format, chosen, layer or "outermost")
    left_out = _left_out(gold, [entity for _, entities in chosen for entity in entities])
    if format == "conll":
        written = _columns(
            gold, chosen, encoding or "bio", words or "char", on_misaligned or "error", comments=comments
        )
        return replace(written, left_out=left_out)
    samples = [_sample(unit, [(unit.bounds(e), e) for e in entities], gold) for unit, entities in chosen]
    # Gold is no pre-annotation: Label Studio keeps the two apart.
    kind = ("annotations",) if format == "label-studio" else ()
    data = _written(load_format(format).write, samples, *kind)
    lost, risks = facts_lost(format, chosen) | texts_lost(format, chosen), read_otherwise(format, chosen)
    return Exported(data, _count(samples), left_out, lost, risks)


def check(format: str, **options: str | bool | None) -> None:
    """Raise UsageError for an option's unknown value, and for an option that the format has no use for."""
    known = {"layer": LAYERS, "optional": OPTIONAL, "by": UNITS}
    for name, values in known.items():
        if options.get(name) is not None and options[name] not in values:
            raise UsageError(f"{name} {options[name]!r}: expected one of: {', '.join(values)}")
    if options.get("on_misaligned") is not None:
        check_policy(str(options["on_misaligned"]))
    encoding = options.get("encoding")
    check_names(None if encoding is None else str(encoding))
    idle = {
        "words": format not in TOKENS,
        "on_misaligned": format not in TOKENS,
        "encoding": format != "conll",
        "comments": format != "conll",
        "layer": format in ("docbin", GOLD),
        "optional": format in ("docbin", GOLD),
        "by": format == GOLD,
    }
    for name, unused in idle.items():
        if unused and options.get(name) not in (None, False):
            raise UsageError(f"the format {format} takes no {name}")


def _units(gold: Gold, by: str) -> list[Unit]:
    if by == "document":
        return [whole(document) for document in gold]
    return [unit for document in gold for unit in units(document)]


def _choose(unit: Unit, layer: str, optional: str) -> tuple[Unit, list[Entity]]:
    wanted = {"outermost": (True,), "nested": (False,), "all": (True, False)}[layer]
    return unit, [e for e in unit.entities if e.outermost in wanted and (e.required or optional == "keep")]


def _left_out(gold: Gold, chosen: Iterable[Entity]) -> dict[str, int]:
    kept = {id(entity) for entity in chosen}
    names = Counter(
        f"{'outermost' if entity.outermost else 'nested'} {entity.status}"
        for _, entity in gold.entities()
        if id(entity) not in kept
    )
    return dict(sorted(names.items()))


def _sample(unit: Unit, entities: Iterable[tuple[Bounds, Entity]], gold: Gold) -> Sample:
    spans = [Span(*bounds, str(e.type), unit.text[slice(*bounds)], e.value) for bounds, e in entities]
    return Sample(unit.sentence.id, unit.text, tuple(spans), unit.place(gold.places))


def _count(samples: Iterable[Sample]) -> int:
    return sum(len(sample.spans) for sample in samples)


def _written(write: Callable[..., Any], samples: list[Sample], *options: Any) -> Any:
    try:
        return write(samples, *options)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _columns(gold: Gold, chosen: Chosen, encoding: str, words: str, policy: str, *, comments: bool) -> Exported:
    segment = load_segmenter(words)
    samples: list[Sample] = []
    places: list[list[Bounds]] = []
    kept: list[tuple[Unit, list[Entity]]] = []
    found: list[Misaligned] = []
    for unit, entities in chosen:
        places.append(words_of(unit, segment) if unit.text.strip() else [])
        fitting, moved = snap([(unit.bounds(e), e) for e in entities], places[-1], policy)
        found += misaligned(unit, gold.places, moved)
        kept.append((unit, [entity for _, entity in fitting]))
        if places[-1]:
            samples.append(_sample(unit, fitting, gold))
    refuse(found, policy)
    tokens = {sample.id: bounds for sample, bounds in zip(samples, filter(None, places), strict=True)}
    data = _written(conll.write, samples, encoding, lambda sample: tokens[sample.id], comments)
    lost = facts_lost("conll", kept) | tokens_lost(kept, places, conll.is_told if comments else None)
    risks = taken_for_comments(samples) if comments else {}
    return Exported(data, _count(samples), lost=lost, risks=risks, misaligned=tuple(found))


def _docbin(gold: Gold, words: str, policy: str, by: str) -> Exported:
    # Here, so that no other format needs spaCy.
    from tyez_bench.io.export.docbin import packed

    with without_collection():
        data, spans, found = packed(gold, words=words, on_misaligned=policy, by=by, places=gold.places)
    return Exported(data, spans, misaligned=tuple(found))
