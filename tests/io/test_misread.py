"""Offsets without texts of their own that fit the gold when they are read otherwise: said, and nothing is changed."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.io.align.texts import UNITS, WORDS, code_points_at, first_told
from tyez_bench.io.gold import load_source
from tyez_bench.io.read import Predictions, ReadOptions, read_source
from tyez_bench.io.record import Options
from tyez_bench.io.source import Source
from tyez_bench.model.hints import Arguments, asked_by
from tyez_bench.report.reading import counted_words

Span = tuple[int, int]
TEXTS = (
    "👨\u200d👩\u200d👧记者从太原市获悉。",
    "𠮷野家\r\n\r\n在大同市开业。",
    "晋祠\n\n在太原市开会。",
    "长治市签约。",
)
TRUSTING = Options(trust="offsets")
NAMES = ("太原市", "大同市", "太原市", "长治市")
PLACES = [(text.index(name), text.index(name) + 3) for text, name in zip(TEXTS, NAMES, strict=True)]


def lines(*records: dict[str, Any]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def gold(*texts: str, at: list[Span] = PLACES) -> tyez_bench.Gold:
    spans = [[{"start": s, "end": e, "type": "PLACE"}] for s, e in at]
    records = [{"id": str(n), "text": t, "entities": one} for n, (t, one) in enumerate(zip(texts, spans, strict=True))]
    return load_source(Source("g", lines(*records)), "g")


def doccano(spans: list[Span], texts: tuple[str, ...] = TEXTS, label: str = "PLACE") -> Source:
    return Source("p", lines(*({"text": t, "label": [[*s, label]]} for t, s in zip(texts, spans, strict=True))))


def counted(unit: str) -> list[Span]:
    """The gold's places as a tool writes them that counts in a unit."""
    found = []
    for text, (start, end) in zip(TEXTS, PLACES, strict=True):
        back = {index: offset for offset, index in code_points_at(text, unit).items()}
        found.append((back[start], back[end]))
    return found


def notes(found: Predictions) -> dict[str, Any]:
    return dict(found.reading.notes.get("misread", {}))


def as_advised(source: Source, whole: tyez_bench.Gold, said: dict[str, Any]) -> list[Span]:
    """The places of a file that is read as the note advises; nothing more is said of it."""
    found = read_source(source, whole, ReadOptions(options=Options(offsets=said["offsets"])))
    assert notes(found) == {}
    return [(e.start, e.end) for one in found.values() for e in one.entities]


def test_no_advice_that_a_format_refuses() -> None:
    """CLUENER's ends are last characters by definition."""
    texts = tuple(f"在{name}开会。" for name in ("太原市", "大同市", "长治市", "晋城市"))
    records = [{"text": text, "label": {"PLACE": {"": [[1, 2]]}}} for text in texts]
    found = read_source(Source("p", lines(*records)), gold(*texts, at=[(1, 4)] * 4), ReadOptions(options=TRUSTING))
    assert notes(found) == {"if": "ends are inclusive", "fit": 4, "as_read": 0, "of": 4}


def test_the_unit_that_is_counted_is_named() -> None:
    for unit in ("UTF-16 code units", "line ends CR LF as one character", "line ends as CR LF", "grapheme clusters"):
        found = read_source(doccano(counted(unit)), gold(*TEXTS), ReadOptions())
        told = sum(
            (first := first_told(t, unit)) is not None and e > first
            for t, (_, e) in zip(TEXTS, counted(unit), strict=True)
        )
        assert notes(found) == {
            "if": f"offsets count {unit}",
            "fit": told,
            "as_read": 0,
            "of": told,
            "offsets": WORDS[unit],
        }
        # What is said changes nothing, and what is advised reads them so.
        assert [(e.start, e.end) for one in found.values() for e in one.entities] == counted(unit)
        assert as_advised(doccano(counted(unit)), gold(*TEXTS), notes(found)) == PLACES


