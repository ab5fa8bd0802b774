"""The command: systems run and compared, predictions read, texts written."""

import json
from pathlib import Path

import pytest

from tyez_bench.cli import main
from tyez_bench.gold.gold import load
from tyez_bench.stress.suite import CAPABILITIES, suite

# The committed predictions: the system itself takes a while.
JIEBA = str(Path(__file__).parents[2] / "data" / "predictions" / "stress" / "jieba.jsonl.gz")


def test_systems_are_run_compared_and_their_failures_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stress", "rules", JIEBA, "--failures", "1"]) == 0
    shown = capsys.readouterr().out
    assert "rules: stress suite" in shown
    assert "jieba − rules" in shown
    assert shown.count("worst: ") == 2
    for name in CAPABILITIES:
        assert f" {name} " in shown
    assert f"sha256 {suite().gold.fingerprint[:12]}" in shown


def test_texts_are_a_gold_set_and_perfect_answers_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = tmp_path / "texts.jsonl"
    assert main(["stress", "--texts", str(texts), "--seed", "5"]) == 0
    gold = load(texts)
    assert [document.text for document in gold] == [document.text for document in suite(5).gold]
    predictions = tmp_path / "perfect.jsonl"
    with predictions.open("w", encoding="utf-8") as file:
        for document in gold:
            entities = [
                {"start": e.start, "end": e.end, "type": e.type, "value": _plain(e.value)}
                for e in document.outermost()
                if e.required
            ]
            file.write(json.dumps({"id": document.id, "entities": entities}, ensure_ascii=False) + "\n")
    assert main(["stress", str(predictions), "--seed", "5", "--output-format", "markdown"]) == 0
    rows = [
        line
        for line in capsys.readouterr().out.splitlines()
        if line.startswith(tuple(f"| {n} |" for n in CAPABILITIES))
    ]
    assert len(rows) == len(CAPABILITIES)
    assert all(row.split("|")[3].strip() == "1.000" for row in rows)


