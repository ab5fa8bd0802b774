"""From prediction files on the command line to reports: the arguments that score, compare and power share."""

import argparse
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tyez_bench.cli.output import on_terminal, say
from tyez_bench.corpus.gold import Gold, load
from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats.encodings import ENCODINGS, REPAIRS
from tyez_bench.formats.label_maps import map_names
from tyez_bench.formats.read import OVERLAP_RULES, Predictions, read_predictions
from tyez_bench.formats.record import Options
from tyez_bench.formats.registry import FORMATS
from tyez_bench.formats.tokens import JOINS, Join
from tyez_bench.inputs import read_file
from tyez_bench.scoring.counting import Case
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import cases_of, score
from tyez_bench.scoring.settings import DRAWS, LAYERS, MATCHING_RULES, OPTIONAL_RULES, SEED, UNITS, Settings
from tyez_bench.scoring.signature import NOTHING, Signature, check_repeats, parse, settings_of, signature

# From how many documents on it is worth telling how far the work has come.
_LONG = 2000

# What a signature says, and may therefore not be said beside it.
_RULES = ("layer", "optional", "matching", "min_overlap", "all_types", "unit", "draws", "seed")
_SAID = (*_RULES, "overlaps", "repair", "encoding", "column", "token_column", "join")


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
        "predictions",
        nargs=files,
        help="predictions, a file (or a brat directory) for each system; - is the standard input",
    )
    parser.add_argument("--gold", type=Path, metavar="FILE", help="a gold set of your own (default: the built-in one)")
    add_reading_arguments(parser)
    rules = parser.add_argument_group("what counts")
    rules.add_argument("--layer", choices=LAYERS, help="the layer of the gold that counts (default: outermost)")
    rules.add_argument(
        "--optional", choices=OPTIONAL_RULES, help="what becomes of optional gold spans (default: ignore)"
    )
    rules.add_argument(
        "--matching",
        choices=MATCHING_RULES,
        help="by position (default), or by text and type alone, as sets or multisets",
    )
    rules.add_argument(
        "--min-overlap",
        type=share,
        metavar="F",
        help="the share of a gold span's characters that makes an overlap (default: one character)",
    )
    rules.add_argument(
        "--all-types",
        action="store_true",
        default=None,
        help="count the types that the label map can't express, too (default: only those that it can)",
    )
    drawing = parser.add_argument_group("uncertainty")
    drawing.add_argument("--unit", choices=UNITS, help="what the bootstrap draws (default: sentence)")
    drawing.add_argument("--draws", type=positive, metavar="N", help=f"how many draws (default: {DRAWS})")
    drawing.add_argument("--seed", type=natural, metavar="N", help=f"seed of the draws (default: {SEED})")
    parser.add_argument("--signature", metavar="LINE", help="repeat the run that printed this signature")


def add_reading_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how prediction files are read."""
    reading = parser.add_argument_group("reading predictions")
    reading.add_argument("--format", choices=list(FORMATS), help="the format of the files (default: detected)")
    reading.add_argument(
        "--labels", metavar="NAME|FILE", help="the label map (default: as run recorded it, else detected)"
    )
    reading.add_argument("--ignore-labels", metavar="A,B", help="labels that are out of scope, beside the map's")
    reading.add_argument("--align", action="store_true", help="project offsets across harmless differences of the text")
    reading.add_argument(
        "--overlaps", choices=OVERLAP_RULES, help="drop overlapping predictions by this rule (default: refuse)"
    )
    reading.add_argument("--encoding", choices=list(ENCODINGS), help="the tags of columns (default: detected)")
    reading.add_argument("--repair", choices=REPAIRS, help="what becomes of illegal tag sequences (default: refuse)")
    reading.add_argument(
        "--column", type=column, metavar="N|NAME", help="the column of the tags, from 1 (default: the last with tags)"
    )
    reading.add_argument(
        "--token-column", type=column, metavar="N|NAME", help="the column of the tokens (default: behind their numbers)"
    )
    reading.add_argument("--join", choices=list(JOINS), help="what is between tokens (default: as the format says)")
    reading.add_argument("--spans-key", metavar="KEY", help="read this group of Doc.spans instead of Doc.ents")


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Declare how files that are held against one another are read."""
    reading = parser.add_argument_group("reading the files")
    reading.add_argument(
        "--input-format", metavar="FORMAT", dest="format", help="format of the files (default: told by the content)"
    )
    reading.add_argument(
        "--labels", metavar="NAME|FILE", help="the label map (default: as run recorded it, else told by the labels)"
    )
    reading.add_argument("--ignore-labels", metavar="A,B", help="labels that are out of scope, beside the map's")
    reading.add_argument(
        "--gold",
        type=Path,
        metavar="FILE",
        help="gold set with the texts of files that have none (default: another of the files, else the built-in one)",
    )


def ignored_labels(text: str | None) -> tuple[str, ...]:
    """The labels of ``--ignore-labels``."""
    return tuple(filter(None, (text or "").split(",")))


