"""brat standoff: a directory with a text ``NAME.txt`` and annotations ``NAME.ann`` for each document; its id is NAME.

Offsets are half-open code points into the text file as it is, including carriage returns. Only text-bound annotations
(``T``) are read; relations, events, attributes, normalisations and notes are ignored. A span across a line end, which
brat writes as its parts on either side (``0 5;6 9``), is one span. Other discontinuous spans are refused. Hidden
files, other kinds of files and subdirectories are ignored.
"""

import os
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tyez_bench.files.inputs import read_file
from tyez_bench.files.jsonl import decode_text
from tyez_bench.io.align.offsets import offsets_of
from tyez_bench.io.align.spans import to_trust
from tyez_bench.io.align.texts import shift_hint
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, counted
from tyez_bench.model.hints import to_rename, unadvised
from tyez_bench.model.spans import Span

_ID = re.compile(r"(?:[TREAMN]|#[A-Za-z]*)[0-9]+\S*|\*", re.ASCII)
_PLACE = re.compile(r"(?P<label>[^\s;]+) (?P<parts>[0-9]{1,12} [0-9]{1,12}(?:;[0-9]{1,12} [0-9]{1,12})*) *", re.ASCII)
# A span in one piece, as brat writes most; the others are looked at part by part.
_USUAL = re.compile(r"(T[0-9]+[^\s]*)\t([^\s;]+) ([0-9]{1,12}) ([0-9]{1,12})\t([^\n]*)", re.ASCII)
_PARTS = re.compile(r"([0-9]+) ([0-9]+)", re.ASCII)
_IN_LINE = re.compile(r"[^\n]+")
_LINE_END = re.compile(r"\s*\n\s*")


class _File(NamedTuple):
    """A file of annotations and the text that it is about."""

    path: Path
    text: str
    source: Source

    def error(self, message: str, line: int | None = None) -> InputError:
        return self.source.error(message, line, str(self.path))


class _DiffersError(InputError):
    """The text of ``count`` annotations of a file is not what their offsets lead to; the first is named."""

    def __init__(self, message: str, *, path: str | Path | None = None, line: int | None = None, count: int = 1):
        super().__init__(message, path=path, line=line)
        self.count = count


def sniff(source: Source) -> bool:
    """Whether it is a directory with a file of annotations."""
    if not source.is_directory:
        return False
    try:
        return any(path.suffix == ".ann" for path in _visible(source))
    except OSError:
        return False


