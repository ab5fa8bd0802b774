"""What may be wrong with a span whose text is not what its offsets lead to: the same words for every format."""

import json
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.io.align.texts import code_points_at, in_code_points, is_other_word, shift_hint
from tyez_bench.io.gold import load_source
from tyez_bench.io.read import ReadOptions, read_predictions, read_source
from tyez_bench.io.record import Options
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import CommandLine, asked_by, unadvised
from tyez_bench.model.spans import Span

FAMILY = "👨\u200d👩\u200d👧在太原市"


@pytest.mark.parametrize(
    ("text", "surface", "start", "end", "says"),
    [
        ("在太原市", "太原市", 1, 3, "is its end offset inclusive?"),
        ("在太原市", "太原市", 2, 4, "is its start counted from 1, and its end inclusive?"),
        ("在太原市。", "太原市", 2, 5, "are the offsets counted from 1?"),
        ("太原市  晋源区", "太原市 晋源区", 0, 8, "only white space differs"),
        ("太原\n\n", "太原", 0, 4, "only white space differs"),
        ("𠮷在太原", "太原", 3, 5, "is at 2: do the offsets count UTF-16 code units"),
        ("𠮷在太原", "太原", 7, 13, "is at 2: do the offsets count UTF-8 bytes"),
        (FAMILY, "太原市", 2, 5, "is at 6: do the offsets count grapheme clusters"),
        ("e\u0301🇨🇳在太原", "太原", 3, 5, "is at 5: do the offsets count grapheme clusters"),
        ("晋祠\r\n在太原", "太原", 4, 6, "is at 5: do the offsets count line ends CR LF as one character"),
        ("晋祠\n在太原", "太原", 5, 7, "is at 4: do the offsets count line ends as CR LF"),
        ("在太原市", "汾河", 1, 3, ""),
        ("在太原市", "太原", 1, 3, ""),
        ("在太原市", "太原", -1, 1, ""),
    ],
)
def test_the_hint(text: str, surface: str, start: int, end: int, says: str) -> None:
    found = shift_hint(text, surface, start, end)
    assert says in found
    assert bool(says) is bool(found)


def test_line_ends_are_counted_as_one_character_where_marks_are_not() -> None:
    text = "e\u0301晋\r\n在太原"
    assert shift_hint(text, "太原", 5, 7).startswith(" (it is at 6: do the offsets count line ends CR LF as one")


def test_advice_is_given_where_it_can_be_followed() -> None:
    assert shift_hint("𠮷在太原", "太原", 3, 5).endswith(
        "instead of code points?); pass align=True to convert them; pass offsets='utf-16'"
    )
    assert shift_hint("𠮷在太原", "太原", 3, 5, align=False).endswith("code points?); pass offsets='utf-16'")
    with unadvised("offsets"):
        assert shift_hint("𠮷在太原", "太原", 3, 5).endswith("code points?); pass align=True to convert them")
    with unadvised("offsets", when=False):
        assert shift_hint("𠮷在太原", "太原", 3, 5).endswith("to convert them; pass offsets='utf-16'")
    # The end counts something else.
    assert shift_hint("𠮷在太原", "太原", 3, 4, align=True).endswith(
        ", and its end inclusive?); pass offsets='inclusive,from-1'"
    )
    assert shift_hint("𠮷𠮷在太原", "太原", 5, 6).endswith(
        "is at 3: do the offsets count UTF-16 code units instead of code points?)"
    )
    with asked_by(CommandLine({"trust": "--trust"})):
        assert shift_hint("𠮷在太原", "太原", 3, 5).endswith("instead of code points?)")


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        (2, 3, "reads '太', but its word is '太 原' (is its end offset inclusive"),
        (3, 5, "reads '原和', but its word is '太 原' (it is at 2: do the offsets count UTF-16"),
        (7, 13, "is outside the text (0–6) (it is at 2: do the offsets count UTF-8 bytes"),
        (1, 4, "are the offsets into words joined by spaces (is_split_into_words=True)?"),
    ],
)
def test_what_a_pipeline_calls_a_word_gives_the_hints_of_a_text(start: int, end: int, says: str) -> None:
    text = "𠮷在太原和我"
    item = {"entity_group": "LOC", "word": "太 原", "start": start, "end": end}
    source = Source("p", json.dumps({"text": text, "entities": [item]}).encode())
    with pytest.raises(InputError) as refused:
        load_source(source, "g")
    assert says in str(refused.value)
    if "align converts" in str(refused.value):
        gold = load_source(source, "g", options=Options(align=True))
        assert [(e.start, e.end) for e in gold[0].entities] == [(2, 4)]
        assert gold.changed == {"moved": 1}


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        (2, 3, r"\(is its end offset inclusive"),
        (3, 5, r"\(it is at 2: do the offsets count UTF-16"),
        (7, 13, r"outside the text .*\(it is at 2: do the offsets count UTF-8 bytes"),
        (3, 4, r"\(is its start counted from 1, and its end inclusive"),
    ],
)
def test_a_gold_set_in_our_own_form_has_the_hints(start: int, end: int, says: str, ids: bool) -> None:
    record = {"text": "𠮷在太原和我", "entities": [{"start": start, "end": end, "type": "LOC", "text": "太原"}]}
    source = Source("p", json.dumps({"id": "a", **record} if ids else record).encode())
    with pytest.raises(InputError, match=says) as refused:
        load_source(source, "g")
    # Our own form counts code points, and is not converted.
    assert ("to convert" in str(refused.value)) is (not ids and "do the offsets" in str(refused.value))


