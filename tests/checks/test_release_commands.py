"""Commands of a project, whatever they print."""

import sys
from pathlib import Path

from tyez_bench.checks.commands import Running, run_command


def test_what_a_command_prints_need_be_no_utf_8(tmp_path: Path) -> None:
    code = r"import sys; sys.stdout.buffer.write(b'figure \xff is wrong\n'); sys.exit(1)"
    (one,) = run_command("V804", [sys.executable, "-c", code], tmp_path, Running(lambda _: None))
    assert one.surface == "figure \ufffd is wrong"
