"""Commands as processes of their own that need no start: each is forked from one that has loaded what they need.

python forked.py STREAMS COMMAND …     in the folder of the files: NUMBER.1 and NUMBER.2 become what each command writes
                                       to those standard streams that are named (12, 1, 2), ``codes`` how each ends

What the standard streams are is for the caller to say: a closed one is closed from the start.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tyez_bench.__main__ import entry_point
from tyez_bench.cli import COMMANDS
from tyez_bench.cli.commands import functions


def forked(commands: Sequence[str], streams: str, folder: Path) -> list[tuple[int, str, str]]:
    """How each command ends in a folder, and what it writes, with these redirections of the standard streams."""
    captured = ("" if "1>" in streams else "1") + ("" if "2>" in streams else "2")
    words = shlex.join([sys.executable, __file__, captured, *commands])
    subprocess.run(["bash", "-c", f"exec {words} {streams}"], cwd=folder, check=True, timeout=120)
    codes = json.loads((folder / "codes").read_text("utf-8"))

    def written(number: int, stream: str) -> str:
        return (folder / f"{number}.{stream}").read_text("utf-8") if stream in captured else ""

    return [(code, written(number, "1"), written(number, "2")) for number, code in enumerate(codes)]


def _run(command: str, number: int, captured: str) -> None:
    """A command, in a child."""
    for stream in captured:
        opened = os.open(f"{number}.{stream}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        if opened != int(stream):
            os.dup2(opened, int(stream))
            os.close(opened)
    sys.argv = ["tyez-bench", *shlex.split(command)]
    entry_point()


def main(captured: str, *commands: str) -> None:
    """Fork a child for each command, one after the other."""
    for name in {command.partition(" ")[0] for command in commands} & COMMANDS.keys():
        functions(name)
    codes = []
    for number, command in enumerate(commands):
        child = os.fork()
        if child == 0:
            _run(command, number, captured)
        codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    Path("codes").write_text(json.dumps(codes), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
