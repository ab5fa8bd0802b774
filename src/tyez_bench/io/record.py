"""What a format's reader yields: the labels and offsets of the file, before they are those of the gold."""

import os
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from tyez_bench.files.jsonl import read_bytes, sha256
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span

Join = Literal["none", "space", "auto"]
JOINS: tuple[Join, ...] = ("none", "space", "auto")
Unread = Literal["", "empty", "broken", "no_copy"]


class Mention(NamedTuple):
    """A name and its label without a position; ``occurrence`` counts from 1 in the record's text.

    ``offsets`` are the keys beside it that look like its position.
    """

    text: str
    label: str
    occurrence: int | None = None
    offsets: tuple[str, ...] = ()


class RawUnlocated(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"label": "type"}):
    """A name and its label that the file itself says is nowhere in the text; ``start`` as in ``model.Unlocated``."""

    text: str
    label: str
    start: Annotated[int, Meta(ge=0)] = 0


class Fidelity(StrEnum):
    """How a record's text relates to the gold's."""

    EXACT = "exact"
    """The same characters."""
    SQUEEZED = "squeezed"
    """The same characters but for white space, which the format can't carry (columns of tokens)."""
    COPIED = "copied"
    """A model's copy: it may have left out, added or changed characters."""


class Record(Struct, frozen=True):
    """One record of a predictions file: a document, a sentence, or whatever the model was given.

    ``line`` is where it begins in the file, from 1 (None where lines mean nothing). ``path`` is the file, for formats
    that are directories. ``id`` and ``text`` are None where the file has none. ``spans`` are offsets into ``text``,
    or into the text that ``id`` stands for. ``repaired`` counts the tags that a named repair changed,
    ``broken_tags`` those of a model's answer that mark nothing because they lack a counterpart or a text, ``edits``
    the differences between its copy and ``text``, ``offsets`` the names of an answer whose own offsets were passed
    over, ``places`` the tokens whose place in the word was taken off, ``touching`` the groups of a pipeline that touch
    one of the same label. ``rivals`` are the columns, from 1, that have different tags with the same labels, where none
    was named. ``unread`` says what is wrong with an answer that says nothing that can be read: it is ``empty``,
    ``broken`` (JSON that is not valid, or of no form that is known), or ``no_copy`` of the text; it is "" of any other.
    ``rejected`` is a record that an annotator set aside: it is counted, and stands for nothing. ``told``: a field map
    says what its offsets count, or that its ends are last characters.
    """

    line: int | None
    id: str | None = None
    text: str | None = None
    spans: tuple[Span, ...] = ()
    mentions: tuple[Mention, ...] = ()
    fidelity: Fidelity = Fidelity.EXACT
    path: str | None = None
    repaired: int = 0
    unlocated: tuple[RawUnlocated, ...] = ()
    broken_tags: int = 0
    edits: int = 0
    offsets: int = 0
    unread: Unread = ""
    places: int = 0
    rivals: tuple[int, ...] = ()
    rejected: bool = False
    touching: int = 0
    told: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it is white space alone, of no text by its id, with no name: a tagger answers an empty text, too."""
        names = self.spans or self.mentions or self.unlocated
        return self.id is None and self.text is not None and not (self.text.strip() or names or self.unread)


def raising(found: Iterable[Record | InputError]) -> Iterator[Record]:
    """The records of a file. Raises the first error that stands in the place of one."""
    for one in found:
        if isinstance(one, InputError):
            raise one
        yield one


class Sample(Struct, frozen=True):
    """A text and its spans, for the writers: half-open code points into ``text``.

    ``place`` is where the text is from, which errors name in place of an id that was made up.
    """

    id: str
    text: str
    spans: tuple[Span, ...]
    place: str | None = None

    @property
    def called(self) -> str:
        """What errors call it."""
        return self.place or self.id

    def surface(self, span: Span) -> str:
        """What the text has at a span. Raises ValueError for one that is outside the text."""
        if span.end > len(self.text):
            raise ValueError(f"{self.called}: {span.label} {span.start}–{span.end} is outside the text")
        return self.text[span.start : span.end]


class Options(Struct, frozen=True):
    r"""What else a reader may be told of a format. Each format looks at what concerns it.

    Attributes:
        encoding: of columns of tokens, the encoding of the tags, as ``bioes`` (None: detected).
        repair: what becomes of illegal sequences of tags: ``conlleval`` or ``discard`` (None: refused).
        column: of columns, that of the tags, from 1 or by name (None: the last with tags).
        spans_key: a group of ``Doc.spans`` to read (None: ``Doc.ents``).
        token_column: of columns, that of the tokens, from 1 or by name.
        join: what is between tokens (None: what the format says).
        fields: a field map for records of JSON, by name or as a file.
        trust: what holds where offsets and surfaces differ: ``offsets`` (None: refused).
        annotator: whose annotations are read where there are several.
        offsets: what offsets count, where they begin and where a span ends, as ``utf-16`` or ``utf-8,inclusive``
            (None: half-open code points from 0, or as the field map says).
        align: spans whose text is not what their offsets lead to are yielded as the file has them, since what comes
            behind the reader converts offsets of other units; set by ``align=True`` of the functions.

    Example:
        >>> import tyez_bench
        >>> from pathlib import Path
        >>> _ = Path("two.conll").write_text("太 B-LOC O\n原 I-LOC O\n", "utf-8")
        >>> tyez_bench.load("two.conll", options=tyez_bench.Options(column=2))[0].entities
        (<LOC '太原' 0–2>,)
    """

    encoding: str | None = None
    repair: str | None = None
    column: int | str | None = None
    spans_key: str | None = None
    token_column: int | str | None = None
    join: Join | None = None
    fields: str | None = None
    trust: str | None = None
    annotator: str | None = None
    offsets: str | None = None
    align: bool = False

    def told(self) -> dict[str, str]:
        """What is not the default, by the names of the signature; a file of fields with its hash."""
        said = {
            "repair": self.repair,
            "encoding": self.encoding,
            "column": self.column,
            "token_column": self.token_column,
            "join": self.join,
            "spans": self.spans_key,
            "fields": None if self.fields is None else named_with_hash(self.fields),
            "trust": self.trust,
            "annotator": self.annotator,
            "offsets": _in_order(self.offsets or ""),
        }
        return {name: str(value) for name, value in said.items() if value}


# What a user tells a reader; align is said once for the whole reading, and handed on.
TOLD = tuple(name for name in Options.__struct_fields__ if name != "align")


def _in_order(offsets: str) -> str:
    """What offsets count, said in one way: the unit before the ends and the beginning, without the default."""
    words = set(offsets.split(",")) - {"code-points"}
    return ",".join(sorted(words, key=lambda word: (word == "from-1", word == "inclusive")))


def named_with_hash(file: str) -> str:
    """A file by its stem and the first 12 digits of its SHA-256, wherever it lies; another name is what it is."""
    return f"{Path(file).stem}#{sha256(read_bytes(file))[:12]}" if os.path.isfile(file) else file
