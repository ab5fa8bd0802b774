"""spaCy's DocBin (``.spacy``): the entities of each ``Doc``, or with ``--spans-key`` a group of its spans.

If no document has entities, but there are span groups, it is refused. Offsets are those of the characters of
``Doc.text``. The id is ``doc.user_data["id"]`` or ``doc._.id``, stored with ``DocBin(store_user_data=True)``; without
one, a document is matched by its text.
"""

import contextlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tyez_bench.files.inputs import inflate
from tyez_bench.io.fields import id_of, label_of
from tyez_bench.io.packed_docs import unpacked
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import MissingExtraError, first_line
from tyez_bench.model.hints import advice
from tyez_bench.model.spans import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

_ID = "id"
# The groups that exports write beside the entities, which stand in neither of them.
_BESIDE = ("nested", "optional")
# How spaCy stores the value of an extension attribute without a place.
_EXTENSION = ("._.", "id", None, None)
# The beginning of what DocBin packs: a map, whose first key is the version.
# What spaCy calls the tags I and B of tokens.
_INSIDE, _BEGIN = 1, 3
_HEAD = b"\xa7version"


def sniff(source: Source) -> bool:
    """Whether it unpacks, by its first bytes, to what DocBin stores."""
    if source.is_directory:
        return False
    try:
        head = zlib.decompressobj().decompress(source.data[:4096], 32)
    except zlib.error:
        return False
    return head[1 : 1 + len(_HEAD)] == _HEAD


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a ``Doc``. Raises InputError; MissingExtraError without spaCy."""
    try:
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab
    except ImportError:
        raise MissingExtraError("spacy", "spacy") from None
    with contextlib.suppress(zlib.error):
        # The reader unpacks without a limit.
        inflate(source.data, source.name)
    key = options.spans_key
    packed = unpacked(source.data) if key is None else None
    for number, one in enumerate(packed or (), 1):
        try:
            id_ = _id(one.data)
        except ValueError as error:
            raise source.error(f"document {number}: {error}") from None
        yield Record(None, id=id_, text=one.text, spans=one.spans)
    if packed is not None:
        return
    try:
        docs = list(DocBin().from_bytes(source.data).get_docs(Vocab()))
    # Whatever is wrong with the bytes surfaces somewhere in the unpacking, as an error of any kind.
    except Exception as error:
        raise source.error(f"not a DocBin that this spaCy can read: {type(error).__name__}: {error}") from None
    if key is None and docs and not any(doc.has_annotation("ENT_IOB") for doc in docs):
        how = _to_read(docs)
        raise source.error(f"no document has its entities set{how}")
    if key is not None and docs and not any(key in doc.spans for doc in docs):
        raise source.error(f"no document has a group of spans {key!r}, expected one of: {_groups(docs)}")
    if key is None and not any(map(_has_entities, docs)) and _other_groups(docs):
        how = _to_read(docs)
        raise source.error(f"no document has entities, but there are groups of spans{how}")
    for number, doc in enumerate(docs, 1):
        try:
            id_ = _id(doc.user_data)
            found = _entities(doc) if key is None else doc.spans.get(key, ())
            spans = tuple(Span(s.start_char, s.end_char, label_of(s.label_), s.text) for s in found)
        except ValueError as error:
            raise source.error(f"document {number}: {error}") from None
        yield Record(None, id=id_, text=doc.text, spans=spans)


def _id(data: Mapping[Any, object]) -> str | None:
    """The id in a document's ``user_data``. Raises ValueError for what is none."""
    return id_of({_ID: data.get(_ID, data.get(_EXTENSION))}, _ID)


def _entities(doc: "Doc") -> Sequence[Any]:
    """What ``Doc.ents`` says. Raises ValueError where it can't say it."""
    try:
        found: Sequence[Any] = doc.ents
    except KeyError as error:
        raise ValueError(f"the label of an entity is not among the strings of the file: {first_line(error)}") from None
    except ValueError:
        _check_begun(doc)
        raise
    return found


def _check_begun(doc: "Doc") -> None:
    """Raise ValueError for an entity that begins with I."""
    inside = False
    for token in doc:
        if token.ent_iob == _INSIDE and not inside:
            raise ValueError(
                f"the entity at token {token.i + 1} ({token.text!r}) begins with I, which spaCy's Doc.ents does not "
                "read, expected B"
            )
        inside = token.ent_iob == _INSIDE or (token.ent_iob == _BEGIN and token.ent_type != 0)


def _has_entities(doc: "Doc") -> bool:
    """Whether it has entities, or such as can't be read, which is said where its turn comes."""
    try:
        return bool(doc.ents)
    except (ValueError, KeyError):
        return True


def _other_groups(docs: Sequence["Doc"]) -> bool:
    """Whether there are spans in a group that is not beside the entities, as what is nested or optional in exports."""
    return any(spans for doc in docs for name, spans in doc.spans.items() if name not in _BESIDE)


def _to_read(docs: Sequence["Doc"]) -> str:
    how = advice("pass {spans_key} to read a group of spans", spans_key=None)
    return f"{how}: {_groups(docs)}" if how else ""


def _groups(docs: "Iterable[Doc]") -> str:
    return ", ".join(sorted({repr(key) for doc in docs for key in doc.spans})) or "none"


def write(samples: Iterable[Sample]) -> bytes:
    """One token a character, spans as entities. Raises ValueError for spans that overlap; MissingExtraError."""
    try:
        from spacy.tokens import Doc, DocBin
        from spacy.tokens import Span as SpacySpan
        from spacy.vocab import Vocab
    except ImportError:
        raise MissingExtraError("spacy", "spacy") from None
    vocab = Vocab()
    packed = DocBin(store_user_data=True)
    for sample in samples:
        doc = Doc(vocab, words=list(sample.text), spaces=[False] * len(sample.text), user_data={_ID: sample.id})
        entities = []
        last = 0
        for span in sorted(sample.spans, key=lambda span: span.start):
            sample.surface(span)
            if span.start < last:
                raise ValueError(f"{sample.called}: {span.label} {span.start}–{span.end} overlaps another span")
            last = span.end
            entities.append(SpacySpan(doc, span.start, span.end, label_of(span.label)))
        doc.set_ents(entities, default="outside")
        packed.add(doc)
    return packed.to_bytes()
