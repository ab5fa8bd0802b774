"""The commands in groups, as ``commands.json`` has them: what each does, an example, its module, its old options."""

import argparse
import json
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from pathlib import Path
from typing import NamedTuple


class Old(NamedTuple):
    """What an old name is called now; with ``values``, only where one of them is given to it."""

    now: str
    values: Collection[str] = ()


class Command(NamedTuple):
    """What a command does, in a line; an example of its use; the module that it shares.

    ``old`` has by old names of its options what they are now: with words behind the new name, only where one of these
    is given to it. So --output took the form; it is a file now, and one of that name is given as a path: ./json.
    """

    summary: str
    example: str
    module: str | None = None
    old: Mapping[str, str] = {}


GROUPS = {
    title: {name: Command(**facts) for name, facts in group.items()}
    for title, group in json.loads(Path(__file__).with_name("commands.json").read_text("utf-8")).items()
}
_ALL = {name: command for group in GROUPS.values() for name, command in group.items()}
COMMANDS = {name: command.summary for name, command in _ALL.items()}
EXAMPLES = {name: command.example for name, command in _ALL.items()}
SHARED = {name: command.module for name, command in _ALL.items() if command.module is not None}
OLD = {
    name: {old: Old(now, tuple(values)) for old, words in command.old.items() for now, *values in [words.split()]}
    for name, command in _ALL.items()
}


class Functions(NamedTuple):
    """What declares the arguments of a command, and what runs it and returns the exit code."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def functions(name: str) -> Functions:
    """The functions of a command, whose module is imported now, when it is asked for."""
    module = import_module(f"tyez_bench.cli.{SHARED.get(name, name)}")
    own = (f"add_{name}_arguments", f"run_{name}") if name in SHARED else ("add_arguments", "run")
    return Functions(*(getattr(module, function) for function in own))
