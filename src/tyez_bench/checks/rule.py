"""Rules, as ``rules.toml`` describes them, and what a check finds."""

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum, StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import force_setattr, replace

from tyez_bench.model.errors import UsageError, counted, excerpt

# How many characters on either side tell one place from another.
CONTEXT = 6

# How long a message may be.
_LONGEST = 1000


class Level(IntEnum):
    """The order in which rules run. A record with an error on level 1 or 2 is skipped above."""

    FILE = 1
    STRUCTURE = 2
    EXPRESSION = 3
    OCCURRENCES = 4
    AGREEMENT = 5
    RELEASE = 6


class Severity(StrEnum):
    """An error is wrong whatever anybody thinks of it; a warning can be accepted with a reason."""

    ERROR = "error"
    WARNING = "warning"


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a rule asks for. The code is never used again for another rule.

    ``wrong_when`` says where its findings are wrong, ``options`` which keys of the configuration bear on it.
    """

    code: Annotated[str, Meta(pattern="^[A-Z][0-9]{3}$")]
    name: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]+$")]
    level: Level
    severity: Severity
    summary: str
    why: str
    bad: str
    good: str
    fix: str = msgspec.field(name="mend")
    since: str
    wrong_when: str
    options: tuple[str, ...] = ()
    fixable: bool = False
    retired: Annotated[str | None, Meta(description="the version without it, and where what it said is said now")] = (
        None
    )

    @property
    def page(self) -> str:
        """Where the documentation has it, relative to the root of the project: file and heading."""
        return f"docs/rules.md#{self.code.lower()}-{self.name}"


class Where(NamedTuple):
    """Another place that a finding speaks of: half-open code points into the document's text."""

    path: str
    line: int | None
    document: str
    start: int
    end: int
    surface: str
    label: str | None = None


# Rule, document, label, the characters before, surface, the characters after.
Key = tuple[str, str, str, str, str, str]


class Finding(Struct, frozen=True, kw_only=True):
    """Something that a rule objects to, and where.

    ``start`` and ``end`` are half-open code points into the document's text; None where it is no span. ``surface`` is
    what stands there, shortened where it is long, or the thing in question (an id, a file). ``before`` and ``after``
    are the characters around it. ``related`` are places that it speaks of. Findings of one
    ``cause`` become one, the one with the lowest ``rank``; the others are its ``more``.
    """

    code: str
    message: str
    path: str
    line: int | None = None
    document: str | None = None
    start: int | None = None
    end: int | None = None
    surface: str = ""
    label: str | None = None
    before: str = ""
    after: str = ""
    related: tuple[Where, ...] = ()
    cause: str = ""
    rank: int = 0
    more: tuple["Finding", ...] = ()

    def __post_init__(self) -> None:
        # Findings of many long spans of one text would be many times as long as the text.
        force_setattr(self, "message", excerpt(self.message, _LONGEST))
        force_setattr(self, "surface", excerpt(self.surface))

    def each(self) -> Iterator["Finding"]:
        """It and the others of its cause, each by itself."""
        yield replace(self, message=self.message.removesuffix(_often(len(self.more))), more=())
        yield from self.more

    @property
    def rule(self) -> Rule:
        """The rule that objects."""
        return rules()[self.code]

    @property
    def key(self) -> Key:
        """What it is compared by: the parts of its fingerprint."""
        return self.code, self.document or "", self.label or "", self.before, self.surface, self.after

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what it is about: rule, document, label, surface and the characters around; no offset, no line."""
        return hashlib.sha256("\x1f".join(self.key).encode("utf-8", "surrogatepass")).hexdigest()

    def where(self) -> Where:
        """Its place."""
        return Where(
            self.path, self.line, self.document or "", self.start or 0, self.end or 0, self.surface, self.label
        )

    def sort_key(self) -> tuple[Any, ...]:
        """The order of a report: file, line, place, code."""
        start, end = (-1 if offset is None else offset for offset in (self.start, self.end))
        return self.path, self.line or 0, start, end, self.code, self.surface, self.message


def joined(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, of each cause one that has the others; its message says how many more places there are."""
    alone, causes = [], dict[str, list[Finding]]()
    for finding in findings:
        if finding.cause:
            causes.setdefault(finding.cause, []).append(finding)
        else:
            alone.append(finding)
    for found in causes.values():
        first, *rest = sorted(found, key=lambda one: (one.rank, one.sort_key()))
        more = tuple(sorted(rest, key=Finding.sort_key))
        alone.append(replace(first, message=first.message + _often(len(more)), more=more))
    return alone


def _often(number: int) -> str:
    return f"; {counted(number, 'more place')} like this" if number else ""


def line_finding(code: str, message: str, path: str, line: int | None, subject: str = "") -> Finding:
    """A finding about a line, or about a file."""
    return Finding(code=code, message=message, path=path, line=line, surface=subject or message)


class Convention(NamedTuple):
    """What a whole set does otherwise than a rule expects: said once, and no finding. ``message`` is a sentence."""

    code: str
    message: str


class Check(Struct, frozen=True):
    """A function that yields findings of these codes. What it takes is the business of its family's stage.

    Those over a whole set may yield conventions of the set, too.
    """

    codes: tuple[str, ...]
    run: Callable[..., Iterator[Finding | Convention]]


@cache
def known_rules() -> Mapping[str, Rule]:
    """Every rule that there is or was by its code, in the order of the codes' families and numbers."""
    data = tomllib.loads(files("tyez_bench.checks").joinpath("rules.toml").read_text("utf-8"))
    # JSON output has had "mend" from the first version on.
    facts = (
        {"code": code, "mend": rule.pop("fix"), "wrong_when": rule.pop("wrong-when"), **rule}
        for code, rule in data.items()
    )
    found = [msgspec.convert(one, Rule, strict=False) for one in facts]
    return {rule.code: rule for rule in sorted(found, key=lambda rule: (rule.level, rule.code))}


@cache
def rules() -> Mapping[str, Rule]:
    """The rules that run, by code, in the same order."""
    return {code: rule for code, rule in known_rules().items() if rule.retired is None}


def retired_among(names: Iterable[str]) -> list[str]:
    """A line for each retired rule that is named by its code or its name: it is looked for no more."""
    wanted = {name.upper() for name in names} | set(names)
    return [
        f"{code} {rule.name} is no longer a rule: {rule.retired}"
        for code, rule in known_rules().items()
        if rule.retired is not None and wanted & {code, rule.name}
    ]


def family(code: str) -> str:
    """The letter of a code."""
    return code[0]


def matching(names: Iterable[str]) -> set[str]:
    """The codes that codes, beginnings of codes (``X``, ``X6``) and rules' names stand for, retired ones too.

    Raises UsageError.
    """
    known = known_rules()
    found: set[str] = set()
    for name in names:
        begins = name.upper()
        hit = {code for code, rule in known.items() if code.startswith(begins) or rule.name == name} if name else set()
        if not hit:
            raise UsageError(f"unknown rule {name!r}; tyez-bench explain --all lists the rules")
        found |= hit
    return found
