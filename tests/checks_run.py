"""Running the check on a fixture, as the command line does."""

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from shutil import copytree

import pytest

from tyez_bench.checks.config import Config, read_config
from tyez_bench.checks.engine import CheckResult
from tyez_bench.checks.project import Project, check_project
from tyez_bench.checks.rule import Level
from tyez_bench.checks.rules.release import Running
from tyez_bench.cli import main

# 太钢 is marked once and not the second time, with characters of two widths around it.
REPEAT = '{"id":"a","text":"He说太钢，太钢好。","entities":[{"start":3,"end":5,"text":"太钢","type":"ORG"}]}\n'
BROKEN = '{"id":"b","text":"太原","entities":[{"start":0,"end":9,"text":"太原","type":"PLACE"}]}\n'
CLEAN = '{"id":"c","text":"太原","entities":[{"start":0,"end":2,"text":"太原","type":"PLACE"}]}\n'


def check_fixture(folder: Path, side: str, scratch: Path) -> CheckResult:
    """Check ``folder/side.jsonl`` with ``folder/check.toml``, or the project ``folder/side``.

    Where there is a folder ``before``, it is the base revision of a repository made in ``scratch``.
    """
    if (folder / f"{side}.jsonl").is_file():
        config = read_config(folder / "check.toml") if (folder / "check.toml").is_file() else Config()
        return check_project(Project(config, folder, (folder / f"{side}.jsonl",)))
    base = None
    place = scratch / "project"
    if (folder / "before").is_dir():
        copytree(folder / "before", place)
        git(place, "init", "--quiet")
        git(place, "add", ".")
        git(place, "commit", "--quiet", "--message", "before")
        base = "HEAD"
    copytree(folder / side, place, dirs_exist_ok=True)
    config = read_config(place / "check.toml")
    commands = config.release is not None and (config.release.figures or config.release.rebuild)
    running = Running(lambda _: None) if commands else None
    return check_project(Project(config, place, base=base, place=place / "check.toml", running=running))


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, with a name and without anybody's settings."""
    name = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True)


def check_text(folder: Path, *lines: str, select: Sequence[str] = (), config: Config | None = None) -> CheckResult:
    """Check records given as lines of JSON."""
    path = folder / "gold.jsonl"
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return check_project(Project(config or Config(), folder, (path,)), level=Level.RELEASE, select=select)


def marked(id: str, text: str) -> str:
    """A record of a text in which entities stand in marks, ⟦TYPE|surface⟧, as a line of JSON."""
    plain, open_, entities = "", [], []
    for part in re.split(r"(⟦[A-Z]+\||⟧)", text):
        if part.startswith("⟦"):
            open_.append((len(plain), part[1:-1]))
        elif part == "⟧":
            start, label = open_.pop()
            entities.append({"start": start, "end": len(plain), "text": plain[start:], "type": label})
        else:
            plain += part
    entities.sort(key=lambda entity: (entity["start"], -int(entity["end"])))
    return json.dumps({"id": id, "text": plain, "entities": entities}, ensure_ascii=False, separators=(",", ":"))


def said(capsys: pytest.CaptureFixture[str], code: int, *argv: str) -> str:
    """What a command prints; its exit code is asserted."""
    assert main(list(argv)) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """The one line of a refusal."""
    try:
        code = main(list(argv))
    except SystemExit as stop:
        code = int(stop.code or 0)
    assert code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err.strip()
