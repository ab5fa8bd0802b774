"""Tests that need torch; run by a command of their own (see the README)."""

from pathlib import Path

import pytest

import tyez_bench


@pytest.fixture(scope="session")
def gold() -> tyez_bench.Gold:
    """The built-in gold set."""
    return tyez_bench.load()


@pytest.fixture(scope="session")
def real() -> Path:
    """Where the outputs are kept that the other tests read."""
    return Path(__file__).parents[1] / "formats" / "real"
