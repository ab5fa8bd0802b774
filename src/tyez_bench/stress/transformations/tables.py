"""The tables of the transformations: TOML files beside the capabilities, reviewed entry by entry."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """A table of the package by the name of its file."""
    return tomllib.loads(files("tyez_bench.stress").joinpath("tables", f"{name}.toml").read_text("utf-8"))
