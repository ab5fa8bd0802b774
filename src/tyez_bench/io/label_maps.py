"""Label maps: how the labels of a system are read as those of the gold, and which of these they can express.

The maps that come with the package lead to the built-in label set (PLACE, ORG, MONEY, DATE). Where predictions have the
gold's own labels no map is needed: each label is read as itself.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from tyez_bench.files.jsonl import sha256
from tyez_bench.files.toml import names_in, own_text, parse_toml
from tyez_bench.gold.gold import Gold
from tyez_bench.gold.label_sets import BUILT_IN, shipped
from tyez_bench.io.encodings import NAMELESS
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import advice, literal
from tyez_bench.model.labels import LabelSet

# The map of the built-in labels: each is itself.
OWN = BUILT_IN
# Asks for the labels to be read as they are, whatever map would fit.
AS_THEY_ARE = "as-they-are"
# What to do where a map is not the right one.
_FOLDER = resources.files("tyez_bench.io") / "label_maps"
# How many labels a message lists.
_SHOWN = 12
_KEYS = ("name", "title", "source", "expresses", "labels", "notes")


@dataclass(frozen=True, slots=True)
class LabelMap:
    """How one label set is read. A label that maps to None is out of scope: ignored and counted.

    ``expresses`` are the gold's labels that the scheme has entities of at all; ``notes`` say, by label, what was chosen
    where a label is ambiguous or stands for several types. ``unknown_to_gold`` are labels of predictions that are read
    as themselves, and that the gold's label set lacks; ``alike`` the names of other maps that would have read the
    labels at hand in the same way.
    """

    name: str
    title: str
    source: str
    expresses: tuple[str, ...]
    labels: dict[str, str | None]
    notes: dict[str, str] = field(default_factory=dict)
    unknown_to_gold: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """SHA-256 of what decides a score: the labels and the types expressed, in canonical JSON."""
        content = {"expresses": self.expresses, "labels": self.labels}
        return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8"))

    @property
    def fingerprint(self) -> str:
        """The first 12 hexadecimal digits of the SHA-256."""
        return self.sha256[:12]

    def unknown(self, observed: Iterable[str]) -> list[str]:
        """The labels that the map does not know, in order."""
        return sorted(set(observed) - self.labels.keys() - set(self.unknown_to_gold))

    def target(self, label: str) -> str | None:
        """The gold's label for a label; None where it is out of scope. Raises KeyError for one that is unknown."""
        return label if label in self.unknown_to_gold else self.labels[label]

    def leads_to(self, gold: LabelSet) -> bool:
        """Whether all that it expresses are labels of the gold's set."""
        return all(type_ in gold for type_ in self.expresses)

    def translates(self, labels: Iterable[str], present: Collection[str]) -> bool:
        """Whether it leads one of these labels to one that is present, and that they lack under its own name."""
        given = set(labels)
        return any(self.labels.get(label) in set(present) - given for label in given)


def map_names() -> tuple[str, ...]:
    """The label maps that come with the package, in order."""
    return names_in(_FOLDER)


def load_map(name_or_path: str | Path) -> LabelMap:
    """A label map by its name, or from a TOML file of one's own. Raises UsageError or InputError."""
    name = str(name_or_path)
    if name in map_names():
        return _built_in(name)
    return _parse(own_text(name, "label map", map_names()), Path(name).stem, name)


@cache
def _built_in(name: str) -> LabelMap:
    file = _FOLDER / f"{name}.toml"
    return _parse(file.read_text("utf-8"), name, str(file))


def identity(gold: LabelSet, more: Iterable[str] = ()) -> LabelMap:
    """The map that reads the gold's labels as themselves, and so those of ``more`` that the gold's set lacks."""
    return LabelMap(
        name=gold.name,
        title="the labels of the gold, as they are",
        source="",
        expresses=gold.names,
        labels={label: label for label in gold.names},
        unknown_to_gold=tuple(sorted(set(more) - set(gold.names))),
    )


def choose(
    observed: Iterable[str],
    gold: LabelSet,
    *,
    closed: bool,
    present: Collection[str] | None = None,
    usual: str | None = None,
) -> LabelMap:
    """The map by which these labels are read for a gold set.

    The gold's own labels need no map. Else it is a map of the package that leads to the gold's labels and knows all of
    those observed: the ``usual`` one of whoever wrote them, where it is one of these; of several that read them alike
    the first by name. Unless the gold's label set is ``closed`` (somebody said that there are no other labels), it must
    lead to a label that is ``present`` in the gold (by default all of its set are) and that the predictions have not:
    what both sides call alike is not renamed for a label that the gold has nothing of. Else, unless it is closed,
    labels of which the gold has at least one are read as they are, and so are all where the gold has none, which then
    says nothing of labels.
    Raises UsageError when none of this holds, and when maps that know the labels read them differently.
    """
    labels = sorted(set(observed))
    if all(label in gold for label in labels):
        return identity(gold)
    there = gold.names if present is None else present
    if not closed and not there:
        return identity(gold, labels)
    maps = [
        found
        for name in map_names()
        if (found := _built_in(name)).leads_to(gold) and (closed or found.translates(labels, there))
    ]
    candidates = [found for found in maps if not found.unknown(labels)]
    if candidates:
        return next((found for found in candidates if found.name == usual), None) or _agreeing(candidates, labels)
    if not closed and any(label in gold for label in labels):
        return identity(gold, labels)
    raise _unread(labels, gold, maps, gold.names if closed else gold.order(there))


