"""From prediction files on the command line to reports: the arguments that score, compare and power share."""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tyez_bench.checks.labelled import How
from tyez_bench.cli.output import on_terminal, say
from tyez_bench.cli.reading import (
    add_gold,
    add_reading,
    check_one_stdin,
    load_gold,
    natural,
    positive,
    reading_of,
)
from tyez_bench.cli.replay import check_nothing_beside, gold_reading_in, reading_in
from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import UsageError
from tyez_bench.formats.read import How as Told
from tyez_bench.formats.read import Predictions
from tyez_bench.scoring.counting import Case
from tyez_bench.scoring.from_files import score_file, system_name
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import cases_of
from tyez_bench.scoring.settings import DRAWS, LAYERS, MATCHING_RULES, OPTIONAL_RULES, SEED, UNITS, Settings
from tyez_bench.scoring.signature import check_repeats, parse, settings_of, signature

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
        "predictions",
        nargs=files,
        help="predictions, a file (or a brat directory) for each system; - is the standard input",
    )
    add_reading(parser, "predictions", old_format=True)
    add_gold(parser)
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


def share(text: str) -> float:
    """A share between 0 and 1."""
    if not re.fullmatch(r"0|1|[01]?\.[0-9]+", text) or float(text) > 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share between 0 and 1")
    return float(text)


def score_files(args: argparse.Namespace, default: list[str] | None = None) -> list[Scored]:
    """Score each file; systems are called by their file's name, by its path where two names are equal.

    Raises UsageError where a signature is given that this run does not repeat.
    """
    paths = args.predictions or default or []
    names = system_names(paths)
    check_one_stdin(args.gold, *paths)
    given = parse(args.signature) if args.signature is not None else None
    if given is None:
        gold, how = load_gold(args), reading_of(args)
        settings = Settings(**{name: value for name in _RULES if (value := getattr(args, name)) is not None})
    else:
        check_nothing_beside(args, _RULES)
        gold = load_gold(args, gold_reading_in(given, args))
        settings, how = settings_of(given, gold.labels), reading_in(given, args)
    scored = []
    for path, name in zip(paths, names, strict=True):
        progress = _progress(len(gold), name)
        predictions, report = score_file(gold, path, how.format, _told(how), name, settings, progress)
        if given is not None:
            made = signature(report)
            check_repeats(given, made)
            for field in ("gold", "gold_reading"):
                there, here = getattr(given, field), getattr(made, field)
                if there != here:
                    what = field.replace("_", "-")
                    say(f"signature: {what} {there} there, {here} here: the same gold by its fingerprint")
        scored.append(Scored(report, gold, predictions))
    return scored


def _told(how: How) -> Told:
    return Told(
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
    if documents < _LONG or not on_terminal():
        return None

    def show(done: int) -> None:
        say(f"{name}: {done} of {documents} documents", "\n" if done >= documents else "\r")

    return show
