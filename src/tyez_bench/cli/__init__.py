"""The command line. Each command is a module: its arguments, and a few lines over library functions.

Exit codes: 0 fine; 1 the answer is no (a threshold is not reached); 2 the question could not be answered
(usage, unreadable or invalid input, a missing package); 130 interrupted.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

from tyez_bench.cli.output import emit
from tyez_bench.errors import TyezBenchError, one_line
from tyez_bench.hints import asked_by

# What each command does; its module, of the same name, is imported when it is asked for.
COMMANDS = {
    "score": "Score predictions against the gold.",
    "report": "Draw a report of one system or several: a page to look at in a browser, or pictures.",
    "compare": "Tell whether systems differ: paired randomisation and bootstrap tests of micro F1.",
    "power": "Tell how large a difference of F1 this gold set can show, from the counts of real systems.",
    "run": "Run NER systems over the gold's texts; score them, write their predictions, or both.",
    "systems": "List the systems that can be run, and what each needs.",
    "stress": "Score systems on the stress suite, capability by capability, or check files of templates.",
    "submit": "Check a submission for the leaderboard, or print a description to fill in.",
    "info": "Print what is in a gold set, in numbers.",
    "export": "Write a gold set in the formats of other tools.",
    "ceiling": "Tell which share of the entities words can hold: the highest recall of a tagger on them.",
    "verify": "Check that the published files are those on record.",
    "check": "Check a gold set: structure, words, repeats, agreement, release; each finding with its place and reason.",
    "explain": "Explain the rules of the check.",
    "diff": "Tell what changed between two versions of a gold set.",
    "accept": "Accept warnings that were looked at, with the reason, or prune what is no longer found.",
    "fix": "Show the safe mends of gold files as a diff, and write them when told to.",
    "suggest": "List what looks like a name, an amount or a date and is not marked.",
    "agree": "Agreement of two passes, span by span; by default of the two that the gold was made from.",
}


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, as every other error is said."""

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with code 2."""
        self.exit(TyezBenchError.exit_code, f"{self.prog}: {one_line(message)} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    parser = _Parser(prog="tyez-bench", description="Chinese NER against a hand-annotated page.")
    parser.add_argument("--version", action="store_true", help="print the versions of package and gold, and stop")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    given = sys.argv[1:] if argv is None else list(argv)
    options: dict[str, str] = {}
    asked = next((word for word in given if not word.startswith("-")), None)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if name == asked:
            _module(name).add_arguments(command)
            options = _options(command)
    args = parser.parse_args(given)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # An encoding without Chinese is no reason to stop in the middle of a table.
            stream.reconfigure(errors="backslashreplace")
    try:
        if args.version:
            emit(_versions())
            return 0
        if args.command is None:
            parser.error(f"expected a command: {', '.join(COMMANDS)}")
        with asked_by(options):
            return int(_module(args.command).run(args))
    except TyezBenchError as error:
        print(f"tyez-bench: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt as interruption:
        print(f"tyez-bench: {str(interruption) or 'interrupted'}", file=sys.stderr)
        return 130


def _options(command: argparse.ArgumentParser) -> dict[str, str]:
    """The options of a command by what advice calls them."""
    found = {option: option for option in re.findall(r"--[a-z][a-z0-9-]*", command.format_usage())}
    # There --format is the form of the output.
    return found | ({"--format": "--input-format"} if "--input-format" in found else {})


def _module(command: str) -> Any:
    return import_module(f"tyez_bench.cli.{command}")


def _versions() -> str:
    from tyez_bench import __version__
    from tyez_bench.corpus.gold import load

    gold = load()
    return f"tyez-bench {__version__}, gold {gold.name} {gold.version}, sha256 {gold.fingerprint}\n"


def entry_point() -> None:
    """Run as the ``tyez-bench`` command."""
    sys.exit(main())
