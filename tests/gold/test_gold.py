"""The gold holds together, and anybody's gold set loads through the same function."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

import tyez_bench
from tyez_bench.files.jsonl import sha256
from tyez_bench.gold import gold as gold_module
from tyez_bench.gold.manifest import read_manifest
from tyez_bench.model.spans import crossing, parents
from tyez_bench.model.values import Money, Timex

ROOT = Path(__file__).parents[2]
RULE = re.compile(r"\*\*([A-Z]\d)\.")


def test_every_entity_reads_as_it_says(gold: tyez_bench.Gold) -> None:
    assert sum(1 for _ in gold.entities()) > 200
    for document, entity in gold.entities():
        assert document.text[entity.start : entity.end] == entity.text
        assert entity.text == entity.text.strip()
        assert "\n" not in entity.text


def test_every_entity_leads_back_to_the_page(gold: tyez_bench.Gold, page: str) -> None:
    for document, entity in gold.entities():
        offsets = [document.page_offset(i) for i in range(entity.start, entity.end)]
        assert "".join(page[o] for o in offsets if o is not None) == entity.text


def test_parents_are_the_smallest_entities_around(gold: tyez_bench.Gold) -> None:
    for document in gold:
        for entity in document.entities:
            around = [
                other
                for other in document.entities
                if other is not entity and other.start <= entity.start and entity.end <= other.end
            ]
            smallest = min(around, key=lambda other: other.end - other.start, default=None)
            assert entity.parent == (smallest.id if smallest else None)


def test_every_rule_is_in_the_guidelines(gold: tyez_bench.Gold) -> None:
    rules = set(RULE.findall((ROOT / "annotations" / "GUIDELINES.md").read_text("utf-8")))
    assert {entity.rule for _, entity in gold.entities()} <= rules
    assert {entity.rule[0] for _, entity in gold.entities() if entity.rule} == {"P", "O", "M", "D"}


def test_every_rule_of_the_guidelines_is_complete() -> None:
    text = (ROOT / "annotations" / "GUIDELINES.md").read_text("utf-8")
    rules = re.split(r"\n(?=\*\*[A-Z]\d\.|## )", text)
    written = [rule for rule in rules if RULE.match(rule)]
    assert len(written) == len(RULE.findall(text)) > 25
    for rule in written:
        for part in ("Example", "Counter-example", "Standard"):
            assert part in rule, f"{rule[2:4]} has no {part}"


def test_every_money_and_date_has_a_value_and_nothing_else_has(gold: tyez_bench.Gold) -> None:
    for _, entity in gold.entities():
        if entity.type == "MONEY":
            assert isinstance(entity.value, Money)
        elif entity.type == "DATE":
            assert isinstance(entity.value, Timex)
        else:
            assert entity.value is None


def test_amounts_by_arithmetic(gold: tyez_bench.Gold) -> None:
    """Every amount on the page is digits, 万 or 亿, and 元: worked out here in another way."""
    for _, entity in gold.entities():
        if isinstance(entity.value, Money):
            match = re.fullmatch(r"([\d.]+)([万亿])元", entity.text)
            assert match is not None
            worth = Decimal(match[1]) * {"万": 10**4, "亿": 10**8}[match[2]]
            assert entity.value.amount is not None
            assert Decimal(entity.value.amount) == worth


@pytest.mark.parametrize(
    ("document", "surface", "expected"),
    [
        ("xinghualing", "8月9日", ("DATE", "2022-08-09", None, None, None)),
        ("wanbolin", "今年上半年", ("DATE", "2022-H1", None, None, None)),
        ("yingze", "三季度末", ("DATE", "2022-Q3", "END", None, None)),
        ("jiancaoping", "明年9月份", ("DATE", "2023-09", None, None, None)),
        ("gujiao", "4个月", ("DURATION", "P4M", None, None, None)),
        ("xinghualing", "3年到5年", ("DURATION", None, None, "P3Y", "P5Y")),
        ("editor-note", "今日", ("DATE", "2022-08", None, None, None)),
        ("yingze", "每周", ("SET", "P1W", None, None, None)),
        ("yingze", "目前", ("DATE", "PRESENT_REF", None, None, None)),
    ],
)
def test_values_that_the_definitions_name(
    gold: tyez_bench.Gold, document: str, surface: str, expected: tuple[str | None, ...]
) -> None:
    values = [e.value for e in gold[document].entities if e.text == surface]
    assert len(values) == 1
    value = values[0]
    assert isinstance(value, Timex)
    assert (value.type, value.value, value.modifier, value.lower, value.upper) == expected


def test_codes_are_given_to_administrative_areas_only(gold: tyez_bench.Gold) -> None:
    codes = {(e.text, e.code) for _, e in gold.entities() if e.code}
    assert codes == {
        ("山西", "140000"), ("太原", "140100"), ("太原市", "140100"), ("迎泽", "140106"), ("迎泽区", "140106"),
        ("杏花岭区", "140107"), ("尖草坪区", "140108"), ("万柏林", "140109"), ("万柏林区", "140109"),
        ("晋", "140000"), ("阳曲", "140122"), ("阳曲县", "140122"), ("古交", "140181"), ("古交市", "140181"),
        ("无锡", "320200"), ("深圳", "440300"),
    }  # fmt: skip
    named = {text for text, _ in codes}
    assert [e.id for _, e in gold.entities() if e.text in named and e.code is None] == []


def test_nested_places_are_locations(gold: tyez_bench.Gold) -> None:
    for _, entity in gold.entities():
        assert entity.role != "actor" or entity.outermost


def test_a_name_is_not_left_unmarked_elsewhere(gold: tyez_bench.Gold) -> None:
    """Every occurrence of a required name of three characters or more lies inside some entity or its alternative."""
    names = {e.text for _, e in gold.entities() if e.required and e.type in ("PLACE", "ORG") and len(e.text) > 2}
    for document in gold:
        for name in names:
            for match in re.finditer(re.escape(name), document.text):
                extents = [b for e in document.entities for b in ((e.start, e.end), *e.alternatives)]
                assert any(start <= match.start() and match.end() <= end for start, end in extents), name


def test_published_copies_are_one_gold(gold: tyez_bench.Gold) -> None:
    annotations = tyez_bench.load(ROOT / "annotations" / "gold.jsonl")
    assert annotations.documents == gold.documents
    assert annotations.fingerprint == gold.fingerprint


def test_the_manifest_has_the_hash_of_every_published_file(gold: tyez_bench.Gold) -> None:
    data = ROOT / "data"
    manifest = read_manifest(data)
    published = {p.relative_to(data).as_posix() for p in data.rglob("*") if p.is_file()}
    assert set(manifest.files) == published - {"manifest.json"}
    for name, facts in manifest.files.items():
        assert sha256((data / name).read_bytes()) == facts.sha256
        assert (data / name).stat().st_size == facts.bytes
    assert manifest.page_sha256 == sha256((ROOT / "annotations" / "page" / "page.txt").read_bytes())
    assert gold.version == manifest.version == tyez_bench.__version__


def test_every_value_is_of_a_day_or_longer(gold: tyez_bench.Gold) -> None:
    for _, entity in gold.entities():
        if isinstance(entity.value, Timex):
            assert entity.value.type != "TIME"
            assert "T" not in (entity.value.value or "").replace("PRESENT_REF", "")


def test_a_changed_gold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = ROOT / "data"
    text = (data / "gold.jsonl").read_text("utf-8")
    (tmp_path / "gold.jsonl").write_text(text.replace('"status":"optional"', '"status":"required"', 1), "utf-8")
    (tmp_path / "manifest.json").write_bytes((data / "manifest.json").read_bytes())
    monkeypatch.setattr(gold_module, "data_dir", lambda: tmp_path)
    with pytest.raises(tyez_bench.InputError, match=r"gold.jsonl: SHA-256 is .* the file was changed"):
        tyez_bench.load()


def test_documents_by_position_and_id(gold: tyez_bench.Gold) -> None:
    assert gold[0] is gold["series"]
    assert "yingze" in gold
    assert "nowhere" not in gold
    assert len(gold) == len(list(gold)) == 8
    with pytest.raises(KeyError):
        gold["nowhere"]


def test_everything_is_immutable(gold: tyez_bench.Gold) -> None:
    for thing, name in ((gold, "name"), (gold[0], "text"), (gold[0].entities[0], "start")):
        with pytest.raises(AttributeError):
            setattr(thing, name, None)


def test_reprs_and_notebook_display(gold: tyez_bench.Gold) -> None:
    assert repr(gold).startswith("<Gold tyez 1.")
    assert repr(gold["series"]).startswith("<Document 'series': 16 characters")
    assert repr(gold["series"].entities[0]) == "<PLACE '太原一体化经济区域' 1–10>"
    html = gold["yingze"]._repr_html_()
    assert html.count("<mark ") == html.count("</mark>") == len(gold["yingze"].entities)
    assert re.sub(r"<[^>]*>", "", html) == gold["yingze"].text


def write(tmp_path: Path, *records: object) -> Path:
    """A gold set of somebody else's."""
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path


