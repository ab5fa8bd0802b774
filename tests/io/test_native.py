"""The native prediction format: a round trip, and everything that it refuses."""

from pathlib import Path

import msgspec
import pytest

import tyez_bench
from tyez_bench.files.jsonl import encode_lines
from tyez_bench.io.formats import native
from tyez_bench.io.formats.native import write_predictions
from tyez_bench.io.gold import load_source
from tyez_bench.io.read import ReadOptions, read_predictions, read_source
from tyez_bench.io.record import Options, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.documents import PredictedEntity, Prediction
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span, WordSpan
from tyez_bench.model.values import Money


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tyez_bench.Gold:
    """A gold set whose text has characters outside the basic plane."""
    path = tmp_path_factory.mktemp("gold") / "own.jsonl"
    path.write_text('{"id":"d","text":"𠮷𠮷甲市投3元"}\n{"id":"e","text":"乙"}\n', "utf-8")
    return tyez_bench.load(path)


def test_round_trip(own: tyez_bench.Gold, tmp_path: Path) -> None:
    written = [
        Prediction(
            id="d",
            entities=(
                PredictedEntity(start=2, end=4, type="PLACE", text="甲市"),
                PredictedEntity(start=5, end=7, type="MONEY", value=Money(amount="3", currency="CNY")),
            ),
        ),
        Prediction(id="e", entities=()),
    ]
    path = tmp_path / "p.jsonl"
    write_predictions(path, written)
    assert list(read_predictions(path, own).values()) == written
    assert path.read_bytes().count(b"\n") == 2


