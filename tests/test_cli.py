"""The commands: what they print, and the exit codes."""

import csv
import gzip
import json
import os
import pty
import subprocess
import sys
from io import StringIO
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.cli.score import OUTPUTS
from tyez_bench.io.formats.native import write_predictions
from tyez_bench.model.documents import PredictedEntity, Prediction
from tyez_bench.scoring.bootstrap import bootstrap, interval, measures
from tyez_bench.scoring.schemes import SCHEMES

ROOT = Path(__file__).parent.parent


@pytest.fixture
def perfect(gold: tyez_bench.Gold, tmp_path: Path) -> Path:
    """Predictions that are the gold's required outermost entities, without the last document's."""
    predictions = [
        Prediction(
            id=document.id,
            entities=tuple(
                PredictedEntity(start=e.start, end=e.end, type=e.type) for e in document.outermost() if e.required
            ),
        )
        for document in gold.documents[:-1]
    ]
    path = tmp_path / "mine.jsonl"
    write_predictions(path, predictions)
    return path


def table_rows(out: str) -> dict[str, list[str]]:
    """The rows of a printed table that hold figures, by their first cell."""
    cells = [line.split() for line in out.splitlines()]
    return {row[0]: row[1:] for row in cells if len(row) > 1 and (row[1] == "–" or row[1].startswith(("0.", "1.")))}


def test_score_prints_a_table(perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(perfect)]) == 0
    out = capsys.readouterr().out
    rows = table_rows(out)
    assert rows["MONEY"][:1] == ["1.000"]
    assert list(rows)[:5] == ["PLACE", "ORG", "MONEY", "DATE", "micro"]
    assert [name for name in SCHEMES if name in rows] == list(SCHEMES)
    assert "mine: no predictions for yangqu: counted as empty" in out
    assert f"gold: tyez {tyez_bench.load().version}, sha256 {tyez_bench.load().fingerprint[:12]}" in out
    assert "\x1b" not in out


