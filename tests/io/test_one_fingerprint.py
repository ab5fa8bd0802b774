"""One gold set has one fingerprint in every form that holds all of it, with ids and without, written and exported.

Every form of a gold set is exported to every format, and read back. What a format does not hold stands below by name,
with the reason; a format that came to hold it would fail here, too.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

import tyez_bench
from tyez_bench.files.jsonl import encode_lines, sha256, write_atomic, write_directory
from tyez_bench.gold.derived import canonical, fingerprint, is_made_up
from tyez_bench.gold.gold import Gold, GoldStream
from tyez_bench.io.export.files import FORMATS, export
from tyez_bench.io.gold import load
from tyez_bench.model.errors import UsageError

Texts = list[tuple[str, list[tuple[int, int, str]]]]

# A blank in a name and beside one, characters beyond 16 bits, one text twice, the second time with other names.
FLAT: Texts = [
    ("在 New York 开会。", [(2, 10, "LOC")]),
    ("𠮷田到海州", [(0, 2, "人名"), (3, 5, "LOC")]),
    ("今天没有人来", []),
    ("𠮷田到海州", [(0, 2, "人名")]),
    ("今天没有人来", []),
]
# No white space: what columns hold without their texts.
CLOSE: Texts = [(text.replace(" ", ""), [(1, 8, "LOC")] if " " in text else spans) for text, spans in FLAT]
# Names in names, three deep, and beside each other.
NESTED: Texts = [
    ("海州市政府大楼", [(0, 7, "楼"), (0, 5, "ORG"), (0, 3, "LOC")]),
    ("蓝鲸公司海州分部", [(0, 8, "ORG"), (0, 4, "ORG"), (4, 6, "LOC")]),
    ("海州市政府大楼", [(0, 3, "LOC")]),
]
# In the order of their names, which is that of the files in a directory.
IDS = ("d1", "d2", "d3", "d4", "d5")
Writer = Callable[[Texts, tuple[str, ...] | None], str]


def tagged(text: str, spans: list[tuple[int, int, str]]) -> tuple[list[tuple[int, int]], list[str]]:
    """Each character that is no blank, and its tag."""
    places = [(at, at + 1) for at, character in enumerate(text) if character != " "]
    tags = ["O"] * len(places)
    for start, end, label in spans:
        within = [number for number, (at, _) in enumerate(places) if start <= at < end]
        for number in within:
            tags[number] = f"{'B' if number == within[0] else 'I'}-{label}"
    return places, tags


def columns(row: Callable[[int, str, str, bool], str], id_line: str = "# id = {}\n") -> Writer:
    """Columns with the text above them; ``row`` makes a line of number, token, tag and whether a blank follows."""

    def write(texts: Texts, ids: tuple[str, ...] | None) -> str:
        parts = []
        for number, (text, spans) in enumerate(texts):
            places, tags = tagged(text, spans)
            parts += [id_line.format(ids[number])] if ids else []
            parts += [f"# text = {text}\n"]
            parts += [
                row(count, text[start:end], tag, text[end : end + 1] == " ") + "\n"
                for count, ((start, end), tag) in enumerate(zip(places, tags, strict=True), 1)
            ]
            parts.append("\n")
        return "".join(parts)

    return write


def lines(record: Callable[[str, list[tuple[int, int, str]]], dict[str, Any]]) -> Writer:
    """JSON Lines of what ``record`` makes of a text and its spans, with an id where there is one."""

    def write(texts: Texts, ids: tuple[str, ...] | None) -> str:
        made = [{**({"id": ids[n]} if ids else {}), **record(*one)} for n, one in enumerate(texts)]
        return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in made)

    return write


def keyed(start: str, end: str, label: str) -> Callable[[list[tuple[int, int, str]]], list[dict[str, Any]]]:
    """Spans as objects with these keys."""
    return lambda spans: [{start: a, end: b, label: c} for a, b, c in spans]


def cluener(text: str, spans: list[tuple[int, int, str]]) -> dict[str, Any]:
    """CLUENER's labels of names of places with inclusive ends."""
    found: dict[str, dict[str, list[list[int]]]] = {}
    for start, end, label in spans:
        found.setdefault(label, {}).setdefault(text[start:end], []).append([start, end - 1])
    return {"text": text, "label": found}


def misc(number: int, token: str, tag: str, blank: bool) -> str:
    """A line of CoNLL-U with the tag in MISC."""
    after = "" if blank else "SpaceAfter=No|"
    return f"{number}\t{token}\t_\tX\t_\t_\t_\t_\t_\t{after}NER={tag}"


