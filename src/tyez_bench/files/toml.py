"""TOML files: those of a folder of the package by name, files of one's own, and word lists.

Word lists are what a linguist would edit: data beside the code, in the ``words.toml`` of a room.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby
from pathlib import Path
from typing import Any

from tyez_bench.files.jsonl import read_text
from tyez_bench.model.errors import InputError, UsageError, first_line

_ENDING = ".toml"
_LONG_NUMBER = re.compile("[0-9][0-9_]{4300}")


def parse_toml(text: str, path: str | Path) -> dict[str, Any]:
    """The content of a TOML file. Raises InputError with the line, where the parser tells it."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise InputError("not valid TOML: nested too deeply", path=path) from None
    except ValueError as error:
        # Of a number that is too long it says no place.
        place = re.search(r"\(at line ([0-9]+)", str(error))
        number = _LONG_NUMBER.search(text)
        line = int(place[1]) if place else text.count("\n", 0, number.start()) + 1 if number else None
        raise InputError(f"not valid TOML: {first_line(error)}", path=path, line=line) from None


def names_in(folder: Traversable) -> tuple[str, ...]:
    """The names of a folder's files, without the ending, in the order of the files."""
    files = sorted(file.name for file in folder.iterdir())
    return tuple(name.removesuffix(_ENDING) for name in files if name.endswith(_ENDING))


def own_text(name: str, what: str, known: Iterable[str]) -> str:
    """The text of a file of one's own, that of ``what`` (label set).

    Raises UsageError for what looks like a name, and is none of those that are ``known``; InputError.
    """
    if not name.endswith(_ENDING) and "/" not in name and not os.path.isfile(name):
        raise UsageError(f"unknown {what} {name!r}, expected one of {', '.join(known)}, or a TOML file")
    return read_text(name)


class WordLists:
    """A table of word lists. A list is a string of words with blanks between them, a character being a word, too.

    Example:
        >>> lists = WordLists({"units": "公里 里 米", "another-word": {"里": "程 面"}, "currency": {"CNY": "元 圆"}})
        >>> lists.words("units"), lists.meanings("currency")
        (('公里', '里', '米'), {'元': 'CNY', '圆': 'CNY'})
        >>> lists.any("units"), lists.any("units", unless="another-word")
        ('(?:公里|[里米])', '(?:公里|里(?![程面])|[米])')
    """

    def __init__(self, lists: Mapping[str, str | Mapping[str, str]]) -> None:
        """``lists``: by name, a list, or lists by what they are of."""
        self._lists = lists

    def words(self, name: str) -> tuple[str, ...]:
        """A list, in its order."""
        found = self._lists[name]
        assert isinstance(found, str), name
        return tuple(found.split())

    def characters(self, name: str) -> str:
        """A list of characters as one string, for a class of a pattern."""
        return "".join(self.words(name))

    def by_key(self, name: str) -> dict[str, tuple[str, ...]]:
        """Lists by what they are of."""
        found = self._lists[name]
        assert not isinstance(found, str), name
        return {key: tuple(words.split()) for key, words in found.items()}

    def meanings(self, name: str) -> dict[str, str]:
        """What each word of such lists means: the key of its list."""
        return {word: key for key, words in self.by_key(name).items() for word in words}

    def numbers(self, name: str) -> dict[str, int]:
        """The same where the keys are numbers."""
        return {word: int(key) for word, key in self.meanings(name).items()}

    def any(self, *names: str, unless: str | None = None, unless_behind: str | None = None) -> str:
        """A pattern for any word of the lists, the longest first.

        ``unless`` and ``unless_behind`` name lists by word: what makes it another word behind it, and in front of it.
        """
        found = (word for name in names for word in self.words(name))
        after, before = (None if name is None else self.by_key(name) for name in (unless, unless_behind))
        return any_of(found, unless=after, unless_behind=before)

    def followed(self, name: str) -> str:
        """A pattern for a key and any word of its list behind it; for the key alone where its list is empty."""
        return "|".join(re.escape(key) + (any_of(words) if words else "") for key, words in self.by_key(name).items())

    def behind(self, name: str) -> str:
        """A pattern for any of the keys where a word of its list stands before it."""
        return "|".join(
            f"(?<={any_of(words)}){re.escape(key)}"
            for key, found in self.by_key(name).items()
            for words in _by_length(found)
        )

    def unless(self, name: str, word: str) -> str:
        """A pattern for the place behind a word where no word of its list stands."""
        words = self.by_key(name).get(word)
        return f"(?!{any_of(words)})" if words else ""


def _by_length(words: Iterable[str]) -> Iterator[list[str]]:
    """The words by their lengths: what stands before a place can be looked for in one length only."""
    for _, found in groupby(sorted(words, key=len), key=len):
        yield list(found)


def any_of(
    words: Iterable[str],
    *,
    unless: Mapping[str, Iterable[str]] | None = None,
    unless_behind: Mapping[str, Iterable[str]] | None = None,
) -> str:
    """A pattern for any of the words, the longest first, so that 不超过 is not read as 超过.

    ``unless``, ``unless_behind``: by word, what makes it another one behind it, and in front of it.
    """
    parts: list[str] = []
    characters = ""
    for word in sorted(words, key=len, reverse=True):
        before = "".join(f"(?<!{any_of(found)})" for found in _by_length((unless_behind or {}).get(word, ())))
        after = (unless or {}).get(word, ())
        if before or after:
            parts.append(before + re.escape(word) + (f"(?!{any_of(after)})" if after else ""))
        elif len(word) == 1:
            characters += re.escape(word)
        else:
            parts.append(re.escape(word))
    if characters:
        parts.append(f"[{characters}]")
    return parts[0] if len(parts) == 1 and characters else f"(?:{'|'.join(parts)})"


@cache
def tables(room: str, file: str = "words.toml") -> dict[str, dict[str, Any]]:
    """The tables of a file of a package (``tyez_bench.zh``)."""
    return tomllib.loads(files(room).joinpath(file).read_text("utf-8"))


def word_lists(room: str, table: str) -> WordLists:
    """A table of the ``words.toml`` of a package (``tyez_bench.zh``)."""
    return WordLists(tables(room)[table])
