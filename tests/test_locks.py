"""Locks end with the process that has them, and nobody waits for ever."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tyez_bench.files.in_use import updating
from tyez_bench.model.errors import UsageError

HOLD = """
import sys, time
from tyez_bench.files.in_use import updating
with updating(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def held(path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_one_process_at_a_time_and_none_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    process = held(path)
    try:
        began = time.monotonic()
        said = r"a\.jsonl: another process has been changing it for 0\.2 seconds"
        with pytest.raises(UsageError, match=said), updating(path, wait=0.2):
            raise AssertionError("two at a time")
        assert 0.2 <= time.monotonic() - began < 5
        # By another name it is the same file.
        (tmp_path / "link").symlink_to("a.jsonl")
        with pytest.raises(UsageError, match="another process"), updating(tmp_path / "link", wait=0):
            raise AssertionError("two at a time")
    finally:
        process.kill()
        process.communicate()
    # Killed, it could give nothing back: there is nothing to give.
    with updating(path, wait=5):
        assert list(tmp_path.iterdir()) == [tmp_path / "link"]


def test_it_is_given_back_whatever_happens(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="x"), updating(tmp_path / "a", wait=0):
            raise ValueError("x")


def test_a_folder_that_can_not_be_locked_has_a_file_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, and where a file system has no locks."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    with updating(tmp_path / "none" / "a.jsonl", wait=0):
        (lock,) = (tmp_path / "scratch").iterdir()
        with pytest.raises(UsageError, match="another process"), updating(tmp_path / "none" / "a.jsonl", wait=0):
            raise AssertionError("two at a time")
        with updating(tmp_path / "none" / "b.jsonl", wait=0):
            pass
    assert lock.stat().st_mode & 0o777 == 0o600
