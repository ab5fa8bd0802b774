"""From prediction files on the command line, or from a signature, to reports."""

import argparse
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from msgspec import structs

from tyez_bench.cli.options import (
    READING,
    add_gold,
    add_reading,
    check_one_stdin,
    column,
    gold_reading_of,
    load_gold,
    natural,
    offsets,
    positive,
    reading_of,
)
from tyez_bench.cli.output import note, say, shows_progress
from tyez_bench.gold.gold import Gold
from tyez_bench.gold.label_sets import BUILT_IN, set_names
from tyez_bench.io.align.spans import OVERLAP_RULES
from tyez_bench.io.encodings import ENCODINGS, REPAIRS
from tyez_bench.io.gold import stem
from tyez_bench.io.label_maps import AS_THEY_ARE, load_map, map_names
from tyez_bench.io.read import FileOptions, Predictions, ReadOptions
from tyez_bench.io.record import JOINS, Options
from tyez_bench.io.registry import FORMATS
from tyez_bench.model.errors import UsageError
from tyez_bench.model.labels import unlisted
from tyez_bench.scoring.counting import Case
from tyez_bench.scoring.from_files import labels_beside, score_file, system_name
from tyez_bench.scoring.plain import score_plain
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import cases_of
from tyez_bench.scoring.settings import (
    DRAWS,
    LAYERS,
    MATCHING_RULES,
    NOTHING,
    OPTIONAL_RULES,
    SEED,
    UNITS,
    Settings,
    Signature,
    check_repeats,
    parse_signature,
    reading_of_gold,
    settings_of,
)
from tyez_bench.scoring.settings import READING as FIELDS

# Files of one's own, of which a signature has the hash alone: they are given beside it.
_FILES = ("labels", "fields", "gold_labels", "gold_fields", "gold_label_set")
_ALLOWED = {
    "format": FORMATS,
    "encoding": ENCODINGS,
    "repair": REPAIRS,
    "overlaps": OVERLAP_RULES,
    "join": JOINS,
    "trust": ("offsets",),
}


def check_nothing_beside(args: argparse.Namespace, rules: Iterable[str]) -> None:
    """Raise UsageError for what is said though the signature says it.

    How the gold is read may be said: it may lie there in another format, and its fingerprint tells whether it is the
    same.
    """
    said = [f"--{name.replace('_', '-')}" for name in (*rules, *READING) if getattr(args, name) and name not in _FILES]
    if said:
        raise UsageError(f"{said[0]} can't be combined with --signature, which already sets it")


def reading_in(given: Signature, args: argparse.Namespace) -> FileOptions:
    """How the predictions were read."""
    said = {name: value for name in FIELDS if (value := getattr(given, name)) != NOTHING}
    name, _, hash_ = given.labels.partition("#")
    own = BUILT_IN if given.labelset == NOTHING and args.gold is not None else given.labelset.partition("#")[0]
    if args.labels is None and name == own:
        # The gold's own labels, whose set may be called as a map is. The map of the built-in labels is theirs, too.
        of_map = name != BUILT_IN and name in map_names() and load_map(name).fingerprint == hash_
        name = name if of_map else AS_THEY_ARE
    return _reading(said, args.fields, labels=args.labels or name)


def gold_reading_in(given: Signature, args: argparse.Namespace) -> FileOptions | None:
    """How the gold was read; what the arguments say of it goes first. None for the built-in gold.

    The signature of a gold set in the project's own form says nothing, and neither does this.
    """
    said = gold_reading_of(args)
    if args.gold is None or said != FileOptions(label_set=said.label_set, labels=said.labels):
        return None
    name = given.labelset.partition("#")[0]
    told = dict(reading_of_gold(given))
    labels = told.pop("labels", "").partition("#")[0] or None
    found = _reading(told, args.gold_fields, labels=said.labels or labels)
    return structs.replace(found, label_set=said.label_set or (name if name in set_names() else None))


def _reading(said: Mapping[str, str], fields: str | None, *, labels: str | None) -> FileOptions:
    for name, allowed in _ALLOWED.items():
        if name in said and said[name] not in allowed:
            raise UsageError(f"not a signature: {name} is {said[name]!r}, expected one of {', '.join(allowed)}")
    return FileOptions(
        format=said.get("format"),
        labels=labels,
        ignore_labels=unlisted(said.get("ignored", "")),
        align=said.get("align") == "yes",
        overlaps=cast("Any", said.get("overlaps")),
        options=Options(
            **cast("Any", {name: said.get(name) for name in ("encoding", "repair", "join", "trust", "annotator")}),
            **{name: _typed(column, said.get(name), "a column is") for name in ("column", "token_column")},
            spans_key=said.get("spans"),
            fields=fields or said.get("fields"),
            offsets=_typed(offsets, said.get("offsets")),
        ),
    )


def _typed(type_: Callable[[str], Any], text: str | None, what: str = "") -> Any:
    try:
        return None if text is None else type_(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"not a signature: {f'{what} {text!r}: ' if what else ''}{error}") from None


# More processes wait for the one that reads.
_MOST_JOBS = 4
# From how many documents on it is worth telling how far the work has come.
_LONG = 2000

_RULES = ("layer", "optional", "matching", "min_overlap", "all_types", "unit", "draws", "seed")


