"""A file of predictions as bytes: plain or gzip, a path or standard input, told apart by content."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tyez_bench.files import inputs
from tyez_bench.files.jsonl import decode_text, distinct_keys, read_bytes
from tyez_bench.io.arrays import elements
from tyez_bench.model.errors import InputError, first_line

STDIN = "-"
# Characters of a file that are parted into lines at a time, or the line that goes on behind them.
_PIECE = 1 << 16
_SPACE = re.compile(r"[ \t\r\n]*+")
_PYTHON = re.compile(r"\s*[\[{(]*\s*[\[{(]\s*'")


@dataclass(frozen=True)
class Source:
    """A file of predictions. ``name`` is what errors call it; a directory (``is_directory``) has no ``data``."""

    name: str
    data: bytes
    is_directory: bool = False

    @cached_property
    def text(self) -> str:
        """The data as UTF-8. Raises InputError with the line of the first bad byte."""
        return decode_text(self.data, self.name)

    @cached_property
    def first(self) -> object:
        """The first JSON value: the first line's, or the first element of an array; None when there is none."""
        try:
            return next(self.items())[1]
        except (InputError, StopIteration):
            return None

    @cached_property
    def sound(self) -> "Source":
        """The file without the lines that are broken, by which its format can be told all the same.

        Broken is what is not UTF-8, and in JSON Lines what is not JSON. Where nothing is left it is the file itself.
        """
        lines = self.data.removeprefix(codecs.BOM_UTF8).split(b"\n")
        decoded = [line for line in lines if _is_sound(line, json_lines=False)]
        if next((line for line in decoded if line.strip()), b"").lstrip()[:1] == b"{":
            decoded = [line for line in decoded if _is_sound(line, json_lines=True)]
        data = b"\n".join(decoded)
        return Source(self.name, data) if data.strip() and not self.is_directory else self

    def error(self, message: str, line: int | None = None, path: str | None = None) -> InputError:
        """An InputError that names this file and a line of it."""
        return InputError(message, path=path or self.name, line=line)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Each line's number, from 1, and its text without the line end (line feed, or carriage return and it)."""
        text, first, at = self.text.removesuffix("\n"), 1, 0
        # In pieces: who looks at the first lines alone needs no list of all.
        while at <= len(text):
            feed = text.find("\n", at + _PIECE)
            end = len(text) if feed < 0 else feed
            lines = text[at:end].split("\n")
            for number, line in enumerate(lines, first):
                yield number, line.removesuffix("\r")
            first, at = first + len(lines), end + 1

    def items(self) -> Iterator[tuple[int, Any]]:
        """Line and value of each JSON value: the elements of one array, objects over several lines, or JSON Lines.

        Raises InputError for what is not JSON, for an empty line, and for a key that occurs twice in an object.
        """
        text = self.text
        if not text.lstrip().startswith("["):
            objects = self._objects()
            if objects is not None:
                yield from objects
                return
            for number, line in self.lines():
                if not line.strip():
                    raise self.error("empty line, expected a JSON value", number)
                yield number, self._decode(line, number)
            return
        if self._array is not None:
            yield from self._array
            return
        for number, line in self.lines():
            yield number, self._decode(line, number)

    @cached_property
    def _array(self) -> list[tuple[int, Any]] | None:
        """As :meth:`_elements`, decoded once for all who look at the file."""
        found = elements(self.data)
        return self._elements() if found is None else found

    def _decode(self, line: str, number: int) -> Any:
        try:
            return json.loads(line, object_pairs_hook=distinct_keys)
        except RecursionError:
            raise self.error("not valid JSON: nested too deeply", number) from None
        except json.JSONDecodeError as error:
            raise self.error(f"not valid JSON: {error.msg} (column {error.pos + 1}){_printed(line)}", number) from None
        except ValueError as error:
            raise self.error(f"not valid JSON: {first_line(error)}", number) from None

    def _objects(self) -> list[tuple[int, Any]] | None:
        """Objects written over several lines, one behind the other, with the lines where they begin.

        None for JSON Lines, whose first line is a value by itself, and where the first is no whole object.
        """
        text = self.text
        head, feed, _ = text.strip().partition("\n")
        try:
            if feed:
                json.loads(head)
            return None
        except (ValueError, RecursionError):
            pass
        decoder = json.JSONDecoder(object_pairs_hook=distinct_keys)
        found: list[tuple[int, Any]] = []
        position, line, counted = _behind_space(text, 0), 1, 0
        while position < len(text):
            line, counted = line + text.count("\n", counted, position), position
            try:
                value, position = decoder.raw_decode(text, position)
            except json.JSONDecodeError as error:
                if not found:
                    return None
                raise self.error(f"not valid JSON: {error.msg} (column {error.colno})", error.lineno) from None
            except RecursionError:
                raise self.error("not valid JSON: nested too deeply", line) from None
            except ValueError as error:
                raise self.error(f"not valid JSON: {first_line(error)}", line) from None
            found.append((line, value))
            position = _behind_space(text, position)
        return found

    def _elements(self) -> list[tuple[int, Any]] | None:
        """The elements of one JSON array with their lines; None when the file is JSON Lines of arrays."""
        text = self.text
        decoder = json.JSONDecoder(object_pairs_hook=distinct_keys)
        head, feed, rest = text.strip().partition("\n")
        if feed and rest.strip():
            try:
                json.loads(head)
            except (ValueError, RecursionError):
                pass
            else:
                return None
        found: list[tuple[int, Any]] = []
        position = text.index("[") + 1
        line, counted = 1, 0

        position = _behind_space(text, position)
        while text[position : position + 1] != "]":
            line, counted = line + text.count("\n", counted, position), position
            try:
                value, position = decoder.raw_decode(text, position)
            except RecursionError:
                raise self.error("not valid JSON: nested too deeply", line) from None
            except json.JSONDecodeError as error:
                said = f"not valid JSON: {error.msg} (column {error.colno}){_printed(text[position:])}"
                raise self.error(said, error.lineno) from None
            except ValueError as error:
                raise self.error(f"not valid JSON: {first_line(error)}", line) from None
            found.append((line, value))
            position = _behind_space(text, position)
            if text[position : position + 1] == ",":
                position = _behind_space(text, position + 1)
            elif text[position : position + 1] != "]":
                at = text.count("\n", 0, position) + 1
                raise self.error("not valid JSON: expected ',' or ']' after an element of the array", at)
        position = _behind_space(text, position + 1)
        if position < len(text):
            raise self.error("not valid JSON: text after the array", text.count("\n", 0, position) + 1)
        return found


