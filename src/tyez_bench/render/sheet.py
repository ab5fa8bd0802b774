"""Sheets: tables with a title and notes, of which every output for people is made."""

from collections.abc import Sequence

from msgspec import Struct


class Sheet(Struct, frozen=True):
    """A table: the first ``words`` columns are words, the others figures; notes stand below it.

    Without a header there is no table, and title and notes stand alone.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    words: int = 1


def sheet(
    title: str, header: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = (), words: int = 1
) -> Sheet:
    """A sheet from any sequences."""
    return Sheet(title, tuple(header), tuple(tuple(row) for row in rows), tuple(notes), words)