@dataclass(frozen=True, slots=True)
class Scored:
    """A report with what it was made of."""

    report: Report
    gold: Gold
    predictions: Predictions

    @property
    def cases(self) -> list[Case]:
        """The documents with what counts of them, for diagnosis and slices."""
        return cases_of(self.gold, self.predictions, self.report.settings)


def add_file_arguments(parser: argparse.ArgumentParser, *, files: str = "+") -> None:
    """Declare the prediction files, how they are read, and how they are compared with the gold."""
    parser.add_argument(
        "predictions", nargs=files, help="predictions, one file (or brat directory) per system; - is standard input"
    )
    add_reading(parser, "predictions")
    add_gold(parser)
    rules = parser.add_argument_group("what counts")
    rules.add_argument("--layer", choices=LAYERS, help="the layer of the gold that counts (default: outermost)")
    rules.add_argument(
        "--optional", choices=OPTIONAL_RULES, help="how optional gold spans are treated (default: ignore)"
    )
    rules.add_argument(
        "--matching",
        choices=MATCHING_RULES,
        help="by position (default), or only by text and type, as sets or multisets",
    )
    rules.add_argument(
        "--min-overlap",
        type=share,
        metavar="F",
        help="the share of a gold span's characters that counts as an overlap (default: one character)",
    )
    rules.add_argument(
        "--all-types",
        action="store_true",
        default=None,
        help="also count types that the label map can't express (default: only those that it can)",
    )
    drawing = parser.add_argument_group("uncertainty")
    drawing.add_argument("--unit", choices=UNITS, help="what the bootstrap resamples (default: sentence)")
    drawing.add_argument("--draws", type=positive, metavar="N", help=f"number of draws (default: {DRAWS})")
    drawing.add_argument("--seed", type=natural, metavar="N", help=f"seed of the draws (default: {SEED})")
    parser.add_argument("--signature", metavar="LINE", help="repeat the run that printed this signature")


def share(text: str) -> float:
    """A share between 0 and 1."""
    if not re.fullmatch(r"0|1|[01]?\.[0-9]+", text) or float(text) > 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share between 0 and 1")
    return float(text)


def score_reports(args: argparse.Namespace, default: list[str] | None = None) -> list[Report]:
    """The reports alone of what :func:`score_files` scores: of plain files without their documents in memory."""
    paths = args.predictions or default or []
    names = system_names(paths)
    check_one_stdin(args.gold, *paths)
    if args.signature is None and args.gold is not None and args.gold_version is None:
        gold, how = gold_reading_of(args), reading_of(args)
        usual = FileOptions(format=how.format, labels=how.labels)
        if how == usual and gold == FileOptions(format=gold.format, label_set=gold.label_set):
            reports: list[Report] = []
            for path, name in zip(paths, names, strict=True):
                report = score_plain(
                    args.gold,
                    path,
                    name=stem(args.gold),
                    system=name,
                    settings=settings_of_rules(args),
                    format=how.format,
                    gold_format=gold.format,
                    labels=how.labels or labels_beside(path),
                    label_set=gold.label_set,
                    jobs=min(_MOST_JOBS, _cores()),
                )
                if report is None:
                    break
                reports.append(report)
            else:
                return reports
    return [one.report for one in score_files(args, default)]


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def settings_of_rules(args: argparse.Namespace) -> Settings:
    """The settings that the arguments ask for."""
    return Settings(**{name: value for name in _RULES if (value := getattr(args, name)) is not None})


def score_files(args: argparse.Namespace, default: list[str] | None = None) -> list[Scored]:
    """Score each file; systems are called by their file's name, by its path where two names are equal.

    Raises UsageError where a signature is given that this run does not repeat.
    """
    paths = args.predictions or default or []
    names = system_names(paths)
    check_one_stdin(args.gold, *paths)
    given = parse_signature(args.signature) if args.signature is not None else None
    if given is None:
        gold, how = load_gold(args), reading_of(args)
        settings = settings_of_rules(args)
    else:
        check_nothing_beside(args, _RULES)
        gold = load_gold(args, gold_reading_in(given, args))
        settings, how = settings_of(given, gold.labels), reading_in(given, args)
    scored = []
    for path, name in zip(paths, names, strict=True):
        progress = _progress(len(gold), name)
        predictions, report = score_file(gold, path, how.format, _told(how), name, settings, progress)
        if given is not None:
            made = report.signature
            check_repeats(given, made)
            for field in ("gold", "gold_reading"):
                there, here = getattr(given, field), getattr(made, field)
                if there != here:
                    what = field.replace("_", "-")
                    note(f"signature: {what} {there} there, {here} here: the same gold by its fingerprint")
        scored.append(Scored(report, gold, predictions))
    return scored


def _told(how: FileOptions) -> ReadOptions:
    return ReadOptions(
        labels=how.labels,
        ignore_labels=frozenset(how.ignore_labels),
        options=how.options,
        align=how.align,
        overlaps=how.overlaps,
    )


def system_names(paths: list[str]) -> list[str]:
    """A name for each file: its stem, its path where two are equal. Raises UsageError for a file given twice."""
    names = [system_name(path) for path in paths]
    if len({Path(path).absolute() for path in paths}) < len(paths):
        raise UsageError("the same predictions file is given twice")
    return [path if names.count(name) > 1 else name for path, name in zip(paths, names, strict=True)]


def _progress(documents: int, name: str) -> Any:
    if documents < _LONG or not shows_progress():
        return None

    def show(done: int) -> None:
        say(f"{name}: {done} of {documents} documents", "\n" if done >= documents else "\r")

    return show
