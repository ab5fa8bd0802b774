"""What goes wrong in a function is said of its arguments: no message names an option of the command line."""

import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.cli.parser import Parser
from tyez_bench.cli.score import add_arguments
from tyez_bench.io.record import TOLD

BROKEN = Path(__file__).parent / "broken"
OPTION = re.compile(r"(?<![\w-])--[a-z]")
WAYS = r"pass|choose (?:it|them|one|another|another map) with|read it with|set \w+ in a file for"
# What advice says an argument to be: behind a semicolon.
ADVISED = re.compile(rf"(?<=; )(?:(?:the encoding was detected, )?(?:{WAYS}) )?(\w+)=")
CASES = [
    (listing.parent, case)
    for listing in sorted(BROKEN.glob("*/expected.toml"))
    for case in tomllib.loads(listing.read_text("utf-8"))["case"]
]


def arguments(case: dict[str, Any]) -> dict[str, Any]:
    """What the command line of a case says, as arguments of ``score_files``."""
    parser = Parser(prog="score")
    add_arguments(parser)
    args = parser.parse_args([case["file"], *case["args"]])
    given: dict[str, Any] = {
        "format": args.input_format,
        "gold_format": args.gold_format,
        "label_set": args.gold_label_set,
    }
    for side in ("", "gold_"):
        given[f"{side}options"] = tyez_bench.Options(**{name: getattr(args, f"{side}{name}") for name in TOLD})
        for name in ("labels", "overlaps"):
            given[f"{side}{name}"] = getattr(args, f"{side}{name}")
        given[f"{side}ignore_labels"] = getattr(args, f"{side}ignore_labels") or ()
    if args.gold is None:
        given = {name: value for name, value in given.items() if not name.startswith("gold_")}
    return given | {"gold": args.gold, "predictions": case["file"], "align": args.align}


def said(call: Callable[[], object]) -> str:
    """The message of what is raised, or of what a check finds."""
    try:
        found = call()
    except tyez_bench.TyezBenchError as error:
        return str(error)
    return "\n".join(one.message for one in getattr(found, "findings", ()))


def wrong(function: Callable[..., object], message: str) -> list[str]:
    """The options in a message, and the arguments that it advises and that the function has not."""
    named = ADVISED.findall(message)
    return [*OPTION.findall(message), *(name for name in named if name not in inspect.signature(function).parameters)]


def calls(given: dict[str, Any]) -> Iterator[tuple[Callable[..., object], Callable[[], object]]]:
    """Every function that reads files, of the file of a case."""
    gold, of_both = given.pop("gold"), dict(given)
    file = given.pop("predictions")
    reading = {n: v for n, v in given.items() if n in inspect.signature(tyez_bench.read_predictions).parameters}
    loading = {n: v for n, v in reading.items() if n in inspect.signature(tyez_bench.load).parameters}
    yield tyez_bench.score_files, lambda: tyez_bench.score_files(gold, **of_both)
    yield tyez_bench.score_files, lambda: tyez_bench.score_files(file, file, format=reading["format"])
    yield tyez_bench.read_predictions, lambda: tyez_bench.read_predictions(file, tyez_bench.load(), **reading)
    yield tyez_bench.load, lambda: tyez_bench.load(file, **loading)
    yield tyez_bench.load, lambda: tyez_bench.load(file)
    yield tyez_bench.check, lambda: tyez_bench.check(file, format=reading["format"])


def test_no_broken_file_is_told_of_options(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is advised is an argument of the function that was called."""
    found, advised, messages = [], set(), 0
    for folder, case in CASES:
        monkeypatch.chdir(folder)
        for number, (function, call) in enumerate(calls(arguments(case))):
            message = said(call)
            messages += bool(message)
            advised |= {(function.__name__, name) for name in ADVISED.findall(message)}
            found += [f"{folder.name}/{case['file']}: {function.__name__}: {one}" for one in wrong(function, message)]
            if number == 0:
                # The figures of the command, and its refusals.
                assert case["says"].partition("; ")[0] in message
    assert found == []
    assert messages > 3 * len(CASES)
    assert {
        ("score_files", n) for n in ("format", "labels", "ignore_labels", "overlaps", "align", "options")
    } <= advised
    assert {("score_files", "gold_format"), ("load", "format"), ("load", "options")} <= advised
    assert {("read_predictions", "labels"), ("check", "format")} <= advised


# Calls that make no sense, of every function that can be called in such a way.
SENSELESS: dict[str, Callable[[], object]] = {
    "agreement": lambda: tyez_bench.agreement(tyez_bench.load(), tyez_bench.Gold("g", None, "", ())),
    "check": lambda: tyez_bench.check(label_set="none", builtin=True, labels="none"),
    "check without anything": lambda: tyez_bench.check("nowhere"),
    "compare": lambda: tyez_bench.compare([]),
    "diagnose": lambda: tyez_bench.diagnose(tyez_bench.score_spans([[]], [[]]), tyez_bench.load(), {}),
    "evaluate": lambda: tyez_bench.evaluate(lambda text: [(0, 2, "nothing")]),
    "evaluate by": lambda: tyez_bench.evaluate(lambda text: [], by="page"),
    "export": lambda: tyez_bench.export(tyez_bench.load(), "conll", layer="all"),
    "export misaligned": lambda: tyez_bench.export(tyez_bench.load(), "conll", words="jieba"),
    "load": lambda: tyez_bench.load(options=tyez_bench.Options(column=2)),
    "load_dataset": lambda: tyez_bench.load_dataset("none"),
    "power": lambda: tyez_bench.power([tyez_bench.score_spans([[]], [[]])]),
    "score": lambda: tyez_bench.score(tyez_bench.load(), {}, documents=["nowhere"]),
    "score_files": lambda: tyez_bench.score_files("-", "-"),
    "score_files built-in": lambda: tyez_bench.score_files(None, "p.jsonl", gold_ignore_labels=["ORG"]),
    "score_spans": lambda: tyez_bench.score_spans([[]], []),
    "score_spans micro": lambda: tyez_bench.score_spans([[(0, 1, "micro")]], [[]]),
    "slices": lambda: tyez_bench.slices(tyez_bench.score(tyez_bench.load(), {}), tyez_bench.load(), {}, ["colour"]),
    "structure": lambda: tyez_bench.structure(tyez_bench.score(tyez_bench.load(), {}), tyez_bench.load(), {}),
    "to_dataset": lambda: tyez_bench.to_dataset(tyez_bench.load(), "none"),
    "to_pandas": lambda: tyez_bench.to_pandas(config="none"),
    "to_spacy": lambda: tyez_bench.to_spacy(words="jieba"),
}


@pytest.mark.parametrize("name", SENSELESS)
def test_a_senseless_call_is_told_of_arguments(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    message = said(SENSELESS[name])
    assert message
    assert wrong(getattr(tyez_bench, name.partition(" ")[0]), message) == []


def test_the_test_sees_options_and_foreign_arguments() -> None:
    assert wrong(tyez_bench.load, "is unknown; --labels FILE names it") == ["--l"]
    assert wrong(tyez_bench.load, "is unknown; pass align=True to ignore it; pass labels=FILE") == ["align"]


def test_importing_is_light() -> None:
    """Neither what is for few nor what is slow; ``import tyez_bench`` alone reads nothing else of the package."""
    code = (
        "import sys, tyez_bench; heavy = {'pandas', 'spacy', 'datasets', 'numpy', 'msgspec', 'rich', 'sklearn'}; "
        "print(sorted(heavy & sys.modules.keys()), [m for m in sys.modules if m.startswith('tyez_bench.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"
