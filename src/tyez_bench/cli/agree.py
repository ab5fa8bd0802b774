"""Agreement of two passes, span by span; by default of the two that the gold was made from."""

import argparse
import json
import sys
from pathlib import Path

from tyez_bench.agreement import agreement
from tyez_bench.corpus.gold import data_dir, load
from tyez_bench.errors import UsageError
from tyez_bench.render.terminal import print_agreement


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("passes", nargs="*", type=Path, metavar="PASS", help="two passes in the gold's schema")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    passes = args.passes or [data_dir() / "passes" / name for name in ("A.jsonl", "B.jsonl")]
    if len(passes) != 2:
        raise UsageError(f"expected two passes, got {len(passes)}")
    result = agreement(load(passes[0]), load(passes[1]))
    if args.json:
        print(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
    else:
        print_agreement(result, sys.stdout)
    return 0