def share(text: str) -> float:
    """A share between 0 and 1."""
    if not re.fullmatch(r"0|1|[01]?\.[0-9]+", text) or float(text) > 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share between 0 and 1")
    return float(text)


def natural(text: str) -> int:
    """A whole number from 0."""
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def positive(text: str) -> int:
    """A whole number from 1."""
    if natural(text) == 0:
        raise argparse.ArgumentTypeError("expected a whole number from 1")
    return int(text)


def column(text: str) -> int | str:
    """A column: its number from 1, or its name."""
    return positive(text) if text.isdigit() else text


def score_files(args: argparse.Namespace, default: list[str] | None = None) -> list[Scored]:
    """Score each file; systems are called by their file's name, by its path where two names are equal.

    Raises UsageError where a signature is given that this run does not repeat.
    """
    paths = args.predictions or default or []
    names = system_names(paths)
    given = parse(args.signature) if args.signature is not None else None
    gold = load(args.gold)
    settings = _settings(args) if given is None else _from_signature(args, given, gold)
    how = _reading(args, settings) if given is None else _reading_of(args, given)
    scored = []
    for path, name in zip(paths, names, strict=True):
        predictions = read_predictions(path, gold, **how | {"labels": how["labels"] or labels_beside(path)})
        report = score(gold, predictions, system=name, settings=settings, progress=_progress(len(gold), name))
        if given is not None:
            made = signature(report)
            check_repeats(given, made)
            if given.gold != made.gold:
                say(f"signature: {given.gold} there, {made.gold} here: the same gold by its fingerprint")
        scored.append(Scored(report, gold, predictions))
    return scored


def labels_beside(path: str) -> str | None:
    """The label map that ``tyez-bench run`` has on record beside a predictions file; None where there is no record."""
    stem, suffix = os.path.splitext(path.removesuffix(".gz"))
    facts = Path(f"{stem}.json")
    if path == "-" or suffix == ".json" or not os.path.isfile(facts):
        return None
    try:
        found = json.loads(read_file(facts))
    except (InputError, ValueError, RecursionError):
        return None
    labels = found.get("labels") if isinstance(found, dict) and "system" in found else None
    return labels if isinstance(labels, str) and labels in map_names() else None


def system_names(paths: list[str]) -> list[str]:
    """A name for each file: its stem, its path where two are equal. Raises UsageError for a file given twice."""
    names = [_stem(path) for path in paths]
    if len({Path(path).absolute() for path in paths}) < len(paths):
        raise UsageError("the same predictions file is given twice")
    return [path if names.count(name) > 1 else name for path, name in zip(paths, names, strict=True)]


def _stem(path: str) -> str:
    if path == "-":
        return "stdin"
    name = Path(path).name.removesuffix(".gz")
    return Path(name).stem or name or path


def _settings(args: argparse.Namespace) -> Settings:
    chosen = {name: value for name in _RULES if (value := getattr(args, name)) is not None}
    return Settings(**chosen)


def _reading(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    return {
        "format": args.format,
        "labels": args.labels,
        "ignore_labels": ignored_labels(args.ignore_labels),
        "align": args.align,
        "overlaps": args.overlaps,
        "flat": settings.layer == "outermost",
        "options": Options(
            args.encoding, args.repair, args.column, args.spans_key, token_column=args.token_column, join=args.join
        ),
    }


def _from_signature(args: argparse.Namespace, given: Signature, gold: Gold) -> Settings:
    said = [f"--{name}" for name in (*_SAID, "format", "ignore_labels", "spans_key", "align") if getattr(args, name)]
    if said:
        raise UsageError(f"{said[0].replace('_', '-')} can't be given beside --signature, which says it already")
    return settings_of(given, gold.labels)


def _reading_of(args: argparse.Namespace, given: Signature) -> dict[str, Any]:
    def named(value: str) -> str | None:
        return None if value == NOTHING else value

    for name, allowed in (
        ("format", FORMATS),
        ("encoding", ENCODINGS),
        ("repair", REPAIRS),
        ("overlaps", OVERLAP_RULES),
        ("join", JOINS),
    ):
        value = getattr(given, name)
        if value != NOTHING and value not in allowed:
            raise UsageError(f"not a signature: {name} is {value!r}, expected one of {', '.join(allowed)}")
    return {
        "format": named(given.format),
        "labels": args.labels or given.labels.partition("#")[0],
        "ignore_labels": tuple(filter(None, (named(given.ignored) or "").split("+"))),
        "align": given.align == "yes",
        "overlaps": named(given.overlaps),
        "flat": given.layer == "outermost",
        "options": Options(
            named(given.encoding),
            named(given.repair),
            _column_of(given.column),
            named(given.spans),
            token_column=_column_of(given.token_column),
            join=cast("Join | None", named(given.join)),
        ),
    }


def _column_of(value: str) -> int | str | None:
    return None if value == NOTHING else column(value)


def _progress(documents: int, name: str) -> Any:
    if documents < _LONG or not on_terminal():
        return None

    def show(done: int) -> None:
        say(f"{name}: {done} of {documents} documents", "\n" if done >= documents else "\r")

    return show
