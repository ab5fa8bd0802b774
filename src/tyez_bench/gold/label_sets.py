"""The label sets that come with the package, sets from a file, and which of them the labels of a gold set belong to.

A set is a TOML file: name, title, source, and a table ``labels`` whose keys are the labels in order, each with an
optional ``kind``, ``title``, ``description``, and ``nominal = true`` for what describes and names nothing.
``docs/labels.md`` has an example and the JSON Schema.
"""

from collections.abc import Mapping
from dataclasses import replace as dataclass_replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tyez_bench.files.toml import names_in, own_text, parse_toml
from tyez_bench.model.errors import InputError, excerpt
from tyez_bench.model.labels import Kind, Label, LabelSet

BUILT_IN = "tyez"
# The name of a set that nobody gave: the labels of a file, the most frequent first.
BY_FREQUENCY = "by-frequency"
_FOLDER = resources.files("tyez_bench.gold") / "label_sets"


class _Said(Struct, frozen=True, forbid_unknown_fields=True):
    """What a file says of a label."""

    kind: Kind | None = None
    title: str = ""
    description: str = ""
    nominal: bool = False


class SetFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The form of a file."""

    labels: dict[str, _Said]
    name: str = ""
    title: str = ""
    source: str = ""


def set_names() -> tuple[str, ...]:
    """The label sets that come with the package, in alphabetical order."""
    return names_in(_FOLDER)


def load_label_set(name_or_path: str | Path) -> LabelSet:
    """A label set by its name, or from a TOML file of one's own. Raises UsageError or InputError."""
    name = str(name_or_path)
    if name in set_names():
        return shipped(name)
    return _parse(own_text(name, "label set", set_names()), Path(name).stem, name)


@cache
def shipped(name: str) -> LabelSet:
    """A set that comes with the package."""
    file = f"{name}.toml"
    return _parse((_FOLDER / file).read_text("utf-8"), name, file)


def label_set_of(counts: Mapping[str, int]) -> LabelSet:
    """The set that labels with these numbers of entities belong to.

    The built-in set where it has all of them; else the smallest of the others that has them, the first by name; else
    they are a set of their own, the most frequent label first, and nothing is known of their kinds.

    >>> label_set_of({"LOC": 3, "PER": 1}).name, label_set_of({"x": 1, "y": 2}).names
    ('uner', ('y', 'x'))
    """
    if not counts:
        return shipped(BUILT_IN)
    sets = [found for found in map(shipped, set_names()) if all(label in found for label in counts)]
    if sets:
        return min(sets, key=lambda found: (found.name != BUILT_IN, len(found), found.name))
    ordered = sorted(counts, key=lambda label: (-counts[label], label))
    return LabelSet(BY_FREQUENCY, tuple(map(Label, ordered)))


def with_agreed_kinds(labels: LabelSet) -> LabelSet:
    """The set, its labels without a kind being of the kind that all sets of the package give to labels of this name.

    >>> with_agreed_kinds(label_set_of({"GPE": 3, "mineral": 1})).kind("GPE")
    <Kind.PLACE: 'place'>
    """
    sets = [shipped(name) for name in set_names()]

    def agreed(label: Label) -> Label:
        kinds = {found.kind(label.name) for found in sets if label.name in found}
        return replace(label, kind=kinds.pop()) if label.kind is None and len(kinds) == 1 else label

    return dataclass_replace(labels, labels=tuple(map(agreed, labels.labels)))


def _why(content: dict[str, Any], error: msgspec.ValidationError) -> str:
    """What is wrong with a file: with the first label of which something wrong is said, if it is that."""
    table = content.get("labels")
    for label, said in table.items() if isinstance(table, dict) else ():
        try:
            msgspec.convert(said, _Said)
        except msgspec.ValidationError as wrong:
            return f"label {label!r}: {_of_label(said, wrong)}"
    return str(error)


def _of_label(said: object, error: msgspec.ValidationError) -> str:
    if not isinstance(said, dict):
        return f'{excerpt(repr(said))}, expected a table such as {{ kind = "person" }}'
    inner = next((key for key, value in said.items() if isinstance(value, dict)), None)
    if inner is not None:
        return f"holds a table {inner!r}: a label with a dot in it must be quoted"
    kind, kinds = said.get("kind"), [known.value for known in Kind]
    if kind is not None and kind not in kinds:
        return f"kind {excerpt(repr(kind))}, expected one of {', '.join(kinds)}"
    return str(error)


def _parse(text: str, stem: str, path: str) -> LabelSet:
    """A set from TOML. Raises InputError."""
    content = parse_toml(text, path)
    try:
        found = msgspec.convert(content, SetFile)
    except msgspec.ValidationError as error:
        raise InputError(f"is not a label set: {_why(content, error)}", path=path) from None
    if not found.labels:
        raise InputError('has no [labels], expected lines as PER = { kind = "person" }', path=path)
    odd = next((label for label in found.labels if not label.strip() or label != label.strip()), None)
    if odd is not None:
        raise InputError(f"{odd!r} is not a label: it is empty, or has white space at an edge", path=path)
    labels = tuple(
        Label(name, said.kind, said.title, said.description, said.nominal) for name, said in found.labels.items()
    )
    return LabelSet(found.name or stem, labels, found.title, found.source)
