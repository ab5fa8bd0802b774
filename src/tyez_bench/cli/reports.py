"""From prediction files on the command line to reports."""

import argparse
from pathlib import Path

from tyez_bench.corpus.gold import load
from tyez_bench.errors import UsageError
from tyez_bench.formats.read import read_predictions
from tyez_bench.scoring.report import Report, score


def add_file_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the prediction files, the gold and the form of the output."""
    parser.add_argument("predictions", nargs="+", type=Path, help="predictions, a file for each system")
    parser.add_argument("--gold", type=Path, metavar="FILE", help="a gold set of your own (default: the built-in one)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def score_files(paths: list[Path], gold_path: Path | None) -> list[Report]:
    """Score each file; systems are called by their file's name, by its path where two names are equal."""
    gold = load(gold_path)
    names = [path.stem for path in paths]
    if len(set(names)) < len(names):
        names = [str(path) for path in paths]
    if len({path.absolute() for path in paths}) < len(names):
        raise UsageError("the same predictions file is given twice")
    return [score(gold, read_predictions(path, gold), system=name) for path, name in zip(paths, names, strict=True)]