def test_score_prints_json(perfect: Path, capsys: pytest.CaptureFixture[str], gold: tyez_bench.Gold) -> None:
    assert main(["score", str(perfect), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["missing_documents"] == ["yangqu"]
    assert report["gold"]["fingerprint"] == gold.fingerprint
    assert report["scores"]["micro"]["precision"] == 1
    required = sum(e.required for d in gold for e in d.outermost())
    assert report["scores"]["micro"]["tp"] + report["scores"]["micro"]["fn"] == required


def test_several_files_make_one_table(perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = perfect.with_name("other.jsonl")
    other.write_bytes(perfect.read_bytes())
    assert main(["score", str(perfect), str(other)]) == 0
    out = capsys.readouterr().out
    assert list(table_rows(out)) == ["mine", "other"]
    assert main(["score", str(perfect), str(other), "--json"]) == 0
    assert [r["system"] for r in json.loads(capsys.readouterr().out)] == ["mine", "other"]


def test_fail_under(perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(perfect), "--min-f1", "0.5"]) == 0
    assert main(["score", str(perfect), "--min-f1", "1"]) == 1
    assert "is below 1" in capsys.readouterr().err


def test_fail_under_fails_when_f1_is_undefined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, predictions = tmp_path / "gold.jsonl", tmp_path / "p.jsonl"
    gold.write_text('{"id":"d","text":"无"}\n', "utf-8")
    predictions.write_text('{"id":"d","entities":[]}\n', "utf-8")
    assert main(["score", str(predictions), "--gold", str(gold), "--min-f1", "0"]) == 1
    assert (
        "micro F1 – is below 0.0 (undefined: neither the gold nor the predictions have any)" in capsys.readouterr().err
    )


@pytest.mark.parametrize("value", ["-0.1", "1.1", "nan", "much", "0_1", "٠"])
def test_fail_under_takes_a_share(perfect: Path, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["score", str(perfect), f"--min-f1={value}"])
    assert stop.value.code == 2
    err = capsys.readouterr().err
    assert "is not a share between 0 and 1" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["score", "none.jsonl"], "none.jsonl: no such file"),
        (["score", "."], ".: is a directory"),
        (["score", "x" * 300], "can't be read: File name too long"),
        (["score", "a\0b"], "is not a file path"),
        (["score", "no\npe"], "no\\npe: no such file"),
        (["run", "jieba", "--output", "p.csv"], "p.csv: no such directory"),
        (["score", "p.jsonl", "--gold", "none.jsonl"], "none.jsonl: no such file"),
        (["score", "p.jsonl", "p.jsonl"], "given twice"),
        (["run", "nobody", "--score"], "unknown system 'nobody', expected one of: jieba, thulac, jionlp, lac, rules, "),
        (["run", "jieba"], "nothing to do with the predictions"),
        (["run", "jieba", "--output", "none"], "none: no such directory"),
        (["agree", "p.jsonl"], "expected two passes or more, or a file with several annotators"),
        (["agree", "p.jsonl", "none.jsonl"], "none.jsonl: no such file"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.jsonl").write_text('{"id":"series","entities":[]}\n', "utf-8")
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("tyez-bench: ")
    assert captured.err.count("\n") == 1
    assert reason in captured.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p.jsonl"]


def test_agree_on_the_released_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agree"]) == 0
    assert "agreement of A and B" in capsys.readouterr().out
    assert main(["agree", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["exact_f1"]["outermost"]["MONEY"] == 1


def test_version(capsys: pytest.CaptureFixture[str], gold: tyez_bench.Gold) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.endswith(f"gold tyez {gold.version}, sha256 {gold.fingerprint}\n")


def test_no_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2
    assert "expected a command" in capsys.readouterr().err


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_into_a_pipe_that_nobody_reads(perfect: Path, how: list[str]) -> None:
    """The reading end is closed before the command can write."""
    command = [sys.executable, "-m", "tyez_bench", "score", str(perfect), *how]
    done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.stdout is not None
    done.stdout.close()
    assert done.wait(timeout=60) == 0
    assert done.stderr is not None
    assert done.stderr.read() == b""
    done.stderr.close()


def test_a_threshold_counts_though_nobody_reads(perfect: Path) -> None:
    command = [sys.executable, "-m", "tyez_bench", "score", str(perfect), "--min-f1", "1"]
    done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert done.stdout is not None
    done.stdout.close()
    assert done.wait(timeout=60) == 1


def test_a_closed_output(perfect: Path) -> None:
    command = f'exec "{sys.executable}" -m tyez_bench score "{perfect}" >&-'
    done = subprocess.run(command, shell=True, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "tyez-bench: the output can't be written: it is closed\n"


def test_a_long_name_cuts_no_figure(perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = perfect.with_name("长" * 60 + ".jsonl")
    long.write_bytes(perfect.read_bytes())
    assert main(["score", str(perfect), str(long)]) == 0
    rows = table_rows(capsys.readouterr().out)
    assert rows["mine"] == rows["长" * 60]
    assert "…" not in "".join(rows["mine"])


def test_onto_a_full_disk(perfect: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "tyez_bench", "score", str(perfect)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "tyez-bench: the output can't be written: No space left on device\n"


def test_where_the_encoding_has_no_chinese(perfect: Path) -> None:
    command = [sys.executable, "-m", "tyez_bench", "score", str(perfect)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "micro" in done.stdout


def test_rebuilding_gives_what_is_published() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "regenerate.py"), "data", "docs/gold-format", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = [line.partition(":") for line in done.stdout.splitlines()]
    assert [(name, words.split()[-2:]) for name, _, words in told] == [
        ("data", ["as", "generated"]),
        ("docs/gold-format", ["as", "generated"]),
    ]


PREDICTIONS = [str(ROOT / "data" / "predictions" / f"{name}.jsonl") for name in ("jieba", "jionlp", "thulac")]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """What a command prints."""
    assert main(list(arguments)) == code
    captured = capsys.readouterr()
    assert captured.err == "" or code
    return captured.out


def test_the_headline_comes_first_with_both_intervals(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "score", PREDICTIONS[1])
    report = json.loads(printed(capsys, "score", PREDICTIONS[1], "--json"))
    headline = report["headline"]
    low, high = headline["interval"]
    by_name = headline["interval_by_name"]
    line = next(line for line in out.splitlines() if line.startswith("headline:"))
    assert line == (
        f"headline: strict micro F1 {headline['value']:.3f}, 95 % {low:.3f}–{high:.3f} by sentence, "
        f"{by_name[0]:.3f}–{by_name[1]:.3f} by name; over PLACE, MONEY, DATE"
    )
    assert by_name[1] - by_name[0] > high - low
    assert out.index("headline:") < out.index("secondary")


def test_several_systems_are_compared_on_their_common_types(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "score", *PREDICTIONS)
    assert out.startswith("strict micro over the types that all systems can express: PLACE; then F1 by type")
    reports = json.loads(printed(capsys, "score", *PREDICTIONS, "--json"))
    rows = table_rows(out)
    for report in reports:
        assert rows[report["system"]][2] == f"{report['scores']['PLACE']['f1']:.3f}"
    assert {report["system"]: report["types"] for report in reports} == {
        "jieba": ["PLACE", "ORG"],
        "jionlp": ["PLACE", "MONEY", "DATE"],
        "thulac": ["PLACE", "ORG"],
    }
    assert reports[0]["reading"]["out_of_scope"]["t"] > 0


@pytest.mark.parametrize(
    "how",
    [
        [],
        ["--layer", "all", "--optional", "drop", "--unit", "document", "--draws", "50", "--seed", "3"],
        ["--min-overlap", "0.6"],
    ],
)
def test_a_signature_repeats_the_run(capsys: pytest.CaptureFixture[str], how: list[str]) -> None:
    first = printed(capsys, "score", PREDICTIONS[0], *how, "--json")
    line = json.loads(first)["signature"]
    assert printed(capsys, "score", PREDICTIONS[0], "--signature", line, "--json") == first
    assert line in printed(capsys, "score", PREDICTIONS[0], "--signature", line)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("version:1", "version:9"), "version: 9"),
        (("#6f98", "#0000"), "#0000"),
        (("labels:pku#", "labels:pku#0"), "labels: pku#0"),
        (("types:PLACE+ORG", "types:PLACE"), "types: PLACE there, PLACE+ORG here"),
        (("layer:outermost", "layer:inner"), "layer 'inner' is not one of"),
        (("format:native", "format:word"), "format is 'word', expected one of native"),
    ],
)
def test_a_signature_that_does_not_fit_is_refused(
    capsys: pytest.CaptureFixture[str], change: tuple[str, str], reason: str
) -> None:
    line = json.loads(printed(capsys, "score", PREDICTIONS[0], "--json"))["signature"]
    assert change[0] in line
    assert main(["score", PREDICTIONS[0], "--signature", line.replace(*change)]) == 2
    captured = capsys.readouterr()
    assert reason in captured.err
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_what_a_signature_says_is_not_said_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(printed(capsys, "score", PREDICTIONS[0], "--json"))["signature"]
    assert main(["score", PREDICTIONS[0], "--signature", line, "--layer", "all"]) == 2
    assert "--layer can't be combined with --signature" in capsys.readouterr().err
    assert main(["score", PREDICTIONS[0], "--signature", line, "--min-overlap", "0.5"]) == 2
    assert "--min-overlap can't be combined with --signature" in capsys.readouterr().err


def test_min_overlap_is_counted_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    """More must be shared: partial and type fall, the rest stays."""
    plain, strict = (
        json.loads(printed(capsys, "score", PREDICTIONS[0], "--json", *how)) for how in ([], ["--min-overlap", "0.9"])
    )
    assert (plain["min_overlap"], strict["min_overlap"]) == (0, 0.9)
    assert plain["headline"]["value"] == strict["headline"]["value"]
    for scheme in ("tolerant", "exact", "characters"):
        for name in ("precision", "recall", "f1"):
            assert strict["schemes"][scheme]["micro"][name] == plain["schemes"][scheme]["micro"][name]
    for scheme in ("partial", "type"):
        assert strict["schemes"][scheme]["micro"]["f1"] < plain["schemes"][scheme]["micro"]["f1"]
    out = printed(capsys, "score", PREDICTIONS[0], "--min-overlap", "0.9")
    assert "an overlap is 0.9 of a gold span's characters" in out
    assert "|min-overlap:0.9|" in out
    with pytest.raises(SystemExit) as refused:
        main(["score", PREDICTIONS[0], "--min-overlap", "50"])
    assert refused.value.code == 2
    assert "'50' is not a share between 0 and 1" in capsys.readouterr().err


def test_every_output_has_the_signature(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(printed(capsys, "score", PREDICTIONS[0], "--json"))["signature"]
    for form in OUTPUTS:
        out = printed(capsys, "score", PREDICTIONS[0], "--output-format", form)
        plain = out.replace("\\", "").replace("textbar{}", "|") if form == "latex" else out
        assert line in plain, form
    for form in ("text", "json", "markdown", "latex"):
        assert printed(capsys, "compare", *PREDICTIONS, "--draws", "20", "--output-format", form)


def test_csv_has_a_row_for_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(StringIO(printed(capsys, "score", *PREDICTIONS, "--output-format", "csv"))))
    assert len(rows) == len(SCHEMES) * (3 + 4 + 3)
    reports = json.loads(printed(capsys, "score", *PREDICTIONS, "--json"))
    by_key = {(row["system"], row["scheme"], row["row"]): row for row in rows}
    for report in reports:
        for name, found in report["scores"].items():
            row = by_key[report["system"], "strict", name]
            assert float(row["f1"]) == found["f1"]
            assert [float(row["f1_low"]), float(row["f1_high"])] == found["f1_interval"]


def test_json_can_carry_the_counts_of_every_sentence(capsys: pytest.CaptureFixture[str], gold: tyez_bench.Gold) -> None:
    """From them alone the headline and its interval can be made again."""
    report = json.loads(printed(capsys, "score", PREDICTIONS[0], "--json", "--counts"))
    counts = report["counts"]
    assert counts["ids"] == [sentence.id for document in gold for sentence in document.sentences]
    columns = [counts["columns"].index(name) for name in ("gold", "predicted", "right")]
    types = [counts["types"].index(name) for name in report["types"]]
    table = np.array(counts["table"], float)[:, types][:, :, columns].sum(axis=1)
    gold_spans, predicted, right = table.sum(axis=0)
    assert 2 * right / (gold_spans + predicted) == pytest.approx(report["headline"]["value"])
    found = interval(measures(bootstrap(table))["f1"])
    assert found is not None
    assert [found.low, found.high] == report["headline"]["interval"]


def test_errors_by_position_are_told_from_f1_by_text(capsys: pytest.CaptureFixture[str]) -> None:
    note = "errors, FN and FP are counted by position, F1 by text, as sets"
    assert note in printed(capsys, "score", PREDICTIONS[1], "--errors", "--matching", "set")
    assert note not in printed(capsys, "score", PREDICTIONS[1], "--errors")


def test_errors_and_slices(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "score", PREDICTIONS[1], "--errors", "3", "--slices", "all")
    assert "·{[太原}一体化经济区域]建设进行时·" in out
    assert "first 3 of" in out
    assert "jionlp: by frequency" in out
    assert out.split("jionlp: by unseen\n")[1].splitlines()[0].split() == [
        "unseen",
        "P",
        "R",
        "F1",
        "95",
        "%",
        "of",
        "R",
        "gold",
    ]
    report = json.loads(printed(capsys, "score", PREDICTIONS[1], "--errors", "--slices", "role,length", "--json"))
    kinds = report["diagnosis"]["kinds"]
    assert sum(kind["false_negatives"] for kind in kinds.values()) == report["scores"]["micro"]["fn"]
    assert {part["property"] for part in report["slices"]} == {"role", "length"}
    assert main(["score", PREDICTIONS[1], "--slices", "colour"]) == 2
    assert "unknown property 'colour'" in capsys.readouterr().err


def test_a_threshold_for_a_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", PREDICTIONS[1], "--min-f1-type", "DATE=0.5"]) == 0
    capsys.readouterr()
    assert main(["score", PREDICTIONS[1], "--min-f1-type", "DATE=0.95", "--min-f1-type", "ORG=0"]) == 1
    err = capsys.readouterr().err
    assert "jionlp: DATE F1 0.88" in err
    # What a system can't express is undefined, and fails.
    assert "jionlp: ORG F1 – is below 0.0 (undefined: " in err
    capsys.readouterr()
    assert main(["score", PREDICTIONS[1], "--min-f1-type", "PERSON=0.5"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "PERSON: is not a label of the gold, expected one of PLACE, ORG, MONEY, DATE" in captured.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["score", PREDICTIONS[0], "--counts"], "--counts applies to JSON"),
        (["score", PREDICTIONS[0], "--output-format", "csv", "--errors"], "--output-format csv contains only scores"),
        (["score", PREDICTIONS[0], "--errors", "-1"], "expected a number from 0"),
        (["score", PREDICTIONS[0], "--labels", "conll99"], "unknown label map 'conll99', expected one of"),
        (["score", PREDICTIONS[0], "--labels", "tyez"], "unknown label 'ns'"),
        (["score", PREDICTIONS[0], "--signature", "x"], "not a signature"),
        (["compare", PREDICTIONS[0]], "expected at least two systems"),
    ],
)
def test_options_that_make_no_sense(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert reason in captured.err
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_from_the_standard_input_packed_or_not() -> None:
    data = Path(PREDICTIONS[1]).read_bytes()
    command = [sys.executable, "-m", "tyez_bench", "score", "-", "--json"]
    outs = []
    for given in (data, gzip.compress(data)):
        done = subprocess.run(command, input=given, capture_output=True, check=True)
        outs.append(json.loads(done.stdout))
    assert outs[0] == outs[1]
    assert outs[0]["system"] == "stdin"


def test_on_a_terminal_rich_draws_and_no_color_is_heeded(perfect: Path) -> None:
    """In a pseudo-terminal: bold unless NO_COLOR is set, and the same characters either way."""
    command = [sys.executable, "-m", "tyez_bench", "score", str(perfect)]
    outs = {}
    for name, more in (("plain", {"NO_COLOR": "1"}), ("bold", {})):
        environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm-256color", **more}
        leader, follower = pty.openpty()
        with subprocess.Popen(command, stdout=follower, stderr=follower, env=environment) as process:
            os.close(follower)
            data = b""
            while True:
                try:
                    part = os.read(leader, 65536)
                except OSError:
                    break
                if not part:
                    break
                data += part
            assert process.wait(timeout=60) == 0
        os.close(leader)
        outs[name] = data.decode("utf-8")
    assert "\x1b[1m" in outs["bold"]
    assert "\x1b[3" not in outs["plain"]
    assert "headline: strict micro F1" in outs["plain"]


@pytest.mark.parametrize(
    "how",
    [
        ["--counts", "--errors", "--slices", "all"],
        ["--matching", "set"],
        ["--layer", "nested", "--unit", "name"],
        ["--layer", "all", "--structure"],
        ["--optional", "drop", "--draws", "7", "--min-overlap", "0.5"],
    ],
)
def test_json_is_what_its_schema_says(capsys: pytest.CaptureFixture[str], how: list[str]) -> None:
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
    reports = json.loads(printed(capsys, "score", *PREDICTIONS, "--json", *how))
    for report in reports:
        jsonschema.validate(report, schema)
    described = (ROOT / "docs" / "report-format.md").read_text("utf-8")
    assert all(f"`{field}`" in described for field in reports[0])


def test_options_may_stand_between_the_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where the last of the words may be missing."""
    one, other = tmp_path / "one.conll", tmp_path / "other.conll"
    one.write_text("王 B-PER\n明 I-PER\n在 O\n王 O\n明 O\n\n", "utf-8")
    other.write_text("王 B-PER\n明 I-PER\n在 O\n王 B-PER\n明 I-PER\n\n", "utf-8")
    assert main(["diff", str(one), "--exit-code", str(other)]) == 1
    accept = ["accept", "add", "--reason", "r", "--by", str(one), "--accepted", str(tmp_path / "a.jsonl"), str(one)]
    assert main(accept) == 0
    capsys.readouterr()
    for argv, rest in ((["diff", "a", "b", "--exit-code", "c"], "c"), (["info", "--json", "more"], "more")):
        with pytest.raises(SystemExit):
            main(argv)
        assert f"unrecognized arguments: {rest} (see" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["diff", str(one), "--exit-cod", "--such", str(other)])
    assert "--such" in capsys.readouterr().err
