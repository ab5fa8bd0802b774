"""What is read at once is what the general way of reading finds, to the last field and the last word of a refusal."""

import json
import re
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from tyez_bench.gold.derived import with_entities, with_sentences
from tyez_bench.gold.gold import Gold
from tyez_bench.io import arrays, columns, source
from tyez_bench.io.encodings import ENCODINGS, REPAIRS
from tyez_bench.io.export.docbin import packed as written
from tyez_bench.io.export.spacy_docs import docs_of
from tyez_bench.io.formats import brat, conll, docbin, label_studio
from tyez_bench.io.record import Options, Record
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Document, Entity, Status
from tyez_bench.model.errors import InputError, TyezBenchError


def found(read: Any, *args: Any) -> list[object]:
    """What a reader yields, and what it raises behind that."""
    seen: list[object] = []
    try:
        for one in read(*args):
            seen.append((type(one), str(one)) if isinstance(one, InputError) else one)
    except (TyezBenchError, ValueError) as error:
        seen.append((type(error), str(error)))
    return seen


WORDS = st.sampled_from(
    ["太", "原", "New", "York", "#", "##", "# ", "3", "1", "a b", "\u3000", "，", "的", "官0", "-DOCSTART-"]
)
PREFIXES = st.sampled_from(["B-", "I-", "E-", "S-", "M-", "B_", "b-", "", "U-", "L-", "W-"])
TAGS = st.one_of(
    st.sampled_from(["O", "O", "O", "o", "B", "I", "X", ""]), st.builds(str.__add__, PREFIXES, st.sampled_from("PL"))
)
LEGAL = st.lists(st.sampled_from([["O"], ["B-P"], ["B-P", "I-P"], ["B-L", "I-L", "I-L"], ["B-L-x"]])).map(
    lambda groups: [tag for group in groups for tag in group]
)


@st.composite
def sentences(draw: st.DrawFn) -> list[str]:
    """The lines of a sentence, most of them plain, and what may stand before it."""
    tags = draw(st.one_of(LEGAL, LEGAL, LEGAL, st.lists(TAGS)))
    separator = draw(st.sampled_from(["\t", "\t", " "]))
    width = draw(st.sampled_from([2, 2, 2, 3]))
    lines = [separator.join([draw(WORDS), *["_"] * (width - 2), tag]) for tag in tags]
    before = draw(
        st.sampled_from([[], [], [], ["# id = a"], ["# text = 太原"], ["# sent_id = b", "# note"], ["-DOCSTART- O"]])
    )
    inside = draw(st.sampled_from([[], [], [], [], ["# id = c"], ["# x = y"], ["#\tO"]]))
    return [*before, *lines, *inside]


FILES = st.tuples(
    st.lists(sentences(), max_size=4),
    st.sampled_from(["\n\n", "\n\n\n", "\n \n", "\n"]),
    st.sampled_from(["", "\n", "\n\n"]),
).map(lambda parts: parts[1].join("\n".join(lines) for lines in parts[0]) + parts[2])
OPTIONS = st.builds(
    Options,
    encoding=st.sampled_from([None, None, None, *ENCODINGS]),
    repair=st.sampled_from([None, None, *REPAIRS]),
    column=st.sampled_from([None, None, 2]),
    join=st.sampled_from([None, None, "none", "space", "auto"]),
)


@given(FILES, OPTIONS)
def test_columns(text: str, options: Options) -> None:
    """Blocks, records and refusals are those of the lines looked at one by one, and of the tags decoded one by one."""
    plain = Source("f.conll", text.encode())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(columns, "_plain", lambda _: None)
        patched.setattr(conll, "_is_usual", lambda _: False)
        blocks = found(columns.blocks, plain)
        expected = found(conll.read_each, plain, options)
    if all(not isinstance(one, columns.Block) or one.fault is None for one in blocks):
        assert found(columns.blocks, plain) == blocks
    assert found(conll.read_each, plain, options) == expected


