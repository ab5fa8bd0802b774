"""How arguments are parsed and help is laid out: defaults by one formatter, errors in one line."""

import argparse
from collections.abc import Mapping
from typing import Any, NoReturn

from tyez_bench.cli.output import emit, say
from tyez_bench.model.errors import TyezBenchError


def help_of(action: argparse.Action) -> str:
    """What the help says of an argument: its words, and its default unless that is to do nothing."""
    text = action.help or ""
    default = action.default
    if not text or action.nargs == 0 or default is None or default is argparse.SUPPRESS or default == []:
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
