"""Advice in the words of whoever asks: no command names an option that it lacks, and no package that is not there."""

import ast
import contextlib
import re
import shutil
import subprocess
import tomllib
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.cli import COMMANDS, main
from tyez_bench.cli.commands import OLD, SHARED, functions
from tyez_bench.cli.parser import Parser
from tyez_bench.io.record import TOLD
from tyez_bench.model.hints import INSIDE, Arguments, CommandLine, advice, asked_about, asked_by, how_to_install, public
from tyez_bench.systems import SYSTEMS

ROOT = Path(__file__).parent.parent
PACKAGE = Path(tyez_bench.__file__).parent
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
# What a message of another command says to run.
COMMAND = re.compile(r"tyez-bench ([a-z]+)((?:\s+[^\s;]+)*)")


def options_of(command: str) -> set[str]:
    """The options that a command takes."""
    parser = Parser(prog=command)
    functions(command).add_arguments(parser)
    return set(parser._option_string_actions)


OPTIONS = {command: options_of(command) for command in COMMANDS}

# Strings with options that are no advice, by module: the commands that print them, all of which must take the options.
PRINTED_BY = {
    "cli/reports.py": ("score", "compare", "report", "power"),
    "cli/run_files.py": ("run",),
    "cli/llm_options.py": ("run",),
    "cli/output.py": ("info", "ceiling", "compare", "power", "stress", "score", "diff", "agree", "check", "explain"),
    # What is wrong with the value of an option that was given.
    "systems/llm/options.py": ("run",),
    "checks/project.py": ("check",),
    "report/tables/findings.py": ("check",),
    "checks/labelled.py": ("agree", "diff"),
}
# Options of other programs, of no program, and of no command alone.
NOT_OURS = {
    # Of every command: the parser of each takes them beside its own.
    "cli/parser.py": {"--version", "--help", "--max-input", "--traceback", "--quiet"},
    "cli/__init__.py": {"--input-format", "--traceback"},
    # Old ones, and what they are called now.
    "cli/commands.py": {name for old in OLD.values() for pair in old.items() for name in (pair[0], pair[1].now)},
    # Declared here for the commands that have an answer.
    "cli/output.py": {"--traceback", "--output"},
    # Declared here for the commands that read gold sets.
    "cli/options.py": {"--input-format", "--gold", "--gold-", "--gold-version", "--align", "--label-set"},
    # Of the command that is written down, and of another program.
    "leaderboard/submission.py": {"--base-url", "--offsets"},
    "io/export/losses.py": {"--allow-comment-lines"},
    "files/git.py": {"--git-dir", "--verify", "--quiet", "--end-of-options", "--batch"},
    "systems/adapters/ltp.py": {"--local-dir"},
    "report/html/page.py": {"--above", "--below", "--lane"},
    "model/display.py": {"--type", "--tint"},
}


# --- advice


def test_a_part_of_the_library_names_arguments() -> None:
    assert advice("{repair} reads it", repair="discard") == "; repair='discard' reads it"
    assert advice("{ignore_labels} leaves it out", ignore_labels=["A"]) == "; ignore_labels=['A'] leaves it out"
    assert advice("pass {align} to ignore it", align=True) == "; pass align=True to ignore it"
    assert advice("choose one with {format}", format=None) == "; choose one with format="
    assert advice("say more") == "; say more"


def test_a_command_names_its_own_options_and_no_others() -> None:
    with asked_by(CommandLine({"format": "--input-format", "labels": "--labels"})):
        assert advice("choose one with {format}", format=None) == "; choose one with --input-format"
        assert advice("{repair} reads it", repair="discard") == ""
        assert advice("{labels} and {repair}", labels="A", repair="discard") == ""
        assert advice("say more") == "; say more"
        with asked_by(CommandLine({})):
            assert advice("choose one with {format}", format=None) == ""
        assert advice("{labels} leads there", labels=["A", "B"]) == "; --labels A,B leads there"
    assert advice("{repair} reads it", repair="discard") == "; repair='discard' reads it"


