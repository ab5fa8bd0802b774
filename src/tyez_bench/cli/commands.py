"""The commands in groups: what each does, a line that shows it at work, its module, and old names of its options."""

import argparse
from collections.abc import Callable, Collection
from importlib import import_module
from typing import NamedTuple


class Command(NamedTuple):
    """What a command does, in a line, and an example of its use."""

    summary: str
    example: str


GROUPS = {
    "Score": {
        "score": Command("Score predictions against the gold.", "tyez-bench score mine.jsonl --min-f1 0.5"),
        "report": Command(
            "Report on one or more systems, as an HTML page or images.",
            "tyez-bench report mine.jsonl theirs.jsonl --html report.html",
        ),
        "compare": Command(
            "Test whether systems differ: paired randomisation and bootstrap tests of micro F1.",
            "tyez-bench compare mine.jsonl theirs.jsonl -f markdown",
        ),
        "power": Command(
            "Estimate the smallest F1 difference that the gold set can detect, from real systems' counts.",
            "tyez-bench power mine.jsonl theirs.jsonl",
        ),
        "submit": Command(
            "Check a submission for the leaderboard, or print a description to fill in.", "tyez-bench submit mine.jsonl"
        ),
    },
    "Run": {
        "run": Command(
            "Run NER systems on the gold's texts; score them, write their predictions, or both.",
            "tyez-bench run rules --score -o rules.jsonl",
        ),
        "systems": Command("List the available systems, and what each needs.", "tyez-bench systems"),
        "stress": Command(
            "Score systems on the stress suite, by capability, or check template files.",
            "tyez-bench stress rules -o stress.jsonl",
        ),
    },
    "Gold": {
        "info": Command("Print statistics of a gold set.", "tyez-bench info --gold gold.jsonl"),
        "export": Command(
            "Write a gold set in the formats of other tools.", "tyez-bench export -f conll -o gold.conll"
        ),
        "ceiling": Command(
            "Compute the segmentation ceiling: the highest recall of a tagger that labels whole words.",
            "tyez-bench ceiling char",
        ),
        "verify": Command("Check the published files against their recorded checksums.", "tyez-bench verify"),
        "diff": Command(
            "Show what changed between two versions of a gold set.", "tyez-bench diff old.jsonl gold.jsonl"
        ),
        "agree": Command(
            "Measure the agreement of passes, span by span (default: the two behind the gold).",
            "tyez-bench agree A.jsonl B.jsonl --disagreements 10",
        ),
    },
    "Check": {
        "check": Command(
            "Check a gold set: structure, words, repetitions, agreement, release; findings have position and reason.",
            "tyez-bench check gold.jsonl -f concise",
        ),
        "explain": Command("Explain the rules of the check.", "tyez-bench explain X602"),
        "fix": Command("Show the safe fixes of gold files as a diff, or write them.", "tyez-bench fix gold.jsonl"),
        "accept": Command(
            "Accept reviewed warnings, with the reason, or prune stale entries.",
            "tyez-bench accept add gold.jsonl --accepted accepted.jsonl --reason 'another company' --by Li",
        ),
        "suggest": Command(
            "List unmarked text that looks like a name, an amount or a date.", "tyez-bench suggest gold.jsonl"
        ),
    },
}
COMMANDS = {name: command.summary for group in GROUPS.values() for name, command in group.items()}
EXAMPLES = {name: command.example for group in GROUPS.values() for name, command in group.items()}

# The module of a command has its name, or is one that it shares.
SHARED = {
    "power": "compare",
    "systems": "run",
    "info": "gold",
    "ceiling": "gold",
    "verify": "gold",
    "explain": "check",
    "suggest": "check",
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