def _plain(value: object) -> object:
    import msgspec

    found = msgspec.to_builtins(value)
    return {k: v for k, v in found.items() if v is not None and k != "kind"} if isinstance(found, dict) else None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing to do: expected a system, a predictions file, --texts or --check"),
        (["nobody"], "unknown system 'nobody'"),
        (
            ["rules", "jieba", "--output", "p.jsonl"],
            "p.jsonl: no such directory, expected a directory for several systems",
        ),
        ([JIEBA, "--output", "p.jsonl"], "--output applies to systems that are run, but only files are given"),
        (["rules", "--check", "a.toml"], "--check takes template files only"),
    ],
)
def test_what_makes_no_sense(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stress", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_predictions_are_written_and_scored_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.jsonl"
    assert main(["stress", "rules", "--output", str(path)]) == 0
    first = capsys.readouterr().out
    assert main(["stress", str(path)]) == 0
    assert capsys.readouterr().out == first


def test_several_systems_are_written_into_a_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``run --output DIR/`` does it: a file for each system that is run, none for those that come as files."""
    (tmp_path / "nothing_found.py").write_text("def find(text):\n    return []\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert main(["stress", "rules", "py:nothing_found:find", JIEBA, "--output", "made/", "--labels", "tyez"]) == 2
    assert "unknown label" in capsys.readouterr().err
    assert main(["stress", "rules", "py:nothing_found:find", "--output", "made/", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["system"] for one in found["systems"]] == ["rules", "py:nothing_found:find"]
    names = ("py-nothing_found-find.json", "py-nothing_found-find.jsonl", "rules.json", "rules.jsonl")
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == list(names)
    took = {name: json.loads((tmp_path / "made" / name).read_text("utf-8"))["run"] for name in names[::2]}
    assert took["rules.json"]["peak_megabytes"] > 1
    assert took["py-nothing_found-find.json"]["peak_megabytes"] is None
    assert took["py-nothing_found-find.json"]["peak_megabytes_reason"] == "the process has run rules before"


def test_systems_without_a_common_type_are_not_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stress", "rules", JIEBA]) == 0
    assert capsys.readouterr().out.endswith("\n\njieba − rules\nnot compared: they have no type in common\n")
    assert main(["stress", "rules", JIEBA, "--output-format", "markdown"]) == 0
    assert capsys.readouterr().out.endswith("\n**jieba − rules**\n\n- not compared: they have no type in common\n")
    assert main(["stress", "rules", JIEBA, "--output-format", "latex"]) == 0
    assert "% jieba − rules\n\\par\\footnotesize not compared: they" in capsys.readouterr().out
    assert main(["stress", "rules", JIEBA, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["differences"] == []
    assert found["not_compared"] == [{"a": "rules", "b": "jieba", "reason": "they have no type in common"}]


def test_one_template_has_no_interval_and_tells_nothing_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``rules`` is asked in one template of ``nesting`` alone, and in two of ``areas``."""
    path = tmp_path / "nothing.jsonl"
    path.write_text("".join(json.dumps({"id": text.id, "entities": []}) + "\n" for text in suite().gold), "utf-8")
    assert main(["stress", "rules", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    why = "it rests on one template alone, and so does every draw"
    for system in found["systems"]:
        lines = {line["capability"]: line for line in system["capabilities"]}
        if system["system"] == "rules":
            assert (lines["nesting"]["templates"], lines["nesting"]["interval"]) == (1, None)
            assert lines["nesting"]["interval_reason"] == why
            assert lines["zones-addresses"]["interval_reason"] == "undefined: no case asks for it"
            assert lines["zones-addresses"]["templates"] == 0
        for line in lines.values():
            assert (line["interval"] is None) == ("interval_reason" in line) == (line["templates"] < 2)
            assert (line["f1_interval"] is None) == ("f1_interval_reason" in line)
    differences = {line["capability"]: line for line in found["differences"]}
    nesting, areas = differences["nesting"], differences["areas"]
    assert (nesting["difference"], nesting["interval"], nesting["p"], nesting["holm"]) == (-1.0, None, None, None)
    assert (nesting["detectable"], nesting["reason"]) == (None, why)
    assert areas["p"] == pytest.approx(0.5, abs=0.02)
    assert (areas["detectable"], areas["f1"]["detectable"]) == (None, None)
    assert all(line["detectable"] is None or line["detectable"] > 0 for line in differences.values())
    assert main(["stress", "rules", str(path)]) == 0
    text = capsys.readouterr().out
    assert f"–: nesting: {why}" in text
    assert "which says nothing certain about other texts" in text


def test_json_has_what_the_tables_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.jsonl"
    assert main(["stress", "rules", "--output", str(path)]) == 0
    table = capsys.readouterr().out
    assert main(["stress", str(path), str(path.parent / "rules.jsonl"), "--json", "--failures", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "tyez-bench/stress/1"
    assert found["suite"]["fingerprint"] == suite().gold.fingerprint
    one, same = found["systems"]
    assert one == same
    assert f"signature: {one['signature']}" in table
    assert "bootstrap:template/" in one["signature"]
    assert f"+{suite().seed}#" in one["signature"]
    for line in one["capabilities"]:
        assert f"{line['capability']} " in table
        assert line["rate"] is None or f"{line['rate']:.3f}" in table
    asked = [line for line in one["capabilities"] if line["rate"] is not None]
    assert one["worst"] == min(asked, key=lambda line: line["rate"])["capability"]
    assert {line["difference"] for line in found["differences"]} == {0.0}
    assert {line["p"] for line in found["differences"]} == {1.0}
    assert {line["f1"]["difference"] for line in found["differences"]} <= {0.0, None}
    failures = one["failures"]
    assert failures
    for failure in failures:
        wrong = [text for text in failure["texts"] if not text["right"]]
        assert wrong
        assert all(text["gold"] != text["predicted"] for text in wrong if text["gold"])


def test_power_by_capability(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules, half = (tmp_path / f"{name}.jsonl" for name in ("rules", "half"))
    assert main(["stress", "rules", "--output", str(rules)]) == 0
    # Values alone, of every second text.
    half.write_text("".join(rules.read_text("utf-8").splitlines(keepends=True)[::2]), "utf-8")
    files = [str(rules), JIEBA, str(half)]
    capsys.readouterr()
    assert main(["power", "--stress", *files, "--draws", "300", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    smallest = found["detectable"]["money-arabic"]
    assert found["detectable_f1"]["money-arabic"]
    # rules and jieba have no type in common.
    assert len(smallest) == 2
    assert 0 < smallest[0] <= smallest[1] < 1
    assert main(["power", "--stress", *files, "--draws", "300"]) == 0
    assert f"{smallest[0]:.3f}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["power", "--stress", "one.jsonl"], "needs the predictions of two systems or more"),
        (["power", "--stress", "--unit", "document"], "--unit can't be combined with --stress"),
        (["power", "--stress", "--gold", "own.jsonl"], "--gold can't be combined with --stress"),
        (["stress", "none.jsonl"], "none.jsonl: no such file"),
    ],
)
def test_what_does_not_go(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_predictions_for_other_texts_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.jsonl"
    path.write_text('{"id": "series", "entities": []}\n', "utf-8")
    assert main(["stress", str(path), "--labels", "tyez"]) == 2
    assert f"{path}:1: unknown document id 'series'" in capsys.readouterr().err


def test_files_are_read_as_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Columns whose tags begin with I alone have to be named."""
    document = next(iter(suite().gold))
    tags = dict.fromkeys(range(2), "I-ORG")
    lines = [f"{c} {tags.get(number, 'O')}" for number, c in enumerate(document.text) if not c.isspace()]
    path = tmp_path / "p.conll"
    path.write_text("\n".join([f"# id = {document.id}", *lines, ""]), "utf-8")
    assert main(["stress", str(path)]) == 2
    assert "--encoding iob1" in capsys.readouterr().err
    options = ["--encoding", "iob1", "--input-format", "conll", "--labels", "tyez"]
    for command in (["stress", str(path)], ["power", "--stress", str(path), str(path)]):
        assert main([*command, *options, "--json"]) == 0
        capsys.readouterr()
    assert main(["stress", "rules", *options]) == 2
    said = capsys.readouterr().err
    assert said == "tyez-bench: --input-format applies to predictions files, but only systems are given\n"


def test_texts_without_predictions_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "few.jsonl"
    first = suite().gold.documents[0]
    path.write_text(json.dumps({"id": first.id, "entities": []}) + "\n", "utf-8")
    assert main(["stress", str(path), "--labels", "tyez"]) == 0
    number = len(suite().gold)
    assert f"no predictions for {number - 1} of {number} texts: counted as empty" in capsys.readouterr().out


def test_the_suite_is_exported_like_any_gold(tmp_path: Path) -> None:
    path = tmp_path / "suite.conll"
    assert main(["export", "--stress", "--output-format", "conll", "--output", str(path)]) == 0
    found = load(_as_gold(path, tmp_path))
    wanted = [(e.text, e.type) for text in suite().gold for e in text.outermost() if e.required]
    assert [(e.text, e.type) for text in found for e in text.entities] == wanted


def _as_gold(path: Path, folder: Path) -> Path:
    """BIO tags as a gold set, one sentence a document; read here by hand."""
    out = folder / "gold.jsonl"
    with out.open("w", encoding="utf-8") as file:
        for number, block in enumerate(path.read_text("utf-8").strip("\n").split("\n\n")):
            lines = [line.rsplit(None, 1) for line in block.split("\n") if not line.startswith("#")]
            entities: list[dict[str, object]] = []
            for at, (_, tag) in enumerate(lines):
                if tag.startswith("B-"):
                    entities.append({"start": at, "end": at + 1, "type": tag[2:]})
                elif tag.startswith("I-"):
                    entities[-1]["end"] = at + 1
            text = "".join(token for token, _ in lines)
            file.write(json.dumps({"id": f"d{number}", "text": text, "entities": entities}, ensure_ascii=False) + "\n")
    return out
