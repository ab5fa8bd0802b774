"""The command line. Each command is two functions: its arguments, and a few lines over library functions.

Exit codes: 0 fine; 1 the answer is no (a threshold is not reached); 2 the question could not be answered
(usage, unreadable or invalid input, a missing package, an error that nobody foresaw); 130 interrupted.
"""

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from tyez_bench.cli.commands import COMMANDS, functions
from tyez_bench.cli.output import answering, emit, failed, note, note_inputs, quietly
from tyez_bench.cli.parser import parse, parsers, renewed, size

__all__ = ["COMMANDS", "main", "parsers", "size"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code. Whatever goes wrong in it ends here."""
    given = sys.argv[1:] if argv is None else list(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # An encoding without Chinese is no reason to stop in the middle of a table.
            stream.reconfigure(errors="backslashreplace")
    command = next((word for word in given if word in COMMANDS), None)
    given, old = renewed(command, given)
    parsed = False
    try:
        parser, args = parse(command, given)
        parsed = True
        return _run(parser, args, old)
    except SystemExit as end:
        if parsed:
            # Somebody else's way to give up: its code says nothing about the question.
            return failed(end, everything="--traceback" in given)
        raise
    except BaseException as error:
        return failed(error, everything="--traceback" in given)


def _run(parser: argparse.ArgumentParser | None, args: argparse.Namespace, old: Sequence[str]) -> int:
    """Run the command that ``parser`` is of; ``old`` is said first."""
    # Imported here: help, and what makes no sense, need none of it.
    from tyez_bench.files.in_use import watched
    from tyez_bench.files.inputs import one_standard_input, reading_at_most
    from tyez_bench.model.hints import CommandLine, asked_by

    with quietly(args.quiet), reading_at_most(args.max_input), one_standard_input(), watched() as inputs:
        for line in old:
            note(f"tyez-bench: {line}")
        if parser is not None:
            note_inputs(inputs, parser, args)
        with asked_by(CommandLine(_options(parser))), answering(getattr(args, "answer_file", None)):
            if parser is not None:
                return functions(args.command).run(args)
            emit(_versions())
            return 0


def _options(command: argparse.ArgumentParser | None) -> dict[str, str]:
    """The options of a command by what advice calls them; without a command there are none."""
    actions = [] if command is None else command._actions
    named = [name for action in actions for name in action.option_strings if name.startswith("--")]
    found = {option[2:].replace("-", "_"): option for option in named}
    return found | ({"format": "--input-format"} if "--input-format" in named else {})


def _versions() -> str:
    from tyez_bench import __version__
    from tyez_bench.gold.gold import load

    gold = load()
    return f"tyez-bench {__version__}, gold {gold.name} {gold.version}, sha256 {gold.fingerprint}\n"
