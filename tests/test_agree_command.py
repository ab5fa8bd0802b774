"""Agreement of several passes on the command line, alpha, and the list of what they disagree on."""

import json
import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.cli import main
from tyez_bench.gold.derived import with_entities
from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import MissingExtraError
from tyez_bench.scoring import agreement as alpha_module
from tyez_bench.scoring.agreement import alpha, disagreements

TEXT = "太原市和太钢在沪"


def entity(start: int, end: int, type_: str, **more: str) -> dict[str, object]:
    """An entity of a record."""
    return {"start": start, "end": end, "text": TEXT[start:end], "type": type_, **more}


@pytest.fixture
def passes(tmp_path: Path) -> list[str]:
    """Three passes: b has a shorter place, c another type and nothing at the end."""
    said = (
        [entity(0, 3, "PLACE"), entity(4, 6, "ORG"), entity(7, 8, "PLACE")],
        [entity(0, 2, "PLACE"), entity(4, 6, "ORG"), entity(7, 8, "PLACE", status="optional")],
        [entity(0, 3, "PLACE"), entity(4, 6, "PLACE")],
    )
    paths = []
    for name, entities in zip("abc", said, strict=True):
        path = tmp_path / f"{name}.jsonl"
        path.write_text(json.dumps({"id": "d", "text": TEXT, "entities": entities}) + "\n", "utf-8")
        paths.append(str(path))
    return paths


def direct_alpha(labels: list[list[str]]) -> float:
    """Alpha by its definition, nominal: 1 − observed over expected disagreement, every unit read by all."""
    units = list(zip(*labels, strict=True))
    readers, total = len(labels), len(units) * len(labels)
    observed = sum(a != b for unit in units for a in unit for b in unit) / (readers - 1) / total
    counts = {label: sum(unit.count(label) for unit in units) for unit in units for label in unit}
    expected = sum(counts[a] * counts[b] for a in counts for b in counts if a != b) / (total * (total - 1))
    return float(1 - observed / expected)


