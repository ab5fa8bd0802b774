"""Offsets that make sense only in another unit: told by all texts of a file together, once, and never of right ones."""

import json
from pathlib import Path

import pytest

import tyez_bench
from checks_run import check_text, said
from tyez_bench.cli import main
from tyez_bench.io.align.texts import code_points_at

# Characters that no two units count alike, in front of names; each span by its surface.
TEXTS = (
    ("👨\u200d👩\u200d👧记者从太原市获悉。", "太原市"),
    ("晋祠\r\n\n🎉汾酒集团在大同市签约。", "大同市"),
    ("e\u0301晋\r\n\n🇨🇳在长治市投资3亿元。", "3亿元"),
    ("在太原市开会。", "太原市"),
)
COUNTED = (
    "UTF-16 code units",
    "UTF-8 bytes",
    "line ends CR LF as one character",
    "line ends as CR LF",
    "grapheme clusters",
)


def lines(unit: str | None, *, surfaces: bool = False) -> list[str]:
    """The texts as records with offsets in a unit (None: code points); one span outside of its text is left out."""
    found = []
    for number, (text, name) in enumerate(TEXTS):
        start = text.index(name)
        at = range(len(text) + 1)
        back = {i: i for i in at} if unit is None else {i: o for o, i in code_points_at(text, unit).items()}
        span = {"start": back[start], "end": back[start + len(name)], "type": "MONEY" if "元" in name else "PLACE"}
        if surfaces:
            span["text"] = text[int(span["start"]) : int(span["end"])]
        spans = [span] if int(span["end"]) <= len(text) else []
        record = {"id": f"r{number}", "text": text, "entities": spans}
        found.append(json.dumps(record, ensure_ascii=False))
    return found


@pytest.mark.parametrize("unit", COUNTED)
@pytest.mark.parametrize("surfaces", [False, True])
def test_another_unit_is_one_finding_a_file(unit: str, surfaces: bool, tmp_path: Path) -> None:
    """Surfaces that were cut out by the wrong offsets change nothing."""
    found = check_text(tmp_path, *lines(unit, surfaces=surfaces), select=["S115"]).findings
    if unit == "UTF-8 bytes":
        # All spans but one are outside of their texts, which is another finding.
        assert found == ()
        return
    assert len(found) == 1
    assert f"seem to count {unit}: " in found[0].message


def test_right_offsets_are_none_whatever_stands_before_them(tmp_path: Path) -> None:
    assert check_text(tmp_path, *lines(None), select=["S115"]).findings == ()
    # One slip among spans that are right is no unit.
    slip = '{"id":"s","text":"🎉在IBM的人","entities":[{"start":3,"end":6,"type":"ORG"}]}'
    assert check_text(tmp_path, *lines(None), slip, select=["S115"]).findings == ()
    assert [f.code for f in check_text(tmp_path, slip, select=["S1"]).findings] == ["S108"]


def test_bytes_that_stay_inside_of_the_text(tmp_path: Path) -> None:
    text = "在太原市开会并且讨论了，听取了汇报。"
    record = {"id": "a", "text": text, "entities": [{"start": 3, "end": 12, "type": "PLACE"}]}
    (found,) = check_text(tmp_path, json.dumps(record, ensure_ascii=False), select=["S115"]).findings
    assert "count UTF-8 bytes: PLACE '市开会并且讨论了，' would be '太原市'; of 1 spans" in found.message


def test_the_command_says_it_of_a_file_in_any_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(
        json.dumps({"text": TEXTS[0][0], "label": [[11, 14, "PLACE"]]}, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    out = said(capsys, 1, "check", str(path), "--select", "S115")
    assert out.startswith(f"S115 offsets-of-another-unit (warning)  {path}:1 ")
    assert (
        "count UTF-16 code units: PLACE '获悉。' would be '太原市'; of 1 spans that this moves, 1 have an odd edge"
        in out
    )
    fields = tmp_path / "own.toml"
    fields.write_text(
        'text = ["text"]\nspans = ["label"]\nunit = "UTF-16 code units"\n[span]\norder = ["start", "end", "label"]\n'
    )
    assert main(["check", str(path), "--fields", str(fields), "--select", "S"]) == 0


def test_a_directory_is_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two texts of brat's speak together; each alone would not be enough."""
    for name, text, at in (("a", "🎉在IBM的人", 3), ("b", "🎉在IBM签约", 3)):
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
        (tmp_path / f"{name}.ann").write_text(f"T1\tORG {at} {at + 3}\t{text[at : at + 3]}\n", "utf-8")
    out = said(capsys, 1, "check", str(tmp_path), "--select", "S115")
    assert out.count("S115 ") == 1
    assert "of 2 spans that this moves, 2 have an odd edge" in out
    (tmp_path / "b.ann").unlink()
    (tmp_path / "b.txt").unlink()
    assert main(["check", str(tmp_path), "--select", "S115"]) == 0


def test_the_library_is_told_what_offsets_count_as_the_command_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(lines("UTF-16 code units")) + "\n", "utf-8")
    options = tyez_bench.Options(offsets="utf-16")
    assert [one.code for one in tyez_bench.check(path, select=["S115"]).findings] == ["S115"]
    assert tyez_bench.check(path, select=["S115"], options=options).findings == ()
    assert main(["check", str(path), "--select", "S115", "--offsets", "utf-16"]) == 0
    assert "no findings" in capsys.readouterr().out
    with pytest.raises(tyez_bench.UsageError, match="offsets are 'utf-7', expected one of code-points, "):
        tyez_bench.check(path, options=tyez_bench.Options(offsets="utf-7"))
    with pytest.raises(tyez_bench.UsageError, match="expected options without align"):
        tyez_bench.check(path, options=tyez_bench.Options(align=True))


def test_the_library_is_told_which_labels_are_out_of_scope(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(lines(None)).replace("MONEY", "SUM") + "\n", "utf-8")
    assert [one.code for one in tyez_bench.check(path, label_set="tyez", level=1).findings] == ["F004"]
    assert tyez_bench.check(path, label_set="tyez", level=1, ignore_labels=["SUM"]).findings == ()
