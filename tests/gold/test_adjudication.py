"""Passes and log make the gold; a log that is not true to the passes is refused."""

from pathlib import Path
from typing import Any

import pytest

from tyez_bench.files.jsonl import encode_lines
from tyez_bench.gold.build.adjudication import Decision, Origin, Reading, adjudicate, differences, read_log
from tyez_bench.gold.derived import with_entities
from tyez_bench.model.documents import Document, Entity, Status
from tyez_bench.model.errors import AnnotationError

DOCUMENT = Document(id="d", text="甲市乙局丙县")


def one_pass(*spans: tuple[int, int, str], **attributes: Any) -> tuple[Document, ...]:
    """A pass with these entities."""
    entities = [
        Entity(id=f"d:{s}-{e}", start=s, end=e, text=DOCUMENT.text[s:e], type=label, rule="P1", **attributes)
        for s, e, label in spans
    ]
    return (with_entities(DOCUMENT, entities),)


A = one_pass((0, 2, "PLACE"), (4, 6, "PLACE"))
B = one_pass((0, 4, "ORG"), (4, 6, "PLACE"))
PLACE = Reading(type="PLACE", rule="P1")
ORG = Reading(type="ORG", rule="P1")


def entry(number: str, start: int, end: int, origin: Origin, **more: Any) -> Decision:
    """An entry of the log."""
    text = DOCUMENT.text[start:end]
    return Decision(
        id=number, document="d", start=start, end=end, text=text, origin=origin, rule="G3", reason="r", **more
    )


TWO = [
    entry("1", 0, 4, "difference", b=ORG, decision=ORG),
    entry("2", 0, 2, "difference", a=PLACE, decision=PLACE),
]


def decide(tmp_path: Path, entries: list[Decision]) -> tuple[Document, ...]:
    """Adjudicate with a log of these entries."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(encode_lines(entries))
    return adjudicate((DOCUMENT,), A, B, read_log(path), path)


def test_differences_in_order() -> None:
    assert [place for place, _, _ in differences(A, B)] == [("d", 0, 4), ("d", 0, 2)]
    assert list(differences(A, A)) == []
    optional = one_pass((0, 2, "PLACE"), (4, 6, "PLACE"), status=Status.OPTIONAL)
    assert len(list(differences(A, optional))) == 2


def test_agreed_and_decided_entities_make_the_gold(tmp_path: Path) -> None:
    (document,) = decide(tmp_path, TWO)
    assert [(e.text, e.type, e.parent) for e in document.entities] == [
        ("甲市乙局", "ORG", None),
        ("甲市", "PLACE", "d:0-4"),
        ("丙县", "PLACE", None),
    ]


def test_a_decision_can_be_that_there_is_no_entity(tmp_path: Path) -> None:
    none = entry("2", 0, 2, "difference", a=PLACE)
    (document,) = decide(tmp_path, [TWO[0], none])
    assert [e.text for e in document.entities] == ["甲市乙局", "丙县"]


def test_a_third_reading_adds_and_removes(tmp_path: Path) -> None:
    added = entry("3", 2, 3, "third-reading", decision=PLACE)
    removed = entry("4", 4, 6, "third-reading", a=PLACE, b=PLACE)
    (document,) = decide(tmp_path, [*TWO, added, removed])
    assert [e.text for e in document.entities] == ["甲市乙局", "甲市", "乙"]


def other(decision: Decision, **changes: Any) -> Decision:
    """An entry with changes."""
    fields = {name: getattr(decision, name) for name in Decision.__struct_fields__}
    return Decision(**{**fields, **changes})


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([TWO[0]], "1 difference between the passes not decided, first d 0–2 '甲市'"),
        ([*TWO, other(TWO[1], id="3")], "do not differ here, or the difference is decided already"),
        ([*TWO, other(TWO[1])], "this id occurs twice"),
        ([TWO[0], other(TWO[1], text="甲")], "text is '甲', but 0–2 reads '甲市'"),
        ([TWO[0], other(TWO[1], document="e")], "unknown document 'e'"),
        ([TWO[0], other(TWO[1], a=None)], "pass A is misquoted"),
        ([TWO[0], other(TWO[1], b=PLACE)], "pass B is misquoted"),
        ([*TWO, other(TWO[1], id="3", origin="erratum")], "changes nothing"),
        (
            [other(TWO[0], id="3", start=1, text="市乙局", b=None, origin="third-reading"), *TWO],
            "is inconsistent",
        ),
    ],
)
def test_a_log_that_is_not_true_is_refused(tmp_path: Path, entries: list[Decision], reason: str) -> None:
    with pytest.raises(AnnotationError) as error:
        decide(tmp_path, entries)
    assert reason in str(error.value)
