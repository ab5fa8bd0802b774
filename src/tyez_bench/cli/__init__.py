"""The command line. Each command is a module: its arguments, and a few lines over library functions.

Exit codes: 0 fine; 1 the answer is no (a threshold is not reached); 2 the question could not be answered
(usage, unreadable or invalid input, a missing package, an error that nobody foresaw); 130 interrupted.
"""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

from tyez_bench.cli.options import note_inputs
from tyez_bench.cli.output import emit, failed, say
from tyez_bench.files.in_use import watched
from tyez_bench.files.inputs import one_standard_input, reading_at_most
from tyez_bench.model.errors import TyezBenchError
from tyez_bench.model.hints import Options, asked_by

__all__ = ["COMMANDS", "main", "parsers", "size"]

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
        """Say the message and exit with code 2."""
        say(f"{self.prog}: {message} (see {self.prog} --help)")
        self.exit(TyezBenchError.exit_code)

    def print_help(self, file: Any = None) -> None:
        """Write the help as every answer is written."""
        emit(self.format_help())


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code. Whatever goes wrong in it ends here."""
    given = sys.argv[1:] if argv is None else list(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # An encoding without Chinese is no reason to stop in the middle of a table.
            stream.reconfigure(errors="backslashreplace")
    parsed = False
    try:
        parser, args = _parse(given)
        parsed = True
        with reading_at_most(args.max_input), one_standard_input(), watched() as inputs:
            if parser is not None:
                note_inputs(inputs, parser, args)
            with asked_by(Options({} if parser is None else _options(parser))):
                return _run(args)
    except SystemExit as end:
        if parsed:
            # Somebody else's way to give up: its code says nothing about the question.
            return failed(end, everything="--traceback" in given)
        raise
    except BaseException as error:
        return failed(error, everything="--traceback" in given)


def _parse(given: Sequence[str]) -> tuple[argparse.ArgumentParser | None, argparse.Namespace]:
    """The parser of the command asked for and the arguments; ends the process for help, and for what makes no sense."""
    parser, commands = parsers(next((word for word in given if word in COMMANDS), None))
    args, rest = parser.parse_known_args(given)
    if rest:
        args = parser.parse_args(_together(given, rest))
    if args.command is None and not args.version:
        parser.error(f"expected a command: {', '.join(COMMANDS)}")
    return commands.get(args.command), args


def parsers(asked: str | None) -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    """The parser of all, and those of the commands by name; only the one asked for has its arguments."""
    parser = _Parser(prog="tyez-bench", description="Chinese NER against a hand-annotated page.")
    parser.add_argument("--version", action="store_true", help="print the versions of package and gold, and stop")
    _add_common(parser)
    parser.set_defaults(max_input=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if name == asked:
            _module(name).add_arguments(command)
            _add_common(command)
    return parser, commands.choices


def _together(given: Sequence[str], rest: Sequence[str]) -> list[str]:
    """The words that nobody took moved to the others before the first option of the command.

    argparse takes positional arguments in one go where the last of them may be missing: ``diff OLD --exit-code NEW``.
    """
    words = list(given)
    for word in reversed(rest):
        at = len(words) - 1 - words[::-1].index(word)
        del words[at]
    command = next((n for n, word in enumerate(words) if word in COMMANDS), None)
    first = next((n for n, word in enumerate(words) if command is not None and n > command and word[:1] == "-"), None)
    if first is None or any(word.startswith("-") and word != "-" for word in rest):
        return list(given)
    return [*words[:first], *rest, *words[first:]]


def _add_common(parser: argparse.ArgumentParser) -> None:
    """What is taken before the command and behind it: no default, which would undo what is said before."""
    group = parser.add_argument_group("every command")
    group.add_argument(
        "--max-input",
        type=size,
        default=argparse.SUPPRESS,
        metavar="SIZE",
        help="read files of up to SIZE, as 500M or 4G (default: 1G; a packed one may unpack to 256M)",
    )
    group.add_argument(
        "--traceback", action="store_true", default=argparse.SUPPRESS, help="show where in the program an error arose"
    )


def size(text: str) -> int:
    """A number of bytes, as 500M or 4G."""
    found = re.fullmatch(r"([1-9][0-9]{0,8})([KMGT]?)", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size, expected a number with K, M, G or T")
    return int(found[1]) << 10 * " KMGT".index(found[2] or " ")


def _run(args: argparse.Namespace) -> int:
    if args.command is None:
        emit(_versions())
        return 0
    return int(_module(args.command).run(args))


def _options(command: argparse.ArgumentParser) -> dict[str, str]:
    """The options of a command by what advice calls them."""
    named = re.findall(r"--[a-z][a-z0-9-]*", command.format_usage())
    found = {option[2:].replace("-", "_"): option for option in named}
    # There --format is the form of the output.
    return found | ({"format": "--input-format"} if "--input-format" in named else {})


def _module(command: str) -> Any:
    return import_module(f"tyez_bench.cli.{command}")


def _versions() -> str:
    from tyez_bench import __version__
    from tyez_bench.gold.gold import load

    gold = load()
    return f"tyez-bench {__version__}, gold {gold.name} {gold.version}, sha256 {gold.fingerprint}\n"