def test_a_function_names_its_own_arguments_and_no_others() -> None:
    @public
    def read(path: str, *, gold_labels: str = "", options: object = None, gold_options: object = None) -> list[str]:
        return [
            advice("{gold_labels} names it", gold_labels="FILE"),
            advice("{labels} names it", labels="FILE"),
            advice("{column} names it", column=2),
            advice("{gold_column} names it", gold_column="NAME"),
            advice("{gold_fields}", gold_fields=None),
        ]

    asked = ["; gold_labels=FILE names it", "", "; options=Options(column=2) names it"]
    asked += ["; gold_options=Options(column=NAME) names it", "; gold_options=Options(fields=…)"]
    assert read("p") == asked
    # Who calls it from a command reads of options.
    with asked_by(CommandLine({"labels": "--labels"})):
        assert read("p") == ["", "; --labels FILE names it", "", "", ""]
    assert public(lambda labels: read("p"))("a") == ["", "; labels=FILE names it", "", "", ""]


def test_advice_about_the_gold_is_on_what_reads_the_gold() -> None:
    with asked_by(CommandLine({"column": "--column", "gold_column": "--gold-column"})), asked_about("gold", ["column"]):
        assert advice("{column}", column="N") == "; --gold-column N"
    with asked_by(Arguments(["options", "gold_options"])), asked_about("gold", ["column"]):
        assert advice("{column}", column="N") == "; gold_options=Options(column=N)"
    with asked_by(Arguments(["options"])), asked_about("gold", ["column"]):
        assert advice("{column}", column="N") == ""


def test_what_is_said_to_be_inside_an_argument_is_a_field_of_it() -> None:
    assert INSIDE["options"] == ("Options", (*TOLD, "align"))
    assert INSIDE["settings"] == ("Settings", tyez_bench.Settings.__struct_fields__)


def test_threads_of_a_command_are_asked_for_by_it_and_those_of_functions_each_by_its_own() -> None:
    def said() -> str:
        return advice("{labels}", labels="FILE")

    with ThreadPoolExecutor(1) as pool:
        with asked_by(CommandLine({"labels": "--labels"})):
            assert pool.submit(said).result() == "; --labels FILE"
        with asked_by(Arguments([])):
            assert pool.submit(said).result() == "; labels=FILE"


def test_who_asked_is_forgotten_when_the_question_fails() -> None:
    with pytest.raises(ValueError, match="no"), asked_by(CommandLine({})):
        raise ValueError("no")
    assert advice("{labels}", labels="A") == "; labels=A"


# --- every file that is refused, by every command that reads files


def broken_files() -> list[tuple[Path, dict[str, Any]]]:
    return [
        (listing.parent, case)
        for listing in sorted((ROOT / "tests" / "broken").glob("*/expected.toml"))
        for case in tomllib.loads(listing.read_text("utf-8"))["case"]
    ]


# How each command is given a file; what reads no file is not here. ``other`` is the same file by another name.
READERS = {
    "score": ["{file}"],
    "report": ["{file}", "--html", "{out}.html"],
    "compare": ["{file}", "{other}"],
    "power": ["{file}", "{other}"],
    "run": ["rules", "--score", "--gold", "{file}"],
    "stress": ["{file}"],
    "submit": ["--check", "{file}"],
    "info": ["--gold", "{file}"],
    "export": ["--gold", "{file}", "--output-format", "cluener", "--output", "{out}.jsonl"],
    "ceiling": ["char", "--gold", "{file}"],
    "check": ["{file}"],
    "diff": ["{file}", "{other}"],
    "accept": ["add", "X602", "{file}", "--accepted", "{out}.accepted", "--reason", "r", "--by", "b"],
    "fix": ["{file}"],
    "suggest": ["{file}"],
    "agree": ["{file}", "{other}"],
}
NO_FILES = {"systems", "verify", "explain"}


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """All that a command prints, whatever its exit code."""
    with contextlib.suppress(SystemExit):
        main(list(argv))
    captured = capsys.readouterr()
    return captured.out + captured.err


def foreign_options(command: str, text: str) -> set[str]:
    """The options in a text that the command lacks; those behind the name of another command are that one's."""
    for other, rest in COMMAND.findall(text):
        text = text.replace(rest, "", 1) if set(OPTION.findall(rest)) <= OPTIONS.get(other, set()) else text
    return set(OPTION.findall(text)) - OPTIONS[command]


