"""Arguments that say where something is written; and what a command line names beside, so that none of it is lost."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from tyez_bench.files.in_use import Inputs
from tyez_bench.model.errors import InputError

T = TypeVar("T", bound=Callable[[str], Any])


def writes(type_: T) -> T:
    """Mark a type of arguments as that of a place that is written."""
    type_.writes = True  # type: ignore[attr-defined]
    return type_


@writes
def output_path(text: str) -> Path:
    """A file or directory to write; ``-``, the standard output elsewhere, is refused as a name."""
    return Path(output_name(text))


@writes
def output_name(text: str) -> str:
    """The same as it is spelt: a slash at the end says that it is a directory."""
    if text == "-":
        raise argparse.ArgumentTypeError("can't be written to the standard output: expected a path (./- is a file -)")
    return text


@writes
def output_or_stdout(text: str) -> Path:
    """A file or directory to write, or ``-`` for the standard output."""
    return Path(text)


def is_output(action: argparse.Action) -> bool:
    """Whether an argument says where something is written."""
    return getattr(action.type, "writes", False)


def note_inputs(inputs: Inputs, command: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Note the files that a command line names; for a command that writes the package's own and the project's, too."""
    given = [action for action in command._actions if getattr(args, action.dest, action.default) != action.default]
    for action in given:
        if not is_output(action):
            for word in _words(getattr(args, action.dest)):
                inputs.name(word)
    # The answer's file alone may be missing: then nothing is written.
    if any(is_output(action) and (action.dest != "answer_file" or action in given) for action in command._actions):
        _note_project(inputs, command, args)
        from tyez_bench.gold.gold import data_dir

        inputs.keep(Path(__file__).parent.parent)
        for path in data_dir().iterdir():
            # Of a checkout: those are written anew by its own commands.
            if path.name != "predictions":
                inputs.keep(path)


def _note_project(inputs: Inputs, command: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Note what the nearest configuration, or the one that is given, names: nobody wants it replaced by the way."""
    from tyez_bench.checks.config import find_config, read_config

    try:
        place = getattr(args, "config", None) or find_config(Path.cwd())
        if place is None:
            return
        config = read_config(place)
    except (InputError, OSError, ValueError):
        # The command says so, if it is any of its business.
        return
    names = [*config.paths, config.source, config.labels]
    if not any(is_output(action) and action.dest == "accepted" for action in command._actions):
        names.append(config.accepted)
    if config.agreement is not None:
        names += [*config.agreement.passes, config.agreement.log]
    if config.release is not None:
        names += [config.release.changelog, (config.release.version or "").rpartition(":")[0]]
    for name in filter(None, names):
        inputs.read(place.absolute().parent / name, name, named_in=place)


def _words(value: object) -> Iterator[str]:
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _words(one)
    elif isinstance(value, (str, Path)):
        yield str(value)
