"""Capabilities: files of hand-written templates, with the words that fill their slots.

A template is a text in the inline notation of the passes, ``⟦TYPE? key=value|text⟧``, with slots. ``{firm}`` stands
for a value of the fill list ``firm``, ``{firm#2}`` for another one of the same list in the same case; values may hold
marks of their own. ``{amount mod=APPROX}`` sets a key of the value's outermost mark, where ``*`` stands for the value
as it reads (``{amount alt=约*}``); ``{firm plain}`` takes its marks off, ``{bank bare}`` the outermost one.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from tyez_bench.files.jsonl import convert, read_text
from tyez_bench.files.toml import parse_toml
from tyez_bench.model.errors import AnnotationError, InputError
from tyez_bench.model.values import check_calendar

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)(?:#([2-9]))?((?: [a-z]+(?:=[^\s{}|⟦⟧]+)?)*)\}")
REFERENCE = "2022-08-09"
_ID = r"^[a-z][a-z0-9-]*$"

Words = Annotated[str, Meta(min_length=1)]


class CaseKind(StrEnum):
    """The three kinds of tests, as CheckList names them (Ribeiro et al. 2020)."""

    MFT = "mft"
    """Minimum functionality: the spans of one text must be found."""
    DIRECTIONAL = "directional"
    """The change from one text to the other must change the answer, as the labels say."""
    INVARIANCE = "invariance"
    """The change must leave the answer as it is."""


class Fill(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Values for a slot, and where they are from."""

    source: Words
    values: Annotated[tuple[Words, ...], Meta(min_length=1)]


class Template(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A test: ``text`` for minimum functionality, else ``before`` and ``after`` with what changes between them.

    ``reference`` is the day or month to which relative dates are read.
    """

    id: Annotated[str, Meta(pattern=_ID)]
    kind: CaseKind = CaseKind.MFT
    text: str | None = None
    before: str | None = None
    after: str | None = None
    change: str | None = None
    reference: str | None = None
    after_reference: str | None = None

    def __post_init__(self) -> None:
        pair = (self.before, self.after, self.change)
        if self.kind is CaseKind.MFT and (self.text is None or any(part is not None for part in pair)):
            raise ValueError(f"template {self.id!r}: expected text, without before, after and change")
        if self.kind is not CaseKind.MFT and (self.text is not None or any(part is None for part in pair)):
            raise ValueError(f"template {self.id!r}: expected before, after and change, without text")
        for given in (self.reference, self.after_reference):
            if given is not None:
                check_calendar(given)

    @property
    def sides(self) -> tuple[tuple[str, str], ...]:
        """The marked texts, one or two, each with its reference."""
        first = self.reference or REFERENCE
        if self.text is not None:
            return ((self.text, first),)
        return ((self.before or "", first), (self.after or "", self.after_reference or first))


class Capability(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that a system must be able to do: templates, and the values of their slots.

    ``accept`` names rules of the consistency check that don't hold for it, each with the reason.
    """

    name: str
    title: Words
    about: Words
    accept: dict[str, Words] = field(default_factory=dict)
    fills: dict[str, Fill] = field(default_factory=dict)
    templates: tuple[Template, ...]


def slots(template: Template) -> tuple[tuple[str, int], ...]:
    """The slots of a template in their order, each once: fill list and number."""
    found = {(match[1], int(match[2] or 1)): None for text, _ in template.sides for match in SLOT.finditer(text)}
    return tuple(found)


def filled(text: str, values: Mapping[tuple[str, int], str]) -> str:
    """A marked text with the values in its slots. Raises ValueError for an option that a value can't take."""

    def value(match: re.Match[str]) -> str:
        found = values[match[1], int(match[2] or 1)]
        for option in match[3].split():
            found = _optioned(found, option)
        return found

    return SLOT.sub(value, text)


def without_marks(marked: str) -> str:
    """A marked text as it reads."""
    return re.sub(r"⟦[^|⟦⟧]*\||⟧", "", marked)


def _optioned(value: str, option: str) -> str:
    if option == "plain":
        return without_marks(value)
    if option == "bare":
        return re.sub(r"^⟦[^|⟦⟧]*\|(.*)⟧$", r"\1", value)
    if "=" not in option or not re.match(r"⟦[A-Z]+\??[ |]", value):
        raise ValueError(
            f"{value!r} does not take {option!r}: expected plain, bare, or key=value for a value with a mark"
        )
    key = option.partition("=")[0]
    head, bar, rest = value.partition("|")
    parts = [part for part in head.split(" ") if not part.startswith(f"{key}=")]
    return " ".join([*parts, option.replace("*", without_marks(value))]) + bar + rest


def read_capability(path: Path) -> Capability:
    """A capability from its TOML file. Raises InputError with the line of the template that is wrong."""
    return parse_capability(read_text(path), path.stem, path)


def parse_capability(text: str, name: str, path: Path | str) -> Capability:
    """As :func:`read_capability`, from the text of the file."""
    content = parse_toml(text, path)
    given = content.pop("template", None)
    if not isinstance(given, list):
        raise InputError("has no [[template]]", path=path)
    lines = [n for n, line in enumerate(text.split("\n"), 1) if re.match(r"\s*\[\[\s*template\s*\]\]", line)]
    if len(lines) != len(given):
        raise InputError(
            f"expected a line [[template]] for each of {len(given)} templates, got {len(lines)}", path=path
        )
    templates = []
    for number, (fields, line) in enumerate(zip(given, lines, strict=True), 1):
        try:
            templates.append(msgspec.convert(fields, Template))
        except (msgspec.ValidationError, ValueError) as error:
            raise AnnotationError(f"template {number}: {error}", path=path, line=line) from None
    found = convert({"name": name, **content, "templates": ()}, Capability, path=path)
    _check_slots(found.fills, templates, lines, path)
    return msgspec.structs.replace(found, templates=tuple(templates))


def _check_slots(fills: Mapping[str, Fill], templates: list[Template], lines: list[int], path: Path | str) -> None:
    used: set[str] = set()
    ids: set[str] = set()
    for template, line in zip(templates, lines, strict=True):
        if template.id in ids:
            raise AnnotationError(f"template id {template.id!r} occurs twice", path=path, line=line)
        ids.add(template.id)
        for text, _ in template.sides:
            stray = re.search(r"[{}]", SLOT.sub("", text))
            if stray is not None:
                raise AnnotationError(f"template {template.id!r}: a brace outside of slots", path=path, line=line)
        for name, number in slots(template):
            used.add(name)
            if name not in fills:
                raise AnnotationError(f"template {template.id!r}: unknown fill {name!r}", path=path, line=line)
            if number > len(fills[name].values):
                raise AnnotationError(f"template {template.id!r}: fill {name!r} is too short", path=path, line=line)
    unused = sorted(fills.keys() - used)
    if unused:
        raise InputError(f"no template uses the fill {unused[0]!r}", path=path)
    for name, fill in fills.items():
        if len(set(fill.values)) < len(fill.values):
            raise InputError(f"fill {name!r} has a value twice", path=path)