def test_plain_columns_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a look at each line nor a decoding of each tag, in a file with comments and labels of several kinds."""
    text = "# id = a\n太\tB-P\n原\tI-P\n\n# id = b\nNew\tB-L-x\nYork\tI-L-x\n的\tO\n"
    lines = [Record(2, id="a", text="太原"), Record(6, id="b", text="New York的")]

    def never(*_: object, **__: object) -> Iterator[Any]:
        raise AssertionError

    monkeypatch.setattr(columns, "_looked_at", never)
    monkeypatch.setattr(conll, "_record", never)
    read = list(conll.read(Source("f.conll", text.encode()), Options()))
    assert [(one.line, one.id, one.text) for one in read] == [(one.line, one.id, one.text) for one in lines]
    assert [(s.start, s.end, s.label) for one in read for s in one.spans] == [(0, 2, "P"), (0, 8, "L-x")]


@given(st.text(alphabet="a\n\r太", max_size=12), st.integers(1, 4))
def test_lines(text: str, piece: int) -> None:
    """Lines are the same in pieces of any size."""
    expected = [(n, line.removesuffix("\r")) for n, line in enumerate(text.removesuffix("\n").split("\n"), 1)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(source, "_PIECE", piece)
        assert list(Source("f", text.encode()).lines()) == expected


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(),
        st.sampled_from(['":', '" :', "\u00e9", '{"a":1,"a":2}']),
    ),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.sampled_from(["a", "b", '":', "c\n"]), inner)),
    max_leaves=12,
)


@given(
    st.lists(VALUES),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.sampled_from(
        ['"a":', '"a" :', '"a"\n:', "\\u0022:", '"\\u0061":', "]", ",", "NaN", '{"a":1,"a":2}', '"\\ud800"']
    ),
    st.integers(0, 200),
    st.sampled_from([0, 0, 1]),
)
def test_arrays(values: list[Any], indent: int | None, ascii: bool, extra: str, at: int, times: int) -> None:
    """An array that is decoded at once is what the slower decoder finds, with its lines; a broken one has its words."""
    text = json.dumps(values, indent=indent, ensure_ascii=ascii)
    at = min(at, len(text))
    data = (text[:at] + extra * times + text[at:]).encode("utf-8", "surrogatepass")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(source, "elements", lambda _: None)
        expected = found(Source("f", data).items)
    assert repr(found(Source("f", data).items)) == repr(expected)


@pytest.mark.parametrize(
    "text",
    [
        '[{"a": 1, "a": 2}]',
        '[{"a": 1, "a" : 2}]',
        '[{"a": 1, "a":2, "b": "x\\u0022:"}]',
        '[{"a": "x\\u0022\\u003a", "b": 1, "b":2}]',
        '[{"a": "\\"\\u003A", "b": 1, "b":2}]',
        "[1, 2]\n[3]",
        "[1, 2] x",
        "[1, NaN]",
    ],
)
def test_arrays_that_are_not_decoded_at_once(text: str) -> None:
    assert arrays.elements(text.encode()) is None


REGIONS = st.fixed_dictionaries(
    {},
    optional={
        "start": st.sampled_from([0, 0, 1, 2, -1, True, "0", 0.0, None]),
        "end": st.sampled_from([2, 3, 3, 1, 9, "x", None]),
        "text": st.sampled_from(["太原", "太", None, 3]),
        "labels": st.sampled_from([["P"], ["P"], ["P"], ["P", "L"], [], [""], [3], "P", None]),
        "hypertextlabels": st.just(["H"]),
        "choices": st.just(["x"]),
    },
)
RESULTS = st.lists(
    st.one_of(st.none(), st.fixed_dictionaries({"value": st.one_of(REGIONS, REGIONS, st.none())})), max_size=3
)


@given(st.lists(RESULTS, max_size=3), st.sampled_from([None, None, "utf-16"]))
def test_label_studio(tasks: list[Any], offsets: str | None) -> None:
    """Regions as Label Studio writes them are what the closer look finds."""
    data = [{"id": n, "data": {"text": "太原的"}, "annotations": [{"result": one}]} for n, one in enumerate(tasks)]
    file, options = Source("f", json.dumps(data).encode()), Options(offsets=offsets)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(label_studio, "_usual", lambda _: None)
        expected = found(label_studio.read, file, options)
    assert found(label_studio.read, file, options) == expected


def packed(docs: list[Any], **options: Any) -> bytes:

    return DocBin(docs=docs, store_user_data=True, **options).to_bytes()


IOB = st.lists(st.sampled_from(["O", "O", "", "B-ORG", "B-P", "I-ORG", "I-P", "B-P"]), max_size=6)
USERS: list[dict[Any, Any]] = [
    {},
    {"id": "a"},
    {"id": 3},
    {"id": True},
    {("._.", "id", None, None): "b"},
    {"x": (1, [2])},
]


@st.composite
def doc_bins(draw: st.DrawFn) -> bytes:
    """Documents as tools write them, and some that no tool does."""
    vocab = Vocab()
    docs = []
    for tags in draw(st.lists(IOB, min_size=1, max_size=3)):
        words = [draw(st.sampled_from(["太", "ORG", "York", " ", "\n", "𠀀"])) for _ in tags]
        spaces = None if draw(st.integers(0, 9)) == 0 else [draw(st.booleans()) for _ in tags]
        doc = Doc(vocab, words=words, spaces=spaces, user_data=dict(draw(st.sampled_from(USERS))))
        if tags:
            # Tag by tag, as no method of spaCy would set those that begin with I.
            kinds = [(" IOB".index(tag[:1] or " "), vocab.strings.add(tag[2:]) if tag[2:] else 0) for tag in tags]
            columns_: Any = np.array(kinds, dtype="uint64")
            doc.from_array(["ENT_IOB", "ENT_TYPE"], columns_)
        group = draw(st.sampled_from(["", "", "optional", "other"]))
        if group:
            doc.spans[group] = [doc[:1]] if tags else []
        docs.append(doc)
    attrs = draw(st.sampled_from([{}, {}, {"attrs": ["ENT_IOB", "ENT_TYPE"]}, {"attrs": ["ENT_TYPE", "POS"]}]))
    return packed(docs, **attrs)


@given(doc_bins(), st.sampled_from([None, None, None, "optional"]), st.integers(0, 40))
def test_docbin(data: bytes, key: str | None, cut: int) -> None:
    """Documents and refusals are those of spaCy's own ``Doc``, also where bytes are missing."""
    inner = zlib.decompress(data)
    for file in (data, zlib.compress(inner[: len(inner) - 7 * cut])):
        bin_, options = Source("f.spacy", file), Options(spans_key=key)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(docbin, "unpacked", lambda _: None)
            expected = found(docbin.read, bin_, options)
        assert found(docbin.read, bin_, options) == expected


