"""What is checked: a project with its configuration, or files that are named by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from tyez_bench.checks.commands import Running
from tyez_bench.checks.config import Config, find_config, find_project, read_config
from tyez_bench.corpus.gold import data_dir
from tyez_bench.errors import UsageError


@dataclass(frozen=True)
class Project:
    """A configuration, the folder that its paths are relative to, and what the command line says beside it.

    ``paths`` given by hand replace the configured ones; passes, log and releases are then not looked at, as they are
    about the configured files. ``place`` is the file of the configuration, ``named`` that it was named beside the
    paths, and so is about them; ``running``: its commands are run, too.
    """

    config: Config
    folder: Path
    paths: tuple[Path, ...] = ()
    accepted: Path | None = None
    base: str | None = None
    place: Path | None = None
    running: Running | None = None
    named: bool = False

    @property
    def whole(self) -> bool:
        """Whether all that is configured is checked."""
        return not self.paths

    def files(self) -> list[tuple[Path, str]]:
        """What is checked, with the names that findings use. Raises UsageError when there is nothing."""
        if self.paths:
            return [(path, shown(path)) for path in self.paths]
        if not self.config.paths:
            where = "[tool.tyez-bench.check]" if self.place is None else str(self.place)
            raise UsageError(f"nothing to check: {where} has no paths, and no PATH is given")
        return [(self.folder / name, shown(self.folder / name)) for name in self.config.paths]

    def accepted_path(self) -> Path | None:
        """The file of accepted warnings, if there is one on record."""
        if self.accepted is not None:
            return self.accepted
        return None if self.config.accepted is None else self.folder / self.config.accepted

    def without_accepted(self) -> "Project":
        """The project before anything is accepted."""
        return replace(self, accepted=None, config=structs.replace(self.config, accepted=None))


def shown(path: Path) -> str:
    """A path as findings name it: relative to the working directory where it lies in it."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix() or "."
    except ValueError:
        return path.as_posix()


def open_project(
    paths: Sequence[Path] = (),
    *,
    root: Path | None = None,
    config: Path | None = None,
    accepted: Path | None = None,
    base: str | None = None,
    format: str | None = None,
    labels: str | None = None,
    label_set: str | None = None,
    reading: Mapping[str, Any] | None = None,
    builtin: bool = False,
    running: Running | None = None,
    otherwise: str = "",
) -> Project:
    """The project around the working directory, or around ``root``; with ``builtin`` the built-in gold.

    ``reading`` is what else is said of how files are read, by the names of the configuration, in the place of what that
    says. ``otherwise`` stands at the end of the refusal where there is nothing to check: what else could be asked for.
    Raises InputError for a configuration that can't be read, UsageError where there is none and no path either.
    """
    if builtin:
        if paths or config is not None:
            raise UsageError("the built-in gold is checked by itself: expected no PATH and no configuration beside it")
        root, config = data_dir(), data_dir() / "check.toml"
    around = Path.cwd() if root is None else root
    place = find_config(around) if config is None else config
    if place is not None:
        found, folder = read_config(place), place.absolute().parent
        files = {name: getattr(found, name) for name in ("labels", "label_set")}
        there = {name: str(folder / file) for name, file in files.items() if file and (folder / file).is_file()}
        found = structs.replace(found, **there)
        if config is None and not {path.absolute() for path in paths} <= {folder / name for name in found.paths}:
            # It says which labels the project's own files have.
            found = structs.replace(found, label_set=None)
    elif paths:
        found, folder = Config(), around
    else:
        # To check the built-in gold in the place of a project's own would be a green light for nothing.
        project = find_project(around)
        where = str(around) if project is None else shown(project)
        raise UsageError(f"{where}: has no [tool.tyez-bench.check], and no path is given: nothing to check{otherwise}")
    told = {"format": format, "labels": labels, "label_set": label_set}
    found = structs.replace(found, **{name: value for name, value in told.items() if value is not None})
    if reading:
        found = structs.replace(found, **reading)
    return Project(found, folder, tuple(paths), accepted, base, place, running, config is not None)
