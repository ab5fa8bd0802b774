"""The page and the documents on it: from pieces of lines to texts with provenance."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from tyez_bench.files.jsonl import check_sha256, decode_text, read_bytes, read_text
from tyez_bench.files.toml import parse_toml
from tyez_bench.gold.derived import split_sentences
from tyez_bench.model.documents import District, Document, DocumentDate, Run, Section, SectionRole, Sentence
from tyez_bench.model.errors import AnnotationError, counted

Piece = tuple[int, int, int]
EVIDENCE = ("proven", "inferred")


class PageFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the page as received is, relative to the layout."""

    file: str
    encoding: Literal["utf-8"]


class SetFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all documents of the set share."""

    name: str
    version: str
    canary: str
    code_edition: str
    date: DocumentDate


class SectionLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A section and the pieces [line, from, to] that it is made of."""

    role: SectionRole
    pieces: tuple[Piece, ...]


class DocumentLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document and its sections in reading order."""

    id: str
    title: str
    section: tuple[SectionLayout, ...]
    district: District | None = None


class LeftOut(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A piece of the page that belongs to no document, and why."""

    piece: Piece
    reason: Annotated[str, msgspec.Meta(min_length=1)]


class Defect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something wrong or odd on the page: listed, not repaired."""

    line: int
    text: str
    note: str


class Replaced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of the page as received in the place of others, at places [line, column]: listed, not put back.

    ``proven``: another printing of the same text has the words ``published`` in the same place.
    """

    received: str
    published: str
    evidence: Literal["proven", "inferred"]
    places: Annotated[tuple[tuple[int, int], ...], msgspec.Meta(min_length=1)]
    source: Annotated[str, msgspec.Meta(min_length=1)]


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hand-written description of the page: ``annotations/documents.toml``."""

    page: PageFile
    set: SetFacts
    document: tuple[DocumentLayout, ...]
    defect: tuple[Defect, ...]
    replaced: tuple[Replaced, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def read_layout(path: Path) -> Layout:
    """Read the description of the page. Raises InputError, AnnotationError."""
    content = parse_toml(read_text(path), path)
    try:
        return msgspec.convert(content, Layout)
    except msgspec.ValidationError as error:
        raise AnnotationError(str(error), path=path) from None


def read_page(layout_path: Path, layout: Layout) -> str:
    """Return the page as received, without any translation.

    Raises InputError when its SHA-256 is not the one on record beside it: the page is never edited.
    """
    path = layout_path.parent / layout.page.file
    data = read_bytes(path)
    check_sha256(path, data, path.parent / "SHA256SUMS")
    return decode_text(data, path)


def build_documents(page: str, layout: Layout, path: Path) -> tuple[Document, ...]:
    """Documents without entities, with sections, sentences and provenance.

    Raises AnnotationError for a piece outside its line, or unless every character of the page
    that is not white space belongs to exactly one document or is left out with a reason.
    """
    pages = _PageLines(page, path)
    documents = tuple(_build(pages, document, layout.set) for document in layout.document)
    for left_out in layout.left_out:
        pages.take(left_out.piece)
    pages.check_all_taken()
    return documents


class _PageLines:
    """The lines of the page, and which of its characters have been given to a document."""

    def __init__(self, page: str, path: Path):
        self.page = page
        self.path = path
        self.starts = [0]
        self.lines = page.split("\n")
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.taken = [False] * len(page)

    def take(self, piece: Piece) -> tuple[int, str]:
        """Page offset and text of a piece that no document has yet."""
        line, begin, end = piece
        if not 1 <= line <= len(self.lines):
            raise AnnotationError(
                f"piece {list(piece)}: the page has {counted(len(self.lines), 'line')}", path=self.path
            )
        text = self.lines[line - 1]
        if not 0 <= begin < end <= len(text):
            raise AnnotationError(
                f"piece {list(piece)}: line {line} of the page has {counted(len(text), 'character')}", path=self.path
            )
        offset = self.starts[line - 1] + begin
        for index in range(offset, offset + end - begin):
            if self.taken[index]:
                raise AnnotationError(
                    f"piece {list(piece)}: {self.page[index]!r} at page offset {index} is taken already", path=self.path
                )
            self.taken[index] = True
        return offset, text[begin:end]

    def check_all_taken(self) -> None:
        for index, taken in enumerate(self.taken):
            if not taken and not self.page[index].isspace():
                line = self.page.count("\n", 0, index) + 1
                raise AnnotationError(
                    f"{self.page[index]!r} at page offset {index} (line {line} of the page) is in no document "
                    "and not left out",
                    path=self.path,
                )


def _build(pages: _PageLines, layout: DocumentLayout, facts: SetFacts) -> Document:
    text = ""
    sections: list[Section] = []
    runs: list[Run] = []
    for section in layout.section:
        if sections:
            text += "\n"
        start = len(text)
        for piece in section.pieces:
            offset, content = pages.take(piece)
            runs.append(Run(start=len(text), page=offset, length=len(content)))
            text += content
        sections.append(Section(role=section.role, start=start, end=len(text)))
    bylines = [text[s.start : s.end] for s in sections if s.role == "byline"]
    return Document(
        id=layout.id,
        text=text,
        title=layout.title,
        district=layout.district,
        byline="\n".join(bylines) or None,
        date=facts.date,
        code_edition=facts.code_edition,
        sections=tuple(sections),
        sentences=tuple(_sentences(layout.id, text, sections)),
        provenance=tuple(runs),
    )


def _sentences(document: str, text: str, sections: list[Section]) -> Iterator[Sentence]:
    number = 0
    for section in sections:
        for start, end in split_sentences(text, section.start, section.end):
            number += 1
            yield Sentence(id=f"{document}.s{number:02}", start=start, end=end)
