"""Field maps: what each reads, told by hand, and what is refused in one line."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

import tyez_bench
from tyez_bench.io.detect import detect_format
from tyez_bench.io.field_maps import FieldMap, load_field_map, shipped
from tyez_bench.io.gold import load_source
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.record import Mention, Options, Record
from tyez_bench.io.registry import load_format
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.scoring.settings import GoldFacts

TEXT = "太原市长来了，太原开会。"
GOLD = {"id": "a", "text": TEXT, "entities": [{"start": 7, "end": 9, "type": "PLACE"}]}


def source(*values: Any) -> Source:
    return Source("p.jsonl", "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode())


def parse(*values: Any, options: Options | None = None) -> list[Record]:
    found = source(*values)
    return list(load_format(detect_format(found)).read(found, options or Options()))


def own(tmp_path: Path, toml: str, *values: Any) -> list[Record]:
    path = tmp_path / "own.toml"
    path.write_text(toml, "utf-8")
    return list(load_format("fields").read(source(*values), Options(fields=str(path))))


def places(record: Record) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in record.spans]


@pytest.mark.parametrize(
    "value",
    [
        {"text": TEXT, "entities": [{"start_idx": 7, "end_idx": 8, "type": "PLACE", "entity": "太原"}]},
        {"text": TEXT, "entities": [{"start_idx": 7, "end_idx": 9, "type": "PLACE", "entity": "太原"}]},
        {"text": TEXT, "entities": [{"begin": 7, "end": 9, "type": "PLACE", "text": "太原"}]},
        {"text": TEXT, "entities": [{"begin": 7, "end": 8, "type": "PLACE", "text": "太原"}]},
        {"text": TEXT, "entities": [{"offset": 7, "length": 2, "type": "PLACE"}]},
        {"text": TEXT, "entities": [{"position": [7, 8], "type": "PLACE", "word": "太原"}]},
        {"text": TEXT, "ents": [{"start": 7, "end": 9, "label": "PLACE"}]},
        {"text": TEXT, "spans": [{"start": 7, "end": 9, "label": "PLACE", "token_start": 3, "token_end": 3}]},
        {"originalText": TEXT, "entities": [{"start_pos": 7, "end_pos": 9, "label_type": "PLACE", "overlap": 0}]},
        {"text": TEXT, "entities": {"PLACE": [{"start": 7, "end": 9, "text": "太原"}]}},
        {"text": TEXT, "output": [{"start": 7, "end": 9, "type": "PLACE", "span": "太原"}]},
        [TEXT, {"entities": [[7, 9, "PLACE"]]}],
        {"text": TEXT, "tags": ["O"] * 7 + ["B-PLACE", "I-PLACE"] + ["O"] * 3},
        {"tokens": list(TEXT), "ner_tags": ["O"] * 7 + ["B-PLACE", "E-PLACE"] + ["O"] * 3, "pos_tags": [1]},
        {"text": TEXT, "words": ["太原市长来了，", "太原", "开会。"], "tags": ["O", "S-PLACE", "O"]},
        {"sentence": list(TEXT), "ner": [{"index": [7, 8], "type": "PLACE"}]},
        {"tokenized_text": ["太原市长来了，", "太原", "开会。"], "ner": [[1, 1, "PLACE"]]},
        {"tokens": ["太原市长来了，", "太原", "开会。"], "entities": [{"start": 1, "end": 2, "type": "PLACE"}]},
    ],
)
def test_the_second_of_two_names(value: Any) -> None:
    """Wherever the offsets stand, it is the second 太原 that is read: the first is no entity."""
    (record,) = parse(value)
    assert places(record) == [(7, 9, "PLACE")]
    assert record.text == TEXT


@pytest.mark.parametrize(
    "value",
    [
        [[{"start": 7, "end": 9, "label": "PLACE", "text": "太原", "score": 0.9}], []],
        [{"PLACE": [{"start": 7, "end": 9, "text": "太原", "probability": 0.9}]}, {}],
        [
            {"id": None, "entities": [{"start_idx": 7, "end_idx": 8, "type": "PLACE", "entity": "太原"}]},
            {"id": None, "entities": []},
        ],
        [
            {"tokens": list(TEXT), "tags": ["O"] * 7 + ["B-PLACE", "I-PLACE", "O", "O", "O"]},
            {"tokens": ["好"], "tags": ["O"]},
        ],
    ],
)
def test_records_without_id_and_text_are_placed_by_their_order(value: Any) -> None:
    gold = load_source(source(GOLD, {"id": "b", "text": "好", "entities": []}), "g")
    found = read_source(Source("p", json.dumps(value).encode()), gold, ReadOptions())
    assert [(e.start, e.end, e.type) for e in found["a"].entities] == [(7, 9, "PLACE")]
    assert found["b"].entities == ()
    assert found.reading.keyed_by in ("position", "text")


def test_rejected_and_ignored_records_are_left_out_and_counted() -> None:
    span = {"start": 0, "end": 2, "label": "PLACE"}
    values: list[dict[str, Any]] = [
        {"text": "太原好", "spans": [span], "answer": "accept"},
        {"text": "晋祠好", "spans": [span], "answer": "reject"},
        {"text": "汾河好", "answer": "ignore"},
    ]
    place = {"start": 0, "end": 2, "type": "PLACE"}
    gold = [{"id": str(n), "text": v["text"], "entities": [place]} for n, v in enumerate(values)]
    found = read_source(source(*values), load_source(source(*gold), "g"), ReadOptions())
    assert found.reading.rejected == found.reading.notes["rejected"] == 2
    assert list(found) == ["0"]
    as_gold = load_source(source(*values), "g")
    assert [document.text for document in as_gold] == ["太原好"]
    assert as_gold.rejected == GoldFacts.of(as_gold).rejected == 2
    with pytest.raises(InputError, match="has only 1 rejected or ignored record"):
        load_source(source(values[1]), "g")


def test_the_records_of_one_annotator() -> None:
    span = {"start": 0, "end": 2, "label": "PLACE"}
    values = [
        {"text": "太原好", "spans": [span], "answer": "accept", "_annotator_id": "one"},
        {"text": "太原好", "spans": [], "answer": "accept", "_annotator_id": "two"},
    ]
    assert [places(r) for r in parse(*values, options=Options(annotator="two"))] == [[]]
    assert [places(r) for r in parse(*values, options=Options(annotator="one"))] == [[(0, 2, "PLACE")]]
    with pytest.raises(InputError, match="has no record by 'three', expected one of: one, two"):
        parse(*values, options=Options(annotator="three"))


def test_a_text_of_several_annotators_is_not_read_as_several_texts() -> None:
    span = {"start": 0, "end": 2, "label": "PLACE"}
    one = {"text": "太原好", "spans": [span], "answer": "accept", "_annotator_id": "one"}
    two: dict[str, Any] = {**one, "spans": [], "_annotator_id": "two"}
    with pytest.raises(
        InputError, match=r":2: its text was annotated by one and two, .*; pass annotator=NAME to read one"
    ):
        load_source(source(one, two), "g")
    assert len(load_source(source(one, two), "g", options=Options(annotator="two"))) == 1
    # Work that was shared out, what one of them set aside, and what one of them did twice.
    for more in ({**two, "text": "晋祠好"}, {**two, "answer": "ignore"}, {**two, "_annotator_id": "one"}):
        assert len(load_source(source(one, more), "g")) + (more["answer"] == "ignore") == 2


def test_what_langextract_did_not_place_is_looked_for() -> None:
    def one(name: str, interval: Any) -> dict[str, Any]:
        return {"extraction_class": "PLACE", "extraction_text": name, "char_interval": interval, "group_index": 0}

    value = {
        "text": TEXT,
        "document_id": "a",
        "extractions": [
            one("太原", {"start_pos": 7, "end_pos": 9}),
            one("太原市", {"start_pos": 0, "end_pos": 4}),
            one("晋祠", None),
        ],
    }
    (record,) = parse(value)
    assert places(record) == [(7, 9, "PLACE")]
    assert record.mentions == (Mention("太原市", "PLACE"), Mention("晋祠", "PLACE"))
    found = read_source(source(value), load_source(source(GOLD), "g"), ReadOptions())["a"]
    assert {(e.start, e.end) for e in found.entities} == {(0, 3), (7, 9)}
    assert [one.text for one in found.unlocated] == ["晋祠"]


def test_a_name_is_not_put_where_a_span_is() -> None:
    def one(interval: Any) -> dict[str, Any]:
        return {"extraction_class": "PLACE", "extraction_text": "太原", "char_interval": interval}

    value = {"text": TEXT, "document_id": "a", "extractions": [one({"start_pos": 0, "end_pos": 2}), one(None)]}
    found = read_source(source(value), load_source(source(GOLD), "g"), ReadOptions())["a"]
    assert {(e.start, e.end) for e in found.entities} == {(0, 2), (7, 9)}


TAGS = {"tokens": ["太", "原", "好"], "ner_tags": [1, 2, 0]}


def test_tags_that_are_numbers(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"p.jsonl:1: ner_tags are numbers without names"):
        parse(TAGS)
    toml = 'tokens = ["tokens"]\ntags = ["ner_tags"]\nnames = ["O", "B-LOC", "I-LOC"]\n'
    assert [places(r) for r in own(tmp_path, toml, TAGS)] == [[(0, 2, "LOC")]]
    with pytest.raises(InputError, match="the label 3 has no name, expected 0 to 2"):
        own(tmp_path, toml, {**TAGS, "ner_tags": [1, 3, 0]})


def parquet(values: list[dict[str, Any]], metadata: dict[bytes, bytes] | None = None) -> Source:
    import pyarrow
    from pyarrow import parquet as writer

    table = pyarrow.Table.from_pylist(values).replace_schema_metadata(metadata)
    buffer = BytesIO()
    writer.write_table(table, buffer)
    return Source("p.parquet", buffer.getvalue())


def test_parquet_with_the_names_of_its_tags() -> None:
    names = {"feature": {"names": ["O", "B-LOC", "I-LOC"], "_type": "ClassLabel"}, "_type": "List"}
    said = json.dumps({"info": {"features": {"ner_tags": names}}}).encode()
    found = parquet([{"id": "7", **TAGS}, {"id": "8", **TAGS}], {b"huggingface": said})
    assert detect_format(found) == "tags"
    records = list(load_format("tags").read(found, Options()))
    assert [(r.id, places(r)) for r in records] == [("7", [(0, 2, "LOC")]), ("8", [(0, 2, "LOC")])]
    assert [d.text for d in load_source(found, "g")] == ["太原好", "太原好"]
    with pytest.raises(InputError, match="are numbers without names"):
        list(load_format("tags").read(parquet([TAGS]), Options()))


def test_parquet_of_spans_and_what_is_none() -> None:
    found = parquet([{"text": "太原好", "entities": [{"start": 0, "end": 2, "label": "LOC"}]}])
    assert detect_format(found) == "gliner"
    assert [places(r) for r in load_format("gliner").read(found, Options())] == [[(0, 2, "LOC")]]
    with pytest.raises(InputError, match="is not valid Parquet"):
        list(load_format("gliner").read(Source("p", b"PAR1 and no more"), Options()))


@pytest.mark.parametrize(
    ("toml", "value", "expected"),
    [
        (
            'text = ["t"]\nspans = ["s"]\n[span]\nstart = ["a"]\nend = ["b"]\nlabel = ["c"]\n',
            {"t": TEXT, "s": [{"a": 7, "b": 9, "c": "X"}]},
            [(7, 9, "X")],
        ),
        (
            'text = ["t"]\nspans = ["s"]\nends = "inclusive"\n[span]\norder = ["label", "start", "end", "other"]\n',
            {"t": TEXT, "s": [["X", 7, 8, 1]]},
            [(7, 9, "X")],
        ),
        (
            'text = ["t"]\nspans = ["s"]\nunit = "UTF-16 code units"\n[span]\norder = ["start", "end", "label"]\n',
            {"t": "😀太原", "s": [[2, 4, "X"]]},
            [(1, 3, "X")],
        ),
        (
            'text = ["t"]\nspans = ["s"]\nunit = "UTF-8 bytes"\n[span]\norder = ["start", "end", "label"]\n',
            {"t": "😀太原", "s": [[4, 10, "X"]]},
            [(1, 3, "X")],
        ),
        (
            'text = ["t"]\nspans = ["s"]\nby_label = true\n[span]\norder = ["start", "end"]\n',
            {"t": TEXT, "s": {"X": [[7, 9], [0, 2]], "Y": []}},
            [(7, 9, "X"), (0, 2, "X")],
        ),
        (
            'text = ["t"]\nspans = ["s"]\nnames = ["X", "Y"]\n[span]\norder = ["start", "end", "label"]\n',
            {"t": TEXT, "s": [[7, 9, 1]]},
            [(7, 9, "Y")],
        ),
        (
            'text = ["doc.t"]\nspans = ["doc.s"]\n[span]\nplace = ["at.range"]\nlabel = ["l"]\n',
            {"doc": {"t": TEXT, "s": [{"at": {"range": [7, 9]}, "l": "X"}]}},
            [(7, 9, "X")],
        ),
    ],
)
def test_a_map_of_ones_own(tmp_path: Path, toml: str, value: Any, expected: Any) -> None:
    assert [places(r) for r in own(tmp_path, toml, value)] == [expected]


def test_a_map_of_ones_own_for_gold_and_predictions(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('text = ["t"]\nspans = ["s"]\n[span]\norder = ["start", "end", "label"]\n', "utf-8")
    file = tmp_path / "g.jsonl"
    file.write_bytes(source({"t": TEXT, "s": [[7, 9, "PLACE"]]}).data)
    gold = tyez_bench.load(file, options=Options(fields=str(path)))
    assert (gold.format, len(gold[0].entities)) == ("fields", 1)
    assert gold.reading["fields"].startswith("own#")
    found = tyez_bench.read_predictions(file, gold, options=Options(fields=str(path)))
    assert found.asked["fields"] == gold.reading["fields"]
    assert [(e.start, e.end) for e in found[gold[0].id].entities] == [(7, 9)]
    assert load_field_map("prodigy") is shipped()["prodigy"]
    with pytest.raises(UsageError, match="unknown field map 'prodgy', expected one of azure, ccks"):
        load_field_map("prodgy")
    with pytest.raises(UsageError, match=r"the format fields needs a field map; pass options=Options\(fields=FILE\)"):
        tyez_bench.read_predictions(file, gold, format="fields")


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("text = 3\n", r"own.toml: is not a field map: Expected `array`, got `int` - at `\$.text`"),
        ('unknown = ["x"]\n', "is not a field map: Object contains unknown field `unknown`"),
        ("text = [\n", r"own.toml: not valid TOML|own.toml:\d+: not valid TOML"),
        ('text = ["t"]\n', "it defines no spans"),
        ('spans = ["s"]\n', "it defines no offsets"),
        ('spans = ["s"]\n[span]\nstart = ["a"]\n', "it defines no offsets"),
        ('spans = ["s"]\n[span]\nstart = ["a"]\nend = ["b"]\n', "it defines no labels"),
        ('spans = ["s"]\ntags = ["t"]\n', "it has both tags and spans"),
        ('spans = ["s"]\n[span]\nindices = ["i"]\nlabel = ["l"]\n', 'expected unit = "tokens"'),
    ],
)
def test_a_map_that_is_none(tmp_path: Path, toml: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        own(tmp_path, toml, GOLD)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (
            [{"text": TEXT, "entities": [{"start_idx": 7, "end_idx": 8, "type": "X"}]}],
            "p.jsonl:1: unclear whether ends are inclusive",
        ),
        (
            [
                {"text": TEXT, "entities": [{"start_idx": 7, "end_idx": 8, "type": "X", "entity": "太原"}]},
                {"text": TEXT, "entities": [{"start_idx": 7, "end_idx": 9, "type": "X", "entity": "太原"}]},
            ],
            "p.jsonl:2: judging by the texts of the spans, ends are inclusive here and exclusive in line 1",
        ),
        (
            [{"text": TEXT, "spans": [{"start": 7, "end": 9, "label": "X", "char_start": 3}]}],
            "also has 'char_start', which looks like an offset but is not read",
        ),
        ([{"text": TEXT, "spans": [{"start": 7, "end": 7, "label": "X"}]}], "X 7–7 is empty, reversed or negative"),
        (
            [{"text": TEXT, "spans": [{"start": 7.5, "end": 9, "label": "X"}]}],
            "expected a whole number as start, got 7.5",
        ),
        (
            [{"sentence": list(TEXT), "ner": [{"index": [0], "type": "X"}, {"type": "X"}]}],
            "expected a list as index, got None",
        ),
        ([{"sentence": list(TEXT), "ner": [{"index": [0, 2], "type": "X"}]}], "expected consecutive numbers as index"),
        (
            [{"tokens": ["太", "原"], "entities": [{"start": 0, "end": 2, "label": "X"}]}],
            "has 'tokens' instead of a text, and its offsets may count these",
        ),
        ([{"tokens": ["太", "原"], "tags": ["B-X"]}], "has 2 tokens and 1 tags, expected the same number"),
        ([{"tokens": ["太", "原"], "text": "太和", "tags": ["B-X", "I-X"]}], "the token '原' is not in the text"),
        ([{"tokens": ["太", "原"], "tags": ["O", "I-X"]}], "tag 2: I-X after O is illegal in bio"),
        (
            [{"tokens": ["太"], "tags": ["B-X"], "ner_tags": ["B-Y"]}],
            r"expected the tags under one of ner_tags, tags, labels, ner, got \['ner_tags', 'tags'\]",
        ),
    ],
)
def test_what_is_refused(values: list[Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse(*values)


SCHEMA = Path(__file__).parents[2] / "docs" / "fields.schema.json"


def test_the_schema_of_the_docs_holds_for_every_map() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert schema == json.loads(msgspec.json.encode(msgspec.json.schema(FieldMap)))
    for fields in shipped().values():
        jsonschema.validate(json.loads(msgspec.json.encode(fields)), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"text": "text"}, schema)


def test_the_maps_of_the_package() -> None:
    for name, fields in shipped().items():
        assert fields.name == name
        assert fields.title
        assert fields.source
        # What JSON Schema says of a map holds for these.
        assert msgspec.convert(msgspec.to_builtins(fields), type(fields)) == fields


def test_half_of_a_character_is_no_gold() -> None:
    """JSON can write it, and no fingerprint can be made of it."""
    found = Source("p", json.dumps({"text": "太原\ud800", "spans": [{"start": 0, "end": 2, "label": "X"}]}).encode())
    with pytest.raises(InputError, match="has half of a surrogate pair, which is not a character"):
        load_source(found, "g")


def test_the_groups_of_spans_of_docs_as_json() -> None:
    """As Doc.to_json writes them: entities where they are set, groups where there are any."""
    one, other = {"start": 0, "end": 2, "label": "LOC"}, {"start": 0, "end": 3, "label": "ORG", "kb_id": ""}
    both = {"text": "太原好", "ents": [one], "spans": {"sc": [other], "empty": []}, "tokens": []}
    group = Options(spans_key="sc")
    assert [places(r) for r in parse(both)] == [[(0, 2, "LOC")]]
    assert [places(r) for r in parse(both, options=group)] == [[(0, 3, "ORG")]]
    alone = {name: value for name, value in both.items() if name != "ents"}
    assert [places(r) for r in parse(alone, options=group)] == [[(0, 3, "ORG")]]
    assert [places(r) for r in parse(both, {"text": "晋祠", "ents": []}, options=group)] == [[(0, 3, "ORG")], []]
    with pytest.raises(
        InputError, match=r"has no ents, expected its spans there; pass spans_key= to read a group .*'sc'"
    ):
        parse(alone)
    with pytest.raises(
        InputError, match=r"no record has a span under ents, but there are groups of spans; pass spans_key= .*: 'sc'$"
    ):
        parse({**both, "ents": []})
    with pytest.raises(InputError, match="no record has a group of spans 'x', expected one of: 'empty', 'sc'"):
        parse(both, options=Options(spans_key="x"))
