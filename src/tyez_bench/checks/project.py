"""A project's check: its files, its passes and log, its releases, as its configuration names them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from tyez_bench.checks.accepted import read_accepted
from tyez_bench.checks.config import Config, find_config, find_project, read_config
from tyez_bench.checks.engine import CheckResult, Later, Plan, chosen
from tyez_bench.checks.engine import check as run_check
from tyez_bench.checks.labels import check_config, known_labels
from tyez_bench.checks.read import Loaded, load_file
from tyez_bench.checks.rule import Finding, Level, retired_among
from tyez_bench.checks.rules import passes, release
from tyez_bench.checks.rules import records as sources
from tyez_bench.checks.texts import Text
from tyez_bench.files.jsonl import read_text
from tyez_bench.gold.build.adjudication import Place, read_log
from tyez_bench.gold.gold import Gold, data_dir
from tyez_bench.gold.manifest import read_manifest
from tyez_bench.io.record import TOLD, Options
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import public

Stage = tuple[tuple[str, ...], Later]
# The setting that names it, the code of its findings, its words.
Command = tuple[str, str, tuple[str, ...]]


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
    running: release.Running | None = None
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
    reading: Mapping[str, Any] | None = None,
    builtin: bool = False,
    running: release.Running | None = None,
    otherwise: str = "",
) -> Project:
    """The project around the working directory, or around ``root``; with ``builtin`` the built-in gold.

    ``reading`` is what is said of how files are read, by the names of the configuration, in the place of what that
    says. ``otherwise`` stands at the end of the refusal where there is nothing to check: what else could be asked for.
    Raises InputError for a configuration that can't be read, UsageError where there is none and no path either.
    """
    if builtin:
        if paths or config is not None:
            raise UsageError("the built-in gold is checked on its own: expected no PATH and no configuration")
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
    found = structs.replace(found, **(reading or {}))
    return Project(found, folder, tuple(paths), accepted, base, place, running, config is not None)


def reading_of(
    ignore_labels: Iterable[str] = (), options: Options | None = None, **names: str | Path | None
) -> dict[str, Any]:
    """What is said of how files are read, by the names of the configuration. Raises UsageError for an option of none.

    ``names``: format, labels, label_set.

    >>> reading_of(["PER"], Options(offsets="utf-16"), format="conll")
    {'format': 'conll', 'offsets': 'utf-16', 'ignore_labels': ('PER',)}
    """
    if options is not None and options.align:
        raise UsageError("the check reads texts as they are: expected options without align")
    said: dict[str, Any] = {name: given and str(given) for name, given in names.items()}
    said |= {} if options is None else {name: getattr(options, name) for name in TOLD}
    said["ignore_labels"] = tuple(ignore_labels) or None
    return {name: value for name, value in said.items() if value is not None}


@public
def check(
    *paths: str | Path,
    level: int = Level.RELEASE,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    base: str | None = None,
    config: str | Path | None = None,
    builtin: bool = False,
    format: str | None = None,
    labels: str | Path | None = None,
    label_set: str | Path | None = None,
    ignore_labels: Iterable[str] = (),
    options: Options | None = None,
    jobs: int = 1,
) -> CheckResult:
    """Check gold sets in any format: structure, words, repeats, agreement, release.

    Commands of the project are not run. The rules are listed in ``docs/rules.md``.

    Args:
        *paths: files or directories; none: the project around the working directory, as its
            ``[tool.tyez-bench.check]`` says.
        level: how far to go, from 1 (the file) to 6 (the release).
        select: codes of rules, beginnings of codes, or names; none: those of the configuration.
        ignore: the same, of rules that are left out.
        base: a git revision to compare with.
        config: the configuration file.
        builtin: check the built-in gold instead.
        format: how files are read where neither they nor the configuration tell; None: detected.
        labels: a label map for them.
        label_set: which labels there are, by name or as a file.
        ignore_labels: labels that are out of scope, beside the map's.
        options: further options of their format, as ``Options(offsets="utf-16")``; what it says holds in the place of
            what the configuration does. Texts and surfaces that differ are findings: there is no aligning.
        jobs: how many processes may look, this one among them, where the system can fork; the findings do not depend
            on it.

    Returns:
        ``findings`` with code, message, file and line; ``errors`` and ``warnings`` count them.

    Raises:
        InputError: what can't be read at all.
        UsageError: what makes no sense, and where there is nothing to check.

    Example:
        >>> import tyez_bench
        >>> from pathlib import Path
        >>> record = '{"id": "a", "text": "太原", "entities": [{"start": 0, "end": 3, "type": "LOC"}]}'
        >>> _ = Path("own.jsonl").write_text(record, "utf-8")
        >>> outcome = tyez_bench.check("own.jsonl")
        >>> outcome.errors, outcome.findings[0].line
        (1, 1)
    """
    given = open_project(
        tuple(map(Path, paths)),
        config=None if config is None else Path(config),
        base=base,
        builtin=builtin,
        reading=reading_of(ignore_labels, options, format=format, labels=labels, label_set=label_set),
    )
    return check_project(given, level=Level(level), select=select, ignore=ignore, jobs=jobs)


def check_project(
    project: Project,
    *,
    level: Level = Level.RELEASE,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    everything: bool = False,
    jobs: int = 1,
) -> CheckResult:
    """Check a project. Raises InputError and UsageError for what can't be read or makes no sense.

    ``everything``: unmarked amounts, dates and names are looked for though the set has none that are marked. ``jobs``:
    how many processes may look, this one among them.
    """
    if jobs < 1:
        raise UsageError(f"jobs={jobs}: expected a number from 1")
    config = project.config
    wanted, unwanted = select or config.select, (*config.ignore, *ignore)
    codes = chosen(wanted, unwanted)
    notes = retired_among((*wanted, *unwanted))
    commands = _commands(project, codes, level)
    loaded = [load_file(path, called, config) for path, called in project.files()]
    for file in loaded:
        if not file.records:
            raise InputError("has no records: nothing to check", path=file.path)
    known = known_labels(loaded, config)
    check_config(known, config, project.place, whole=project.whole or project.named)
    notes += [known.note] if known.note is not None else []
    base = (
        None if project.base is None else release.read_base(project.base, [path for path, _ in project.files()], config)
    )
    plan = Plan(level, codes, _stages(project, loaded, base, commands), everything)
    path = project.accepted_path()
    entries = () if path is None else read_accepted(path)
    outcome = run_check(
        loaded,
        config,
        plan,
        accepted=entries,
        accepted_path="" if path is None else shown(path),
        whole=project.whole,
        before=None if base is None or path is None else release.accepted_before(base, path),
        known=known,
        jobs=jobs,
    )
    _check_answered(outcome, notes)
    not_run = () if project.running is not None else tuple(name for name, _, _ in commands)
    return replace(outcome, not_run=not_run, notes=tuple(notes))


def _check_answered(outcome: CheckResult, notes: Sequence[str]) -> None:
    """Raise UsageError for a check that looked at nothing: no finding is then no good news."""
    if outcome.findings or outcome.accepted:
        return
    if not outcome.ran:
        raise UsageError("; ".join(["no rule was run: level, selection and files exclude all", *notes]))
    if outcome.skipped == outcome.records:
        many = f"0 of {outcome.records} records could be checked"
        raise UsageError(f"{many}: all have errors on levels 1 and 2, from rules that are not selected")


def _commands(project: Project, codes: Set[str], level: Level) -> list[Command]:
    """Setting, code and words of each release command that belongs to this check.

    Raises UsageError where they are to be run and there are none, or where they may be somebody else's.
    """
    told = project.config.release
    found = []
    if told is not None and project.whole and level >= Level.RELEASE:
        every = (("figures", "V804", told.figures), ("rebuild", "V805", told.rebuild))
        found = [(name, code, words) for name, code, words in every if words and code in codes]
    if project.running is not None:
        if not found or project.place is None:
            raise UsageError(
                "--run: this check has no commands: expected figures or rebuild in the configuration, "
                "and no PATH, level or selection that leaves them out"
            )
        release.check_allowed(project.place)
    return found


def _stages(
    project: Project, loaded: Sequence[Loaded], base: release.Revision | None, commands: Sequence[Command]
) -> dict[Level, tuple[Stage, ...]]:
    """What runs beside the rules over texts, by level: as far as the configuration says anything about it."""
    config, folder = project.config, project.folder
    found: dict[Level, list[Stage]] = {level: [] for level in Level}
    if not project.whole:
        return {}
    if config.source is not None:
        path = folder / config.source
        found[Level.FILE].append((("F006",), lambda texts: sources.source_differs(texts, read_text(path), shown(path))))
    if config.sizes:
        records = {file.path: file.records for file in loaded}
        expected = {shown(folder / name): number for name, number in config.sizes.items()}
        found[Level.FILE].append((("F007",), lambda texts: sources.sizes(records, expected)))
    if config.agreement is not None:
        codes = ("A701", "A702", "A703", "A704", "A705", "A706")
        found[Level.AGREEMENT].append((codes, lambda texts: _agreement(project, texts)))
    if config.release is not None:
        present = {id_ for file in loaded for id_ in file.documents}
        found[Level.RELEASE].append((("V801", "V802", "V803"), lambda texts: _release(project, texts, base, present)))
        if project.running is not None:
            for _, code, command in commands:
                found[Level.RELEASE].append(((code,), _command(code, command, folder, project.running)))
    return {level: tuple(stages) for level, stages in found.items()}


def _command(code: str, command: Sequence[str], folder: Path, running: release.Running) -> Later:
    return lambda texts: release.run_command(code, command, folder, running)


def _agreement(project: Project, texts: Sequence[Text]) -> Iterator[Finding]:
    told = project.config.agreement
    assert told is not None
    read: dict[str, Gold] = {}
    for name in told.passes:
        path = project.folder / name
        config = project.config
        loaded = load_file(path, shown(path), Config(labels=config.labels, ignore_labels=config.ignore_labels))
        first = loaded.reason
        if first is not None:
            raise InputError(f"{first.code}: {first.message}", path=first.path, line=first.line)
        read[shown(path)] = passes.as_gold(path, [text.document for text in loaded.texts])
    log_path = None if told.log is None else project.folder / told.log
    log = () if log_path is None else read_log(log_path)
    name = "" if log_path is None else shown(log_path)
    yield from passes.check_passes(texts, read, log, name, floors=told.floors, least=told.least)


def _release(
    project: Project, texts: Sequence[Text], base: release.Revision | None, present: set[str]
) -> Iterator[Finding]:
    told, folder = project.config.release, project.folder
    assert told is not None
    path = project.files()[0][1]
    version = None if told.version is None else release.read_version(told.version, folder)
    changelog = None if told.changelog is None else read_text(folder / told.changelog)
    manifest = None if told.published is None else read_manifest(folder / told.published)
    before = None if base is None else release.gold_before(base, folder, told.version, told.changelog)
    yield from release.changed_without_version(texts, version, changelog, manifest, before, path)
    earlier = before or (None if manifest is None else release.published(manifest, folder / str(told.published)))
    if earlier is None:
        return
    yield from release.documents_changed(texts, earlier, path, present)
    agreement = project.config.agreement
    if agreement is not None and agreement.log is not None:
        log_path = folder / agreement.log
        noted: dict[Place, object] = {entry.place: entry for _, entry in read_log(log_path)}
        yield from release.labels_changed(texts, earlier, noted, shown(log_path))
