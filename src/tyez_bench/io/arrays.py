"""The elements of a JSON array, decoded at once, where nothing in the file needs the slower decoder's words."""

import re
from typing import Any

import msgspec

# White space of JSON, and what may stand behind an element.
_SPACE = re.compile(rb"[ \t\r\n]*+")
_BEHIND = re.compile(rb"[ \t\r\n]*+,?+[ \t\r\n]*+")
_KEY_ENDS = b'":'
# A quote or a colon that is written as an escape.
_ESCAPED = re.compile(rb"\\u00(?:22|3[aA])")
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])


def elements(data: bytes) -> list[tuple[int, Any]] | None:
    r"""The elements of one array with the lines where they begin.

    None for what is no valid JSON, for what is no array, and where a key may occur twice in an object: the slower
    decoder has the words for it.

    >>> elements(b'[{"a": 1},\n{"a": 2}]')
    [(1, {'a': 1}), (2, {'a': 2})]
    >>> elements(b'[{"a": 1, "a": 2}]')
    """
    try:
        raws = _RAWS.decode(data)
        values: list[Any] = msgspec.json.decode(data)
        if not _keys_are_distinct(data, values):
            return None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
        return None
    found: list[tuple[int, Any]] = []
    at = _end(_SPACE, data, data.index(b"[") + 1)
    line, counted = 1, 0
    for raw, value in zip(raws, values, strict=True):
        line, counted = line + data.count(b"\n", counted, at), at
        found.append((line, value))
        at = _end(_BEHIND, data, at + memoryview(raw).nbytes)
    return found


def _keys_are_distinct(data: bytes, values: list[Any]) -> bool:
    """Whether as many keys are written as were decoded: of two equal ones the decoder takes the last without a word.

    A quote and a colon may stand in a string, too, but then as often in what was decoded, unless they were escapes.
    """
    keys = data.count(_KEY_ENDS)
    if data.translate(None, b" \t\r\n").count(_KEY_ENDS) != keys or (rb"\u00" in data and _ESCAPED.search(data)):
        # White space stands before a colon.
        return False
    return msgspec.json.encode(values).count(_KEY_ENDS) == keys


def _end(pattern: re.Pattern[bytes], data: bytes, position: int) -> int:
    found = pattern.match(data, position)
    return position if found is None else found.end()
