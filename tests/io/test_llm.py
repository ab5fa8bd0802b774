"""Answers of language models: what they say in all their dresses, and where the rule finds it."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.io.align import mentions as rule
from tyez_bench.io.formats import inline, llm
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.record import Fidelity, Mention, Options, RawUnlocated, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span

TWO = (Mention("太原", "PLACE"), Mention("山西", "PLACE", 2))


def source(*values: Any) -> Source:
    return Source("p.jsonl", "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode())


def parse(*values: Any) -> list[Record]:
    return list(llm.read(source(*values), Options()))


def said(answer: Any) -> Record:
    return parse({"id": "a", "answer": answer})[0]


LIST = '[{"text": "太原", "type": "PLACE"}, {"text": "山西", "type": "PLACE", "occurrence": 2}]'


@pytest.mark.parametrize(
    "answer",
    [
        LIST,
        json.loads(LIST),
        f"```json\n{LIST}\n```",
        f"```\n{LIST}\n```",
        f"好的,结果如下[1]:\n{LIST}\n希望有帮助。",
        f"<think>先看<ORG>吧</ORG>[1]</think>\n\n{LIST}",
        f"没有思考</think>{LIST}",
        f'{{"entities": {LIST}}}',
        f'说明:{{"result": {LIST}}},其余为 []。',
        {"entities": json.loads(LIST)},
        '[{"entity": "太原", "label": "PLACE"}, {"name": "山西", "entity_type": "PLACE", "occurrence": 2}]',
        '[{"text": "太原", "entity": "PLACE"}, {"span": "山西", "category": "PLACE", "occurrence": 2, "score": 1}]',
        '[["太原", "PLACE"], {"实体": "山西", "类型": "PLACE", "occurrence": 2}]',
        '{"PLACE": ["太原", {"text": "山西", "occurrence": 2}], "ORG": [], "DATE": null}',
    ],
)
def test_one_answer_in_many_dresses(answer: Any) -> None:
    assert said(answer) == Record(1, id="a", mentions=TWO)


@pytest.mark.parametrize("key", ["answer", "output", "response", "completion", "prediction", "entities"])
def test_names_of_the_answer(key: str) -> None:
    assert parse({"id": "a", key: json.loads(LIST)}) == [Record(1, id="a", mentions=TWO)]


def test_other_members_are_passed_over() -> None:
    more = {"raw": "<ORG>太原</ORG>", "problem": "mended", "names": 2, "call": {"model": "m", "entities": []}}
    assert parse({"id": "a", "answer": json.loads(LIST), **more}) == [Record(1, id="a", mentions=TWO)]


NOTHING = ["[]", "{}", [], {}, '{"PLACE": []}', '{"entities": []}', "没有实体:[]", "```json\n[]\n```"]


@pytest.mark.parametrize("answer", NOTHING)
def test_nothing_named(answer: Any) -> None:
    assert said(answer).mentions == ()
    assert said(answer).text is None


def test_one_entity_without_a_list_around_it() -> None:
    assert said('{"text": "太原", "type": "PLACE"}').mentions == (Mention("太原", "PLACE"),)


def test_tags_in_a_copy() -> None:
    record = said("<ORG><PLACE>太原</PLACE>市政府</ORG>在<b>开会")
    assert record == Record(
        1,
        id="a",
        text="太原市政府在开会",
        spans=(Span(0, 5, "ORG"), Span(0, 2, "PLACE")),
        fidelity=Fidelity.COPIED,
        broken_tags=1,
    )


@pytest.mark.parametrize("answer", ["太原开会", "[图]太原开会", "太原[1]开会"])
def test_a_copy_without_tags_names_nothing(answer: str) -> None:
    assert said(answer) == Record(1, id="a", text=answer, fidelity=Fidelity.COPIED)


def test_a_copy_beside_the_text_that_was_given() -> None:
    """It is put on that text, the edits counted, and what the text does not have kept."""
    (record,) = parse({"text": "太原市在山西", "answer": "<PLACE>太源市</PLACE>在<PLACE>山西</PLACE><ORG>省</ORG>"})
    assert record == Record(
        1,
        text="太原市在山西",
        spans=(Span(0, 3, "PLACE"), Span(4, 6, "PLACE")),
        unlocated=(RawUnlocated("省", "ORG"),),
        edits=2,
    )


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (None, "expected a list of names and types, got None"),
        (5, "expected a list of names and types, got 5"),
        (True, "expected a list of names and types, got True"),
        (["太原"], "expected a name and its type, got '太原'"),
        ([["太原", 5]], "expected a string as type, got 5"),
        ([["太原", "PLACE", 1]], "expected a name and its type"),
        ([{"text": "", "type": "PLACE"}], "expected a name as a string, got ''"),
        ([{"text": None, "type": "PLACE"}], "expected a name as a string, got None"),
        ([{"text": "太原"}], "expected an object with text and type"),
        ([{"text": "太原", "type": ""}], "expected a string as type, got ''"),
        ([{"text": "太原", "type": "P", "occurrence": 0}], "expected a whole number from 1 as occurrence, got 0"),
        ([{"text": "太原", "type": "P", "occurrence": True}], "from 1 as occurrence, got True"),
        ([{"text": "太原", "type": "P", "occurrence": 1.0}], "from 1 as occurrence, got 1.0"),
        ({"PLACE": "太原"}, "expected a list of names as PLACE, got '太原'"),
        ({"PLACE": [5]}, "expected a name as a string, got 5"),
        ({"": ["太原"]}, "expected a string as type, got ''"),
    ],
)
def test_data_that_can_not_be_read_are_refused(answer: Any, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)) as error:
        said(answer)
    assert str(error.value).startswith("p.jsonl:1: answer: ")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("[5]", "expected a name and its type, got 5"),
        ('实体:["太原"]', "expected a name and its type, got '太原'"),
        ('[{"text": "太原", "type": "PLACE"}', "broken JSON: "),
        ('结果:[{"text": "太原", "type": "PLACE"}, {"te', "broken JSON: "),
        ('```json\n[{"text": "太原", "type": "PLACE"}, {"te\n```', "broken JSON: "),
        ('```json\n[{"text": "太原"', "broken JSON: "),
        ('[{"text": "太原", "text": "山西", "type": "PLACE"}]', "not valid JSON: the key 'text' occurs twice"),
        ("[" * 5000, "broken JSON: "),
        ("[('太原', __import__('os'))]", "broken JSON: "),
        (f"```\n{LIST}\n```\n```\n{LIST}\n```", "has 2 fenced blocks of JSON, expected one"),
        (f"先 {LIST} 后 {LIST}", "has 2 JSON values with names, expected one"),
        ("(太原; PLACE), (晋祠；PLACE)", "names and types in brackets"),
    ],
)
def test_words_that_can_not_be_read_are_an_unread_answer(answer: str, why: str) -> None:
    """It is no end of a run of thousands: it names nothing, and is counted."""
    assert said(answer).unread == "broken"
    found = Source("p.jsonl", json.dumps({"id": "a", "answer": answer}).encode())
    with pytest.raises(InputError, match=re.escape(f"p.jsonl:1: answer: {why}")):
        list(llm.read(found, Options(), strict=True))


@pytest.mark.parametrize(
    "answer",
    [
        "[{'text': '太原', 'type': 'PLACE'}]",
        '[{"text": "太原", "type": "PLACE"},]',
        '[("太原", "PLACE")]',
        "结果：[('太原', 'PLACE')]。",
        "```python\n[('太原', 'PLACE')]\n```",
    ],
)
def test_lists_as_python_writes_them(answer: str) -> None:
    assert said(answer).mentions == (Mention("太原", "PLACE"),)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{"id": "a", "answer": "太原"}], True),
        ([{"id": "a", "output": None}], True),
        ([{"id": "a", "entities": [{"text": "太原", "type": "PLACE"}]}], True),
        ([{"id": "a", "entities": []}, {"id": "b", "entities": [["太原", "PLACE"]]}], True),
        ([{"id": "a", "entities": {"PLACE": []}}], True),
        ([{"id": "a", "entities": []}], False),
        ([{"id": "a", "entities": [{"text": "太原", "type": "PLACE", "start": 0}]}], False),
        ([{"id": "a", "text": "太原", "entities": [[0, 2, "PLACE"]]}], False),
        ([{"id": "a", "text": "太原", "entities": [{"start_offset": 0, "text": "太原"}]}], False),
        ([{"id": "a", "text": "太原"}], False),
        ([["太原", "PLACE"]], False),
    ],
)
def test_sniff(values: list[Any], expected: bool) -> None:
    assert llm.sniff(source(*values)) is expected


def locate(text: str, *mentions: tuple[Any, ...], nested: bool = False) -> list[tuple[int, int] | None]:
    return rule.locate(text, [Mention(m[0], "X", *m[1:]) for m in mentions], nested=nested)


def test_the_leftmost_places_in_turn() -> None:
    assert locate("太原和太原", ("太原",), ("太原",), ("太原",)) == [(0, 2), (3, 5), None]


def test_the_longest_first() -> None:
    """The short name gives way to the long one, wherever it stands in the list."""
    assert locate("太原市政府在太原", ("太原",), ("太原市政府",)) == [(6, 8), (0, 5)]
    assert locate("太原市政府", ("太原",), ("太原市政府",)) == [None, (0, 5)]


def test_in_a_nested_layer_a_name_may_stand_in_another_but_not_cross_it() -> None:
    assert locate("太原市政府在太原", ("太原",), ("太原市政府",), nested=True) == [(0, 2), (0, 5)]
    assert locate("山西太原市", ("山西太原",), ("太原市",), nested=True) == [(0, 4), None]
    assert locate("太原", ("太原",), ("太原",), nested=True) == [(0, 2), None]


def test_occurrence_numbers_go_first() -> None:
    assert locate("太原和太原", ("太原", 2), ("太原",)) == [(3, 5), (0, 2)]
    assert locate("太原和太原", ("太原",), ("太原", 1)) == [(3, 5), (0, 2)]
    assert locate("太原和太原", ("太原", 3)) == [None]
    assert locate("山西太原市", ("太原", 1), ("山西太原",)) == [(2, 4), None]


def test_places_may_overlap() -> None:
    assert list(rule.occurrences("太太太", "太太")) == [0, 1]
    assert locate("太太太", ("太太", 2)) == [(1, 3)]


names = st.text(st.sampled_from("太原市"), min_size=1, max_size=3)


@given(
    st.text(st.sampled_from("太原市"), max_size=12),
    st.lists(st.tuples(names, st.none() | st.integers(1, 3)), max_size=6),
    st.booleans(),
)
def test_the_rule_by_another_way(text: str, mentions: list[tuple[str, int | None]], nested: bool) -> None:
    """Each name by name, over all places of the text, without any memory of where it left off."""
    expected: list[tuple[int, int] | None] = [None] * len(mentions)
    everywhere = [(m.start(), m.start() + len(name)) for name, _ in mentions for m in re.finditer(f"(?={name})", text)]
    for index, (name, number) in enumerate(mentions):
        own = sorted({place for place in everywhere if text[place[0] : place[1]] == name})
        if number is not None and number <= len(own):
            expected[index] = own[number - 1]
    order = sorted((-len(name), index) for index, (name, number) in enumerate(mentions) if number is None)
    for _, index in order:
        for start, end in sorted({p for p in everywhere if text[p[0] : p[1]] == mentions[index][0]}):
            taken = [place for place in expected if place is not None]
            chars = set(range(start, end))
            if nested:
                others = [set(range(a, b)) for a, b in taken]
                free = (start, end) not in taken and all(
                    not chars & other or chars <= other or other <= chars for other in others
                )
            else:
                free = not any(chars & set(range(a, b)) for a, b in taken)
            if free:
                expected[index] = (start, end)
                break
    assert locate(text, *mentions, nested=nested) == expected


def test_what_is_nowhere_counts_as_false(gold: tyez_bench.Gold) -> None:
    """A perfect answer and a name out of the air: one false prediction, none dropped."""
    answers = {d.id: [{"text": e.text, "type": str(e.type)} for e in d.outermost()] for d in gold}
    next(iter(answers.values())).append({"text": "上海", "type": "PLACE"})
    records = [{"id": id_, "answer": answer} for id_, answer in answers.items()]
    predictions = read_source(source(*records), gold, ReadOptions())
    assert predictions.reading.unlocated >= 1
    wanted = sum(len(d.outermost()) for d in gold)
    assert sum(len(p.entities) + len(p.unlocated) for p in predictions.values()) == wanted + 1
    settings = tyez_bench.Settings(matching="multiset", optional="require", unit="document", draws=10)
    report = tyez_bench.score(gold, predictions, settings=settings)
    assert report.f1 == pytest.approx(2 * wanted / (2 * wanted + 1))


def test_copies_of_the_gold_with_slips(gold: tyez_bench.Gold) -> None:
    """Tags over the sentences, each copied with its last character left out: found, and the edits counted."""
    records = []
    for document in gold:
        layer = tuple(Span(e.start, e.end, str(e.type)) for e in document.outermost())
        marked = json.loads(inline.write([Sample(document.id, document.text, layer)]))["text"]
        records.append({"id": document.id, "answer": marked.replace("。", "")})
    predictions = read_source(source(*records), gold, ReadOptions())
    assert predictions.reading.edits == sum(document.text.count("。") for document in gold)
    assert tyez_bench.score(gold, predictions).f1 == 1.0
