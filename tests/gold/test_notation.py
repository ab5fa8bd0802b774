"""The notation of the passes: what it says, and what is refused with its line."""

from pathlib import Path

import pytest

from tyez_bench.gold.build.notation import read_pass
from tyez_bench.model.documents import Document, Role, Status
from tyez_bench.model.errors import AnnotationError
from tyez_bench.model.values import Modifier, Money

TEXT = "甲市乙局称\n约3万元"
DOCUMENT = Document(id="d", text=TEXT)


def parse(tmp_path: Path, marked: str, name: str = "d") -> Document:
    """Read a pass of one document."""
    path = tmp_path / "pass.txt"
    path.write_text(f"=== {name}\n{marked}\n", "utf-8")
    return read_pass(path, (DOCUMENT,))[0]


def test_all_that_a_mark_can_say(tmp_path: Path) -> None:
    found = parse(
        tmp_path,
        "⟦ORG rule=O1|⟦PLACE? role=actor code=110000 rule=P1|甲市⟧乙局⟧称\n"
        "约⟦MONEY amount=30000 currency=CNY mod=APPROX alt=约3万元 rule=M1|3万元⟧",
    )
    org, place, money = found.entities
    assert (org.text, org.type, org.parent, org.rule) == ("甲市乙局", "ORG", None, "O1")
    assert (place.start, place.end, place.parent, place.status) == (0, 2, org.id, Status.OPTIONAL)
    assert (place.role, place.code) == (Role.ACTOR, "110000")
    assert money.value == Money(amount="30000", currency="CNY", modifier=Modifier.APPROX)
    assert money.alternatives == ((6, 10),)
    assert found.text == TEXT


@pytest.mark.parametrize(
    ("marked", "line", "reason"),
    [
        ("甲市乙局说\n约3万元", 2, "differs at character 4: '说"),
        ("甲市乙局称\n约3万", 3, "differs at character 9"),
        ("⟦CITY rule=P1|甲市⟧乙局称\n约3万元", 2, "is not a mark"),
        ("⟦PLACE rule=P1甲市⟧乙局称\n约3万元", 2, "is not a mark"),
        ("⟦PLACE rule=P1|甲市乙局称\n约3万元", 2, "⟦ without ⟧"),
        ("甲市⟧乙局称\n约3万元", 2, "⟧ without ⟦"),
        ("⟦PLACE|甲市⟧乙局称\n约3万元", 2, "names no rule"),
        ("⟦PLACE size=3 rule=P1|甲市⟧乙局称\n约3万元", 2, "unknown key 'size'"),
        ("⟦PLACE role=actor role=actor rule=P1|甲市⟧乙局称\n约3万元", 2, "'role' is given twice"),
        ("⟦PLACE role=boss rule=P1|甲市⟧乙局称\n约3万元", 2, "Invalid enum value 'boss'"),
        ("⟦PLACE code=11 rule=P1|甲市⟧乙局称\n约3万元", 2, "matching regex"),
        ("⟦ORG role=actor rule=O1|甲市⟧乙局称\n约3万元", 2, "ORG can't carry a role"),
        ("甲市乙局称\n约⟦MONEY amount=3万 currency=CNY rule=M1|3万元⟧", 3, "not a decimal amount"),
        ("甲市乙局称\n约⟦MONEY amount=3 currency=CNY alt=4万元 rule=M1|3万元⟧", 3, "overlaps it 0 times"),
        ("⟦PLACE rule=P1|⟦PLACE rule=P1|甲市⟧⟧乙局称\n约3万元", 2, "PLACE 0–2 '甲市' occurs twice"),
        ("⟦PLACE rule=P1|⟦ORG rule=O1|甲市⟧⟧乙局称\n约3万元", 2, "entity id 'd:0-2' occurs twice"),
        ("⟦PLACE alt=甲市乙 rule=P1|甲市⟧乙局称\n约⟦DATE value=P3X type=DURATION rule=D2|3万元⟧", 3, "not a TIMEX3"),
    ],
)
def test_what_is_refused_and_where(tmp_path: Path, marked: str, line: int, reason: str) -> None:
    with pytest.raises(AnnotationError) as error:
        parse(tmp_path, marked)
    assert reason in error.value.reason
    assert error.value.line == line


def test_documents_are_all_there_once(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="unknown document 'e'"):
        parse(tmp_path, TEXT, name="e")
    path = tmp_path / "pass.txt"
    path.write_text(f"=== d\n{TEXT}\n=== d\n{TEXT}\n", "utf-8")
    with pytest.raises(AnnotationError, match="'d' occurs twice"):
        read_pass(path, (DOCUMENT,))
    path.write_text(f"=== d\n{TEXT}\n", "utf-8")
    with pytest.raises(AnnotationError, match="'e' is missing"):
        read_pass(path, (DOCUMENT, Document(id="e", text="x")))
    path.write_text("text first\n", "utf-8")
    with pytest.raises(AnnotationError, match="expected a line '=== id' first"):
        read_pass(path, (DOCUMENT,))
