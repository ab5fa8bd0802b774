"""A project's configuration of its check."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from tyez_bench.checks.texts import Guidelines
from tyez_bench.files.jsonl import read_text
from tyez_bench.files.toml import parse_toml
from tyez_bench.io.align.offsets import parse
from tyez_bench.io.record import TOLD, Join
from tyez_bench.io.record import Options as ReaderOptions
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.scoring.scores import MICRO

_TABLE = ("tool", "tyez-bench", "check")


class AgreementConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The passes that the gold was made from, the log of decisions, and how well the passes must agree."""

    passes: tuple[str, ...]
    log: str | None = None
    floors: dict[str, float] = msgspec.field(default_factory=dict)
    least: int = 2


class ReleaseConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What was released, and the documents that go with it.

    ``version``: a TOML file and the key of the version in it, as ``pyproject.toml:project.version``. ``published``: the
    directory with the manifest. ``figures`` and ``rebuild``: commands that exit with 1 and say what differs.
    """

    version: str | None = None
    changelog: str | None = None
    published: str | None = None
    figures: tuple[str, ...] = ()
    rebuild: tuple[str, ...] = ()


class Config(Guidelines, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """The options of the rules, which files are checked, and how they are read.

    Paths are relative to the configuration's folder. ``labels`` is a label map, by which the labels of the files are
    read; ``label_set`` says which labels there are, and of what kind. Both are names, or files.
    """

    paths: tuple[str, ...] = ()
    format: str | None = None
    labels: str | None = None
    label_set: str | None = None
    ignore_labels: tuple[str, ...] = ()
    encoding: str | None = None
    repair: str | None = None
    column: int | str | None = None
    token_column: int | str | None = None
    join: Join | None = None
    spans_key: str | None = None
    fields: str | None = None
    trust: str | None = None
    annotator: str | None = None
    offsets: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    accepted: str | None = None
    source: str | None = None
    sizes: dict[str, int] = msgspec.field(default_factory=dict)
    agreement: AgreementConfig | None = None
    release: ReleaseConfig | None = None


def find_project(folder: Path) -> Path | None:
    """The pyproject.toml in a folder or the nearest one around it; None outside of any project."""
    return next((path for place in (folder, *folder.parents) if (path := place / "pyproject.toml").is_file()), None)


def find_config(folder: Path) -> Path | None:
    """The nearest pyproject.toml, when it has the table.

    Raises InputError when it can't be read, or has the table under another name: what it says would be lost.
    """
    path = find_project(folder)
    if path is None or path.stat().st_size == 0:
        return None
    return path if _table(_content(path)) is not None else None


def _content(path: Path) -> Any:
    """A TOML file. Raises InputError for what is no TOML, and for a slip in the name of the table."""
    content = parse_toml(read_text(path), path)
    slip = next(_slips(content), None)
    if slip is not None:
        raise InputError(f"has a table [tool.{slip}], expected [{'.'.join(_TABLE)}]", path=path)
    return content


def _slips(content: Any) -> Iterator[str]:
    """Tables that are meant for this check and are not called so."""
    _, own, key = _TABLE
    tools = content.get("tool")
    for name, table in tools.items() if isinstance(tools, dict) else ():
        if name == own:
            yield from (f"{name}.{other}" for other in table if other != key) if isinstance(table, dict) else (name,)
        elif name.lower().replace("_", "-") == own:
            yield name


def read_config(path: Path) -> Config:
    """The table of a pyproject.toml, or of a TOML file that holds nothing else. Raises InputError."""
    content = _content(path)
    table = _table(content)
    if table is None and path.name == "pyproject.toml":
        raise InputError(f"has no table [{'.'.join(_TABLE)}]", path=path)
    try:
        config = msgspec.convert(content if table is None else table, Config)
    except msgspec.ValidationError as error:
        raise InputError(f"[{'.'.join(_TABLE)}]: {error}", path=path) from None
    for name, allowed in (("durations", ("yes", "optional", "no")), ("approximators", ("any", "inside", "outside"))):
        if getattr(config, name) not in allowed:
            raise InputError(f"{name} is {getattr(config, name)!r}, expected {', '.join(allowed)}", path=path)
    if config.offsets is not None:
        try:
            parse(config.offsets)
        except UsageError as error:
            raise InputError(str(error), path=path) from None
    return config


def wrong_labels(config: Config, labels: Collection[str]) -> Iterator[str]:
    """Settings for unknown labels, which would apply to nothing."""
    for rule, label in config.types_of_rules.items():
        if label.removesuffix("?").removesuffix("!") not in labels:
            yield f"types-of-rules: {rule} is {label!r}"
    for surface, allowed in config.allow.items():
        yield from (f"allow: {surface} is {label!r}" for label in allowed if label not in labels)
    for label in () if config.agreement is None else config.agreement.floors:
        if label not in (*labels, MICRO):
            yield f"agreement.floors: {label!r}"


def _table(content: Any) -> Any:
    for key in _TABLE:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def reader_options(config: Config) -> ReaderOptions:
    """What a configuration says to the readers of formats."""
    return ReaderOptions(**{name: getattr(config, name) for name in TOLD})


def options(config: Config) -> Guidelines:
    """The part of a configuration that the rules see."""
    return Guidelines(**{name: getattr(config, name) for name in Guidelines.__struct_fields__})
