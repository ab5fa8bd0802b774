"""Small gold sets: what a single unit, or a few, can't tell is a dash with its reason, and no certainty."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.report.tables.scores import width_note

TEXT = "太钢在太原市投资3亿元。太原市很大。"
ENTITIES = [(0, 2, "ORG"), (3, 6, "PLACE"), (8, 11, "MONEY"), (12, 15, "PLACE")]
ONE = "it rests on one {} alone, and so does every draw"


def gold_of(folder: Path, *ids: str, entities: list[tuple[int, int, str]] = ENTITIES) -> str:
    """A gold set with the text once for each id, without sentences."""
    spans = [{"start": s, "end": e, "text": TEXT[s:e], "type": label} for s, e, label in entities]
    return written(folder / "gold.jsonl", [{"id": id_, "text": TEXT, "entities": spans} for id_ in ids])


def answer(folder: Path, name: str, **found: list[tuple[int, int, str]]) -> str:
    """Predictions by document."""
    records = [
        {"id": id_, "entities": [{"start": s, "end": e, "type": label} for s, e, label in spans]}
        for id_, spans in found.items()
    ]
    return written(folder / f"{name}.jsonl", records)


def written(path: Path, records: list[dict[str, Any]]) -> str:
    """The path of a file with these records."""
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return str(path)


def told(capsys: pytest.CaptureFixture[str], *command: str, code: int = 0) -> str:
    """What a command prints."""
    assert main(list(command)) == code
    return capsys.readouterr().out


def read(capsys: pytest.CaptureFixture[str], *command: str) -> Any:
    """What a command prints as JSON."""
    return json.loads(told(capsys, *command, "--json"))


def test_a_unit_has_one_name_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The records of another format are no sentences, in slices, comparisons and surfaces either."""
    record = {"id": "a", "text": TEXT, "label": [[s, e, label] for s, e, label in ENTITIES]}
    gold, why = written(tmp_path / "gold.jsonl", [record]), ONE.format("record")
    one, other = answer(tmp_path, "one", a=ENTITIES[:2]), answer(tmp_path, "other", a=ENTITIES[:3])
    found = read(capsys, "score", "--gold", gold, one, "--slices", "type")
    reasons = [found["surface"]["micro"]["f1_interval_reason"], found["scores"]["micro"]["f1_interval_reason"]]
    assert {*reasons, *(part["f1_interval_reason"] for part in found["slices"])} == {why}
    assert read(capsys, "compare", "--gold", gold, one, other)["pairs"][0]["reason"] == why


@pytest.mark.parametrize("unit", ["sentence", "document"])
def test_one_unit_has_no_interval_anywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str], unit: str) -> None:
    gold, mine = gold_of(tmp_path, "a"), answer(tmp_path, "mine", a=ENTITIES[:2])
    command = ("score", "--gold", gold, mine, "--unit", unit, "--slices", "type,length")
    found = read(capsys, *command)
    why = ONE.format(unit)
    assert found["headline"]["value"] == pytest.approx(2 / 3)
    assert (found["headline"]["interval"], found["headline"]["interval_reason"]) == (None, why)
    for rows in (found["scores"], *found["schemes"].values()):
        for row in rows.values():
            assert {row[f"{name}_interval"] for name in ("precision", "recall", "f1")} == {None}
            assert all(row[f"{name}_interval_reason"] for name in ("precision", "recall", "f1"))
        assert rows["micro"]["f1_interval_reason"] == why
    assert found["scores"]["MONEY"]["precision_interval_reason"] == "undefined: nothing is predicted"
    # A label that neither side has is no row.
    assert "DATE" not in found["scores"]
    assert found["surface"]["micro"]["f1_interval"] is None
    assert found["surface"]["micro"]["f1_interval_reason"] == why
    assert all(part["f1_interval"] is None and part["f1_interval_reason"] == why for part in found["slices"])
    text = told(capsys, *command)
    assert f"no interval for PLACE, ORG, MONEY, micro: {why}" in text
    assert f"95 % – by {unit}" in text
    assert not re.search(r"(\d\.\d{3})–\1", text)