@pytest.mark.parametrize(("key", "text"), [("mention", "𠮷在太原"), ("surface", "𠮷在太原")])
def test_a_gold_set_with_names_that_ours_has_not_is_read_as_predictions_are(key: str, text: str) -> None:
    """By whether ends are last characters, in code points and in bytes."""
    for start, end, align in ((2, 4, False), (2, 3, False), (7, 13, True), (7, 12, True)):
        record = {"text": text, "entities": [{"start": start, "end": end, "type": "LOC", key: "太原"}]}
        gold = load_source(Source("p", json.dumps(record).encode()), "g", options=Options(align=align))
        assert [(e.start, e.end) for e in gold[0].entities] == [(2, 4)]
    named = Source("p", json.dumps({"id": "a", **record}).encode())
    with pytest.raises(InputError, match=f"unknown field `{key}` .*; read it with format='offsets'"):
        load_source(named, "g")
    assert len(load_source(named, "g", format="offsets", options=Options(align=True))[0].entities) == 1


@pytest.mark.parametrize(
    ("start", "end", "unit"),
    [(2, 5, "grapheme clusters"), (9, 12, "UTF-16 code units"), (21, 30, "UTF-8 bytes")],
)
def test_align_converts_every_unit(start: int, end: int, unit: str) -> None:
    assert in_code_points(FAMILY, (Span(start, end, "X", "太原市"),)) == (unit, (Span(6, 9, "X", "太原市"),))


def test_edges_inside_a_character_are_nowhere() -> None:
    assert code_points_at("𠮷太", "UTF-16 code units") == {0: 0, 2: 1, 3: 2}
    assert code_points_at("a\r\nb", "line ends CR LF as one character") == {0: 0, 1: 1, 2: 3, 3: 4}


@pytest.mark.parametrize(
    ("word", "surface", "other"),
    [
        ("太 原", "太原", False),
        ("##原", "原", False),
        ("▁Taiyuan", "Taiyuan", False),
        ("apple", "Ａｐｐｌｅ", False),
        ("[UNK] 原", "𠮷原", False),
        ("å¤ªåİŁ", "太原", False),
        ("cafe", "café", False),
        ("太 原", "原市", True),
        ("", "太原", False),
    ],
)
def test_another_word(word: str, surface: str, other: bool) -> None:
    assert is_other_word(word, surface) is other


def gold_of(text: str, start: int, end: int) -> tyez_bench.Gold:
    record = {"id": "a", "text": text, "entities": [{"start": start, "end": end, "type": "PLACE"}]}
    return load_source(Source("g", json.dumps(record).encode() + b"\n"), "g")


def said(text: str, span: dict[str, Any]) -> Source:
    task = {"data": {"id": "a", "text": text}, "annotations": [{"result": [{"type": "labels", "value": span}]}]}
    return Source("p", json.dumps([task]).encode())