HOLD_NESTED: dict[str, Writer] = {
    "native": lines(lambda t, s: {"text": t, "entities": keyed("start", "end", "type")(s)}),
    "cluener": lines(cluener),
    "doccano": lines(lambda t, s: {"text": t, "label": [list(one) for one in s]}),
    "prodigy": lines(lambda t, s: {"text": t, "spans": keyed("start", "end", "label")(s), "answer": "accept"}),
    "spacy-json": lines(lambda t, s: {"text": t, "ents": keyed("start", "end", "label")(s)}),
}
WRITERS: dict[str, Writer] = {
    **HOLD_NESTED,
    "conll": columns(lambda number, token, tag, blank: f"{token}\t{tag}"),
    "uner": columns(lambda number, token, tag, blank: f"{number}\t{token}\t{tag}\t-\t-", "# sent_id = {}\n"),
    "conllu": columns(misc, "# sent_id = {}\n"),
}


def of_tokens(text: str, spans: list[tuple[int, int, str]]) -> dict[str, Any]:
    """Tokens and tags side by side."""
    places, tags = tagged(text, spans)
    return {"tokens": [text[start:end] for start, end in places], "ner_tags": tags}


SETS: dict[str, tuple[Texts, dict[str, Writer]]] = {
    "flat": (FLAT, WRITERS),
    # Tokens alone have no place for a text of their own.
    "close": (CLOSE, {**WRITERS, "tags": lines(of_tokens)}),
    "nested": (NESTED, HOLD_NESTED),
}
BY_NAME = "a directory has the order of its files' names, which are made up"
# Set, whether it has ids, and format: what an export of all of it does not hold.
OTHER = {
    ("nested", True, "docbin"): "what is nested stands in a group of spans, and Doc.ents are read",
    ("nested", False, "docbin"): "what is nested stands in a group of spans, and Doc.ents are read",
    ("flat", False, "brat"): BY_NAME,
    ("close", False, "brat"): BY_NAME,
    ("nested", False, "brat"): BY_NAME,
}
# What is not exported, or is no gold set, and what the refusal says.
NONE: dict[object, str] = {("nested", "conll"): "overlap", "native": "without texts are not a gold set"}
cases = pytest.mark.parametrize(
    ("name", "ids"),
    [(name, ids) for name in SETS for ids in (IDS, None)],
    ids=[f"{name}-{'with' if ids else 'without'}" for name in SETS for ids in (IDS, None)],
)


def forms_of(folder: Path, name: str, ids: tuple[str, ...] | None) -> dict[str, Gold]:
    """A set in each form that is written here, read."""
    texts, writers = SETS[name]
    found = {}
    for form, write in writers.items():
        path = folder / f"{name}.{form}"
        path.write_text(write(texts, ids), encoding="utf-8")
        found[form] = load(path)
    return found


def exported(gold: Gold, format: str, folder: Path) -> Gold:
    """A gold set that was exported with all its entities, and read back."""
    layer = None if format in ("gold", "docbin") else "all"
    data = export(gold, format, layer=layer, comments=format == "conll").data
    path = folder / f"made.{format}"
    if isinstance(data, bytes):
        write_atomic(path, data)
    else:
        write_directory(path, data)
    return load(path)


@cases
def test_a_set_has_one_fingerprint_in_every_form(name: str, ids: tuple[str, ...] | None, tmp_path: Path) -> None:
    texts, _ = SETS[name]
    found = forms_of(tmp_path, name, ids)
    for form, gold in found.items():
        # UNER's columns are read by the reader of all columns.
        assert gold.format == ("conll" if form == "uner" else form)
        spans = [[(e.start, e.end, e.type) for e in document.entities] for document in gold]
        assert ([d.text for d in gold], spans) == ([t for t, _ in texts], [s for _, s in texts]), form
        assert [is_made_up(d.id, d.text) for d in gold] == [ids is None] * len(texts), form
    assert len({gold.fingerprint for gold in found.values()}) == 1, {f: g.fingerprint for f, g in found.items()}


@cases
@pytest.mark.parametrize("format", FORMATS)
def test_a_set_keeps_its_fingerprint_when_it_is_exported(
    name: str, ids: tuple[str, ...] | None, format: str, tmp_path: Path
) -> None:
    if format == "docbin":
        pytest.importorskip("spacy")
    gold = forms_of(tmp_path, name, ids)["native"]
    reason = NONE.get(format) or NONE.get((name, format))
    if reason is not None:
        with pytest.raises(UsageError, match=reason):
            exported(gold, format, tmp_path)
        return
    made = exported(gold, format, tmp_path)
    assert (made.fingerprint != gold.fingerprint) == ((name, ids is not None, format) in OTHER)
    if OTHER.get((name, ids is not None, format)) == BY_NAME:
        # Our rule tells the sentences of brat's texts; they are no part of the file, nor of its fingerprint.
        lines = [canonical(structs.replace(document, sentences=())) for document in made]
        assert sorted(lines) == sorted(map(canonical, gold))
    if format == "gold":
        assert made.documents == gold.documents
        stream = GoldStream(tmp_path / "made.gold", made.labels)
        assert len(list(stream)) == len(gold)
        assert stream.fingerprint == gold.fingerprint


