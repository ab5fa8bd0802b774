"""The stress suite: check files of templates."""

import argparse
import sys
from pathlib import Path

from tyez_bench.errors import UsageError, one_line
from tyez_bench.stress.capability import read_capability
from tyez_bench.stress.cases import cases
from tyez_bench.stress.validity import findings, problems


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--check", nargs="+", type=Path, metavar="FILE", help="check files of templates (TOML)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="with --check: print N texts, marked")
    parser.add_argument("--cases", type=int, default=175, metavar="N", help="how many cases are made (default: 175)")
    parser.add_argument("--seed", type=int, default=20220809, metavar="N", help="seed of the choice of words")


def run(args: argparse.Namespace) -> int:
    """Check."""
    if not args.check:
        raise UsageError("nothing to do: expected --check FILE")
    wrong = 0
    for path in args.check:
        capability = read_capability(path)
        made = cases(capability, args.cases, args.seed)
        said = [*problems(capability, made)]
        for finding in findings(capability, made):
            said.append(f"{finding.code} {finding.document}: {finding.message}")
        for line in said:
            print(one_line(f"{path}: {line}"), file=sys.stderr)
        wrong += bool(said)
        if args.show:
            for case in made[:: max(1, len(made) // args.show)]:
                for text in case.texts:
                    print(_marked(text.text, [(e.start, e.end, e.type) for e in text.entities]), text.id)
        print(f"{path.name}: {len(capability.templates)} templates, {len(made)} cases")
    return int(wrong > 0)


def _marked(text: str, spans: list[tuple[int, int, str]]) -> str:
    parts = []
    for at in range(len(text) + 1):
        parts.append("⟧" * sum(end == at for _, end, _ in spans))
        parts += [f"⟦{type_}|" for start, _, type_ in spans if start == at]
        parts.append(text[at : at + 1])
    return "".join(parts)