def test_every_command_is_tried_or_reads_nothing() -> None:
    assert READERS.keys() | NO_FILES == COMMANDS.keys()


def test_no_command_advises_an_option_that_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files for which ``score`` names an option, which it has; and every other command on the same files."""
    advised: dict[str, set[str]] = {command: set() for command in READERS}
    wrong = []
    tried: set[frozenset[str]] = set()
    for folder, case in broken_files():
        monkeypatch.chdir(folder)
        named = frozenset(OPTION.findall(said(capsys, "score", case["file"], *case["args"])))
        if not named or (file := folder / case["file"]).is_dir() or named in tried:
            continue
        tried.add(named)
        other = tmp_path / f"other-{len(tried)}{file.suffix}"
        shutil.copyfile(file, other)
        names = {"file": str(file), "other": str(other), "out": str(tmp_path / f"out-{len(tried)}")}
        more = [str(folder / part) if (folder / part).exists() else part for part in case["args"]]
        monkeypatch.chdir(tmp_path)
        for command, form in READERS.items():
            fits = {part for part in more if part.startswith("--")} <= OPTIONS[command] and form[0] == "{file}"
            argv = [*(part.format(**names) for part in form), *(more if fits else ())]
            text = said(capsys, command, *argv)
            advised[command] |= set(OPTION.findall(text))
            wrong += [f"{command} {case['file']}: {option}" for option in foreign_options(command, text)]
    assert wrong == []
    assert len(tried) >= 6
    # The test sees advice: where there is an option for it, it is named.
    reading = {"--repair", "--encoding", "--labels", "--ignore-labels", "--overlaps", "--input-format", "--align"}
    assert reading <= advised["score"] & advised["report"] & advised["compare"]


@pytest.mark.parametrize("command", ["score", "check", "diff", "agree"])
def test_a_column_of_tags_that_begin_with_i(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.conll", "b.conll"):
        Path(name).write_text("太 I-ORG\n钢 I-ORG\n", "utf-8")
    text = said(capsys, command, *(part.format(file="a.conll", other="b.conll") for part in READERS[command]))
    assert "I-ORG at the beginning of the sentence is illegal in bio" in text
    assert ("--encoding iob1" in text) == ("--encoding" in OPTIONS[command])
    assert ("--repair conlleval|discard" in text) == ("--repair" in OPTIONS[command])


def test_the_format_is_named_by_the_option_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is --input-format in every command that reads one."""
    monkeypatch.chdir(tmp_path)
    Path("p.txt").write_text("nothing that anybody knows", "utf-8")
    assert said(capsys, "score", "p.txt").endswith("; choose one with --input-format\n")
    assert said(capsys, "score", "p.jsonl", "--gold", "p.txt").endswith("; choose one with --gold-format\n")
    assert said(capsys, "check", "p.txt").endswith("; choose one with --input-format\n")
    assert said(capsys, "agree", "p.txt", "p.txt").endswith("; choose one with --input-format\n")
    with pytest.raises(tyez_bench.InputError, match=r"; choose one with format=$"):
        tyez_bench.check("p.txt")
    with pytest.raises(tyez_bench.InputError, match=r"; choose one with format=$"):
        tyez_bench.read_predictions("p.txt", tyez_bench.load())


# --- every string in the source


