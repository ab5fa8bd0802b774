"""A gold set as spaCy's DocBin, written as its columns: the bytes that it has of the documents of ``spacy_docs``."""

import struct
import zlib
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any

from tyez_bench.gold.gold import Gold
from tyez_bench.io.export.losses import Misaligned, check_policy, misaligned, refuse
from tyez_bench.io.export.rows import Unit, words_of
from tyez_bench.io.export.spacy_docs import (
    NESTED,
    OPTIONAL,
    Edges,
    chosen_of,
    facts_of,
    register,
    sentence_marks,
    units_of,
)
from tyez_bench.io.export.words import Bounds, load_segmenter
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import MissingExtraError

# How spaCy packs a span of a group: id, base of knowledge, label, first token, token behind, first character, behind.
_GROUPED = struct.Struct(">QQQllll")
_INSIDE, _OUTSIDE, _BEGIN, _MISSING = 1, 2, 3, 0


class _Columns:
    """What a DocBin stores of its documents, as it grows."""

    def __init__(self, vocab: Any, packer: Any):
        self.words: list[str] = []
        self.spaces: list[bool] = []
        self.iob: list[int] = []
        self.types: list[int] = []
        self.starts: list[int] = []
        self.lengths: list[int] = []
        self.groups: list[bytes] = []
        self.user_data: list[bytes] = []
        self.labels: dict[str, int] = {}
        self.number = 0
        self._add, self._pack = vocab.strings.add, packer.pack

    def label(self, entity: Entity) -> int:
        """The number of an entity's label."""
        name = str(entity.type)
        if name not in self.labels:
            self.labels[name] = self._add(name)
        return self.labels[name]

    def add(self, unit: Unit, words: list[str], spaces: list[bool], policy: str, places: Mapping[str, str]) -> Any:
        """Add a unit with its tokens; the entities that have an edge inside of one."""
        ends = list(accumulate(len(word) + space for word, space in zip(words, spaces, strict=True)))
        starts = [0, *ends][:-1]
        bounds = [(start, start + len(word)) for start, word in zip(starts, words, strict=True)]
        chosen, edges = chosen_of(unit, bounds, policy), Edges(bounds)
        iob, types = [_OUTSIDE] * len(words), [0] * len(words)
        for (start, end), entity in chosen.required:
            first, behind = edges.first[start], edges.behind[end]
            iob[first:behind] = [_BEGIN, *[_INSIDE] * (behind - first - 1)]
            types[first:behind] = [self.label(entity)] * (behind - first)
        for (start, end), _ in chosen.optional:
            first, behind = edges.first[start], edges.behind[end]
            iob[first:behind] = [_MISSING] * (behind - first)
        data: dict[Any, Any] = {}
        base = unit.sentence.start
        for (start, end), entity in (*chosen.required, *chosen.optional, *chosen.nested):
            for name, fact in facts_of(entity, base).items():
                data["._.", name, start, end] = fact
        here = misaligned(unit, places, chosen.moved)
        data |= {"id": unit.sentence.id, "misaligned": [one.to_dict() for one in here]}
        groups: dict[bytes, list[str]] = {}
        for name, group in ((OPTIONAL, chosen.optional), (NESTED, chosen.nested)):
            groups.setdefault(self._group(name, group, edges), []).append(name)
        self.words += words
        self.spaces += spaces
        self.iob += iob
        self.types += types
        marks = sentence_marks(unit, starts)
        # Without sentences, spaCy has the first token begin one.
        self.starts += [int(at == 0) for at in range(len(words))] if marks is None else marks
        self.lengths.append(len(words))
        self.groups.append(self._pack(groups))
        self.user_data.append(self._pack(data))
        self.number += len(chosen.required) + len(chosen.optional) + len(chosen.nested)
        return here

    def _group(self, name: str, group: list[tuple[Bounds, Entity]], edges: Edges) -> bytes:
        spans = [
            _GROUPED.pack(0, 0, self.label(entity), edges.first[start], edges.behind[end], start, end)
            for (start, end), entity in group
        ]
        found: bytes = self._pack({"name": name, "attrs": {}, "spans": spans})
        return found


def packed(
    gold: Gold, *, words: str, on_misaligned: str, by: str, places: Mapping[str, str]
) -> tuple[bytes, int, list[Misaligned]]:
    """The bytes of a DocBin, how many entities are in it, and those that had an edge inside a token.

    Raises UsageError, InputError, MissingExtraError.
    """
    check_policy(on_misaligned)
    try:
        from spacy.tokens import DocBin
        from spacy.util import get_words_and_spaces
        from spacy.vocab import Vocab
        from srsly.msgpack import Packer
    except ImportError:
        raise MissingExtraError("spacy", "spacy") from None
    # Who reads what was written in the same process finds them.
    register()
    segment = load_segmenter(words)
    vocab, packer = Vocab(), Packer(use_bin_type=True)
    found: list[Misaligned] = []
    columns = _Columns(vocab, packer)
    for unit in units_of(gold, by):
        text = unit.text
        tokens = [text[start:end] for start, end in words_of(unit, segment)]
        if " " in text or "".join(tokens) != text:
            tokens, spaces = get_words_and_spaces(tokens, text)
        else:
            spaces = [False] * len(tokens)
        found += columns.add(unit, tokens, spaces, on_misaligned, places)
    refuse(found, on_misaligned)
    empty = DocBin(store_user_data=True)
    return zlib.compress(packer.pack(_message(columns, empty, vocab))), columns.number, found


def _message(columns: _Columns, empty: Any, vocab: Any) -> dict[str, Any]:
    """What spaCy packs; ``empty`` is a DocBin without documents, of this version of spaCy."""
    import numpy as np

    orths = {word: vocab.strings.add(word) for word in set(columns.words)}
    table = np.zeros((len(columns.words), len(empty.attrs)), dtype="uint64")
    names = {vocab.strings[attr]: at for at, attr in enumerate(empty.attrs)}
    filled: Iterable[tuple[str, Any]] = (
        ("ORTH", np.array(list(map(orths.__getitem__, columns.words)), dtype="uint64")),
        ("ENT_IOB", np.array(columns.iob, dtype="uint64")),
        ("ENT_TYPE", np.array(columns.types, dtype="uint64")),
        ("SENT_START", np.array(columns.starts, dtype="int64").astype("uint64")),
    )
    for name, values in filled:
        table[:, names[name]] = values
    norms = {vocab[word].norm_ for word in orths}
    # A token without a label has an empty one.
    strings = {*orths, *norms, *columns.labels, *([""] if columns.words else ())}
    number = len(columns.lengths)
    return {
        "version": empty.version,
        "attrs": empty.attrs,
        "tokens": table.tobytes("C"),
        "spaces": np.array(columns.spaces, dtype=bool).tobytes("C"),
        "lengths": np.array(columns.lengths, dtype="int32").tobytes("C"),
        "strings": sorted(strings),
        "cats": [{}] * number,
        "flags": [{"has_unknown_spaces": False}] * number,
        "span_groups": columns.groups,
        "user_data": columns.user_data,
    }
