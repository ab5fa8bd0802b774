"""Agreement of two passes, span by span; by default of the two that the gold was made from."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

from tyez_bench.agreement import agreement
from tyez_bench.cli.output import emit
from tyez_bench.corpus.gold import data_dir, load
from tyez_bench.errors import UsageError
from tyez_bench.render.other_sheets import agreement_sheets
from tyez_bench.render.text import render


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("passes", nargs="*", type=Path, metavar="PASS", help="two passes in the gold's schema")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    passes = args.passes or [data_dir() / "passes" / name for name in ("A.jsonl", "B.jsonl")]
    if len(passes) != 2:
        raise UsageError(f"expected two passes, got {len(passes)}")
    a, b = (load(path) for path in passes)
    if a.name == b.name:
        a, b = replace(a, name=str(passes[0])), replace(b, name=str(passes[1]))
    result = agreement(a, b)
    if args.json:
        emit(json.dumps(result.to_dict(), ensure_ascii=False, indent=2) + "\n")
    else:
        emit(render(agreement_sheets(result)))
    return 0
