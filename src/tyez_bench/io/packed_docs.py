"""spaCy's DocBin as its columns: read and written without an object for each token.

What is odd in any way, and whatever is wrong, is for spaCy itself: nothing is said of it here, and what is read is what
its ``Doc.ents`` would say.
"""

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from tyez_bench.model.spans import Span

# What a token of a DocBin may have; of anything else spaCy knows what it means.
_ATTRS = frozenset(
    (
        "ORTH",
        "NORM",
        "TAG",
        "HEAD",
        "DEP",
        "ENT_IOB",
        "ENT_TYPE",
        "ENT_KB_ID",
        "ENT_ID",
        "LEMMA",
        "MORPH",
        "POS",
        "SENT_START",
    )
)
_INSIDE, _BEGIN = 1, 3
_GROUPED = struct.Struct(">QQQllll")


class PackedDoc(NamedTuple):
    """The text of a document, its entities, and its ``user_data``."""

    text: str
    spans: tuple[Span, ...]
    data: Mapping[Any, object]


class NotPlainError(Exception):
    """The file is for spaCy."""


def unpacked(data: bytes) -> list[PackedDoc] | None:
    """The documents of a DocBin; None where spaCy has to look at them, and where none has an entity."""
    try:
        docs = _unpacked(data)
    # Whatever is wrong surfaces somewhere in the unpacking, and spaCy has its own words for it.
    except Exception:
        return None
    return docs if any(doc.spans for doc in docs) else None


def _unpacked(data: bytes) -> list[PackedDoc]:
    import numpy as np
    from spacy.vocab import Vocab

    load = _loader()
    found: Any = load(zlib.decompress(data), use_list=True)
    attrs: list[int] = found["attrs"]
    lengths = np.frombuffer(found["lengths"], dtype="int32").astype(np.int64)
    spaces = np.frombuffer(found["spaces"], dtype=np.uint8) != 0
    tokens = np.frombuffer(found["tokens"], dtype="uint64")
    _need(all(type(attr) is int for attr in attrs) and len(set(attrs)) == len(attrs))
    vocab = Vocab()
    names = [vocab.strings[attr] for attr in attrs]
    _need(_ATTRS.issuperset(names) and {"ORTH", "ENT_IOB", "ENT_TYPE"} <= set(names))
    size = int(lengths.sum())
    _need(len(lengths) > 0 and int(lengths.min()) >= 0 and len(spaces) == size and len(tokens) == size * len(attrs))
    column = dict(zip(names, tokens.reshape(size, len(attrs)).T, strict=True))
    ends = np.cumsum(lengths)
    starts = ends - lengths
    number = len(lengths)
    cats, flags = found["cats"], found.get("flags", [{}] * number)
    _need(len(cats) == len(flags) == number and all(type(one) is dict for one in (*cats, *flags)))
    _need(not any(one.get("has_unknown_spaces") for one in flags))
    groups, users = found.get("span_groups", [b""] * number), found.get("user_data", [None] * number)
    _need(len(groups) == number and len(users) <= number)
    for group in set(groups):
        _check_groups(group, load)

    strings: list[Any] = found["strings"]
    _need(all(type(one) is str for one in strings))
    for one in strings:
        vocab.strings.add(one)
    if "MORPH" in column:
        for one in np.unique(column["MORPH"]).tolist():
            vocab.morphology.add(vocab.strings[one])
    if "HEAD" in column:
        heads = column["HEAD"].astype(np.uint32).view(np.int32).astype(np.int64) + np.arange(size)
        _need(bool(np.all((heads >= np.repeat(starts, lengths)) & (heads < np.repeat(ends, lengths)))))

    orths, which = np.unique(column["ORTH"], return_inverse=True)
    known = [vocab.strings[orth] for orth in orths.tolist()]
    _need(all(known))
    long = np.array([len(word) for word in known], dtype=np.int64)[which]
    both = np.array([*known, *(f"{word} " for word in known)], dtype=object)
    words = both[which + len(known) * spaces].tolist()
    # Where each token begins in the text of all documents, and how much of it is before each document.
    places = np.concatenate(([0], np.cumsum(long + spaces)))

    entities = _entities(column["ENT_IOB"], column["ENT_TYPE"], starts, size)
    labels = {one: vocab.strings[one] for one in np.unique(column["ENT_TYPE"][entities[0]]).tolist()}
    of = np.searchsorted(ends, entities[0], side="right")
    base = places[starts[of]]
    begins = (places[entities[0]] - base).tolist()
    behind = (places[entities[1] - 1] + long[entities[1] - 1] - base).tolist()
    kinds = [labels[one] for one in column["ENT_TYPE"][entities[0]].tolist()]
    cuts = [0, *np.cumsum(np.bincount(of, minlength=number)).tolist()]
    docs = []
    for index, (first, last) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        text = "".join(words[first:last])
        here = slice(cuts[index], cuts[index + 1])
        spans = tuple(
            Span(start, end, label, text[start:end])
            for start, end, label in zip(begins[here], behind[here], kinds[here], strict=True)
            # As spaCy, which leaves out those without a label.
            if label
        )
        user = users[index] if index < len(users) else None
        own = {} if user is None else load(user, use_list=False)
        _need(type(own) is dict)
        docs.append(PackedDoc(text, spans, own))
    return docs


def _entities(iob: Any, types: Any, starts: Any, size: int) -> tuple[Any, Any]:
    """The first tokens of entities, and those behind the last ones."""
    import numpy as np

    _need(bool(np.all(iob <= _BEGIN)))
    first = np.zeros(size + 1, dtype=bool)
    first[starts] = True
    inside, begins = iob == _INSIDE, (iob == _BEGIN) & (types != 0)
    after = np.concatenate(([False], (inside | begins)[:-1])) & ~first[:size]
    # What goes on though nothing began.
    _need(not np.any(inside & ~after))
    edges = np.append(np.flatnonzero(~inside | first[:size]), size)
    found = np.flatnonzero(begins)
    return found, edges[np.searchsorted(edges, found, side="right")]


def _loader() -> Callable[..., Any]:
    """What unpacks as ``srsly.msgpack_loads`` does, without a look at all installed packages at each call."""
    from srsly.msgpack import msgpack_decoders
    from srsly.msgpack._unpacker import unpackb

    hook = None
    for decoder in msgpack_decoders.get_all().values():
        hook = partial(decoder, chain=hook)
    return partial(unpackb, raw=False, object_hook=hook)


def _check_groups(data: bytes, load: Callable[..., Any]) -> None:
    """Raise an error of any kind unless spaCy can read the groups of a document, as bytes."""
    groups: Any = load(data, use_list=True) if data else {}
    if groups == []:
        return
    _need(type(groups) is dict and all(type(keys) is list and keys for keys in groups.values()))
    _need(all(type(key) is str for keys in groups.values() for key in keys))
    for one in groups:
        group: Any = load(one, use_list=True)
        _need(type(group["name"]) is str and type(group["attrs"]) is dict)
        for span in group["spans"]:
            _GROUPED.unpack(span)


def _need(holds: bool) -> None:
    if not holds:
        raise NotPlainError
