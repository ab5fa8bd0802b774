"""What commands print, in the pages that show it: every block ``console`` of the documentation's first pages.

A line ``$ …`` is run by bash, in an empty folder that a page's blocks share; what it prints, on both streams, stands
below. A comment ``<!-- file: NAME -->`` above a block puts the block's text into a file there first.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from generated.maker import ROOT, Files

SOURCES = ("docs/quickstart.md", "docs/faq.md")
BLOCK = re.compile(
    r"<!-- file: (?P<name>\S+) -->\n```\w*\n(?P<content>.*?)```\n|```console\n(?P<lines>.*?)```\n", re.DOTALL
)
# What is printed depends on how wide a terminal is.
ENVIRONMENT = {"COLUMNS": "120", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
NO_SUCH_COMMAND = 127


def make() -> Files:
    """The pages, with what their commands print now."""
    return {ROOT / name: rewritten((ROOT / name).read_text("utf-8")).encode() for name in SOURCES}


def rewritten(text: str) -> str:
    """A page with its commands run again. Raises RuntimeError for an unknown command."""
    with TemporaryDirectory() as folder:
        return BLOCK.sub(lambda block: _block(block, Path(folder)), text)


def _block(block: re.Match[str], folder: Path) -> str:
    if block["name"]:
        (folder / block["name"]).write_text(block["content"], "utf-8")
        return block[0]
    commands = re.findall(r"^\$ (.*)$", block["lines"], re.MULTILINE)
    printed = "".join(f"$ {command}\n{_printed(command, folder)}" for command in commands)
    return f"```console\n{printed}```\n"


def _printed(command: str, folder: Path) -> str:
    # The program beside this Python, as after activating the environment.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode == NO_SUCH_COMMAND:
        raise RuntimeError(f"{command}: {done.stdout}")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "".join(f"{line}\n" for line in lines)
