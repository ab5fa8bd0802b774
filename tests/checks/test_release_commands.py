"""Commands of a project: run when asked, told before, ended in time, and never those of somebody else."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checks_run import CLEAN, refused, said
from tyez_bench.checks.rules.release import Running, check_allowed, run_command
from tyez_bench.cli import main
from tyez_bench.model.errors import UsageError

CONFIG = """[tool.tyez-bench.check]
paths = ["gold.jsonl"]
[tool.tyez-bench.check.release]
figures = ["python", "own.py"]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose command leaves a file when it runs."""
    monkeypatch.delenv("GITHUB_EVENT_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "own.py").write_text("open('ran', 'w').close()\n", "utf-8")
    (tmp_path / "gold.jsonl").write_text(CLEAN, "utf-8")
    return tmp_path


def test_what_a_command_prints_need_be_no_utf_8(tmp_path: Path) -> None:
    code = r"import sys; sys.stdout.buffer.write(b'figure \xff is wrong\n'); sys.exit(1)"
    told: list[str] = []
    (one,) = run_command("V804", [sys.executable, "-c", code], tmp_path, Running(told.append))
    assert one.surface == "figure \ufffd is wrong"
    assert len(told) == 1
    assert told[0].startswith(f"running in {tmp_path}: {sys.executable} -c ")


def test_commands_run_when_they_are_asked_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "below").mkdir()
    os.chdir(project / "below")
    for command in (
        ["check"],
        ["suggest"],
        ["check", "--output-format", "markdown"],
        ["check", "--write", "json=o.json"],
    ):
        out = said(capsys, 0, *command)
        assert ("not run without --run: figures" in out) == (command[0] == "check")
    assert '"not_run": [\n    "figures"\n  ]' in said(capsys, 0, "check", "--output-format", "json")
    add = ("accept", "add", "--accepted", "a.jsonl", "--reason", "x", "--by", "y")
    assert "no warning matches" in refused(capsys, *add)
    assert not (project / "ran").exists()
    assert main(["check", "--run"]) == 0
    out, err = capsys.readouterr()
    assert err == f"running in {project}: python own.py\n"
    assert "not run" not in out
    assert (project / "ran").exists()


@pytest.mark.parametrize("more", [["gold.jsonl"], ["--level", "5"], ["--ignore", "V804"], ["--builtin"]])
def test_what_can_not_be_run_is_said(more: list[str], project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--run: this check has no commands" in refused(capsys, "check", "--run", *more)
    assert "expected --run" in refused(capsys, "check", "--run-limit", "3")
    assert not (project / "ran").exists()


def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child = "import time; time.sleep(2); open('late', 'w').close()"
    (project / "own.py").write_text(
        f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {child!r}])\n"
        "open('ran', 'w').close()\ntime.sleep(60)\n",
        "utf-8",
    )
    began = time.monotonic()
    assert main(["check", "--run", "--run-limit", "1"]) == 2
    assert time.monotonic() - began < 10
    err = capsys.readouterr().err.splitlines()
    assert err[1:] == ["tyez-bench: python own.py: was stopped after 1 second; --run-limit gives it more time"]
    assert (project / "ran").exists()
    time.sleep(2)
    assert not (project / "late").exists()


def test_what_a_command_leaves_running_stops_nobody(tmp_path: Path) -> None:
    """It holds the output open after the end."""
    child = "import time; time.sleep(30)"
    code = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {child!r}]); print(p.pid); sys.exit(1)"
    began = time.monotonic()
    (one,) = run_command("V804", [sys.executable, "-c", code], tmp_path, Running(lambda _: None))
    assert time.monotonic() - began < 10
    os.kill(int(one.surface), 9)


def owned(monkeypatch: pytest.MonkeyPatch, path: Path, *, user: int | None = None, mode: int | None = None) -> None:
    """Let a file look as if it were another user's, or had another mode, as to chown takes a system's rights."""

    def changed(real: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
        def stat(asked: object, **more: object) -> os.stat_result:
            found = real(asked, **more)
            if str(asked) != str(path):
                return found
            parts = list(found)
            parts[0] = found.st_mode if mode is None else found.st_mode & ~0o7777 | mode
            parts[4] = found.st_uid if user is None else user
            return os.stat_result(parts)

        return stat

    for name in ("stat", "lstat"):
        monkeypatch.setattr(os, name, changed(getattr(os, name)))


@pytest.mark.skipif(sys.platform == "win32", reason="owners are those of POSIX")
@pytest.mark.parametrize(
    ("place", "user", "mode", "says"),
    [
        ("pyproject.toml", 54321, None, "belongs to another user"),
        (".", 54321, None, "belongs to another user"),
        ("pyproject.toml", None, 0o666, "because anyone can write"),
        (".", None, 0o777, "because anyone can write"),
        # A directory for temporary files keeps names, and anybody puts scripts beside the file.
        (".", None, 0o1777, "because anyone can write"),
    ],
)
def test_commands_of_others_are_refused(
    place: str, user: int | None, mode: int | None, says: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = project / "pyproject.toml"
    check_allowed(config)
    owned(monkeypatch, project / place if place != "." else project, user=user, mode=mode)
    with pytest.raises(UsageError, match=says):
        check_allowed(config)


def test_a_file_that_everybody_may_write_is_refused_in_one_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "pyproject.toml").chmod(0o666)
    assert "its commands are not run, because anyone can write" in refused(capsys, "check", "--run")
    (project / "pyproject.toml").chmod(0o664)
    assert main(["check", "--run"]) == 0
    capsys.readouterr()
    (project / "ran").unlink()
    os.chdir("..")
    (project / "pyproject.toml").chmod(0o666)
    assert "anyone can write" in refused(capsys, "check", "--run", "--config", f"{project.name}/pyproject.toml")
    assert not (project / "ran").exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only the system gives files away")
def test_a_file_of_another_user_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.chown(project / "pyproject.toml", 12345, 12345)
    assert "pyproject.toml belongs to another user" in refused(capsys, "check", "--run")
    os.chown(project / "pyproject.toml", 0, 0)
    # A link of somebody else to a file of one's own: the commands would run in the folder of the link.
    (project / "below").mkdir()
    os.symlink(project / "pyproject.toml", project / "below" / "pyproject.toml")
    os.chown(project / "below" / "pyproject.toml", 12345, 12345, follow_symlinks=False)
    os.chdir(project / "below")
    assert "belongs to another user" in refused(capsys, "check", "--run")
    assert not (project / "ran").exists()


def test_on_pull_request_target_nothing_is_run(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request_target")
    assert "its commands are not run on pull_request_target" in refused(capsys, "check", "--run")
    assert "not run without --run: figures" in said(capsys, 0, "check")
    assert not (project / "ran").exists()