def test_a_docbin_is_read_from_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:

    docs = [Doc(Vocab(), words=["New", "York", "的"], spaces=[True, False, False], ents=["B-P", "I-P", "O"])]
    data = packed(docs)
    monkeypatch.setattr(DocBin, "get_docs", None)
    [one] = docbin.read(Source("f.spacy", data), Options())
    assert one.text == "New York的"
    assert [(s.start, s.end, s.label, s.text) for s in one.spans] == [(0, 8, "P", "New York")]


@pytest.mark.parametrize("before", [[], ["B-P"]])
def test_an_entity_of_a_docbin_that_begins_with_i_is_refused_in_one_line(before: list[str]) -> None:

    vocab = Vocab()
    docs = [Doc(vocab, words=["太"], ents=before)] if before else []
    bad = Doc(vocab, words=["在", "太", "原"])
    tags: Any = np.array([[2, 0], [1, 7], [1, 7]], dtype="uint64")
    bad.from_array(["ENT_IOB", "ENT_TYPE"], tags)
    with pytest.raises(InputError) as raised:
        list(docbin.read(Source("f.spacy", packed([*docs, bad])), Options()))
    assert str(raised.value) == (
        f"f.spacy: document {len(docs) + 1}: the entity at token 2 ('太') begins with I, which spaCy's Doc.ents does "
        "not read, expected B"
    )


