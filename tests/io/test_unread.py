"""Nothing that looks like a span is dropped without a word: it is in what was read, or the reader refuses."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tyez_bench.io.align.spans import span_problem
from tyez_bench.io.detect import detect_format, is_gold
from tyez_bench.io.fields import find_unread, holds_numbers, offsets_beside
from tyez_bench.io.record import Options, Record
from tyez_bench.io.registry import load_format
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


TEXT = "太原市长来了，太原开会。"
STARTS = words(
    "start start_idx startIdx startidx START begin beginOffset begin_offset offset position pos start_pos "
    "char_start from span spans loc location index idx 起始 开始位置 s"
)
ENDS = words("end end_idx endIdx END stop endOffset end_offset length len end_pos char_end to 结束 e")
LABELS = words("label type tag entity_type entityType category class ner 类型")
HOLDERS = words("spans entities ents annotations mentions ner labels label named_entities nerSpans result 实体")


def source(*values: Any) -> Source:
    """A file of JSON Lines."""
    return Source("p.jsonl", "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode())


def read(found: Source) -> list[Record]:
    """The records by whatever format the file is told to be in. Raises InputError."""
    records = list(load_format(detect_format(found)).read(found, Options()))
    for record in records:
        for span in record.spans:
            problem = span_problem(span, record.text or "")
            if problem is not None:
                # As when the spans are put on the text.
                raise found.error(problem)
    return records


@st.composite
def spans(draw: st.DrawFn) -> Any:
    """The second 太原, written in some way with offsets and a type under some keys."""
    start, end, label = draw(st.sampled_from(STARTS)), draw(st.sampled_from(ENDS)), draw(st.sampled_from(LABELS))
    name = draw(st.sampled_from([{}, {"text": "太原"}, {"word": "太原"}, {"entity": "太原"}]))
    shape = draw(st.integers(0, 5))
    if shape == 0:
        return {start: 7, end: 9, label: "PLACE", **name}
    if shape == 1:
        return {start: [7, 9], label: "PLACE", **name}
    if shape == 2:
        return {label: "PLACE", start: {"a": 7, "b": 9}, **name}
    if shape == 3:
        return {start: "7", end: "9", label: "PLACE", **name}
    if shape == 4:
        return draw(st.permutations([7, 9, "PLACE"]))
    return ["太原", "PLACE", [7, 9]]


OTHERS: list[dict[str, Any]] = [
    {},
    {"label": []},
    {"label": {}},
    {"answer": "accept"},
    {"answer": "[]"},
    {"answer": TEXT},
    {"entities": []},
    {"data": {"text": TEXT}, "annotations": [{"result": []}]},
    {"answer": [{"text": "太原", "type": "PLACE"}]},
]


@given(spans(), st.sampled_from(HOLDERS), st.sampled_from(OTHERS), st.booleans())
@example({"begin": 7, "end": 9, "type": "PLACE", "text": "太原"}, "entities", {}, True)
@example({"start": 7, "end": 9, "label": "PLACE"}, "spans", {"answer": "accept"}, True)
def test_a_span_under_any_keys_is_read_or_refused(span: Any, holder: str, other: dict[str, Any], known: bool) -> None:
    record = {**({"id": "a"} if known else {}), "text": TEXT, **other, holder: [span]}
    try:
        found = read(source(record))
    except InputError:
        return
    assert [(s.start, s.end, s.label) for one in found for s in one.spans] == [(7, 9, "PLACE")]


@given(st.text("abcXYZ_起位", min_size=1, max_size=8), st.integers(0, 99), st.booleans())
def test_a_name_with_a_number_under_any_key_is_refused(key: str, number: int, text: bool) -> None:
    """Beside a name and its type a whole number is its place, whatever it is called."""
    name = {"entity": "太原", "type": "PLACE"}
    if key in ("id", "ids"):
        return
    with pytest.raises(InputError, match="look like offsets but are not read"):
        read(source({"id": "a", "entities": [{**name, key: number}], **({"text": TEXT} if text else {})}))


@pytest.mark.parametrize(
    "value",
    [
        {"tokens": [{"text": "太", "start": 0, "end": 1, "id": 0, "ws": False}]},
        {"relations": [{"id": 1, "from_id": 3, "to_id": 4, "type": "在"}]},
        {"Comments": [{"label": "x", "start": 3}], "meta": {"source": "x", "offset": 12}},
        {"call": {"model": "m", "tokens_in": 12, "entities": []}, "names": 3, "problem": None},
        {"label": "positive", "tags": ["news", "city"], "entities": []},
        {"sentences": [{"id": "a:0", "start": 0, "end": 3}]},
    ],
)
def test_what_is_no_span(value: dict[str, Any]) -> None:
    assert find_unread(value, ()) is None


@pytest.mark.parametrize(
    "value",
    [
        {"spans": [[0, 3]]},
        {"label": {"PLACE": {"太原": [[0, 1]]}}},
        {"x": {"y": [[0, 3, "ORG"]]}},
        {"tags": ["O", "B-ORG", "I-ORG"]},
        {"mentions": [{"name": "太原", "type": "PLACE"}]},
        {"ner": [{"index": [0, 1], "type": "ORG"}]},
        {"entity": {"start": 0, "end": 2, "label": "ORG"}},
    ],
)
def test_what_is_one(value: dict[str, Any]) -> None:
    key = next(iter(value))
    found = find_unread({"id": "a", **value}, ())
    assert found is not None
    assert found[0] == key
    assert find_unread(value, (key,)) is None


def test_a_decision_is_no_answer() -> None:
    record = {"text": TEXT, "answer": "accept"}
    with pytest.raises(InputError, match=r"an annotator's decision as Prodigy writes it.*expected the format prodigy"):
        list(load_format("llm").read(source(record), Options()))


def test_numbers_in_any_dress() -> None:
    assert all(map(holds_numbers, (0, 7.0, "7", "7-9", "[7, 9)", "7，9", [7], {"a": {"b": 7}})))
    assert not any(map(holds_numbers, (None, True, "", "太原", "2022年", 0.97, 1.0, [], {}, ["x"])))
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    assert holds_numbers(deep)
    item = {"text": "3", "type": "MONEY", "score": 1, "occurrence": 2, "line": "7", "word_id": 3}
    assert offsets_beside(item, ("text", "type")) == ("line",)


PRODIGY = {"text": TEXT, "_input_hash": 1, "_task_hash": 2, "spans": [{"start": 7, "end": 9, "label": "PLACE"}]}


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({**PRODIGY, "answer": "maybe"}, r"answer is 'maybe', expected one of: accept, reject, ignore"),
        ({**PRODIGY, "labels": ["B-X", "O"]}, r"'spans' has what looks like a span, .* \(it looks like Prodigy\)"),
        (
            {"tok/fine": ["太原"], "ner/msra": "LOC", "spans": [[0, 2]]},
            r"the format hanlp does not read \(it looks like",
        ),
        (
            {"text": TEXT, "entity": {"von": 7, "bis": 9, "start": 7, "label": "X"}},
            r"'entity' has what looks like a span",
        ),
    ],
)
def test_what_a_file_looks_like_is_said(record: Any, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(source(record, record))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("#FORMAT=WebAnno TSV 3.3\n\n1-1\t0-1\t太\t_\n", "it looks like WebAnno TSV"),
        ("太原/ns 开会/v 。/w\n", "it looks like words with parts of speech"),
        ("太\tB:PLACE\n原\tI:PLACE\n", "in its last column, 'B:PLACE' is not a tag such as B-LABEL or O"),
        ("太\t1\n原\t2\n", "in its last column, '1' is a number, not a tag: expected tag names"),
    ],
)
def test_what_a_text_looks_like_is_said(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        detect_format(Source("p.txt", text.encode()))


INLINE = {"id": "a", "text": "<PLACE>太原</PLACE>开会"}
CLUENER = {"text": "太原开会", "label": {"PLACE": {"太原": [[0, 1]]}}}
DOCCANO = {"id": 1, "text": "太原开会", "entities": [[0, 2, "PLACE"]]}
NATIVE = {"id": "a", "entities": [{"start": 0, "end": 2, "type": "PLACE"}]}
GOLD = {"id": "a", "text": "太原开会", "entities": [{"start": 0, "end": 2, "type": "PLACE"}]}


@pytest.mark.parametrize(
    ("record", "name"), [(INLINE, "inline"), (CLUENER, "cluener"), (DOCCANO, "doccano"), (NATIVE, "native")]
)
@pytest.mark.parametrize("bad", [b"\xff\xfe\n", b"{\n", b'{"id": "a", "text": "\xb0"}\n'])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_bad_line_makes_it_no_other_format(record: Any, name: str, bad: bytes, at: int) -> None:
    lines = [source(record).data] * 2
    lines.insert(at, bad)
    found = Source("p", b"".join(lines))
    assert detect_format(found) == name
    assert not is_gold(found)
    assert is_gold(Source("g", b"".join([source(GOLD).data, bad])))


def test_the_first_record_with_entities_tells_a_gold_set() -> None:
    empty = {"id": "b", "text": "开会", "entities": []}
    assert is_gold(source(empty, GOLD))
    assert not is_gold(source(empty, DOCCANO))
    assert detect_format(source({**empty, "id": 2}, DOCCANO)) == "doccano"
    assert detect_format(source(empty, GOLD)) == "native"
