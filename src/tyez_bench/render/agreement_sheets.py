"""The agreement of passes as sheets, and what they disagree on."""

from collections.abc import Sequence

from tyez_bench.corpus.gold import Gold
from tyez_bench.disagreements import Disagreement
from tyez_bench.gold.agreement import ATTRIBUTES, ONE_LABEL, Agreement
from tyez_bench.model import Entity
from tyez_bench.render.numbers import figure
from tyez_bench.render.other_sheets import reason_notes
from tyez_bench.render.sheet import Sheet, sheet
from tyez_bench.scoring.measures import f1

_AROUND = 10


def agreement_sheets(result: Agreement, alpha: float | None = None, missing: str | None = None) -> list[Sheet]:
    """The agreement of two passes. ``missing``: why there is no alpha."""
    columns = [*result.exact.values(), *result.boundary.values()]
    names = list(columns[0])
    rows = [(name, *(figure(f1(counts[name])) for counts in columns)) for name in names]
    header = ("", *(f"exact {layer}" for layer in result.exact), *(f"boundary {layer}" for layer in result.boundary))
    title = f"agreement of {result.a} and {result.b}: F1, boundary and type equal, then boundary alone"
    shares = [(n, figure(s.value), str(s.equal), str(s.cases)) for n, s in result.attributes.items()]
    why = f" ({result.kappa_reason})" if result.kappa_reason else ""
    kappa = f"Cohen's kappa over characters, outermost layer: {figure(result.kappa)}{why}"
    notes = [kappa, alpha_note(alpha, missing)]
    attributes = ("attribute", "agree", "equal", "cases")
    return [
        sheet(title, header, rows),
        sheet("on spans with the same boundary and type", attributes, shares, notes),
    ]


def alpha_note(alpha: float | None, missing: str | None) -> str:
    """Krippendorff's alpha in a line; ``missing``: the package that it needs is not there."""
    why = missing or (ONE_LABEL if alpha is None else None)
    return f"Krippendorff's alpha over characters, outermost layer: {figure(alpha)}" + (f" ({why})" if why else "")


def several_sheets(pairs: Sequence[Agreement], alpha: float | None, missing: str | None) -> list[Sheet]:
    """Three passes and more: each pair, and the mean, the lowest and the highest of the pairs, by type."""
    names = list(pairs[0].exact["all"])
    found = []
    for what in ("exact", "boundary"):
        rows = []
        values: dict[str, list[float]] = {name: [] for name in names}
        for pair in pairs:
            scores = [f1(getattr(pair, what)["all"][name]) for name in names]
            rows.append((f"{pair.a}, {pair.b}", *map(figure, scores)))
            for name, value in zip(names, scores, strict=True):
                values[name] += [] if value is None else [value]
        for word, of in (("mean", lambda v: sum(v) / len(v)), ("lowest", min), ("highest", max)):
            rows.append((word, *(figure(of(values[name])) if values[name] else "–" for name in names)))
        equal = "boundary and type equal" if what == "exact" else "boundary equal"
        some = [name for name, defined in values.items() if 0 < len(defined) < len(pairs)]
        notes = [f"mean, lowest and highest of {', '.join(some)} are of the pairs that have an F1"] if some else []
        found.append(sheet(f"F1 of every pair, {equal}, all layers", ("passes", *names), rows, notes))
    kappas = [(f"{pair.a}, {pair.b}", figure(pair.kappa)) for pair in pairs]
    reasons = reason_notes((f"{pair.a}, {pair.b}", pair.kappa_reason) for pair in pairs)
    title = "Cohen's kappa over characters, outermost layer"
    found.append(sheet(title, ("passes", "kappa"), kappas, [*reasons, alpha_note(alpha, missing)]))
    return found


def disagreement_sheet(found: Sequence[Disagreement], passes: Sequence[Gold], number: int) -> Sheet:
    """The first disagreements, what each pass has there side by side."""
    rows = []
    shown = found[:number] if number else found
    for place in shown:
        text = passes[0][place.document].text
        before, after = text[max(0, place.start - _AROUND) : place.start], text[place.end : place.end + _AROUND]
        context = f"{before}⟦{text[place.start : place.end]}⟧{after}".replace("\n", "⏎")
        cells = [_reading(entities, place) for entities in place.readings]
        rows.append((f"{place.document}:{place.start}", place.kind, *cells, context))
    title = f"{len(shown)} of {len(found)} disagreements"
    header = ("document", "kind", *(one.name for one in passes), "in context")
    return sheet(title, header, rows, words=len(header))


def _reading(entities: Sequence[Entity], place: Disagreement) -> str:
    if place.kind != "attribute":
        return "; ".join(f"{e.type}{'' if e.required else '?'} {e.text}" for e in entities) or "–"
    all_ = [reading[0] for reading in place.readings]
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
