"""Names that are marked in one place and not in another: what is a slip, by how the set itself marks names."""

import json
from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.checks.rule import Finding, joined
from tyez_bench.checks.rules.habits import Habits, around
from tyez_bench.cli import main
from tyez_bench.model.labels import Kind


def findings(folder: Path, *texts: str) -> list[Finding]:
    """What the rules about repeated names find in texts in which ⟦ and ⟧ stand around a LOC."""
    with (folder / "gold.jsonl").open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            plain, entities = "", []
            for part in text.replace("⟧", "⟦").split("⟦"):
                if part.startswith("*"):
                    entities.append({"start": len(plain), "end": len(plain) + len(part) - 1, "type": "LOC"})
                plain += part.removeprefix("*")
            file.write(json.dumps({"id": f"d{number}", "text": plain, "entities": entities}) + "\n")
    codes = ("X602", "X603", "X610")
    return [one for one in tyez_bench.check(folder / "gold.jsonl").findings if one.code in codes]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_name_is_one_finding_with_all_its_places(tmp_path: Path) -> None:
    (one,) = findings(tmp_path, "在⟦*太原⟧。", "从太原。", "到太原，", "又在⟦*太原⟧，", "回太原。", "去⟦*太原⟧。")
    assert one.code == "X603"
    assert one.message.endswith("in another text it is marked as LOC, as in 3 places in all; 2 more places like this")
    assert sorted(place.document or "" for place in one.each()) == ["d1", "d2", "d4"]
    assert {place.fingerprint for place in one.each()} >= {one.fingerprint}
    assert all(place.message.endswith("as in 3 places in all") for place in one.each())


@pytest.mark.parametrize(
    "text",
    [
        "发展中国家很多。",
        "孙中国·李来了。",
        "在《中国后妃列传》中。",
        "中国石油公司的人。",
        "他是中国艺术家。",
        "意大利和中国人都来了。",
        "满洲、中国、朝鲜等民族。",
        "说中国话。",
    ],
)
def test_words_that_only_look_like_the_name(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, "在⟦*中国⟧。", text) == []


@pytest.mark.parametrize("text", ["⟦*名古屋⟧市营地铁", "⟦*名古屋⟧市域很大"])
def test_a_longer_name_is_none_where_its_end_begins_another_word(tmp_path: Path, text: str) -> None:
    findings(tmp_path, "在⟦*名古屋市⟧。", f"在{text}。")
    assert [one for one in tyez_bench.check(tmp_path / "gold.jsonl").findings if one.code == "X604"] == []
    findings(tmp_path, "在⟦*名古屋市⟧。", "在⟦*名古屋⟧市中。")
    assert [one.document for one in tyez_bench.check(tmp_path / "gold.jsonl").findings if one.code == "X604"] == ["d1"]


def test_a_word_that_is_marked_once_is_the_slip(tmp_path: Path) -> None:
    (one,) = findings(tmp_path, "⟦*他们⟧来了。", "后来他们走了。", "他们好。", "⟦*太原⟧好。")
    assert (one.code, one.document, one.start, one.more) == ("X610", "d0", 0, ())


def test_a_name_that_is_a_numeral_as_well_is_no_slip_where_most_of_it_is_marked(tmp_path: Path) -> None:
    marks = [f"在⟦*八里⟧{'。' * number}" for number in range(1, 9)]
    assert [one.code for one in findings(tmp_path, *marks, "不到八里路")] == []


@pytest.mark.parametrize("text", ["向西北偏西移动", "他联想到这些", "卖包子吗"])
def test_words_that_are_marked_as_names_once_are_words_elsewhere(tmp_path: Path, text: str) -> None:
    word = next(one for one in ("西北", "联想", "包子") if one in text)
    marks = [f"⟦*{name}⟧很好。" for name in ("太原", "大同", "临汾", "运城")]
    assert findings(tmp_path, f"⟦*{word}⟧来了。", *marks, text) == []


def test_what_no_dictionary_has_is_a_name_rather_than_what_is_made_of_words(tmp_path: Path) -> None:
    marks = [f"到⟦*{name}⟧的{'。' * number}" for number, name in enumerate(("太原", "大同", "临汾", "运城"))]
    assert [one.surface for one in findings(tmp_path, "到⟦*戈来德⟧了", *marks, "那戈来德的")] == ["戈来德"]
    assert findings(tmp_path, "到⟦*子弟学校⟧了", *marks, "那子弟学校的") == []


def test_traditional_characters_are_read_as_simplified_ones(tmp_path: Path) -> None:
    assert findings(tmp_path, "在⟦*國軍⟧。", "聯合國軍隊來了。") == []
    assert [one.surface for one in findings(tmp_path, "在⟦*臺灣⟧。", "他去臺灣。")] == ["臺灣"]


def test_a_set_that_does_not_mark_names_between_such_words_is_followed() -> None:
    sides = around("太原人很多", 0, 2)
    follows = Habits([(Kind.PLACE, around("在太原。", 1, 3))] * 20, [(Kind.PLACE, sides)] * 20)
    marks = Habits([(Kind.PLACE, sides)] * 20, [(Kind.PLACE, sides)] * 2)
    assert follows.times(Kind.PLACE, sides) < 0.2 < 1 < marks.times(Kind.PLACE, sides)


def test_findings_of_one_cause_become_the_surest() -> None:
    def finding(line: int, rank: int, cause: str) -> Finding:
        return Finding(code="X603", message="m", path="p", line=line, cause=cause, rank=rank)

    one, other, alone = finding(1, 1, "a"), finding(2, 0, "a"), finding(3, 0, "")
    assert joined([one, alone, other])[0] == alone
    assert joined([one, alone, other])[1].more == (one,)
    assert joined([one, alone, other])[1].message == "m; 1 more place like this"
    assert joined([one]) == [one]


def test_what_is_to_be_done_is_listed_place_by_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    findings(tmp_path, "在⟦*太原⟧。", "从太原。", "到太原，")
    assert main(["suggest", "gold.jsonl", "--output-format", "concise"]) == 0
    assert [line.partition(": ")[0] for line in capsys.readouterr().out.splitlines()[:2]] == [
        "gold.jsonl:2 d1:1-3",
        "gold.jsonl:3 d2:1-3",
    ]