def test_counts_that_lie_in_one_unit_have_no_interval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two documents of which one has all the money: its row has no interval, the other rows have theirs."""
    spans = [{"start": s, "end": e, "text": TEXT[s:e], "type": label} for s, e, label in ENTITIES]
    gold = written(
        tmp_path / "gold.jsonl",
        [
            {"id": "a", "text": TEXT, "entities": spans},
            {"id": "b", "text": TEXT, "entities": [spans[1], spans[3]]},
        ],
    )
    mine = answer(tmp_path, "mine", a=ENTITIES[1:3], b=[])
    found = read(capsys, "score", "--gold", gold, mine, "--slices", "type,document")
    assert found["scores"]["MONEY"]["f1_interval"] is None
    assert found["scores"]["MONEY"]["f1_interval_reason"] == ONE.format("sentence")
    assert found["scores"]["PLACE"]["f1_interval"] is not None
    assert "f1_interval_reason" not in found["scores"]["PLACE"]
    # Recall rests on two documents, precision on the one that has predictions.
    assert found["scores"]["PLACE"]["precision_interval"] is None
    assert found["scores"]["PLACE"]["recall_interval"] == [0.0, 0.5]
    by_value = {part["value"]: part for part in found["slices"]}
    assert by_value["MONEY"]["f1_interval_reason"] == ONE.format("sentence")
    assert by_value["PLACE"]["f1_interval"] is not None
    assert {by_value[id_]["recall_interval"] for id_ in ("a", "b")} == {None}


def test_one_name_has_no_interval_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = gold_of(tmp_path, "a", "b", entities=[ENTITIES[1], ENTITIES[3]])
    mine = answer(tmp_path, "mine", a=[ENTITIES[1]], b=[ENTITIES[1], ENTITIES[3]])
    headline = read(capsys, "score", "--gold", gold, mine)["headline"]
    assert headline["interval"] is not None
    assert (headline["interval_by_name"], headline["interval_by_name_reason"]) == (None, ONE.format("name"))
    assert f", – by name ({ONE.format('name')})" in told(capsys, "score", "--gold", gold, mine)
    other = answer(tmp_path, "other", a=[], b=[ENTITIES[1]])
    table = told(capsys, "score", "--gold", gold, mine, other)
    assert f"mine has no interval by name: {ONE.format('name')}" in table


def test_one_unit_tells_no_systems_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = gold_of(tmp_path, "a")
    files = [
        answer(tmp_path, "x", a=ENTITIES[:1]),
        answer(tmp_path, "y", a=ENTITIES),
        answer(tmp_path, "z", a=ENTITIES),
    ]
    pairs = read(capsys, "compare", "--gold", gold, *files)["pairs"]
    for pair in pairs:
        assert pair["units"] == 1
        assert pair["reason"] == ONE.format("sentence")
        assert (pair["interval"], pair["deviation"], pair["detectable"]) == (None, None, None)
    differ, _, same = pairs
    assert differ["difference"] == pytest.approx(0.6)
    assert (differ["randomisation"], differ["bootstrap"], differ["holm"]) == (None, None, None)
    # The same answer is no evidence of a difference, however little there is of it.
    assert (same["difference"], same["randomisation"], same["bootstrap"], same["holm"]) == (0.0, 1.0, 1.0, 1.0)
    table = told(capsys, "compare", "--gold", gold, *files)
    assert re.search(r"y − x +\+0\.600 +– +– +– +–\n", table)
    assert f"–: y − x; z − x; z − y: {ONE.format('sentence')}" in table
    table = told(capsys, "power", "--gold", gold, *files)
    assert re.search(r"x, y +– +–\n", table)
    assert ONE.format("sentence") in table
    assert "to be told apart" not in table


def test_few_units_show_nothing_at_5_percent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of five documents swaps give no p below 2/2^5 = 0.0625; of six 0.03125, and there power has a meaning."""
    for number in (2, 5, 6):
        ids = [chr(97 + n) for n in range(number)]
        gold = gold_of(tmp_path, *ids)
        mine = answer(tmp_path, "mine", **{id_: ENTITIES[: 1 + n % 3] for n, id_ in enumerate(ids)})
        full = answer(tmp_path, "full", **dict.fromkeys(ids, ENTITIES))
        (pair,) = read(capsys, "compare", "--gold", gold, mine, full)["pairs"]
        assert pair["least_p"] == 2 / 2**number
        assert pair["randomisation"] == pytest.approx(2 / 2**number, abs=0.02)
        assert pair["deviation"] > 0
        assert pair["interval"][0] < pair["interval"][1]
        enough = number >= 6
        assert (pair["detectable"] is not None, pair["bootstrap"] is not None) == (enough, enough)
        reason = f"{number} sentences can give no p-value below {2 / 2**number:g}, and so none below 0.05"
        assert pair["reason"] == (None if enough else reason)
        assert ("to be told apart" in told(capsys, "power", "--gold", gold, mine, full)) == enough
        rough = "with so few it is rough and too narrow"
        assert (rough in told(capsys, "score", "--gold", gold, mine)) != enough


