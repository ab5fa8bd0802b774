"""The rows of the tables against the gold and the page, and for gold sets of one's own."""

import json
from pathlib import Path
from typing import Any

import pytest
from seqeval.scheme import IOB2, Entities

import tyez_bench
from tyez_bench.dataset.statistics import ceilings, statistics
from tyez_bench.io.export import rows
from tyez_bench.io.export.columns import ENTITIES, TAGS
from tyez_bench.io.export.words import load_segmenter
from tyez_bench.model.errors import InputError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "annotations" / "page" / "page.txt").read_bytes().decode("utf-8")
Key = tuple[str, int, int, str]


def required(gold: tyez_bench.Gold) -> set[Key]:
    """The required entities of the outermost layer."""
    return {(d.id, e.start, e.end, str(e.type)) for d, e in gold.entities() if e.required and e.outermost}


def decoded(row: dict[str, Any], offsets: list[tuple[int, int]]) -> set[Key]:
    """The entities of a row of tags, by seqeval."""
    found = Entities([[TAGS[tag] for tag in row["ner_tags"]]], scheme=IOB2).entities[0]
    return {
        (row["document"], row["start"] + offsets[e.start][0], row["start"] + offsets[e.end - 1][1], e.tag)
        for e in found
    }


def own(tmp_path: Path, *records: dict[str, Any]) -> tyez_bench.Gold:
    """A gold set of these records."""
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return tyez_bench.load(path)


def test_every_entity_leads_back_to_the_page(gold: tyez_bench.Gold) -> None:
    found = list(rows.entity_rows(gold))
    assert len(found) == sum(1 for _ in gold.entities())
    for row in found:
        assert list(row) == list(ENTITIES)
        assert gold[row["document"]].text[row["start"] : row["end"]] == row["text"]
        assert (PAGE[row["page_start"]], PAGE[row["page_end"] - 1]) == (row["text"][0], row["text"][-1])
        sentence = next(s for s in gold[row["document"]].sentences if s.id == row["sentence"])
        assert sentence.start <= row["start"] < row["end"] <= sentence.end


def test_depth_counts_the_entities_around(gold: tyez_bench.Gold) -> None:
    for row in rows.entity_rows(gold):
        around = [
            e for e in gold[row["document"]].entities
            if e.start <= row["start"] and row["end"] <= e.end and e.id != row["id"]
        ]  # fmt: skip
        assert row["depth"] == len(around)
        assert (row["parent"] is None) is (row["depth"] == 0)


def test_sentences_together_are_the_documents(gold: tyez_bench.Gold) -> None:
    found = list(rows.sentence_rows(gold))
    for document in gold:
        mine = [row for row in found if row["document"] == document.id]
        assert "".join(row["text"] for row in mine) == document.text.replace("\n", "")
        assert [e["id"] for row in mine for e in row["entities"]] == [e.id for e in document.entities]
        for row in mine:
            for entity in row["entities"]:
                assert row["text"][entity["start"] : entity["end"]] == entity["text"]
                assert document.text[entity["document_start"] : entity["document_end"]] == entity["text"]
                assert entity["document_start"] == row["start"] + entity["start"]
                for other in entity["alternatives"]:
                    assert 0 <= other["start"] < other["end"] <= len(row["text"])
                original = next(e for e in document.entities if e.id == entity["id"])
                assert [(o["start"] + row["start"], o["end"] + row["start"]) for o in entity["alternatives"]] == list(
                    original.alternatives
                )


def test_tags_on_characters_are_the_required_outermost_entities(gold: tyez_bench.Gold) -> None:
    found: set[Key] = set()
    for row in rows.token_rows(gold):
        text = gold[row["document"]].text[row["start"] : row["end"]]
        assert row["tokens"] == list(text)
        found |= decoded(row, [(at, at + 1) for at in range(len(text))])
        spans = [(e.start, e.end) for e in gold[row["document"]].entities if e.outermost and not e.required]
        places = range(row["start"], row["end"])
        assert row["optional"] == [any(start <= at < end for start, end in spans) for at in places]
    assert found == required(gold)


@pytest.mark.parametrize("segmenter", ["jieba", "thulac", "spacy:xx"])
def test_tags_on_words_are_the_entities_that_words_can_hold(segmenter: str, gold: tyez_bench.Gold) -> None:
    found: set[Key] = set()
    cut: set[Key] = set()
    for row in rows.word_rows(gold, {segmenter: load_segmenter(segmenter)}):
        text = gold[row["document"]].text[row["start"] : row["end"]]
        offsets = [(o["start"], o["end"]) for o in row["offsets"]]
        assert [text[start:end] for start, end in offsets] == row["tokens"]
        assert "".join(row["tokens"]) == "".join(text.split())
        found |= decoded(row, offsets)
        cut |= {
            (row["document"], e["start"] + row["start"], e["end"] + row["start"], e["type"]) for e in row["misaligned"]
        }
    assert found | cut == required(gold)
    assert not found & cut
    assert len(cut) == len(ceilings(gold, {segmenter: load_segmenter(segmenter)})[0].cut)