def _visible(source: Source) -> Iterator[Path]:
    return (path for path in Path(source.name).iterdir() if not path.name.startswith("."))


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a pair of files, in the order of their names.

    Raises InputError; one for all annotations whose text is not what their offsets lead to.
    """
    differ: list[_DiffersError] = []
    for one in read_each(source, options):
        if isinstance(one, _DiffersError):
            differ.append(one)
        elif isinstance(one, InputError):
            raise one
        elif not differ:
            yield one
    if differ:
        count = sum(one.count for one in differ)
        files = counted(len(differ), "file")
        several = f"; the same is true of {count} annotations in {files}" if count > 1 else ""
        raise source.error(differ[0].reason + several + to_trust(), differ[0].line, differ[0].path)


def read_each(source: Source, options: Options) -> Iterator[Record | InputError]:
    """As :func:`read`, with the error in the place of a document that can't be read.

    Raises InputError for what is no directory of such files.
    """
    if not source.is_directory:
        raise source.error("is a file, expected a directory of .txt and .ann files")
    found: dict[str, dict[str, Path]] = {".ann": {}, ".txt": {}}
    try:
        with os.scandir(source.name) as entries:
            files = {entry.name for entry in entries if entry.is_file()}
        for path in _visible(source):
            if path.suffix in found and path.name in files:
                found[path.suffix][path.stem] = path
    except OSError as error:
        raise source.error(f"can't be read: {error.strerror}") from None
    annotations, texts = found[".ann"], found[".txt"]
    if not annotations:
        raise source.error("has no annotation file, expected .txt and .ann files")
    for name in sorted(annotations.keys() | texts.keys()):
        try:
            yield _record(name, annotations.get(name), texts.get(name), source, options)
        except InputError as error:
            yield error


def _record(name: str, annotations: Path | None, text: Path | None, source: Source, options: Options) -> Record:
    if annotations is None:
        raise source.error(f"has no annotations, expected {name}.ann next to it", path=str(text))
    if text is None:
        raise source.error(f"has no text, expected {name}.txt next to it", path=str(annotations))
    file = _File(annotations, _read_text(text, source), source)
    return Record(None, id=name, text=file.text, spans=tuple(_spans(file, options)), path=str(file.path))


def _read_text(path: Path, source: Source) -> str:
    return decode_text(read_file(path), path)


def _spans(file: _File, options: Options) -> Iterator[Span]:
    """The text-bound annotations in the order of the file. A file without any may be empty."""
    seen: dict[str, int] = {}
    differ: list[_DiffersError] = []
    content = _read_text(file.path, file.source).removesuffix("\n")
    plain = options.offsets is None and options.trust is None and not options.align
    text, size = file.text, len(file.text)
    for number, line in enumerate(content.split("\n") if content else (), 1):
        usual = _USUAL.fullmatch(line) if plain else None
        if usual is not None:
            name, label, first, behind, surface = usual.groups()
            start, end = int(first), int(behind)
            if name not in seen and start < end <= size and text[start:end] == surface:
                seen[name] = number
                yield Span(start, end, label, surface)
                continue
        name, tab, rest = line.partition("\t")
        if not _ID.fullmatch(name) or not tab:
            raise file.error(f"{line[:40]!r} is not an annotation, expected an id such as T1 and a tab", number)
        if name in seen and name != "*":
            raise file.error(f"the id {name} occurs twice, first in line {seen[name]}", number)
        seen[name] = number
        if name[0] == "T":
            try:
                yield _span(name, rest, file, number, options)
            except _DiffersError as error:
                differ.append(error)
    if differ:
        raise _DiffersError(differ[0].reason, path=differ[0].path, line=differ[0].line, count=len(differ))


def _span(name: str, rest: str, file: _File, number: int, options: Options) -> Span:
    place, tab, surface = rest.partition("\t")
    match = _PLACE.fullmatch(place)
    if match is None or not tab:
        raise file.error(
            f"{name}: expected a label, start and end separated by spaces, then a tab and the text", number
        )
    parts = [(int(start), int(end)) for start, end in _PARTS.findall(match["parts"])]
    label = match["label"]
    if options.offsets is not None:
        offsets = offsets_of(options)
        try:
            parts = [offsets.placed(start, end, label, file.text) for start, end in parts]
        except ValueError as error:
            raise file.error(f"{name}: {error}", number) from None
    # In one piece, what the file says is what stands there once its offsets are converted.
    if options.align and options.trust is None and len(parts) == 1 and parts[0][0] < parts[0][1]:
        return Span(*parts[0], label, surface.removesuffix("\r"))
    told = options.offsets is not None
    for start, end in parts:
        if start >= end:
            raise file.error(f"{name}: {label} {start}–{end} is empty or reversed", number)
        if end > len(file.text):
            with unadvised("offsets", when=told):
                hint = shift_hint(file.text, surface, start, end)
            raise file.error(f"{name}: {label} {start}–{end} is outside the text (0–{len(file.text)}){hint}", number)
    for (_, end), (start, _) in pairwise(parts):
        if not _LINE_END.fullmatch(file.text[end:start]):
            raise file.error(
                f"{name}: {label} {match['parts']} is discontinuous, expected one start and one end: "
                "the gold's entities are continuous, and no measure here compares parts",
                number,
            )
    start, end = parts[0][0], parts[-1][1]
    # brat joins the parts with a space; other writers put one in the place of each line feed.
    written = " ".join(file.text[first:last].replace("\n", " ") for first, last in parts)
    if options.trust is None and surface not in (written, f"{written}\r"):
        with unadvised("offsets", when=told):
            hint = shift_hint(file.text, surface, start, end)
        message = f"{name}: {label} {start}–{end} reads {written!r}, but its text is {surface!r}{hint}"
        raise _DiffersError(message, path=str(file.path), line=number)
    return Span(start, end, label, file.text[start:end])


def write(samples: Iterable[Sample]) -> dict[str, bytes]:
    """Two files a sample. Raises ValueError for ids that are no file name and labels with white space."""
    files: dict[str, bytes] = {}
    for sample in samples:
        if not sample.id or sample.id.startswith(".") or any(c in "/\\" or not c.isprintable() for c in sample.id):
            raise ValueError(f"the id {sample.id!r} can't be a file name")
        if f"{sample.id}.ann" in files:
            raise ValueError(f"the id {sample.id!r} occurs twice")
        if sample.text.startswith("\ufeff"):
            raise ValueError(f"{sample.called}: the text begins with a byte order mark")
        lines = [_line(number, span, sample) for number, span in enumerate(sample.spans, 1)]
        files[f"{sample.id}.txt"] = sample.text.encode()
        files[f"{sample.id}.ann"] = "".join(lines).encode()
    return files


def _line(number: int, span: Span, sample: Sample) -> str:
    surface = sample.surface(span)
    if surface.strip("\n") != surface:
        raise ValueError(f"{sample.called}: {span.label} {span.start}–{span.end} begins or ends with a line feed")
    parts = [(span.start + part.start(), span.start + part.end()) for part in _IN_LINE.finditer(surface)]
    place = f"{span.label} {';'.join(f'{start} {end}' for start, end in parts)}"
    if not _PLACE.fullmatch(place):
        raise ValueError(f"{sample.called}: the label {span.label!r} can't be written in an annotation{to_rename()}")
    return f"T{number}\t{place}\t{' '.join(sample.text[start:end] for start, end in parts)}\n"