@st.composite
def gold_documents(draw: st.DrawFn) -> Document:
    """A document with entities that nest and touch, some of them optional, with sentences or without."""
    text = draw(st.text(alphabet="太原a \n\u3000。", max_size=12))
    edges = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=4))
    kept: list[tuple[int, int]] = []
    for edge in edges:
        start, end = min(edge), max(edge)
        nests = all(end <= a or b <= start or (a <= start and end <= b) or (start <= a and b <= end) for a, b in kept)
        if start < end and nests and (start, end) not in kept and text[start:end].strip() == text[start:end]:
            kept.append((start, end))
    entities = [
        Entity(
            id=f"d:{start}-{end}",
            start=start,
            end=end,
            text=text[start:end],
            type=draw(st.sampled_from(["ORG", "PLACE", "X"])),
            status=draw(st.sampled_from([Status.REQUIRED, Status.REQUIRED, Status.OPTIONAL])),
        )
        for start, end in kept
    ]
    document = with_entities(Document(id="d", text=text), entities)
    return with_sentences(document) if draw(st.booleans()) else document


@given(
    st.lists(gold_documents(), max_size=3),
    st.sampled_from(["char", "spacy:xx"]),
    st.sampled_from(["document", "sentence"]),
    st.sampled_from(["error", "expand", "contract", "drop"]),
)
def test_docbin_written(documents: list[Document], words: str, by: str, policy: str) -> None:
    """The bytes are those that spaCy packs of the documents that it is given, and so is what is said of entities."""
    documents = [structs.replace(one, id=f"d{number}") for number, one in enumerate(documents)]
    gold = Gold("g", None, "", tuple(documents))

    def of_spacy() -> Iterator[object]:
        docs, moved = docs_of(gold, words=words, on_misaligned=policy, by=by)
        yield DocBin(docs=docs, store_user_data=True).to_bytes()
        yield sum(len(doc.ents) + sum(len(group) for group in doc.spans.values()) for doc in docs)
        yield moved

    def ours() -> Iterator[object]:
        yield from written(gold, words=words, on_misaligned=policy, by=by, places={})

    assert found(ours) == found(of_spacy)


LINES = st.sampled_from(
    [
        "T1\tP 0 2\t太原",
        "T2\tP 1 3\t原的",
        "T3\tL 3 5\ta\t",
        "T4\tP 0 2\t太原\r",
        "T5\tP 4 7\t\t b",
        "T6\tP 2 6\t的a\t ",
        "T7\tP 2 1\t",
        "T8\tP 0 99\t太",
        "T9\tP 0 2\t太",
        "T10\tP 0 1;1 2\t太 原",
        "T11\tP 6 8\tb\n",
        "T12\tP 6 9\tb c",
        "T13\tP 0 2 \t太原",
        "T14\tP;Q 0 2\t太原",
        "T15\tP 0 2",
        "R1\tRel Arg1:T1",
        "#1\tNote T1\tx",
        "*\tEquiv T1 T2",
        "T1",
        "",
    ]
)


@given(
    st.lists(LINES, max_size=4), st.sampled_from([Options(), Options(), Options(align=True), Options(trust="offsets")])
)
def test_brat(lines: list[str], options: Options) -> None:
    """Annotations in one piece are what the look at their parts finds."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        Path(folder, "a.txt").write_bytes("太原的a\t b\nc".encode())
        Path(folder, "a.ann").write_bytes("\n".join(lines).encode())
        directory = Source(folder, b"", is_directory=True)
        here = found(brat.read_each, directory, options)
        patched.setattr(brat, "_USUAL", re.compile("(?!)"))
        assert here == found(brat.read_each, directory, options)
