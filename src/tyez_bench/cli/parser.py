"""How arguments are parsed and help is laid out: old names, defaults by one formatter, errors in one line.

An old name of an option goes on working through version 2 and is in no help: it is put into the new one before the
arguments are parsed, so that no command knows of it.
"""

import argparse
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from tyez_bench.cli.commands import COMMANDS, EXAMPLES, GROUPS, OLD, Old, functions
from tyez_bench.cli.output import emit, say
from tyez_bench.model.errors import TyezBenchError


def help_of(action: argparse.Action) -> str:
    """What the help says of an argument: its words, and its default unless that is to do nothing."""
    text = action.help or ""
    default = action.default
    if not text or action.nargs == 0 or default is None or default is argparse.SUPPRESS or default in ([], ""):
        return text
    shown = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
    return f"{text} (default: {shown.replace('%', '%%')})"


class Formatter(argparse.HelpFormatter):
    """The one layout of help."""

    def _get_help_string(self, action: argparse.Action) -> str:
        return help_of(action)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings or action.nargs == 0:
            return super()._format_action_invocation(action)
        value = self._format_args(action, self._get_default_metavar_for_optional(action))
        return f"{', '.join(action.option_strings)} {value}"

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        # An example keeps its lines: it is to be copied.
        if "\n" in text:
            return "".join(f"{indent}{line}\n" for line in text.splitlines())
        return super()._fill_text(text, width, indent)


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, as every other error is said."""

    def __init__(self, **kwargs: Any):
        super().__init__(formatter_class=Formatter, **kwargs)

    def error(self, message: str) -> NoReturn:
        """Say the message and exit with code 2."""
        say(f"{self.prog}: {message} (see {self.prog} --help)")
        self.exit(TyezBenchError.exit_code)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            names = {str(choice): str(choice) for choice in action.choices or ()}
            raise argparse.ArgumentError(action, f"{error.message}{_close([str(value)], names)}") from None

    def print_help(self, file: Any = None) -> None:
        """Write the help as every answer is written."""
        emit(self.format_help())


class Program(Parser):
    """The parser of all commands, whose help lists them in ``groups``: by title the names with what they do."""

    groups: Mapping[str, Mapping[str, str]] = {}

    def format_help(self) -> str:
        """The help, with the commands in their groups."""
        formatter = self._get_formatter()
        formatter.add_usage(self.usage, self._actions, self._mutually_exclusive_groups)
        formatter.add_text(self.description)
        listed = {
            title: [argparse.Action([], name, help=what) for name, what in group.items()]
            for title, group in self.groups.items()
        }
        options = {
            group.title: [action for action in group._group_actions if action.option_strings]
            for group in self._action_groups
        }
        for title, actions in [*listed.items(), *options.items()]:
            formatter.start_section(title)
            formatter.add_arguments(actions)
            formatter.end_section()
        formatter.add_text(self.epilog)
        return formatter.format_help()


def parsers(
    asked: str | None, *, alone: bool = False
) -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    """The parser of all, and those of the commands by name; only the one asked for has its arguments.

    ``alone``: no other command can be meant, so that none needs a parser.
    """
    parser = Program(prog="tyez-bench", description="Evaluate Chinese NER against any gold set; one comes with it.")
    parser.groups = {title: {name: one.summary for name, one in group.items()} for title, group in GROUPS.items()}
    parser.epilog = "tyez-bench COMMAND --help shows the options of a command, with an example"
    parser.add_argument("--version", action="store_true", help="print the versions of package and gold, and exit")
    _add_common(parser)
    parser.set_defaults(max_input=None, quiet=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for name, summary in COMMANDS.items():
        if alone and name != asked:
            continue
        command = commands.add_parser(name, description=summary, epilog=f"example:\n  {EXAMPLES[name]}")
        if name == asked:
            functions(name).add_arguments(command)
            _add_common(command)
    return parser, commands.choices


def _add_common(parser: argparse.ArgumentParser) -> None:
    """What is taken before the command and behind it: no default, which would undo what is said before."""
    group = parser.add_argument_group("every command")
    group.add_argument(
        "--quiet",
        "-q",
        action="store_true",
        default=argparse.SUPPRESS,
        help="no notes or progress on standard error; errors and failed thresholds are still printed",
    )
    group.add_argument(
        "--max-input",
        type=size,
        default=argparse.SUPPRESS,
        metavar="SIZE",
        help="largest file to read, such as 500M or 4G (default: 1G; 256M unpacked for a gzipped file)",
    )
    group.add_argument(
        "--traceback", action="store_true", default=argparse.SUPPRESS, help="show the traceback of an error"
    )


def size(text: str) -> int:
    """A number of bytes, as 500M or 4G."""
    found = re.fullmatch(r"([1-9][0-9]{0,8})([KMGT]?)", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size, expected a number with K, M, G or T")
    return int(found[1]) << 10 * " KMGT".index(found[2] or " ")


def parse(command: str | None, given: Sequence[str]) -> tuple[argparse.ArgumentParser | None, argparse.Namespace]:
    """The parser of the command asked for and the arguments; ends the process for help, and for what makes no sense."""
    parser, commands = parsers(command, alone=command is not None and given[0] == command)
    args, rest = parser.parse_known_args(given)
    if rest:
        args, rest = parser.parse_known_args(_together(given, rest))
    if rest:
        known = commands.get(args.command, parser)
        known.error(f"unrecognized arguments: {' '.join(rest)}{_close_options(rest, known, args.command)}")
    if args.command is None and not args.version:
        parser.error(f"expected a command: {', '.join(COMMANDS)}")
    return commands.get(args.command), args


def _close_options(words: Iterable[str], parser: argparse.ArgumentParser, command: str | None) -> str:
    """The options whose names are close to those among the words that there are not."""
    names = {name: name for action in parser._actions for name in action.option_strings if name.startswith("--")}
    names |= {name: old.now for name, old in OLD.get(command or "", {}).items()}
    return _close((word.partition("=")[0] for word in words if word.startswith("--")), names)


def _close(words: Iterable[str], names: Mapping[str, str]) -> str:
    """What was meant by words that are no names: what names close to them stand for."""
    from difflib import get_close_matches

    found = dict.fromkeys(names[close] for word in words for close in get_close_matches(word, names, 2, 0.7))
    return f"; did you mean {' or '.join(found)}?" if found else ""


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


def renewed(command: str | None, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """A command line with the new names in the place of old ones, and a note for each, once.

    >>> renewed("score", ["score", "p.jsonl", "--fail-under", ".5"])
    (['score', 'p.jsonl', '--min-f1', '.5'], ['--fail-under is now --min-f1'])
    """
    old = OLD.get(command or "", {})
    end = words.index("--") if "--" in words else len(words)
    notes: dict[str, None] = {}
    found = []
    for at, word in enumerate(words[:end]):
        name, equals, value = word.partition("=")
        one = old.get(name)
        given = value if equals else next(iter(words[at + 1 : end]), "")
        if one is None or (one.values and given not in one.values):
            found.append(word)
            continue
        found.append(f"{one.now}{equals}{value}")
        notes[_note(name, one, given)] = None
    return [*found, *words[end:]], list(notes)


def _note(name: str, old: Old, given: str) -> str:
    if not old.values:
        return f"{name} is now {old.now}"
    return f"{name} {given} is now {old.now} {given}; a file of that name is ./{given}"
