"""Pieces of files, and the rows of a piece."""

import os
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
from pyarrow import parquet

from tyez_bench.engines.columns import Side, from_lines, from_table
from tyez_bench.engines.paths import PARQUET
from tyez_bench.files.inputs import GZIP, lines, opened
from tyez_bench.model.errors import InputError, first_line

# Bytes of a file that are read as one piece.
PIECE = 32 << 20
_FEED = b"\n"


class Piece(NamedTuple):
    """A part of a file: of lines those that begin from ``start`` to before ``end``, of Parquet these row groups."""

    path: str
    start: int
    end: int | None


def pieces(paths: Sequence[str]) -> list[Piece]:
    """The pieces of files of JSON Lines, plain or gzip, or of Parquet. Raises InputError."""
    found: list[Piece] = []
    for path in paths:
        if path.endswith(PARQUET):
            with _reading(path):
                groups = parquet.ParquetFile(path).num_row_groups
            found += [Piece(path, number, number + 1) for number in range(groups)]
            continue
        with opened(path) as file:
            head = file.read(len(GZIP))
        size = os.path.getsize(path)
        if head == GZIP or size <= PIECE:
            found.append(Piece(path, 0, None))
        else:
            found += [Piece(path, start, min(start + PIECE, size)) for start in range(0, size, PIECE)]
    return found


class _reading:  # noqa: N801  # a context manager is called like a function
    """Within this, what pyarrow can't read is an InputError."""

    def __init__(self, path: str):
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, pa.ArrowException | OSError) and not isinstance(error, InputError):
            raise InputError(f"is not valid Parquet: {first_line(error)}", path=self.path) from None


def read(piece: Piece, side: Side) -> Iterator[pa.RecordBatch]:
    """The rows of a piece. Raises InputError for a file that can't be read; what is wrong in a row is in the rows."""
    path, start, end = piece
    if path.endswith(PARQUET):
        with _reading(path):
            table = parquet.ParquetFile(path).read_row_group(start)
        yield from from_table(table, side, path)
    elif end is None:
        yield from from_lines((line.removesuffix(_FEED) for _, line in lines(path)), side, path, lambda: 1)
    else:
        yield from from_lines(_between(path, start, end), side, path, lambda: _lines_before(path, start) + 1)


def _lines_before(path: str, start: int) -> int:
    """How many lines begin before a piece."""
    found, left = 0, start
    with opened(path) as file:
        while left > 0 and (data := file.read(min(left, 1 << 20))):
            found += data.count(_FEED)
            left -= len(data)
            ended = data.endswith(_FEED)
    # The line that goes on into the piece began before it.
    return found + (0 if not start or ended else 1)


def _between(path: str, start: int, end: int) -> Iterator[bytes]:
    with opened(path) as file:
        if start:
            # The line that began before this piece is of the piece before.
            file.seek(start - 1)
            start += len(file.readline()) - 1
        while start < end:
            line = file.readline()
            start += len(line)
            yield line.removesuffix(_FEED)