def test_sentences_of_our_rule_are_part_of_the_form_that_has_them(tmp_path: Path) -> None:
    """Intervals hang on them: the own form of brat's texts says which they are, and is another set."""
    brat = exported(forms_of(tmp_path, "nested", IDS)["native"], "brat", tmp_path)
    own = exported(brat, "gold", tmp_path)
    assert own.documents == brat.documents
    assert own.fingerprint == fingerprint(brat.documents) != brat.fingerprint


def test_ids_that_somebody_gave_are_part_of_the_fingerprint(tmp_path: Path) -> None:
    assert forms_of(tmp_path, "flat", IDS)["conll"].fingerprint != forms_of(tmp_path, "flat", None)["conll"].fingerprint
    # The id of another text is nobody's but the file's.
    text, other = "海州", "北州"
    made = sha256(other.encode())[:12]
    path = tmp_path / "other.jsonl"
    path.write_text(json.dumps({"id": made, "text": text, "entities": []}), "utf-8")
    named = load(path)
    path.write_text(json.dumps({"text": text, "entities": []}), "utf-8")
    assert named.fingerprint != load(path).fingerprint
    assert not named.places


def test_a_part_of_an_exported_set_is_that_part(tmp_path: Path) -> None:
    """The second of two equal texts keeps the number in its id when the first is gone."""
    gold = forms_of(tmp_path, "flat", None)["native"]
    path = tmp_path / "part.jsonl"
    path.write_bytes(encode_lines(gold.documents[3:]))
    part = load(path)
    assert [document.id[12:] for document in part] == ["-2", "-2"]
    path.write_text(HOLD_NESTED["doccano"](FLAT[3:], None), "utf-8")
    assert part.fingerprint == load(path).fingerprint


def test_ids_given_and_made_up_in_one_file(tmp_path: Path) -> None:
    """What looks made up stands in the file before the text without one: each has an id of its own."""
    text = "海州"
    made = sha256(text.encode())[:12]
    records = [{"id": made, "text": text}, {"text": text}, {"id": f"{made}-3", "text": text}, {"id": "a", "text": text}]
    path = tmp_path / "mixed.jsonl"
    path.write_text("".join(json.dumps({**one, "label": []}) + "\n" for one in [*records, {"text": text}]), "utf-8")
    gold = load(path)
    assert [document.id for document in gold] == [made, f"{made}-2", f"{made}-3", "a", f"{made}-4"]
    assert gold.places == {gold[n].id: f"{path}:{n + 1}" for n in (0, 1, 2, 4)}


def test_what_only_the_own_schema_has_is_read_without_ids(tmp_path: Path) -> None:
    """Optional entities were read as required ones where the file had no ids."""
    entities = [{"start": 0, "end": 3, "type": "人名"}, {"start": 4, "end": 6, "type": "地名", "status": "optional"}]
    found = {}
    for name, ids in (("with", {"id": "a"}), ("number", {"id": 1}), ("without", {})):
        path = tmp_path / f"{name}.jsonl"
        path.write_text(json.dumps({**ids, "text": "王小明在海州", "entities": entities}) + "\n", "utf-8")
        found[name] = load(path)
        assert [str(e.status) for _, e in found[name].entities()] == ["required", "optional"], name
    assert found["number"][0].id == "1"
    assert exported(found["without"], "gold", tmp_path).fingerprint == found["without"].fingerprint


def test_the_built_in_set_has_the_fingerprint_of_its_file() -> None:
    """Nobody made its ids up: signatures of releases stay what they were."""
    gold = tyez_bench.load()
    assert gold.fingerprint == sha256(encode_lines(gold)) == fingerprint(gold)
    assert not gold.places


def test_errors_name_the_place_of_a_text_without_an_id(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text('{"text": "在海州", "label": [[1, 3, "地 名"]]}\n', "utf-8")
    place = re.escape(f"{path}:1: ")
    gold = load(path)
    for format in ("conll", "brat", "inline"):
        with pytest.raises(UsageError, match=f"^{place}the label '地 名' can't"):
            export(gold, format)
    pytest.importorskip("spacy")
    for format in ("conll", "docbin"):
        with pytest.raises(UsageError, match=f"first {place}地 名 '海州' 1–3"):
            export(gold, format, words="spacy:xx")