def test_few_differing_units_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = [chr(97 + n) for n in range(8)]
    gold = gold_of(tmp_path, *ids)
    full = answer(tmp_path, "full", **dict.fromkeys(ids, ENTITIES))
    less = answer(tmp_path, "less", **{id_: ENTITIES[: 2 if id_ in "ab" else 4] for id_ in ids})
    (pair,) = read(capsys, "compare", "--gold", gold, full, less)["pairs"]
    assert (pair["units"], pair["differing"], pair["least_p"], pair["reason"]) == (8, 2, 0.5, None)
    table = told(capsys, "compare", "--gold", gold, full, less)
    assert "less − full: they differ in 2 sentences, so p can't get below 0.5" in table


def test_draws_that_do_not_differ_are_no_power(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All right against all wrong in eight documents, and a system against itself: 0.000 can't be told apart."""
    ids = [chr(97 + n) for n in range(8)]
    gold = gold_of(tmp_path, *ids)
    files = [
        answer(tmp_path, "full", **dict.fromkeys(ids, ENTITIES)),
        answer(tmp_path, "none", **{id_: [] for id_ in ids}),
        answer(tmp_path, "same", **dict.fromkeys(ids, ENTITIES)),
    ]
    apart, same, _ = read(capsys, "compare", "--gold", gold, *files)["pairs"]
    assert (apart["difference"], apart["interval"]) == (-1.0, [-1.0, -1.0])
    assert (apart["deviation"], apart["detectable"], apart["bootstrap"]) == (None, None, None)
    assert apart["reason"] == "every draw gives this difference, which does not make it certain"
    assert apart["randomisation"] == pytest.approx(2 / 2**8, abs=0.005)
    assert (same["difference"], same["randomisation"], same["bootstrap"]) == (0.0, 1.0, 1.0)
    assert (same["deviation"], same["detectable"]) == (None, None)
    assert same["reason"] == "both have the same counts in every sentence, and so in every draw"
    assert "0.000" not in told(capsys, "power", "--gold", gold, *files)
    text = told(capsys, "score", "--gold", gold, files[0])
    assert (
        "intervals without width (PLACE, ORG, MONEY, micro, micro by name): no draw differs, which says nothing certain"
        in text
    )


def test_an_undefined_score_is_told_and_reaches_no_threshold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, mine = gold_of(tmp_path, "a", entities=[]), answer(tmp_path, "mine", a=[])
    text = told(capsys, "score", "--gold", gold, mine)
    nothing = "neither the gold nor the predictions have any"
    assert f"no interval for micro: undefined: {nothing}" in text
    assert main(["score", "--gold", gold, mine, "--min-f1", "0"]) == 1
    assert capsys.readouterr().err == f"mine: micro F1 – is below 0.0 (undefined: {nothing})\n"
    (pair,) = read(capsys, "compare", "--gold", gold, mine, answer(tmp_path, "other", a=[]))["pairs"]
    assert (pair["difference"], pair["randomisation"], pair["reason"]) == (
        None,
        None,
        "F1 is undefined for one of the two",
    )


def test_agreement_on_one_label_says_why_there_is_no_kappa(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = gold_of(tmp_path, "a", entities=[])
    other = Path(gold).rename(tmp_path / "other.jsonl")
    gold = gold_of(tmp_path, "a", entities=[])
    why = "all give every character the same label, and chance would give no other"
    text = told(capsys, "agree", gold, str(other))
    assert f"Cohen's kappa over characters, outermost layer: – ({why})" in text
    assert f"Krippendorff's alpha over characters, outermost layer: – ({why})" in text
    found = json.loads(told(capsys, "agree", gold, str(other), "--output-format", "json"))
    assert (found["kappa_characters"], found["kappa_characters_reason"]) == (None, why)


def test_the_page_and_the_streamed_report_have_no_interval_of_one_unit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tyez_bench.scoring.from_files import score_stream

    gold, mine = gold_of(tmp_path, "a"), answer(tmp_path, "mine", a=ENTITIES[:2])
    page = tmp_path / "page.html"
    assert main(["report", "--gold", gold, mine, "--html", str(page)]) == 0
    assert "0.667 (–)" in page.read_text("utf-8")
    assert ONE.format("sentence") in page.read_text("utf-8")
    capsys.readouterr()
    streamed = score_stream(gold, mine)
    assert streamed.intervals()["micro"] == dict.fromkeys(("precision", "recall", "f1"))
    assert streamed.without_interval()["micro"]["f1"] == ONE.format("sentence")
    assert streamed.by_name is None
    assert streamed.without_interval(unit="name")["micro"]["f1"] == "there are no names without texts"


def test_by_text_a_sample_is_the_unit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, mine = gold_of(tmp_path, "a"), answer(tmp_path, "mine", a=ENTITIES[:2])
    text = told(capsys, "score", "--gold", gold, mine, "--matching", "set")
    assert "percentiles of 1000 draws of the 1 sample, seed" in text
    assert f"no interval for PLACE, ORG, MONEY, micro: {ONE.format('sample')}" in text


def test_plain_spans_of_one_list_have_no_interval() -> None:
    report = tyez_bench.score_spans([[(0, 1, "A")]], [[(0, 1, "A")]])
    assert report.intervals()["micro"]["f1"] is None
    two = tyez_bench.score_spans([[(0, 1, "A")]] * 2, [[(0, 1, "A")], []])
    assert two.intervals()["micro"]["f1"] is not None
    assert two.without_interval()["micro"] == {"precision": ONE.format("sentence")}


def test_an_interval_by_name_without_width_is_told_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, nothing = gold_of(tmp_path, "a"), answer(tmp_path, "nothing", a=[])
    text = told(capsys, "score", "--gold", gold, nothing)
    assert "95 % – by sentence, 0.000–0.000 by name" in text
    assert "intervals without width (micro by name): no draw differs, which says nothing certain" in text
    none = answer(tmp_path, "none", a=[])
    text = told(capsys, "score", "--gold", gold, nothing, none)
    assert "intervals without width (nothing by name, none by name): no draw differs" in text
    some = answer(tmp_path, "some", a=ENTITIES[:2])
    assert "without width" not in told(capsys, "score", "--gold", gold, some)


def test_a_note_names_not_all_of_many_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = [f"d{number:02}" for number in range(33)]
    gold, some = gold_of(tmp_path, *ids), answer(tmp_path, "some", **dict.fromkeys(ids, ENTITIES[:2]))
    text = told(capsys, "score", "--gold", gold, some, "--slices", "document")
    assert f"–: {'; '.join(ids[:30])}; and 3 more: {ONE.format('sentence')}\n" in text
    table = width_note([f"r{number}" for number in range(31)])
    assert table[0].startswith(
        f"intervals without width ({', '.join(f'r{number}' for number in range(30))}, and 1 more)"
    )
    assert "more" not in width_note(["a"] * 30)[0]
