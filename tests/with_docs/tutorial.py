"""The tutorial, run again: ``python tests/with_docs/tutorial.py`` stores in it what it gives now."""

import re
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.ipynb"
# A release changes the version of the gold in what a report shows, and nothing else.
VERSION = re.compile(r"\b[0-9]+\.[0-9]+\.[0-9]+\b")


def read() -> Any:
    """The notebook as it is stored."""
    return nbformat.read(TUTORIAL, as_version=4)


def run(notebook: Any) -> Any:
    """The notebook with the outputs of a fresh kernel. Raises CellExecutionError for a cell that fails."""
    notebook = nbformat.from_dict(notebook)
    NotebookClient(notebook, timeout=60, record_timing=False, coalesce_streams=True).execute(cwd=str(TUTORIAL.parent))
    # What kernel it was is no part of the tutorial.
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return notebook


def outputs(notebook: Any) -> list[list[str]]:
    """What each cell of code shows, without versions."""
    shown = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            texts = [text for output in cell.outputs for text in (output.get("text"), *_data(output)) if text]
            shown.append([VERSION.sub("VERSION", text) for text in texts])
    return shown


def _data(output: Any) -> list[str]:
    """The forms of a result, in an order of their own."""
    return [text for _, text in sorted(output.get("data", {}).items())]


if __name__ == "__main__":
    nbformat.write(run(read()), TUTORIAL)
