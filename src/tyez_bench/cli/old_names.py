"""Options by their old names, which go on working through version 2 and are in no help.

An old name is put into the new one before the arguments are parsed; so no command knows of it.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple


class Old(NamedTuple):
    """What an old name is called now; with ``values``, only where one of them is given to it."""

    now: str
    values: Collection[str] = ()


# What --output took when it was the form, whichever of them the command has. It is a file now, and one of that name
# is given as a path: ./json.
_FORM = Old("--output-format", ("text", "json", "markdown", "latex", "csv"))
_FILES = {"--format": Old("--input-format")}
_OUT = {"--out": Old("--output")}
OLD = {
    "score": {
        **_FILES,
        "--output": _FORM,
        "--fail-under": Old("--min-f1"),
        "--fail-under-type": Old("--min-f1-type"),
    },
    "report": _FILES,
    "compare": {**_FILES, "--output": _FORM},
    "power": {**_FILES, "--output": _FORM},
    "run": {**_OUT, "--track": Old("--by")},
    "stress": {**_OUT, "--output": _FORM},
    "info": {"--output": _FORM},
    "export": {**_OUT, "--format": Old("--output-format")},
    "ceiling": {"--output": _FORM},
    "diff": {"--output": _FORM},
    "agree": {"--output": _FORM},
    "check": {"--format": Old("--output-format")},
    "explain": {"--format": Old("--output-format")},
    "suggest": {"--format": Old("--output-format")},
}


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


def names(command: str | None) -> Iterator[tuple[str, str]]:
    """The old names of a command with the new ones."""
    for name, old in OLD.get(command or "", {}).items():
        yield name, old.now