def _behind_space(text: str, position: int) -> int:
    """Where the white space of JSON that stands at a position ends."""
    found = _SPACE.match(text, position)
    return position if found is None else found.end()


def _printed(text: str) -> str:
    """What to do about text that Python printed; empty for other text."""
    if _PYTHON.match(text) is None:
        return ""
    return "; it looks like what Python prints: json.dump(result, file, default=float) writes JSON"


def open_source(path: str | Path, expected: str = "predictions") -> Source:
    """Read a file, a directory's name, or standard input (``-``); gzip is unpacked. Raises InputError.

    ``expected`` is what errors say should be there.
    """
    if str(path) == STDIN:
        data, name = inputs.read_stdin(expected), inputs.STDIN
        if not data.strip():
            raise InputError(f"is empty, expected {expected}", path=name)
    elif _is_directory(path):
        return Source(str(path), b"", is_directory=True)
    else:
        data, name = read_bytes(path), str(path)
    if data.startswith(inputs.GZIP):
        data = inputs.gunzip(data, name)
        if not data.strip():
            raise InputError(f"is empty, expected {expected}", path=name)
    return Source(name, data)


def _is_sound(line: bytes, *, json_lines: bool) -> bool:
    try:
        text = line.decode("utf-8")
        return not json_lines or bool(text.strip() and (json.loads(text) is not None))
    except (ValueError, RecursionError):
        return False


def _is_directory(path: str | Path) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False
