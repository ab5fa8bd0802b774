"""Parts of a file that are read one by one where the whole can't be: what is wrong with one hides no other."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from tyez_bench.errors import InputError
from tyez_bench.formats.source import Source
from tyez_bench.jsonl import other_encoding

# A byte that is no UTF-8, as the error handler surrogateescape leaves it.
_BAD = re.compile("[\udc80-\udcff]")
_SPACE = re.compile(r"[ \t\r\n]*")


class Part(NamedTuple):
    """A part as a file of its own, and how many lines are before it.

    Where something is wrong with its bytes or its JSON, what, and how many lines are before that.
    """

    before: int
    data: bytes
    fault: str | None = None


def bad_byte(line: str) -> str | None:
    """What a line with a byte that is no UTF-8 is refused for; None where there is none."""
    found = _BAD.search(line)
    if found is None:
        return None
    other = other_encoding(line.encode("utf-8", "surrogateescape"))
    return f"byte 0x{ord(found[0]) - 0xDC00:02x} is not valid UTF-8{other}"


def without_bad_blocks(source: Source) -> tuple[Source, list[InputError]]:
    """A file of columns without the sentences that have bytes which are no UTF-8: empty lines are in their places."""
    lines = _text(source).split("\n")
    bad = {number: fault for number, line in enumerate(lines) if (fault := bad_byte(line)) is not None}
    for number in bad:
        for step in (-1, 1):
            at = number + step
            while 0 <= at < len(lines) and lines[at].strip():
                lines[at] = ""
                at += step
        lines[number] = ""
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    faults = [source.error(fault, number + 1) for number, fault in sorted(bad.items())]
    return Source(source.name, data), faults


def json_parts(source: Source) -> list[Part]:
    """The lines of JSON Lines, or the elements of an array, each in an array of its own; else the whole."""
    if is_array(source):
        found = list(_elements(_text(source)))
        return found or [Part(0, source.data)]
    lines = source.data.split(b"\n")
    return [Part(number, line) for number, line in enumerate(lines) if line.strip()]


def is_array(source: Source) -> bool:
    """Whether a file is one JSON array, and not JSON Lines of arrays."""
    text = _text(source)
    head, _, rest = text.strip().partition("\n")
    if not head.startswith("["):
        return False
    try:
        json.loads(head)
    except (ValueError, RecursionError):
        return True
    return not rest.strip()


def sound_elements(source: Source) -> Source:
    """An array of those elements of an array that are JSON; the file itself where there are none."""
    found = [part.data[1:-1] for part in _elements(_text(source)) if part.fault is None]
    return Source(source.name, b"[" + b",".join(found) + b"]") if found else source


def _text(source: Source) -> str:
    return source.data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def _elements(text: str) -> Iterator[Part]:
    """The elements of an array; behind one that is no JSON it goes on where the next line begins like the first."""
    decoder = json.JSONDecoder()
    at = _skip(text, text.index("[") + 1)
    # Each on a line of its own, as deep as the first.
    begin = text[text.rfind("\n", 0, at) : at + 1] if "\n" in text[:at] else None
    counted, before = 0, 0
    while at < len(text) and text[at] != "]":
        before += text.count("\n", counted, at)
        counted = at
        try:
            _, end = decoder.raw_decode(text, at)
            following = _skip(text, end)
            if text[following : following + 1] not in (",", "]"):
                raise json.JSONDecodeError("Expecting ',' delimiter", text, following)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            place = error.pos if isinstance(error, json.JSONDecodeError) else at
            following = -1 if begin is None else text.find(begin, at)
            lost = "; the rest was not read" if following < 0 else ""
            yield Part(before + text.count("\n", at, place), b"", f"not valid JSON: {reason}{lost}")
            if begin is None or following < 0:
                return
            at = following + len(begin) - 1
            continue
        data = text[at:end]
        wrong = _BAD.search(data)
        lines = 0 if wrong is None else data.count("\n", 0, wrong.start())
        yield Part(before + lines, b"[" + data.encode("utf-8", "surrogateescape") + b"]", bad_byte(data))
        at = _skip(text, following + 1) if text[following] == "," else following


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None
    return found.end()