def test_lost_blanks_are_passed_over_by_align_and_by_trust() -> None:
    text = "在太原市  晋源区。"
    source = said(text, {"start": 1, "end": 9, "text": "太原市 晋源区", "labels": ["PLACE"]})
    gold = gold_of(text, 1, 9)
    with pytest.raises(
        InputError, match=r"only white space differs\); pass align=True to ignore it; pass trust=.offsets. to take"
    ):
        read_source(source, gold, ReadOptions())
    for how in (ReadOptions(align=True), ReadOptions(options=Options(trust="offsets"))):
        assert [(e.start, e.end) for e in read_source(source, gold, how)["a"].entities] == [(1, 9)]
    assert len(load_source(source, "g", options=Options(trust="offsets"))[0].entities) == 1
    with pytest.raises(tyez_bench.UsageError, match="trust is 'text', expected offsets"):
        read_source(source, gold, ReadOptions(options=Options(trust="text")))


def test_white_space_at_an_edge_is_told() -> None:
    text = "在太原\n\n市"
    source = said(text, {"start": 1, "end": 5, "text": "太原\n\n", "labels": ["PLACE"]})
    assert read_source(source, gold_of(text, 1, 3), ReadOptions()).reading.notes["white_edges"] == 1


def test_brat_whose_texts_differ(tmp_path: Path) -> None:
    """All in one message, with their number; the offsets can be trusted."""
    for name, end in (("a", 2), ("b", 2), ("c", 3)):
        (tmp_path / f"{name}.txt").write_text("太原市签约。", "utf-8")
        (tmp_path / f"{name}.ann").write_text(f"T1\tPLACE 0 {end}\t太原市\nT2\tX 3 5\t签约\n", "utf-8")
    gold = load_source(
        Source("g", b"".join(json.dumps({"id": i, "text": "太原市签约。"}).encode() + b"\n" for i in "abc")), "g"
    )
    with pytest.raises(InputError) as error:
        read_predictions(tmp_path, gold)
    assert str(error.value) == (
        f"{tmp_path}/a.ann:1: T1: PLACE 0–2 reads '太原', but its text is '太原市' (is its end offset inclusive?)"
        "; pass options=Options(offsets='inclusive'); the same is true of 2 annotations in 2 files"
        "; pass options=Options(trust='offsets') to take the text at the offsets"
    )
    found = tyez_bench.load(tmp_path, options=Options(trust="offsets"))
    assert [[(e.start, e.end) for e in d.entities] for d in found] == [[(0, 2), (3, 5)]] * 2 + [[(0, 3), (3, 5)]]


def annotated(*by: tuple[Any, int]) -> dict[str, Any]:
    return {
        "data": {"id": "a", "text": "太原市签约。"},
        "annotations": [
            {"completed_by": who, "result": [{"type": "labels", "value": {"start": 0, "end": end, "labels": ["P"]}}]}
            for who, end in by
        ],
    }


def test_annotators_of_label_studio() -> None:
    source = Source("p", json.dumps([annotated((1, 3), ({"id": 2, "email": "b@example.org"}, 2))]).encode())
    with pytest.raises(
        InputError, match=r"2 annotations by 1, b@example.org, expected one; pass annotator=NAME to read"
    ):
        load_source(source, "g")
    for annotator, end in (("1", 3), ("2", 2), ("b@example.org", 2)):
        gold = load_source(source, "g", options=Options(annotator=annotator))
        assert [(e.start, e.end) for e in gold[0].entities] == [(0, end)]
        assert gold.reading["annotator"] == annotator
    with pytest.raises(InputError, match=r"has no annotation by '3', expected one of: 1, b@example.org"):
        load_source(source, "g", options=Options(annotator="3"))
    twice = Source("p", json.dumps([annotated((1, 3), (1, 2))]).encode())
    with pytest.raises(InputError, match="the task has 2 annotations by 1, expected one"):
        load_source(twice, "g", options=Options(annotator="1"))
    left_out = Source("p", json.dumps([annotated((1, 3)), {**annotated((2, 3)), "data": {"text": "晋祠"}}]).encode())
    assert [len(d.entities) for d in load_source(left_out, "g", options=Options(annotator="1"))] == [1, 0]