def _unread(labels: list[str], gold: LabelSet, maps: list[LabelMap], expected: Collection[str]) -> UsageError:
    """What to say of labels that neither the gold nor one of the maps has all of."""
    near = min((identity(gold), *maps), key=lambda found: len(found.unknown(labels)))
    unknown = near.unknown(labels)
    if near.name == gold.name:
        several = f"labels {shown(unknown)}" if len(unknown) > 1 else f"label {unknown[0]!r}"
        if NAMELESS in unknown:
            several += f" ({NAMELESS} is the label of tags without one, such as a bare B; a label map can name it)"
        alike = {label.casefold() for label in unknown} <= {label.casefold() for label in gold.names}
        but = ", which differ only in case" if alike else ""
        return UsageError(
            f"unknown {several}, expected {shown(expected)} (the gold's label set {gold.name}){but}; no label map fits"
            + advice("pass {labels} to map them", labels="FILE")
            + left_out(unknown)
        )
    return UsageError(
        f"no label map has all the labels; the closest, {near.name}, lacks {shown(unknown)}"
        + another_map()
        + left_out(unknown)
    )


def check_leads(label_map: LabelMap, gold: Gold, *, fixed: bool = False) -> None:
    """Raise UsageError for a label map that leads to labels which the gold's set has not.

    ``fixed``: no other map can be named in its place.
    """
    strange = [type_ for type_ in label_map.expresses if type_ not in gold.labels]
    if strange:
        led = [label for label, type_ in label_map.labels.items() if type_ is not None]
        way = (
            ""
            if fixed
            else advice(f"pass {{labels}} with your own map of {literal(shown(led))} to these", labels="FILE")
        )
        raise UsageError(
            f"the label map {label_map.name} maps to {shown(strange)}, which the gold's label set {gold.labels.name} "
            f"lacks, expected {shown(gold.labels.names)}{way}"
        )


def another_map() -> str:
    """The advice for labels that a map does not know."""
    return advice("choose another map with {labels}", labels="NAME|FILE")


def left_out(labels: Sequence[str]) -> str:
    """The advice for labels that count for nothing here."""
    which = "it" if len(labels) == 1 else "them"
    return advice(f"pass {{ignore_labels}} to leave {which} out", ignore_labels=labels)


def shown(labels: Iterable[str]) -> str:
    """Labels for a message, the first dozen of them."""
    found = list(labels)
    return ", ".join(found[:_SHOWN]) + (f", … ({len(found)})" if len(found) > _SHOWN else "")


def _agreeing(candidates: list[LabelMap], labels: list[str]) -> LabelMap:
    """One of the maps, all of which know the labels. Raises UsageError unless they read them alike.

    Maps that read the labels at hand alike may differ in what else they express: the one that expresses the least is
    taken, so that nothing is held against a system that its labels may not be able to say.
    """
    readings = {tuple(found.labels[label] for label in labels) for found in candidates}
    if len(readings) > 1:
        names = ", ".join(found.name for found in candidates)
        raise UsageError(
            f"the labels {shown(labels)} fit several label maps, which read them differently: {names}"
            + advice("choose one with {labels}", labels="NAME")
        )
    first, *rest = sorted(candidates, key=lambda found: (len(found.expresses), found.name))
    return replace(first, alike=tuple(found.name for found in rest))


def _parse(text: str, stem: str, path: str) -> LabelMap:
    """A map from TOML. Raises InputError."""
    content = parse_toml(text, path)
    unknown = [key for key in content if key not in _KEYS]
    if unknown:
        raise InputError(f"unknown key {unknown[0]!r}, expected {', '.join(_KEYS)}", path=path)
    labels = {label: _type(label, type_, path) for label, type_ in _table(content, "labels", path).items()}
    if not labels:
        raise InputError('has no [labels], expected lines such as PER = "" and GPE = "PLACE"', path=path)
    used = dict.fromkeys(type_ for type_ in labels.values() if type_ is not None)
    expresses = _expressed(content.get("expresses", list(used)), path)
    if set(expresses) != used.keys():
        odd = sorted(set(expresses) ^ used.keys())[0]
        how = "is in expresses, but no label maps to it" if odd in expresses else "has a label, but is not in expresses"
        raise InputError(f"{odd} {how}", path=path)
    notes = _table(content, "notes", path)
    facts = {
        "name": content.get("name", stem),
        "title": content.get("title", stem),
        "source": content.get("source", ""),
    }
    for key, value in (facts | notes).items():
        if not isinstance(value, str):
            raise InputError(f"{key} is {type(value).__name__}, expected text", path=path)
    return LabelMap(**facts, expresses=expresses, labels=labels, notes=notes)


def _table(content: dict[str, Any], key: str, path: str) -> dict[str, Any]:
    table = content.get(key, {})
    if not isinstance(table, dict):
        raise InputError(f"{key} is {type(table).__name__}, expected a table", path=path)
    return table


def _type(label: str, type_: object, path: str) -> str | None:
    if type_ == "":
        return None
    if isinstance(type_, dict):
        raise InputError(f"label {label!r} is a table: a label with a dot in it must be quoted", path=path)
    if not isinstance(type_, str) or type_ != type_.strip():
        raise InputError(f'label {label!r} maps to {type_!r}, expected a label, or "" for out of scope', path=path)
    return type_


def _expressed(given: object, path: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(label, str) and label for label in given):
        raise InputError(f"expresses is {given!r}, expected a list of labels", path=path)
    # In an order that does not hang on that of the file, as a map's hash must not.
    return shipped(BUILT_IN).order(given)