@pytest.mark.parametrize("layer", ["outermost", "nested", "all"])
@pytest.mark.parametrize("name", ["char", "jieba", "thulac", "spacy:jieba", "spacy:xx"])
def test_the_ceiling_counted_from_the_boundaries(name: str, layer: str, gold: tyez_bench.Gold) -> None:
    segment = load_segmenter(name)
    held = total = 0
    for document in gold:
        edges = set()
        for sentence in document.sentences:
            at = sentence.start
            for word in segment(document.text[sentence.start : sentence.end]):
                at = document.text.index(word, at)
                edges |= {at, at + len(word)} if word.strip() else set()
                at += len(word)
        for entity in document.entities:
            if entity.required and layer in ("all", "outermost" if entity.outermost else "nested"):
                total += 1
                held += {entity.start, entity.end} <= edges
    (found,) = ceilings(gold, {name: segment}, layer=layer)
    assert found.gold.total() == total
    assert found.share() == held / total


def test_a_type_without_gold_has_no_ceiling(tmp_path: Path) -> None:
    gold = own(tmp_path, {"id": "a", "text": "太原市", "entities": [{"start": 0, "end": 2, "type": "PLACE"}]})
    (found,) = ceilings(gold, {"one": lambda text: [text]})
    assert (found.share("PLACE"), found.share("ORG"), found.share()) == (0, None, 0)


def test_a_gold_set_without_sentences_is_one_sentence_a_document(tmp_path: Path) -> None:
    text = "𠮷林\u3000市\u2028e\u0301👍🏽\n太原"
    gold = own(
        tmp_path,
        {"id": "a", "text": text, "entities": [{"start": 0, "end": 4, "type": "PLACE"}]},
        {"id": "empty", "text": "", "entities": []},
    )
    (row,) = rows.token_rows(gold)
    assert row["id"] == row["document"] == "a"
    assert row["tokens"] == list(text)
    assert [TAGS[tag] for tag in row["ner_tags"]][:5] == ["B-PLACE", "I-PLACE", "I-PLACE", "I-PLACE", "O"]
    (sentence,) = rows.sentence_rows(gold)
    assert (sentence["section"], sentence["entities"][0]["page_start"]) == (None, None)
    assert statistics(gold).sentences == 1


def test_an_entity_that_lies_in_no_sentence_is_refused(tmp_path: Path) -> None:
    """The loader refuses one that crosses an edge; between sentences there may be characters of none."""
    record = {
        "id": "a",
        "text": "太原。古交",
        "entities": [{"start": 3, "end": 5, "type": "PLACE"}],
        "sentences": [{"id": "a.1", "start": 0, "end": 3}],
    }
    with pytest.raises(InputError, match="the entity 'a:3-5' lies in no sentence"):
        list(rows.sentence_rows(own(tmp_path, record)))


def test_the_numbers_of_the_gold() -> None:
    """Counted from the file, not through the loader."""
    lines = [json.loads(line) for line in (ROOT / "data" / "gold.jsonl").read_text("utf-8").splitlines()]
    found = statistics(tyez_bench.load()).to_dict()
    entities = [entity for line in lines for entity in line["entities"]]
    for label in ("PLACE", "ORG", "MONEY", "DATE"):
        for name, outermost, status in (
            ("outermost, required", True, "required"),
            ("outermost, optional", True, "optional"),
            ("nested, required", False, "required"),
            ("nested, optional", False, "optional"),
        ):
            mine = [
                e for e in entities
                if e["type"] == label and (e["parent"] is None) is outermost and e["status"] == status
            ]  # fmt: skip
            assert found["entities"][label][name] == len(mine)
    assert found["characters"] == sum(len(line["text"].replace("\n", "")) for line in lines)
    assert sum(found["depths"].values()) == len(entities)
    flat = [e for e in entities if e["parent"] is None and e["status"] == "required"]
    assert len(found["names"]) == len({(e["type"], e["text"]) for e in flat})
    assert found["names"][0]["times"] == sum(e["text"] == found["names"][0]["text"] for e in flat)
    for label, facts in found["lengths"].items():
        sizes = [len(e["text"]) for e in flat if e["type"] == label]
        assert (facts["shortest"], facts["longest"]) == (min(sizes), max(sizes))
        assert facts["mean"] == pytest.approx(sum(sizes) / len(sizes), abs=0.005)
