"""CoNLL-U with entities in its last column, MISC: ``NE=B-PER``, ``NER=S-GPE``, ``ner=O``, ``NamedEntity=I-ORG``.

The key is the only one whose values are tags, or the one that ``--column`` names. Words without it are outside. The
text is ``# text = X``, else the words with spaces between, except after ``SpaceAfter=No``; if no word has that, the
words are joined as in other columns. For a range (``3-4``) the form is in the text, and its words are at its
position; empty nodes (``8.1``) are not in the text. The id is ``sent_id``. Coreference brackets
(``Entity=(e1-person-1``) are not tags, and are refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tyez_bench.io.columns import Block, blocks, first_rows
from tyez_bench.io.encodings import OUTSIDE, TagError, check_names, decode, detect, usual_tags
from tyez_bench.io.layout import ColumnLayout, is_spelt, tag_fault
from tyez_bench.io.record import Fidelity, Options, Record, raising
from tyez_bench.io.source import Source
from tyez_bench.io.tokens import Bounds, TokenError, joined, located, not_there, numbered_words, with_gaps
from tyez_bench.model.errors import InputError, counted
from tyez_bench.model.hints import advice
from tyez_bench.model.spans import Span

_WIDTH = 10
_LOOKED_AT = 100
_NUMBER = re.compile(r"[0-9]+([-.][0-9]+)?")
_MISSING = "_"
_SPACE = "SpaceAfter"
_FORM, _MISC = 1, _WIDTH - 1
# What names are called in MISC; any other key has to be named.
_KEYS = frozenset(("ne", "ner", "namedentity", "named_entity", "entity", "iob", "bio", "tag", "nertag", "ner_tag"))


Misc = dict[str, str]


@dataclass(slots=True)
class _Rows:
    """The rows of a sentence, and what each says in MISC."""

    block: Block
    misc: list[Misc]


def sniff(source: Source) -> bool:
    """Whether the first rows have ten columns between tabs, the first of them numbers."""
    rows = first_rows(source, _LOOKED_AT)
    return bool(rows) and all(len(row) == _WIDTH and _NUMBER.fullmatch(row[0]) for row in rows)


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a sentence. Raises InputError, and UsageError for an unknown encoding or repair."""
    return raising(read_each(source, options))


def read_each(source: Source, options: Options) -> Iterator[Record | InputError]:
    """One record a sentence, or what is wrong with it. Raises InputError for what is wrong with the whole."""
    check_names(options.encoding, options.repair)
    parts: list[_Rows | InputError] = []
    for block in blocks(source):
        try:
            sentence = _parsed(block, source)
            if block.rows:
                parts.append(sentence)
        except InputError as error:
            parts.append(error)
    sentences = [part for part in parts if isinstance(part, _Rows)]
    if not sentences:
        yield from (part for part in parts if isinstance(part, InputError))
        return
    key = _key(sentences, options, source)
    usual = usual_tags({misc[key] for one in sentences for misc in one.misc if key in misc}, options.encoding)
    encoding = options.encoding or detect(usual.values())
    layout = ColumnLayout(
        _FORM, _MISC, True, encoding, options.encoding is None, options.repair, options.join, usual=usual
    )
    spaced = any(_SPACE in misc for one in sentences for misc in one.misc)
    for part in parts:
        try:
            if isinstance(part, InputError):
                raise part
            yield _record(part, key, layout, source, spaced=spaced)
        except InputError as error:
            yield error


def _parsed(block: Block, source: Source) -> _Rows:
    if block.fault is not None:
        raise block.fault
    for row, line in zip(block.rows, block.lines, strict=True):
        if len(row) != _WIDTH:
            raise source.error(
                f"has {counted(len(row), 'column')}, expected the {_WIDTH} of CoNLL-U, separated by tabs", line
            )
    block.id(source)
    try:
        misc = [_misc(row[_MISC]) for row in block.rows]
    except ValueError as error:
        raise source.error(str(error), block.lines[0]) from None
    return _Rows(block, misc)


def _misc(value: str) -> Misc:
    """What MISC says, by key; what has no value is left out. Raises ValueError for a key that says two things."""
    found: Misc = {}
    for part in value.split("|"):
        key, sign, said = part.partition("=")
        if found.get(key, said) != said:
            raise ValueError(f"MISC has two values for {key!r}: {found[key]} and {said}")
        if sign and said != _MISSING:
            found[key] = said
    return found


def _key(sentences: Sequence[_Rows], options: Options, source: Source) -> str:
    """The key of the tags. Raises InputError where none is told."""
    values: dict[str, set[str]] = {}
    for sentence in sentences:
        for misc in sentence.misc:
            for key, value in misc.items():
                values.setdefault(key, set()).add(value)
    if isinstance(options.column, str):
        if options.column not in values:
            raise source.error(f"MISC has no key {options.column!r}, expected one of: {_shown(values)}")
        return options.column
    if options.column is not None:
        raise source.error(
            "the tags of CoNLL-U are under a key of MISC" + advice("choose it with {column}", column="KEY")
        )
    found = [key for key, said in values.items() if is_spelt(said) or (key.lower() in _KEYS and said == {OUTSIDE})]
    named = [key for key in found if key.lower() in _KEYS] or found
    if len(named) == 1:
        return named[0]
    if named:
        raise source.error(
            f"several keys of MISC have tags: {', '.join(named)}" + advice("choose one with {column}", column="KEY")
        )
    raise source.error(
        f"no key of MISC has tags such as NE=B-PER (its keys: {_shown(values)})"
        + advice("choose one with {column}", column="KEY")
    )


def _shown(values: dict[str, set[str]]) -> str:
    return ", ".join(sorted(values)) or "none"


def _record(sentence: _Rows, key: str, layout: ColumnLayout, source: Source, *, spaced: bool) -> Record:
    block = sentence.block
    tags = [layout.usual[misc[key]] if key in misc else _MISSING for misc in sentence.misc]
    try:
        words = numbered_words([row[0] for row in block.rows], [row[_FORM] for row in block.rows], tags)
    except TokenError as error:
        raise source.error(str(error), block.lines[error.index]) from None
    told = [OUTSIDE if tag == _MISSING else tag for tag in words.tags]
    try:
        chunks, repaired = decode(told, layout.encoding, layout.repair)
    except TagError as error:
        row = words.rows[error.index]
        raise source.error(tag_fault(error, sentence.misc[row][key], layout), block.lines[row]) from None
    said = block.text(source) if layout.join is None else None
    try:
        if said is not None:
            text, bounds = said[0], located(words.forms, said[0])
        else:
            text, bounds = _joined(sentence, words.forms, words.form_rows, layout, spaced=spaced)
    except TokenError as error:
        raise source.error(
            not_there(error, said[1] if said else 0), block.lines[words.form_rows[error.index]]
        ) from None
    return Record(
        block.lines[0],
        id=block.id(source),
        text=text,
        spans=tuple(
            Span(bounds[words.places[start]][0], bounds[words.places[end - 1]][1], label)
            for start, end, label in chunks
        ),
        fidelity=Fidelity.SQUEEZED,
        repaired=repaired,
    )


def _joined(
    sentence: _Rows, forms: Sequence[str], rows: Sequence[int], layout: ColumnLayout, *, spaced: bool
) -> tuple[str, list[Bounds]]:
    if layout.join is None and spaced:
        return with_gaps(forms, [sentence.misc[row].get(_SPACE) != "No" for row in rows])
    return joined(forms, layout.join or "auto")
