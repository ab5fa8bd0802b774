"""Shared fixtures."""

from pathlib import Path

import pytest
from hypothesis import settings

import tyez_bench
from tyez_bench.corpus.page import Layout, build_documents, read_layout, read_page
from tyez_bench.model import Document

ROOT = Path(__file__).parent.parent
LAYOUT = ROOT / "annotations" / "documents.toml"

# The same examples in every run, and no clock: timings belong in benchmarks.
settings.register_profile("tyez", deadline=None, derandomize=True)
settings.load_profile("tyez")


@pytest.fixture(scope="session")
def gold() -> tyez_bench.Gold:
    """The built-in gold set."""
    return tyez_bench.load()


@pytest.fixture(scope="session")
def layout() -> Layout:
    """The hand-written description of the page."""
    return read_layout(LAYOUT)


@pytest.fixture(scope="session")
def page(layout: Layout) -> str:
    """The page as received."""
    return read_page(LAYOUT, layout)


@pytest.fixture(scope="session")
def blank(page: str, layout: Layout) -> tuple[Document, ...]:
    """The documents without entities."""
    return build_documents(page, layout, LAYOUT)
