"""The command line. Each command is a module: its arguments, and a few lines over library functions.

Exit codes: 0 fine; 1 the answer is no (a threshold is not reached); 2 the question could not be answered
(usage, unreadable or invalid input, a missing package, an error that nobody foresaw); 130 interrupted.
"""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper
from typing import Any

from tyez_bench.cli import old_names
from tyez_bench.cli.commands import COMMANDS, EXAMPLES, GROUPS
from tyez_bench.cli.output import answering, emit, failed, note, quietly
from tyez_bench.cli.outputs import note_inputs
from tyez_bench.cli.parser import Parser, Program
from tyez_bench.files.in_use import watched
from tyez_bench.files.inputs import one_standard_input, reading_at_most
from tyez_bench.model.hints import Options, asked_by

__all__ = ["COMMANDS", "main", "parsers", "size"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code. Whatever goes wrong in it ends here."""
    given = sys.argv[1:] if argv is None else list(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # An encoding without Chinese is no reason to stop in the middle of a table.
            stream.reconfigure(errors="backslashreplace")
    command = next((word for word in given if word in COMMANDS), None)
    given, old = old_names.renewed(command, given)
    parsed = False
    try:
        parser, args = _parse(command, given)
        parsed = True
        with quietly(args.quiet), reading_at_most(args.max_input), one_standard_input(), watched() as inputs:
            for line in old:
                note(f"tyez-bench: {line}")
            if parser is not None:
                note_inputs(inputs, parser, args)
            with (
                asked_by(Options({} if parser is None else _options(parser))),
                answering(getattr(args, "answer_file", None)),
            ):
                return _run(args)
    except SystemExit as end:
        if parsed:
            # Somebody else's way to give up: its code says nothing about the question.
            return failed(end, everything="--traceback" in given)
        raise
    except BaseException as error:
        return failed(error, everything="--traceback" in given)


def _parse(command: str | None, given: Sequence[str]) -> tuple[argparse.ArgumentParser | None, argparse.Namespace]:
    """The parser of the command asked for and the arguments; ends the process for help, and for what makes no sense."""
    parser, commands = parsers(command)
    args, rest = parser.parse_known_args(given)
    if rest:
        args, rest = parser.parse_known_args(_together(given, rest))
    if rest:
        known = commands.get(args.command, parser)
        known.error(f"unrecognized arguments: {' '.join(rest)}{_close(rest, known, args.command)}")
    if args.command is None and not args.version:
        parser.error(f"expected a command: {', '.join(COMMANDS)}")
    return commands.get(args.command), args


def _close(words: Sequence[str], parser: argparse.ArgumentParser, command: str | None) -> str:
    """The options whose names are close to one that there is not."""
    names = {name: name for action in parser._actions for name in action.option_strings if name.startswith("--")}
    names |= dict(old_names.names(command))
    wrong = (word.partition("=")[0] for word in words if word.startswith("--"))
    found = dict.fromkeys(names[close] for word in wrong for close in get_close_matches(word, names, 2, 0.7))
    return f"; did you mean {' or '.join(found)}?" if found else ""


def parsers(asked: str | None) -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    """The parser of all, and those of the commands by name; only the one asked for has its arguments."""
    parser = Program(prog="tyez-bench", description="Chinese NER against a hand-annotated page.")
    parser.groups = {title: {name: one.summary for name, one in group.items()} for title, group in GROUPS.items()}
    parser.epilog = "tyez-bench COMMAND --help tells the options of a command, with an example"
    parser.add_argument("--version", action="store_true", help="print the versions of package and gold, and stop")
    _add_common(parser)
    parser.set_defaults(max_input=None, quiet=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, description=summary, epilog=f"example:\n  {EXAMPLES[name]}")
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
        "--quiet",
        "-q",
        action="store_true",
        default=argparse.SUPPRESS,
        help="no notes and no progress on standard error; errors, and what fails a threshold, are said all the same",
    )
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
    named = [name for action in command._actions for name in action.option_strings if name.startswith("--")]
    found = {option[2:].replace("-", "_"): option for option in named}
    return found | ({"format": "--input-format"} if "--input-format" in named else {})


def _module(command: str) -> Any:
    return import_module(f"tyez_bench.cli.{command}")


def _versions() -> str:
    from tyez_bench import __version__
    from tyez_bench.gold.gold import load

    gold = load()
    return f"tyez-bench {__version__}, gold {gold.name} {gold.version}, sha256 {gold.fingerprint}\n"
