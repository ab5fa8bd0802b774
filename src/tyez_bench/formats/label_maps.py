"""Label maps: how the labels of other schemes are read as the four types, and which of these they can express."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from tyez_bench.errors import InputError, UsageError
from tyez_bench.hints import advice
from tyez_bench.inputs import parse_toml
from tyez_bench.jsonl import decode_text, read_bytes, sha256
from tyez_bench.model import Label

OWN = "tyez"
# What to do where a map is not the right one.
ANOTHER_MAP = "--labels NAME|FILE names another map"
_FOLDER = resources.files("tyez_bench.formats") / "labels"
_KEYS = ("name", "title", "source", "expresses", "labels", "notes")


@dataclass(frozen=True, slots=True)
class LabelMap:
    """How one label set is read. A label that maps to None is out of scope: ignored and counted.

    ``expresses`` are the types that the scheme has entities of at all; ``notes`` say, by label, what was chosen
    where a label is ambiguous or stands for several types.
    """

    name: str
    title: str
    source: str
    expresses: tuple[Label, ...]
    labels: dict[str, Label | None]
    notes: dict[str, str] = field(default_factory=dict)

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
        return sorted(set(observed) - self.labels.keys())


def map_names() -> tuple[str, ...]:
    """The label maps that come with the package, in order."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _FOLDER.iterdir() if file.name.endswith(".toml")))


def load_map(name_or_path: str | Path) -> LabelMap:
    """A label map by its name, or from a TOML file of one's own. Raises UsageError or InputError."""
    name = str(name_or_path)
    if name in map_names():
        return _built_in(name)
    if not name.endswith(".toml") and "/" not in name and not os.path.isfile(name):
        raise UsageError(f"unknown label map {name!r}, expected one of {', '.join(map_names())}, or a TOML file")
    return _parse(decode_text(read_bytes(name), name), Path(name).stem, name)


@cache
def _built_in(name: str) -> LabelMap:
    file = _FOLDER / f"{name}.toml"
    return _parse(file.read_text("utf-8"), name, str(file))


def fitting(observed: Iterable[str]) -> list[LabelMap]:
    """The maps that know all the labels, by name; the gold's own comes first and alone when it does."""
    labels = set(observed)
    if not _built_in(OWN).unknown(labels):
        return [_built_in(OWN)]
    return [_built_in(name) for name in map_names() if not _built_in(name).unknown(labels)]


def closest(observed: Iterable[str]) -> LabelMap:
    """The map that knows the most of the labels; of several the gold's own, then the first by name."""
    labels = set(observed)
    return min(map(_built_in, map_names()), key=lambda found: (len(found.unknown(labels)), found.name != OWN))


def detect(observed: Iterable[str]) -> LabelMap:
    """The map that the labels belong to.

    Raises UsageError when no map knows all of them, or when maps that do would read or count them differently.
    """
    labels = sorted(set(observed))
    candidates = fitting(labels)
    if not candidates:
        near = closest(labels)
        unknown = near.unknown(labels)
        raise UsageError(
            f"no label map knows all the labels; {near.name} comes closest and lacks {', '.join(unknown)}"
            + advice(ANOTHER_MAP, f"--ignore-labels {','.join(unknown)} leaves them out")
        )
    readings = {(found.expresses, tuple(found.labels[label] for label in labels)) for found in candidates}
    if len(readings) > 1:
        names = ", ".join(found.name for found in candidates)
        raise UsageError(
            f"the labels {', '.join(labels)} fit several label maps, which read them differently or express different "
            f"types: {names}{advice('name one with --labels NAME')}"
        )
    return candidates[0]


def _parse(text: str, stem: str, path: str) -> LabelMap:
    """A map from TOML. Raises InputError."""
    content = parse_toml(text, path)
    unknown = [key for key in content if key not in _KEYS]
    if unknown:
        raise InputError(f"unknown key {unknown[0]!r}, expected {', '.join(_KEYS)}", path=path)
    labels = {label: _type(label, type_, path) for label, type_ in _table(content, "labels", path).items()}
    if not labels:
        raise InputError('has no [labels], expected lines as PER = "" and GPE = "PLACE"', path=path)
    used = {type_ for type_ in labels.values() if type_ is not None}
    expresses = _expressed(content.get("expresses", sorted(used)), path)
    if set(expresses) != used:
        odd = sorted(set(expresses) ^ used)[0]
        how = "is expressed, but no label stands for it" if odd in expresses else "has a label, but is not expressed"
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


def _type(label: str, type_: object, path: str) -> Label | None:
    if type_ == "":
        return None
    if isinstance(type_, dict):
        raise InputError(f"label {label!r} is a table: a label with a dot in it must stand in quotes", path=path)
    if not isinstance(type_, str) or type_ not in Label.__members__:
        raise InputError(
            f'label {label!r} maps to {type_!r}, expected {", ".join(Label)}, or "" for out of scope', path=path
        )
    return Label(type_)


def _expressed(given: object, path: str) -> tuple[Label, ...]:
    if not isinstance(given, list) or not all(isinstance(t, str) and t in Label.__members__ for t in given):
        raise InputError(f"expresses is {given!r}, expected a list of {', '.join(Label)}", path=path)
    return tuple(label for label in Label if label in given)