def test_the_kind_of_a_value_need_not_be_named(own: tyez_bench.Gold, tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    value = '{"amount":"3","currency":"CNY"}'
    path.write_text(f'{{"id":"d","entities":[{{"start":5,"end":7,"type":"MONEY","value":{value}}}]}}\n', "utf-8")
    assert read_predictions(path, own)["d"].entities[0].value == Money(amount="3", currency="CNY")


GOOD = '{"id":"e","entities":[]}\n'
BROKEN = {
    "bad JSON": ('{"id":"d","entities":[}', "2: not valid JSON"),
    "an array": ("[1]", "2: expected a JSON object, got list"),
    "empty line": ("\n", "2: empty line"),
    "no id": ('{"entities":[]}', "2: has neither id nor text, unlike other records"),
    "no entities": ('{"id":"d"}', "2: Object missing required field `entities`"),
    "misspelt field": ('{"id":"d","entites":[]}', "2: Object "),
    "unknown document": ('{"id":"x","entities":[]}', "2: unknown document id 'x'"),
    "repeated document": ('{"id":"e","entities":[]}', "2: document id 'e' occurs twice"),
    "unknown label": ('{"id":"d","entities":[{"start":0,"end":1,"type":"CITY"}]}', "2: unknown label 'CITY'"),
    "label of another type": ('{"id":"d","entities":[{"start":0,"end":1,"type":3}]}', "2: Expected `str`"),
    "text as an offset": ('{"id":"d","entities":[{"start":"0","end":1,"type":"ORG"}]}', "2: Expected `int`, got `str`"),
    "a fraction as an offset": ('{"id":"d","entities":[{"start":0.5,"end":1,"type":"ORG"}]}', "2: Expected `int`"),
    "true as an offset": ('{"id":"d","entities":[{"start":true,"end":1,"type":"ORG"}]}', "2: Expected `int`"),
    "negative": ('{"id":"d","entities":[{"start":-1,"end":1,"type":"ORG"}]}', "2: Expected `int` >= 0"),
    "reversed": ('{"id":"d","entities":[{"start":2,"end":1,"type":"ORG"}]}', "2: entity offsets 2–1 are empty"),
    "empty span": ('{"id":"d","entities":[{"start":2,"end":2,"type":"ORG"}]}', "2: entity offsets 2–2 are empty"),
    "out of range": ('{"id":"d","entities":[{"start":2,"end":8,"type":"ORG"}]}', "2: d: ORG 2–8 is outside the text"),
    "wrong surface": ('{"id":"d","entities":[{"start":2,"end":4,"type":"ORG","text":"甲"}]}', "reads '甲市', but its"),
    "UTF-16 offsets": (
        '{"id":"d","entities":[{"start":4,"end":6,"type":"ORG","text":"甲市"}]}',
        "is at 2: do the offsets count UTF-16 code units",
    ),
    "overlapping entities": (
        '{"id":"d","entities":[{"start":2,"end":4,"type":"ORG"},{"start":3,"end":5,"type":"DATE"}]}',
        "2: d: ORG 2–4 '甲市' and DATE 3–5 '市投' overlap; expected one flat layer",
    ),
    "nested too deeply": ("[" * 100_000, "2: not valid JSON: nested too deeply"),
    "the same key twice": ('{"id":"e","id":"d","entities":[]}', "2: not valid JSON: the key 'id' occurs twice"),
    "a date's value for money": (
        '{"id":"d","entities":[{"start":5,"end":7,"type":"MONEY","value":{"kind":"timex3","type":"DATE","value":"2022"}}]}',
        "2: d: 5–7: MONEY can't carry a value of kind timex",
    ),
    "the same entity twice": (
        '{"id":"d","entities":[{"start":0,"end":1,"type":"ORG"},{"start":0,"end":1,"type":"ORG"}]}',
        "2: d: ORG 0–1 occurs twice",
    ),
    "a value of the wrong kind": (
        '{"id":"d","entities":[{"start":5,"end":7,"type":"MONEY","value":{"amount":"3元","currency":"CNY"}}]}',
        "2: '3元' is not a decimal amount",
    ),
    "entities as an object": ('{"id":"d","entities":{}}', "2: Expected `array`, got `object`"),
    "an entity as a list": ('{"id":"d","entities":[[0,1,"ORG"]]}', "2: Expected `object`, got `array`"),
    "a lone surrogate": ('{"id":"\\ud800","entities":[]}', "2: not valid JSON"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_refused(own: tyez_bench.Gold, tmp_path: Path, case: str) -> None:
    line, reason = BROKEN[case]
    path = tmp_path / "p.jsonl"
    path.write_text(GOOD + line + "\n", "utf-8")
    with pytest.raises(tyez_bench.InputError) as error:
        read_predictions(path, own)
    assert str(error.value).startswith(f"{path}:2: ")
    assert reason in f"2: {error.value.reason}"
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xef\xbb\xbf" + GOOD.encode(), "1: starts with a byte order mark"),
        (GOOD.encode() + b'{"id":"\xff"}\n', "2: byte 0xff is not valid UTF-8"),
    ],
)
def test_files_that_are_no_text(own: tyez_bench.Gold, tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "p.jsonl"
    path.write_bytes(content)
    with pytest.raises(tyez_bench.InputError, match=reason):
        read_predictions(path, own)


def test_byte_offsets_are_named(tmp_path: Path) -> None:
    gold, path = tmp_path / "gold.jsonl", tmp_path / "p.jsonl"
    gold.write_text('{"id":"d","text":"甲市乙县丙村丁"}\n', "utf-8")
    path.write_text('{"id":"d","entities":[{"start":3,"end":5,"type":"PLACE","text":"市乙"}]}\n', "utf-8")
    with pytest.raises(tyez_bench.InputError, match="is at 1: do the offsets count UTF-8 bytes"):
        read_predictions(path, tyez_bench.load(gold))


def test_missing_files_and_directories(own: tyez_bench.Gold, tmp_path: Path) -> None:
    with pytest.raises(tyez_bench.InputError, match="no such file"):
        read_predictions(tmp_path / "none.jsonl", own)
    with pytest.raises(tyez_bench.InputError, match="is a directory"):
        read_predictions(tmp_path, own)


def test_a_file_that_cant_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(tyez_bench.UsageError, match="can't be written"):
        write_predictions(tmp_path / "no" / "p.jsonl", [])
    with pytest.raises(tyez_bench.UsageError, match="is a directory"):
        write_predictions(tmp_path, [])
    assert list(tmp_path.iterdir()) == []


def test_the_schema_of_predictions_is_that_of_the_type() -> None:
    import json

    import jsonschema

    path = Path(__file__).parents[2] / "data" / "predictions.schema.json"
    validator = jsonschema.Draft202012Validator(json.loads(path.read_text("utf-8")))
    good = Prediction(id="d", entities=(PredictedEntity(start=0, end=1, type="ORG"),))
    assert validator.is_valid(json.loads(msgspec.json.encode(good)))
    assert not validator.is_valid({"id": "d", "entities": [{"start": -1, "end": 1, "type": "ORG"}]})


def test_a_value_beside_a_type_that_is_none() -> None:
    line = b'{"id": "a", "entities": [{"start": 0, "end": 1, "type": [], "value": {"amount": "3"}}]}\n'
    with pytest.raises(InputError, match="Expected `str`, got `array`"):
        list(native.read(Source("p", line), Options()))


def test_the_records_of_a_gold_set_are_predictions(gold: tyez_bench.Gold) -> None:
    source = Source("p", encode_lines(gold))
    found = read_source(source, gold, ReadOptions(flat=False))
    assert (found.reading.format, found.reading.keyed_by) == ("native", "document")
    assert {id_: {(e.start, e.end, e.type, e.value) for e in p.entities} for id_, p in found.items()} == {
        d.id: {(e.start, e.end, e.type, e.value) for e in d.entities} for d in gold
    }
    with pytest.raises(InputError, match="unknown field `statuss`"):
        read_source(
            Source("p", source.data.replace(b'"status"', b'"statuss"')), gold, ReadOptions(flat=False), format="native"
        )


@pytest.mark.parametrize("name", ["word", "label"])
def test_names_of_our_own_code_are_no_fields(name: str) -> None:
    line = b'{"id": "a", "entities": [{"start": 0, "end": 1, "type": "A", "%s": "B"}]}\n' % name.encode()
    with pytest.raises(InputError, match=rf"unknown field `{name}` - at `\$.entities\[0\]`"):
        list(native.read(Source("p", line), Options()))


def test_a_tokenizers_word_is_not_written() -> None:
    value = Money(amount="3", currency="CNY")
    spans = (WordSpan(0, 1, "A", word="##甲"), Span(1, 3, "B", "3元", value))
    data = native.write([Sample("a", "甲3元", spans)])
    assert b"word" not in data
    (record,) = native.read(Source("p", data), Options())
    assert record.spans == (Span(0, 1, "A"), Span(1, 3, "B", "3元", value))


@pytest.mark.parametrize("ids", [{}, {"id": 7}])
def test_records_with_texts_need_no_id_of_ours(ids: dict[str, int]) -> None:
    record = {**ids, "text": "太原好", "entities": [{"start": 0, "end": 2, "type": "PLACE", "text": "太原"}]}
    source = Source("p", encode_lines([record, {"text": "好", "entities": []}]))
    gold = load_source(source, "g")
    assert [(d.text, len(d.entities)) for d in gold] == [("太原好", 1), ("好", 0)]
    found = read_source(source, gold, ReadOptions())
    assert [len(found[d.id].entities) for d in gold] == [1, 0]
    bare = Source("p", encode_lines([{"entities": record["entities"]}, {"entities": []}]))
    placed = read_source(bare, gold, ReadOptions(), format="native")
    assert placed.reading.keyed_by == "position"
    assert [len(placed[d.id].entities) for d in gold] == [1, 0]