def test_a_small_gold_set_of_ones_own(tmp_path: Path) -> None:
    record = {
        "id": "x",
        "text": "𠮷林市投资3元",
        "entities": [
            {"start": 5, "end": 7, "type": "MONEY", "value": {"amount": "3", "currency": "CNY"}},
            {"start": 0, "end": 2, "type": "PLACE"},
            {"start": 0, "end": 3, "type": "PLACE"},
        ],
    }
    own = tyez_bench.load(write(tmp_path, record))
    assert own.name == "own"
    assert own.version is None
    assert [(e.id, e.text, e.parent) for e in own["x"].entities] == [
        ("x:0-3", "𠮷林市", None),
        ("x:0-2", "𠮷林", "x:0-3"),
        ("x:5-7", "3元", None),
    ]
    assert own["x"].entities[2].value == Money(amount="3", currency="CNY")
    assert own.locate(0) is None


def test_the_schema_accepts_the_gold_and_refuses_others() -> None:
    import jsonschema

    schema = json.loads((ROOT / "data" / "gold.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for line in (ROOT / "data" / "gold.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        assert validator.is_valid(record)
        for entity in record["entities"][:1]:
            entity["type"] = "CITY"
            assert not validator.is_valid(record)


def test_the_page_has_nothing_outside_the_gold_that_looks_like_money(gold: tyez_bench.Gold) -> None:
    """An independent look for amounts: digits before 万元 or 亿元. It proposes nothing, it counts."""
    seen = sum(len(re.findall(r"\d(?:\.\d+)?[万亿]元", document.text)) for document in gold)
    assert seen == sum(entity.type == "MONEY" for _, entity in gold.entities())


def test_parents_by_hand() -> None:
    assert parents([(0, 9), (0, 4), (1, 2), (5, 9), (9, 12)]) == [None, 0, 1, 0, None]
    # Spans that cross are both outermost; two labels of one span stand side by side.
    assert parents([(0, 4), (3, 6)]) == [None, None]
    assert parents([(0, 9), (0, 4), (0, 4), (3, 6), (3, 4)]) == [None, 0, 0, 0, 3]
    assert crossing([(0, 9), (0, 4), (3, 6)]) == (1, 2)
    assert crossing([(0, 9), (0, 4), (0, 4), (4, 6)]) is None


def test_ids_say_where_an_entity_is(gold: tyez_bench.Gold) -> None:
    counts = Counter(entity.id for _, entity in gold.entities())
    assert max(counts.values()) == 1
    for document, entity in gold.entities():
        assert entity.id == f"{document.id}:{entity.start}-{entity.end}"


def test_records_survive_a_round_trip(gold: tyez_bench.Gold) -> None:
    for document in gold:
        assert msgspec.json.decode(msgspec.json.encode(document), type=tyez_bench.Document) == document