def test_bytes_inside_of_the_text_are_named() -> None:
    text = "在太原市开会，讨论明年的计划。"
    found = read_source(doccano([(3, 12)], (text,)), gold(text, at=[(1, 4)]), ReadOptions())
    assert notes(found)["if"] == "offsets count UTF-8 bytes"


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (lambda s, e: (s, e - 1), "ends are inclusive"),
        (lambda s, e: (s + 1, e + 1), "offsets are counted from 1"),
        (lambda s, e: (s + 1, e), "offsets are counted from 1, and ends are inclusive"),
    ],
)
def test_other_ends_are_named(read: Callable[[int, int], Span], words: str) -> None:
    texts = tuple(f"在{name}开会。" for name in ("太原市", "大同市", "长治市", "晋城市"))
    at = [(1, 4)] * 4
    found = read_source(doccano([read(*span) for span in at], texts), gold(*texts, at=at), ReadOptions())
    assert (notes(found)["if"], notes(found)["fit"], notes(found)["as_read"]) == (words, 4, 0)
    source = doccano([read(*span) for span in at], texts)
    assert as_advised(source, gold(*texts, at=at), notes(found)) == at
    # Two spans that end early are what any system has.
    two = read_source(doccano([read(*span) for span in at[:2]], texts[:2]), gold(*texts[:2], at=at[:2]), ReadOptions())
    assert notes(two) == {}


def test_one_span_that_is_a_character_off_is_an_error_and_two_are_a_unit() -> None:
    texts = ("🎉在太原市开会。", "🎉在大同市开会。")
    right, counted = (2, 5), (3, 6)
    assert notes(read_source(doccano([counted], texts[:1]), gold(texts[0], at=[right]), ReadOptions())) == {}
    both = read_source(doccano([counted] * 2, texts), gold(*texts, at=[right] * 2), ReadOptions())
    assert (notes(both)["if"], notes(both)["fit"]) == ("offsets count UTF-16 code units", 2)


def test_what_is_right_or_merely_wrong_is_not_doubted() -> None:
    assert notes(read_source(doccano(PLACES), gold(*TEXTS), ReadOptions())) == {}
    # One that would fit otherwise, among others that fit as they are.
    mixed = [counted("UTF-16 code units")[0], *PLACES[1:]]
    texts = (TEXTS[0], "🎉" + TEXTS[3], "🎉" + TEXTS[3], TEXTS[3])
    at = [PLACES[0], (1, 4), (1, 4), (0, 3)]
    assert notes(read_source(doccano([mixed[0], *at[1:]], texts), gold(*texts, at=at), ReadOptions())) == {}
    assert notes(read_source(doccano([(0, 2)] * 4), gold(*TEXTS), ReadOptions())) == {}


def test_texts_that_fit_and_labels_out_of_scope_have_no_say() -> None:
    text = "🎉🎉在太原市太原市。"
    span = {"start_offset": 5, "end_offset": 8, "label": "PLACE"}
    source = Source("p", lines({"text": text, "label": [span | {"text": "市太原"}]}))
    assert notes(read_source(source, gold(text, at=[(3, 6)]), ReadOptions())) == {}
    bare = Source("p", lines({"text": text, "label": [span]}))
    assert notes(read_source(bare, gold(text, at=[(3, 6)]), ReadOptions()))["fit"] == 1
    assert notes(read_source(bare, gold(text, at=[(3, 6)]), ReadOptions(ignore_labels=frozenset({"PLACE"})))) == {}
    # Offsets that are trusted in the place of texts are looked at.
    trusting = ReadOptions(options=Options(trust="offsets"))
    assert notes(read_source(source, gold(text, at=[(3, 6)]), trusting))["if"] == "offsets count UTF-16 code units"