def docstrings(tree: ast.Module) -> set[int]:
    """The nodes that are docstrings, of modules, classes, functions and fields."""
    return {
        id(node.value)
        for parent in ast.walk(tree)
        if isinstance(parent, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for node in parent.body
        if isinstance(node, ast.Expr)
    }


def strings(path: Path) -> list[str]:
    """The strings of a module in which an option is named and that are no docstrings; advice names none."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = docstrings(tree)
    found = []
    for node in ast.walk(tree):
        # An f-string is one string, whatever stands in its places; its parts come later.
        if isinstance(node, ast.JoinedStr) and id(node) not in skipped:
            skipped |= {id(part) for part in node.values}
            found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            found.append(node.value)
    return [text for text in found if OPTION.search(text)]


def printers(module: str) -> list[set[str]]:
    """The options of the commands that print the strings of a module; of those that share it, taken together."""
    stem = Path(module).stem
    own = [OPTIONS[name] for name in COMMANDS if SHARED.get(name, name) == stem] if module.startswith("cli/") else []
    return [set().union(*own)] if own else [OPTIONS[name] for name in PRINTED_BY.get(module, ())]


def test_every_option_in_the_source_is_one_of_whoever_prints_it() -> None:
    """What is neither advice nor of the command itself has to be in the tables above, with who prints it."""
    wrong, seen = [], 0
    for path in sorted(PACKAGE.rglob("*.py")):
        module = path.relative_to(PACKAGE).as_posix()
        for text in strings(path):
            seen += 1
            for command, rest in COMMAND.findall(text):
                named = set(OPTION.findall(rest))
                if command in OPTIONS:
                    wrong += [f"{module}: {command} has no {option}" for option in named - OPTIONS[command]]
                    text = text.replace(rest, "", 1)
            left = set(OPTION.findall(text)) - NOT_OURS.get(module, set())
            by = printers(module)
            wrong += [f"{module}: {option}: who prints it?" for option in left if not by]
            wrong += [f"{module}: {option}: a command that prints it has it not" for of in by for option in left - of]
    assert wrong == []
    assert seen > 100


def advised_options() -> set[str]:
    """The options that are named by calls of ``advice``, each of which has a place in what is said."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "advice":
                found |= {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    return found


def test_every_advised_option_is_one_of_some_command() -> None:
    # The parser of every command takes these beside its own.
    every = {"--max-input", "--traceback", "--quiet"}.union(*OPTIONS.values())
    # What the library calls a format is the input's.
    found = {f"--{option.replace('_', '-')}" for option in advised_options() - {"format"}}
    assert found - every == set()
    assert {"--repair", "--labels", "--align", "--force", "--fresh"} <= found


# --- packages


def test_packages_are_named_in_the_versions_of_the_extra() -> None:
    assert how_to_install(["spacy"], "spacy") == "pip install 'spacy>=3.7'"
    assert how_to_install(["huggingface_hub"], "hf") == "pip install 'datasets>=4' 'evaluate>=0.4.2' 'pandas>=2'"
    assert how_to_install(["spacy-pkuseg"], "pkuseg") == "pip install 'spacy-pkuseg>=1.0'"
    assert how_to_install(SYSTEMS["hanlp"].packages, "torch") == (
        "pip install 'hanlp==2.1.5' 'transformers>=5' 'torch==2.13.0'"
    )


def test_every_extra_that_is_asked_for_brings_something() -> None:
    for family in SYSTEMS.values():
        if family.packages:
            for package in how_to_install(family.packages, family.extra).removeprefix("pip install ").split():
                assert re.fullmatch(r"'[\w.-]+(==|>=)[\w.]+'", package), (family.what, package)


def test_where_this_package_is_not_installed_the_names_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", missing)
    assert how_to_install(["spacy", "numpy"], "spacy") == "pip install spacy numpy"


def test_nobody_is_told_to_install_a_name_that_is_not_ours() -> None:
    """The name is not on the package index: whoever registers it there would get those who follow."""
    ours = re.compile(
        r"(?:\b(?:pip3?|uv)\b[^\n`]*?\b(?:install|download|add)\b|\b(?:pipx|uvx)\b)[^\n`;&|]*?(?<![\w./\\-])tyez-bench"
        r"(?![\w/-])|additional_dependencies[^\n]*tyez-bench|tyez-bench\\?\["
    )
    assert ours.search("pip install 'tyez-bench[hf]'")
    assert ours.search("python -m pip install -q tyez-bench==1.6.0")
    assert ours.search("uv tool install tyez-bench")
    assert not ours.search("pip install --quiet '.[systems]' && .venv/bin/tyez-bench run")
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = []
    for name in filter(None, files.split("\0")):
        path = ROOT / name
        # This file has examples; in pyproject.toml extras are made of one another, which asks no index for this name.
        if path == Path(__file__) or name == "pyproject.toml" or not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{name}: {hit[0]}" for hit in ours.finditer(text)]
    assert found == []