def test_three_passes(passes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agree", *passes, "--json", "--disagreements"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [(pair["a"], pair["b"]) for pair in data["pairs"]] == list(combinations("abc", 2))
    # a and b: two of three are equal; a and c: one of three and two; b and c: none.
    assert [pair["exact_f1"]["all"]["micro"] for pair in data["pairs"]] == pytest.approx([2 / 3, 2 / 5, 0])
    assert [pair["boundary_f1"]["all"]["micro"] for pair in data["pairs"]] == pytest.approx([2 / 3, 4 / 5, 2 / 5])
    kinds = [(place["start"], place["end"], place["kind"]) for place in data["disagreements"]]
    assert kinds == [(0, 3, "boundary"), (4, 6, "type"), (7, 8, "missing")]
    labels = [list("PPPOQQOP"), list("PPOOQQOP"), list("PPPOPPOO")]
    assert data["alpha_characters"] == pytest.approx(direct_alpha(labels))


def test_in_text_and_markdown(passes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agree", *passes, "--disagreements", "2"]) == 0
    out = capsys.readouterr().out
    assert "2 of 3 disagreements" in out
    assert "⟦太原市⟧和太钢" in out
    assert "lowest" in out
    assert main(["agree", *passes[:2], "--disagreements", "--attributes", "--output-format", "markdown"]) == 0
    out = capsys.readouterr().out
    assert "| d:0 | boundary | PLACE 太原市 | PLACE 太原 | ⟦太原市⟧和太钢在沪 |" in out
    assert "| d:7 | attribute | PLACE 沪: status required | PLACE 沪: status optional |" in out


def test_thresholds(passes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agree", *passes[:2], "--min-f1", "0.6", "--min-f1-type", "ORG=1"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["agree", *passes, "--min-f1", "0.6", "--min-f1-type", "ORG=1"]) == 1
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == ["a, c", "a, c", "b, c", "b, c"]


def test_passes_in_other_formats(passes: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = tmp_path / "columns.conll"
    tags = ["B-PLACE", "I-PLACE", "I-PLACE", "O", "B-ORG", "I-ORG", "O", "B-PLACE"]
    columns.write_text("".join(f"{c}\t{tag}\n" for c, tag in zip(TEXT, tags, strict=True)) + "\n", "utf-8")
    assert main(["agree", passes[0], str(columns), "--min-f1", "1"]) == 0
    assert main(["agree", str(columns), passes[0], "--min-f1", "1"]) == 0
    other = tmp_path / "other.conll"
    other.write_bytes(columns.read_bytes())
    assert main(["agree", str(columns), str(other), "--min-f1", "1"]) == 0
    native = tmp_path / "native.jsonl"
    native.write_text('{"id":"d","entities":[{"start":0,"end":3,"type":"PLACE"}]}\n', "utf-8")
    assert main(["agree", passes[0], str(native)]) == 0
    capsys.readouterr()
    assert main(["agree", str(native), str(native)]) == 2
    err = capsys.readouterr().err
    assert "unknown document id 'd' (read on the texts of the built-in gold set; the files have no texts" in err
    assert main(["agree", str(native), str(native), "--gold", passes[0]]) == 0


def test_a_pass_with_more_texts_than_the_gold_set(
    passes: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Read on its own texts, as they are not those of the other one; broken in other places besides."""
    columns = tmp_path / "columns.conll"
    tags = ["B-PLACE", "I-PLACE", "I-PLACE", "O", "B-ORG", "I-ORG", "O", "B-PLACE"]
    lines = [f"{c}\t{tag}\n" for c, tag in zip(TEXT, tags, strict=True)]
    columns.write_text("".join(lines[:4]) + "\n" + "".join(lines[4:]) + "\n晋\tB-PLACE\n祠\tI-PLACE\n\n", "utf-8")
    for both in ([passes[0], str(columns)], [str(columns), passes[0]]):
        assert main(["agree", *both, "--json", "--min-f1", "1"]) == 0
        data = json.loads(capsys.readouterr().out)
        sides = {data["a"]: "a", data["b"]: "b"}
        assert data["documents"] == {
            "left_out": {sides["a"]: 0, sides["columns"]: 1},
            "aligned": {sides["a"]: 1, sides["columns"]: 2},
        }


def test_without_the_package(
    passes: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alpha_module, "find_spec", lambda name: None)
    assert main(["agree", *passes]) == 0
    assert "outermost layer: – (needs pip install 'krippendorff>=0.8')" in capsys.readouterr().out
    with pytest.raises(MissingExtraError):
        alpha([["O"], ["O"]])


def test_alpha_where_there_is_nothing_to_disagree_on() -> None:
    assert alpha([["O", "O"], ["O", "O"]]) is None
    assert alpha([["O", "P"], ["O", "P"]]) == pytest.approx(1)
    assert alpha([["O", "P", "P"], ["P", "P", "O"]]) == pytest.approx(direct_alpha([["O", "P", "P"], ["P", "P", "O"]]))


spans = st.sets(
    st.tuples(st.sampled_from([(0, 2), (0, 3), (4, 6), (7, 8)]), st.sampled_from(["PLACE", "ORG"])), max_size=4
)


def made(name: str, found: set[tuple[tuple[int, int], str]]) -> Gold:
    """A pass with these spans, one for the same boundaries."""
    one = dict(sorted(found))
    entities = [Entity(id=f"d:{s}-{e}", start=s, end=e, text=TEXT[s:e], type=t) for (s, e), t in one.items()]
    return Gold(name, None, "", (with_entities(Document(id="d", text=TEXT), entities),))


@given(spans, spans)
def test_the_list_is_empty_where_the_spans_are_equal_and_only_there(
    one: set[tuple[tuple[int, int], str]], other: set[tuple[tuple[int, int], str]]
) -> None:
    a, b = made("a", one), made("b", other)
    found = list(disagreements([a, b]))
    said = [{(e.start, e.end, e.type) for _, e in pass_.entities()} for pass_ in (a, b)]
    assert bool(found) == (said[0] != said[1])
    # Every span that only one has is in exactly one place.
    listed = [(e.start, e.end, e.type) for place in found for reading in place.readings for e in reading or ()]
    assert sorted(listed) == sorted(said[0] ^ said[1])


@pytest.mark.parametrize("without_texts", [False, True])
@pytest.mark.parametrize("first", [False, True])
def test_a_pass_may_be_the_standard_input(passes: list[str], *, first: bool, without_texts: bool) -> None:
    data = Path(passes[1]).read_bytes()
    if without_texts:
        record = json.loads(data)
        entities = [{key: entity[key] for key in ("start", "end", "type")} for entity in record["entities"]]
        data = json.dumps({"id": record["id"], "entities": entities}).encode()
    given = ["-", passes[0]] if first else [passes[0], "-"]
    command = [sys.executable, "-m", "tyez_bench", "agree", *given, "--json"]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["exact_f1"]["all"]["micro"] == pytest.approx(2 / 3)


def test_the_standard_input_is_one_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agree", "-", "-"]) == 2
    assert (
        capsys.readouterr().err
        == "tyez-bench: - occurs twice: standard input can be read only once, expected a file for the other\n"
    )


@pytest.mark.parametrize("first", [False, True])
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(passes: list[str], tmp_path: Path, *, first: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    given = [str(pipe), passes[0]] if first else [passes[0], str(pipe)]
    command = [sys.executable, "-m", "tyez_bench", "agree", *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert (done.returncode, done.stderr) == (2, f"tyez-bench: {pipe}: is a pipe or a device, expected a file\n")
