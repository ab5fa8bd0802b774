"""The command line. Each command is a module: its arguments, and a few lines over library functions.

Exit codes: 0 fine; 1 the answer is no (a threshold is not reached); 2 the question could not be answered
(usage, unreadable or invalid input, a missing package); 130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from tyez_bench.cli import agree, run, score
from tyez_bench.errors import TyezBenchError

COMMANDS = {"score": score, "run": run, "agree": agree}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    parser = argparse.ArgumentParser(prog="tyez-bench", description="Chinese NER against a hand-annotated page.")
    parser.add_argument("--version", action="store_true", help="print the versions of package and gold, and stop")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").partition("\n")[0]
        module.add_arguments(commands.add_parser(name, help=summary, description=summary))
    args = parser.parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # An encoding without Chinese is no reason to stop in the middle of a table.
            stream.reconfigure(errors="backslashreplace")
    try:
        if args.version:
            return _version()
        if args.command is None:
            parser.error(f"expected a command: {', '.join(COMMANDS)}")
        code = int(COMMANDS[args.command].run(args))
        sys.stdout.flush()
        return code
    except TyezBenchError as error:
        print(f"tyez-bench: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        _discard_output()
        return 0
    except OSError as error:
        _discard_output()
        print(f"tyez-bench: the output can't be written: {error.strerror}", file=sys.stderr)
        return TyezBenchError.exit_code
    except KeyboardInterrupt:
        print("tyez-bench: interrupted", file=sys.stderr)
        return 130


def _discard_output() -> None:
    """Send what is left in the buffer nowhere: the interpreter would try to write it once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _version() -> int:
    from tyez_bench import __version__
    from tyez_bench.corpus.gold import load

    gold = load()
    print(f"tyez-bench {__version__}, gold {gold.name} {gold.version}, sha256 {gold.fingerprint}")
    return 0


def entry_point() -> None:
    """Run as the ``tyez-bench`` command."""
    sys.exit(main())
