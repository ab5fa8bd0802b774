"""The pytest fixture, the hook and the action, as other projects use them; and single corruptions of the gold."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from checks_run import git
from generated import corruptions
from generated.corrupt.kinds import KINDS

ROOT = Path(__file__).parent.parent
REPEAT = '{"id":"a","text":"太钢和太钢","entities":[{"start":0,"end":2,"text":"太钢","type":"ORG"}]}\n'


def test_the_fixture_in_a_project_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text(REPEAT, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (tmp_path / "test_gold.py").write_text(
        "def test_clean(tyez_check):\n    tyez_check('gold.jsonl', ignore=['X602'])\n"
        "def test_not_clean(tyez_check):\n    tyez_check('gold.jsonl')\n"
        "def test_warnings(tyez_check):\n    assert tyez_check('gold.jsonl', warnings_ok=True).warnings == 1\n",
        "utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "1 failed, 2 passed" in done.stdout
    assert "gold.jsonl:1 a:3-5: X602 '太钢' is not marked" in done.stdout


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "has no [tool.tyez-bench.check], and no path is given"),
        ("[tool.tyez_bench.check]\n", "pyproject.toml: has a table [tool.tyez_bench], expected"),
        ('[tool.tyez-bench.check]\npaths = ["none.jsonl"]\n', "none.jsonl: no such file"),
    ],
)
def test_the_fixture_fails_in_a_line_where_there_is_nothing_to_check(
    content: str | None, reason: str, tmp_path: Path
) -> None:
    """It never checks the built-in gold in the place of the project's own, and shows no traceback."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    if content is not None:
        (tmp_path / "pyproject.toml").write_text(content, "utf-8")
    (tmp_path / "test_gold.py").write_text("def test_clean(tyez_check):\n    tyez_check()\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert reason in done.stdout
    assert "Traceback" not in done.stdout
    assert "def check(" not in done.stdout


def test_the_hook_calls_a_command_that_there_is(tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    program, command, *arguments = hook["entry"].split()
    assert (program, command) == ("tyez-bench", "check")
    assert hook["pass_filenames"] is False
    # With a filter by kind or name, a binary gold set would be committed without a look, and one would be taken away.
    assert hook["always_run"] is True
    assert not hook.keys() & {"types", "types_or", "files", "exclude", "exclude_types"}
    run = [sys.executable, "-m", "tyez_bench", command, *arguments, "--level", "1"]
    assert subprocess.run(run, cwd=ROOT, check=False).returncode == 0
    # In a folder that names no gold set it is no green light.
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "has no [tool.tyez-bench.check], and no path is given: nothing to check" in done.stderr


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The commands of this Python on the path, and a place for files that are not kept."""
    (tmp_path / "scratch").mkdir()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "TMPDIR": str(tmp_path / "scratch")}


def run_action(folder: Path, environment: dict[str, str], *inputs: str) -> "subprocess.CompletedProcess[str]":
    """The steps of the action in a folder."""
    command = [sys.executable, str(ROOT / "tests" / "try_action.py"), *inputs]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_action(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "gold.jsonl").write_text(REPEAT, "utf-8")
    done = run_action(tmp_path, environment, "paths=gold.jsonl", "sarif=found.sarif")
    assert done.returncode == 1
    assert "::warning file=gold.jsonl,line=1,title=X602" in done.stdout
    assert "## Consistency of the gold set" in done.stdout
    assert "findings=1" in done.stdout
    assert '"ruleId": "X602"' in (tmp_path / "found.sarif").read_text("utf-8")
    # A hostile input is a word, and no command.
    done = run_action(tmp_path, environment, "paths=$(touch evil);touch evil")
    assert done.returncode == 2
    assert not (tmp_path / "evil").exists()


CLEAN = REPEAT.replace("和太钢", "")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A project without a gold file at its base; its checks leave a line for every run."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.tyez-bench.check]\npaths = ["gold.jsonl"]\n[tool.tyez-bench.check.release]\n'
        'figures = ["python", "figures.py"]\n',
        "utf-8",
    )
    (tmp_path / "figures.py").write_text("open('runs', 'a').write('one\\n')\n", "utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "base")
    return tmp_path


@pytest.mark.parametrize(
    ("before", "after", "code", "findings", "changes"),
    [
        # The change that adds the gold.
        (None, CLEAN, 0, 0, "| ORG | 1 | 0 | 0 | 0 | 0 |"),
        (CLEAN, REPEAT, 1, 2, "documents with another text: a"),
        (CLEAN, CLEAN, 0, 0, "No differences between"),
        # An error of structure, before and after.
        (
            CLEAN,
            CLEAN.replace('"end":2', '"end":9'),
            1,
            1,
            "No comparison:\n\n    tyez-bench: gold.jsonl:1: entity 'a:0-9': 0–9",
        ),
        (
            CLEAN.replace('"end":2', '"end":9'),
            CLEAN,
            0,
            0,
            "No comparison:\n\n    tyez-bench: HEAD:gold.jsonl:1: entity 'a:0-9': 0–9",
        ),
        # Another format.
        (
            '{"id":1,"text":"太钢","label":[[0,2,"ORG"]]}\n',
            '{"id":1,"text":"太钢","label":[]}\n',
            *(0, 0, "| ORG | 0 | 1 | 0 | 0 | 0 |"),
        ),
    ],
)
def test_the_action_on_a_change(
    before: str | None,
    after: str,
    code: int,
    findings: int,
    changes: str,
    repository: Path,
    environment: dict[str, str],
) -> None:
    if before is not None:
        (repository / "gold.jsonl").write_text(before, "utf-8")
        git(repository, "add", ".")
        git(repository, "commit", "--quiet", "--message", "gold")
    (repository / "gold.jsonl").write_text(after, "utf-8")
    done = run_action(repository, environment, "base=HEAD", "gold=gold.jsonl", "sarif=found.sarif", "run=true")
    assert done.returncode == code, done.stdout + done.stderr
    assert f"findings={findings}\n" in done.stdout
    assert "## Consistency of the gold set" in done.stdout
    assert changes in done.stdout.partition("## Changes of the gold set")[2]
    assert len(json.loads((repository / "found.sarif").read_text("utf-8"))["runs"][0]["results"]) == findings
    # Once for all forms.
    assert (repository / "runs").read_text("utf-8") == "one\n"


def test_the_action_runs_commands_when_asked_and_never_those_of_others(
    repository: Path, environment: dict[str, str]
) -> None:
    (repository / "gold.jsonl").write_text(CLEAN, "utf-8")
    done = run_action(repository, environment)
    assert done.returncode == 0
    assert "not run without --run: figures" in done.stdout
    for event, inputs, reason in (
        ("pull_request_target", "run=true", "::error::run is refused on pull_request_target"),
        ("pull_request_target", "install=.", "::error::install is refused on pull_request_target"),
        ("pull_request_target", "arguments=--run", "its commands are not run on pull_request_target"),
        ("push", "run=yes", "::error::run is 'yes', expected true or false"),
    ):
        done = run_action(repository, environment, f"github.event_name={event}", inputs)
        assert (done.returncode, reason in done.stdout + done.stderr) == (2, True), done
    assert not (repository / "runs").exists()
    done = run_action(repository, environment, "github.event_name=pull_request_target")
    assert done.returncode == 0
    assert not (repository / "runs").exists()
    done = run_action(repository, environment, "github.event_name=pull_request", "run=true")
    assert (done.returncode, (repository / "runs").read_text("utf-8")) == (0, "one\n")


def test_the_action_installs_with_the_pip_that_is_meant(tmp_path: Path, environment: dict[str, str]) -> None:
    """A checkout may hold a module of that name: it is data."""
    (tmp_path / "pip.py").write_text("open('evil', 'w')\n", "utf-8")
    (tmp_path / "gold.jsonl").write_text(CLEAN, "utf-8")
    run_action(tmp_path, environment, "paths=gold.jsonl", "install=--version")
    assert not (tmp_path / "evil").exists()


def test_actions_of_others_are_named_by_commit_and_rights_are_given_where_they_are_used() -> None:
    files = [ROOT / "action.yml", *(ROOT / ".github" / "workflows").iterdir()]
    uses = [
        line.split("uses:")[1].strip()
        for path in files
        for line in path.read_text("utf-8").splitlines()
        if "uses:" in line
    ]
    assert "./" in uses
    for name in set(uses) - {"./"}:
        assert re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v[0-9.]+", name), name
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        uploads = any("upload-sarif" in step.get("uses", "") for step in job["steps"])
        assert ("security-events" in job.get("permissions", {})) == uploads


def test_the_action_without_its_base(repository: Path, environment: dict[str, str]) -> None:
    (repository / "gold.jsonl").write_text(CLEAN, "utf-8")
    done = run_action(repository, environment, "base=origin/main", "gold=gold.jsonl")
    assert done.returncode == 2
    assert "::error::the base is not in this clone: actions/checkout needs fetch-depth: 0" in done.stdout


def test_the_base_of_a_pull_request_is_the_base(repository: Path, environment: dict[str, str]) -> None:
    git(repository, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    (repository / "gold.jsonl").write_text(CLEAN, "utf-8")
    done = run_action(repository, environment, "github.base_ref=trunk", "gold=gold.jsonl")
    assert done.returncode == 0
    assert "## Changes of the gold set" in done.stdout
    # Files of its own it leaves none behind.
    assert not list((repository / "scratch").iterdir())


def test_the_action_counts_what_stands(repository: Path, environment: dict[str, str]) -> None:
    (repository / "gold.jsonl").write_text(REPEAT, "utf-8")
    command = [sys.executable, "-m", "tyez_bench", "accept", "add", "--accepted", "accepted.jsonl", "--level", "4"]
    subprocess.run([*command, "--reason", "as it is", "--by", "A. Reader"], cwd=repository, check=True)
    done = run_action(repository, environment, "arguments=--accepted accepted.jsonl --show-accepted")
    assert (done.returncode, done.stderr) == (0, "")
    assert "findings=0\n" in done.stdout


def test_the_workflow_gives_the_action_inputs_that_it_has() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text("utf-8"))
    (own,) = [step for step in workflow["jobs"]["gold"]["steps"] if step.get("uses") == "./"]
    assert own["with"].keys() <= action["inputs"].keys()


def test_corruptions_of_the_gold_are_caught() -> None:
    """One of each kind; docs/corruptions.md has fifteen of each."""
    found = list(corruptions.tries(1))
    assert [one.kind for one in found] == list(KINDS)
    assert len(found) > 30
    missed = [one for one in found if not one.codes]
    assert len(missed) <= 0.05 * len(found)
    # What no rule about texts can see.
    blind = {"another role", "alternative left out", "document left out", "entry of the log left out", "pass changed"}
    assert not any(one.alone for one in found if one.kind in blind)
    assert sum(bool(one.alone) for one in found) >= 0.9 * (len(found) - len(blind))
