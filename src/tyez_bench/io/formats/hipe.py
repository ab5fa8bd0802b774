"""HIPE's columns (CLEF-HIPE-2020, HIPE-2022): a header ``TOKEN NE-COARSE-LIT …``, and an empty line between documents.

The tags are those of NE-COARSE-LIT, or of the column that ``--column`` names (``--column NE-FINE-LIT``). A record is a
document; its id is ``# hipe2022:document_id = X`` or ``# document_id = X``. The text is the tokens with a space after
each, except those with ``NoSpaceAfter`` in MISC; line and sentence ends are treated alike. With
``Partial-START:END`` a name begins, or ends, inside its token. ``_`` means unspecified, and in the tag column
no name; a column of nothing else (in masked test sets, or for missing annotations) is refused.
"""

import re
from collections.abc import Iterator, Sequence

from tyez_bench.io.columns import Block, blocks, column_of, first_rows, has_header
from tyez_bench.io.encodings import OUTSIDE, TagError, check_names, decode, detect, usual_tags
from tyez_bench.io.layout import ColumnLayout, tag_fault
from tyez_bench.io.record import Fidelity, Options, Record, raising
from tyez_bench.io.source import Source
from tyez_bench.io.tokens import joined, with_gaps
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import advice
from tyez_bench.model.spans import Span

_TAGS = "NE-COARSE-LIT"
_TOKEN = "TOKEN"
_MISC = "MISC"
_MISSING = "_"
_NO_SPACE = "NoSpaceAfter"
_IDS = (("hipe2022:document_id", "document_id"),)
_PARTIAL = re.compile(r"Partial-([0-9]+):([0-9]+)")


def sniff(source: Source) -> bool:
    """Whether the first row is the header."""
    return any(map(has_header, first_rows(source, 1)))


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a document. Raises InputError, and UsageError for an unknown encoding or repair."""
    return raising(read_each(source, options))


def read_each(source: Source, options: Options) -> Iterator[Record | InputError]:
    """One record a document, or what is wrong with it. Raises InputError for what is wrong with the whole."""
    check_names(options.encoding, options.repair)
    parts = list(blocks(source, comments_inside=True))
    header = list(parts[0].rows[0]) if parts and parts[0].rows else []
    if not header or not has_header(header):
        raise source.error(f"lacks the header of HIPE's columns, {_TOKEN} NE-COARSE-LIT … {_MISC}", 1)
    line = parts[0].lines[0]
    del parts[0].rows[0], parts[0].lines[0]
    layout = _layout(header, parts, line, source, options)
    misc = header.index(_MISC) if _MISC in header else None
    for part in parts:
        try:
            if part.fault is not None:
                raise part.fault
            id_ = part.id(source, _IDS)
            if part.rows:
                yield _record(part, id_, misc, layout, source)
        except InputError as error:
            yield error


def _layout(header: list[str], parts: Sequence[Block], line: int, source: Source, options: Options) -> ColumnLayout:
    tag = column_of(options.column or _TAGS, "tag", header, len(header), source, line)
    told = options.token_column or _TOKEN
    token = column_of(told, "token", header, len(header), source, line)
    tags = {row[tag] for part in parts if part.fault is None for row in part.rows}
    if tags and tags <= {_MISSING, ""}:
        raise source.error(
            f"the column {header[tag]} has no tags" + advice("choose another with {column}", column="NAME"), line
        )
    usual = usual_tags(tags - {_MISSING, ""}, options.encoding) | {_MISSING: OUTSIDE, "": OUTSIDE}
    encoding = options.encoding or detect(usual.values())
    return ColumnLayout(
        token, tag, False, encoding, options.encoding is None, options.repair, options.join, usual=usual
    )


def _record(block: Block, id_: str | None, misc: int | None, layout: ColumnLayout, source: Source) -> Record:
    tokens = [row[layout.token] for row in block.rows]
    flags = ["" if misc is None else row[misc] for row in block.rows]
    try:
        chunks, repaired = decode([layout.usual[row[layout.tag]] for row in block.rows], layout.encoding, layout.repair)
    except TagError as error:
        tag, line = block.rows[error.index][layout.tag], block.lines[error.index]
        raise source.error(tag_fault(error, tag, layout), line) from None
    if misc is None or layout.join is not None:
        text, bounds = joined(tokens, layout.join or "auto")
    else:
        text, bounds = with_gaps(tokens, [_NO_SPACE not in said.split("|") for said in flags])
    spans = []
    for first, behind, label in chunks:
        start, end = bounds[first][0], bounds[behind - 1][1]
        begun, ended = _PARTIAL.search(flags[first]), _PARTIAL.search(flags[behind - 1])
        if begun is not None:
            start = bounds[first][0] + int(begun[1])
        if ended is not None:
            end = bounds[behind - 1][0] + int(ended[2])
        if not bounds[first][0] <= start < end <= bounds[behind - 1][1]:
            raise source.error(f"{flags[first]} is outside the token {tokens[first]!r}", block.lines[first])
        spans.append(Span(start, end, label))
    return Record(block.lines[0], id=id_, text=text, spans=tuple(spans), fidelity=Fidelity.SQUEEZED, repaired=repaired)