def test_sentences_and_records_without_texts() -> None:
    """Offsets into a sentence are compared there, and converted by its text where the record has none."""
    text = "晋祠在太原。🎉🎉在太原市开会。"
    record = {"id": "a", "text": text, "entities": [{"start": 9, "end": 12, "type": "PLACE"}]}
    parts = [{"id": "a.s1", "start": 0, "end": 6}, {"id": "a.s2", "start": 6, "end": 15}]
    whole = load_source(Source("g", lines(record | {"sentences": parts})), "g")
    span = {"start": 5, "end": 8, "type": "PLACE"}
    found = read_source(Source("p", lines({"id": "a.s2", "entities": [span]})), whole, ReadOptions())
    said = {"if": "offsets count UTF-16 code units", "fit": 1, "as_read": 0, "of": 1, "offsets": "utf-16"}
    assert notes(found) == said
    how = ReadOptions(options=Options(offsets="utf-16"))
    found = read_source(Source("p", lines({"id": "a.s2", "entities": [span]})), whole, how)
    assert [(e.start, e.end) for e in found["a"].entities] == [(9, 12)]
    assert found.reading.notes == {"keyed_by": "sentence", "missing_sentences": 1, "unit": "UTF-16 code units"}


def test_it_stands_beside_the_score_with_the_way_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "gold.jsonl"
    places = [{"start": s, "end": e, "type": "PLACE"} for s, e in PLACES]
    own.write_bytes(
        lines(*({"id": str(n), "text": t, "entities": [p]} for n, (t, p) in enumerate(zip(TEXTS, places, strict=True))))
    )
    (tmp_path / "p.jsonl").write_bytes(doccano(counted("UTF-16 code units")).data)
    (tmp_path / "q.jsonl").write_bytes(doccano(PLACES).data)
    files = [str(tmp_path / "p.jsonl"), "--gold", str(own), "--draws", "100"]
    said = (
        "offsets may count something else: if offsets count UTF-16 code units, 2 of 2 spans that this moves are where "
        "the gold has one, as read none; --offsets utf-16 reads them that way"
    )
    assert main(["score", *files]) == 0
    assert f"\n{said}\n" in capsys.readouterr().out
    assert main(["compare", str(tmp_path / "q.jsonl"), *files]) == 0
    out = capsys.readouterr().out
    assert f"\np: {said}\n" in out
    assert "q: offsets" not in out
    fields = tmp_path / "own.toml"
    fields.write_text(
        'text = ["text"]\nspans = ["label"]\nunit = "UTF-16 code units"\n[span]\norder = ["start", "end", "label"]\n'
    )
    for way in (["--fields", str(fields)], ["--offsets", "utf-16"]):
        assert main(["score", *files, *way, "--json"]) == 0
        data = json.loads(capsys.readouterr().out)
        assert data["headline"]["value"] == 1
        assert "misread" not in data["reading"]
    with asked_by(Arguments(())):
        assert "offsets=" not in counted_words(
            read_source(doccano(counted("grapheme clusters")), gold(*TEXTS), ReadOptions()).reading.notes
        )


def test_a_span_outside_of_the_text_is_told_why() -> None:
    text = "𠮷野家在太原"
    for span, why in (
        (
            (5, 7),
            r"\(0–6\) \(do the offsets count UTF-16 code units instead of code points\?\); pass offsets='utf-16'$",
        ),
        ((13, 19), r"\(do the offsets count UTF-8 bytes"),
        ((5, 9), r"\(0–6\)$"),
    ):
        with pytest.raises(tyez_bench.InputError, match=why):
            read_source(doccano([span], (text,)), gold(text, at=[(4, 6)]), ReadOptions())
    with pytest.raises(tyez_bench.InputError, match=r"are the offsets counted from 1\?\); pass offsets='from-1'"):
        read_source(doccano([(3, 5)], ("在太原好",)), gold("在太原好", at=[(1, 3)]), ReadOptions())


def test_no_character_that_tells_units_apart_is_passed_over() -> None:
    """What is looked for to save time holds every character that goes on with the one before it."""
    text = "".join(f"a{chr(number)}" for number in range(sys.maxunicode + 1))
    begins = set(code_points_at(text, "grapheme clusters").values())
    marks = [text[index] for index in range(1, len(text), 2) if index not in begins]
    assert len(marks) > 2000
    assert [mark for mark in marks if first_told(f"a{mark}", "grapheme clusters") != 1] == []
    assert [first_told("a\r\n\nb🎉é", unit) for unit in UNITS] == [5, 5, 2, 3, 2]
    assert [first_told("🎉好", unit) for unit in UNITS] == [0, 0, None, None, None]
    assert first_told("🇨🇳", "grapheme clusters") == 1
