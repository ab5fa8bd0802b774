"""``tyez-bench run llm:MODEL`` against a real server: predictions, facts, resumption, cache, and no key anywhere."""

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from fake_endpoint import Reply, Sent, closed_port, endpoint, perfect, said

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.report.tables.scores import spread_table
from tyez_bench.scoring.comparison import spread
from tyez_bench.scoring.schemes import Spread
from tyez_bench.systems import request
from tyez_bench.systems.llm.options import Asking
from tyez_bench.systems.runner import run
from tyez_bench.systems.system import RunOptions

KEY = "sk-very-secret-0123456789"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYEZ_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def command(url: str, *more: str) -> list[str]:
    return ["run", "llm:m", "--base-url", url, "--retries", "0", *more]


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def facts(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize(
    ("by", "answer", "language", "shots"),
    [
        ("document", "tags", "zh", "0"),
        ("document", "json", "en", "2"),
        ("sentence", "tags", "en", "3"),
        ("sentence", "json", "zh", "0"),
    ],
)
def test_perfect_answers_score_one_by_run_and_by_score(
    gold: tyez_bench.Gold,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    by: str,
    answer: str,
    language: str,
    shots: str,
) -> None:
    answers = perfect(gold, by, answer)
    out = tmp_path / "m.jsonl"
    how = ["--by", by, "--answer", answer, "--language", language, "--shots", shots, "--prompt", "guidelines"]
    with endpoint(lambda sent: said(answers[sent.text])) as at:
        assert main(command(at.url, *how, "--output", str(out), "--score")) == 0
    assert "headline: strict micro F1 1.000" in capsys.readouterr().out
    assert main(["score", str(out), "--min-f1", "1"]) == 0
    assert len(at.sent) == len(answers) == len(records(out))
    own = {document.id: document.text for document in gold}
    for one, record in zip(at.sent, records(out), strict=True):
        assert one.body["model"] == "m"
        assert one.body["temperature"] == 0
        assert len(one.body["messages"]) == 2 + 2 * int(shots)
        # What goes before the text is of other documents.
        document = own[record["id"].partition(".")[0]]
        before = [message["content"] for message in one.body["messages"][1:-1]]
        assert all(re.sub(r"<[^>]*>", "", said) not in document for said in before)
        system = one.body["messages"][0]["content"]
        assert ("你" in system or "请" in system) == (language == "zh")


def test_what_is_recorded(gold: tyez_bench.Gold, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts add up over all records; what the endpoint told with some answers only is not added."""
    answers = perfect(gold, "document", "tags")
    odd = {
        0: said(None, refusal="I can't."),
        1: said("", finish="length", body={"model": "snapshot-2", "system_fingerprint": "fp"}),
        2: said(""),
        3: said("抱歉。"),
        4: said("<ORG>新</ORG>", finish="length"),
        5: said(f"<ORG><PLACE>{gold[5].text[:3]}</PLACE>{gold[5].text[3:]}</ORG>"),
        6: said(f"<PERSON>{gold[6].text}</PERSON>"),
    }
    out = tmp_path / "m.jsonl"
    with endpoint(lambda sent: odd.get(len(at.sent) - 1) or said(answers[sent.text])) as at:
        prices = ["--price-in", "2", "--price-out", "8"]
        assert main(command(at.url, "--output", str(out), *prices, "--shots", "1", "--max-tokens", "900")) == 0
    said_last = capsys.readouterr().err.splitlines()[-1]
    problems = "refused 1, truncated 2, empty 1, unparsable 1, mended 2"
    assert said_last == f"llm:m: of 8 answers {problems}; 5 name nothing for it"
    found = facts(tmp_path / "m.json")
    asked, told = found["settings"], found["llm"]
    assert (found["system"], found["format"], found["by"]) == ("llm:m", "llm", "document")
    assert (asked["model"], asked["base_url"], asked["run"]) == ("m", at.url, 1)
    assert asked["parameters"] == {"temperature": 0.0, "max_tokens": 900}
    assert asked["prompt"]["instructions"] == at.sent[0].body["messages"][0]["content"]
    assert re.fullmatch("[0-9a-f]{64}", asked["prompt"]["sha256"])
    assert asked["shots"]["series"] == ["editor-note"]
    assert told["models"] == ["snapshot-1", "snapshot-2"]
    assert told["system_fingerprints"] == ["fp"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["first_request"])
    assert told["first_request"] <= told["last_request"]
    assert told["problems"] == {"refused": 1, "truncated": 2, "empty": 1, "unparsable": 1, "mended": 2}
    # One of the two that were cut off names something, and a person is none of the types.
    assert told["parse_failures"] == 5
    assert (told["answers"], told["from_cache"]) == (8, 0)
    assert told["tokens"] == {"in": None, "out": None}
    assert told["price"] == {"million_in": 2.0, "million_out": 8.0, "total": None}
    assert records(out)[3]["answer"] == "抱歉。"
    assert main(["score", str(out)]) == 0


def test_tokens_and_price_where_every_answer_has_them(tmp_path: Path) -> None:
    with endpoint([said("[]")]) as at:
        assert main(command(at.url, "--output", str(tmp_path), "--price-in", "2", "--price-out", "8")) == 0
    told = facts(tmp_path / "llm-m.json")["llm"]
    assert told["tokens"] == {"in": 800, "out": 80}
    assert told["price"]["total"] == pytest.approx((800 * 2 + 80 * 8) / 1e6)
    assert told["system_fingerprints"] is None
    with endpoint([said("[]")]) as at:
        assert main(command(at.url, "--output", str(tmp_path), "--fresh")) == 0
    assert facts(tmp_path / "llm-m.json")["llm"]["price"] is None


def test_a_run_goes_on_where_the_endpoint_failed(
    gold: tyez_bench.Gold, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No request is repeated, and the facts are those of both parts."""
    answers = perfect(gold, "document", "tags")
    out = tmp_path / "m.jsonl"
    broken = Reply(b'{"error": {"message": "overloaded"}}', 503)

    def answer(sent: Sent) -> Reply:
        return broken if len(at.sent) == 6 else said(answers[sent.text])

    with endpoint(answer) as at:
        assert main(command(at.url, "--output", str(out))) == 2
        stopped = capsys.readouterr()
        assert not out.exists()
        assert main(command(at.url, "--output", str(out), "--fresh", "--prompt", "names", "--shots", "9")) == 2
        # Another prompt is another run.
        assert main(command(at.url, "--output", str(out), "--prompt", "names")) == 2
        refused = capsys.readouterr().err
        assert len(at.sent) == 6
        assert main(command(at.url, "--output", str(out))) == 0
    assert stopped.out == ""
    assert stopped.err == (
        f"tyez-bench: {at.url}: HTTP 503 Service Unavailable: overloaded (1 try); "
        f"5 of 8 are kept in {out}.part, and the same command resumes from there\n"
    )
    assert "is of a run with another settings" in refused
    texts = [one.text for one in at.sent]
    assert len(texts) == 9
    assert len(set(texts)) == 8
    assert facts(tmp_path / "m.json")["llm"]["tokens"] == {"in": 800, "out": 80}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.json", "m.jsonl"]


def test_several_runs_and_paraphrases_and_their_mean_and_range(
    gold: tyez_bench.Gold, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first runs are perfect, the others find nothing in the first three documents."""
    answers = perfect(gold, "document", "tags")

    def answer(sent: Sent) -> Reply:
        number = len(at.sent) - 1
        return said(sent.text if number // 8 % 2 and number % 8 < 3 else answers[sent.text])

    with endpoint(answer) as at:
        how = ["--runs", "2", "--paraphrases", "1,3", "--score", "--output", str(tmp_path)]
        assert main(command(at.url, *how)) == 0
    out = capsys.readouterr().out
    ends = (".p1.run1", ".p1.run2", ".p3.run1", ".p3.run2")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(f"llm-m{e}.json{n}" for e in ends for n in ("", "l"))
    settings = [facts(tmp_path / f"llm-m{end}.json")["settings"] for end in ends]
    assert [(one["prompt"]["paraphrase"], one["run"]) for one in settings] == [(1, 1), (1, 2), (3, 1), (3, 2)]
    assert len({one["prompt"]["sha256"] for one in settings}) == 2
    reports = [
        tyez_bench.score(gold, tyez_bench.read_predictions(tmp_path / f"llm-m{end}.jsonl", gold, labels="tyez"))
        for end in ends
    ]
    low = reports[1].f1
    assert low is not None
    assert low < 1
    found = spread(reports)["micro"]
    assert found["f1"] == Spread((low + low + 1.0 + 1.0) / 4, low, 1.0)
    assert found["precision"] == Spread(1.0, 1.0, 1.0)
    assert "llm:m: strict, mean over 4 runs" in out
    row = next(line.split() for line in out.splitlines() if line.split()[:2] == ["micro", "1.000"])
    assert row[-2:] == [f"{(1 + low) / 2:.3f}", f"{low:.3f}–1.000"]
    assert "llm:m.p3.run2" in out


def test_a_figure_that_one_run_lacks_has_no_mean(gold: tyez_bench.Gold) -> None:
    perfect_one = {d.id: tyez_bench.Prediction(id=d.id, entities=()) for d in gold}
    first = next(e for e in gold[2].entities if e.type == "MONEY")
    one = tyez_bench.PredictedEntity(start=first.start, end=first.end, type=first.type)
    some = perfect_one | {"wanbolin": tyez_bench.Prediction(id="wanbolin", entities=(one,))}
    reports = [tyez_bench.score(gold, found) for found in (perfect_one, some)]
    found = spread(reports)["micro"]
    assert found["precision"] is None
    assert found["f1"] is not None
    assert found["f1"].low == 0.0
    assert spread_table("m", reports).rows[-1][1:3] == ("–", "")


def test_a_run_that_is_done_is_not_repeated_when_a_later_one_fails(tmp_path: Path) -> None:
    with endpoint(lambda sent: Reply(b"", 400) if len(at.sent) == 12 else said("[]")) as at:
        assert main(command(at.url, "--runs", "2", "--output", str(tmp_path / "m.jsonl"))) == 2
        assert main(command(at.url, "--runs", "2", "--output", str(tmp_path / "m.jsonl"))) == 0
    assert len(at.sent) == 17
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.run1.json", "m.run1.jsonl", "m.run2.json", "m.run2.jsonl"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_answers_are_their_owners_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cache = tmp_path / "deep" / "cache"
    how = ["--cache", str(cache), "--output", str(tmp_path / "m.jsonl")]
    journals = []

    def answer(sent: Sent) -> Reply:
        journals.append(mode(tmp_path / "m.jsonl.part"))
        return said(sent.text)

    # One that an earlier version left open to all.
    (tmp_path / "m.jsonl.part").touch(mode=0o644)
    with endpoint(answer) as at:
        assert main(command(at.url, *how)) == 0
        assert set(journals) == {0o600}
        assert mode(cache) == 0o700
        assert {mode(path) for path in cache.iterdir()} == {0o600}
        # A cache of an earlier version.
        cache.chmod(0o755)
        for path in cache.iterdir():
            path.chmod(0o644)
        assert main(command(at.url, *how)) == 0
        assert mode(cache) == 0o700
        assert {mode(path) for path in cache.iterdir()} == {0o600}
        # What holds other things is no directory of ours; the answers are.
        cache.chmod(0o755)
        (cache / "notes.txt").touch(mode=0o644)
        for path in cache.glob("*.json"):
            path.chmod(0o644)
        assert main(command(at.url, *how)) == 0
        assert (mode(cache), mode(cache / "notes.txt")) == (0o755, 0o644)
        assert {mode(path) for path in cache.glob("*.json")} == {0o600}
        assert len(at.sent) == 8


def test_a_key_is_not_sent_unencrypted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "m.jsonl"
    argv = ["run", "llm:m", "--base-url", "http://models.example.org/v1", "--retries", "0", "--output", str(out)]
    assert main(argv) == 2
    err = capsys.readouterr().err
    assert err.startswith(
        "tyez-bench: the key in TYEZ_API_KEY would go unencrypted to models.example.org: expected https"
    )
    assert KEY not in err
    assert not list(tmp_path.iterdir())


def test_the_cache_is_asked_first_and_mended(tmp_path: Path) -> None:
    cache = tmp_path / "deep" / "cache"
    how = ["--cache", str(cache), "--output", str(tmp_path / "m.jsonl")]
    with endpoint(lambda sent: said(sent.text)) as at:
        assert main(command(at.url, *how)) == 0
        before = records(tmp_path / "m.jsonl")
        assert len(at.sent) == 8
        assert main(command(at.url, *how)) == 0
        assert len(at.sent) == 8
        told = facts(tmp_path / "m.json")["llm"]
        assert told["from_cache"] == 8
        assert [r["call"]["at"] for r in records(tmp_path / "m.jsonl")] == [r["call"]["at"] for r in before]
        # Whatever is broken is asked for again, and whole afterwards.
        files = sorted(cache.iterdir())
        assert all(re.fullmatch(r"[0-9a-f]{64}\.json", path.name) for path in files)
        whole = [path.read_bytes() for path in files]
        for path, data in zip(files, (b"", b"{}", b"\xff", whole[4], whole[3][:-9]), strict=False):
            path.write_bytes(data)
        assert main(command(at.url, *how)) == 0
        assert len(at.sent) == 13
        assert main(command(at.url, *how)) == 0
        assert len(at.sent) == 13
        # Another request, another run and another endpoint are others.
        for more in (["--temperature", "1"], ["--runs", "2"]):
            assert main(command(at.url, *how, *more)) == 0
        assert len(at.sent) == 13 + 8 + 8
    with endpoint(lambda sent: said(sent.text)) as other:
        assert main(command(other.url, *how)) == 0
        assert len(other.sent) == 8


@pytest.mark.parametrize("fails", [False, True])
def test_the_key_is_in_no_file_and_no_output(tmp_path: Path, capsys: pytest.CaptureFixture[str], fails: bool) -> None:
    """Even where the endpoint repeats it in whatever it says."""

    def answer(sent: Sent) -> Reply:
        assert sent.headers["Authorization"] == f"Bearer {KEY}"
        if fails and len(at.sent) == 5:
            return Reply(json.dumps({"error": {"message": f"the key {KEY} is used up"}}).encode(), 402)
        return said(f"{KEY} <ORG>{KEY}</ORG>", refusal=KEY, body={"model": KEY, "system_fingerprint": KEY})

    with endpoint(answer) as at:
        how = ["--cache", str(tmp_path / "cache"), "--output", str(tmp_path / "m.jsonl"), "--score"]
        assert main(command(at.url, *how)) == (2 if fails else 0)
    printed = capsys.readouterr()
    assert ("the key [key] is used up" in printed.err) == fails
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == (5 if fails else 10)
    for text in (printed.out, printed.err, *(path.read_text("utf-8") for path in written)):
        assert KEY not in text
        assert "very-secret" not in text


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ([], "a language model needs an OpenAI-compatible endpoint; --base-url URL names it"),
        (["--base-url", "http://me:hunter2@host/v1"], "--base-url has a user name or a password in it"),
        (["--base-url", "https://host/v1", "--labels", "cluener"], "so only the label map tyez applies"),
        (["--base-url", "https://host/v1", "--shots", "8"], "8 examples from other documents than 'series'"),
        (["--base-url", "https://host/v1", "--parameter", "n=2"], "the parameter 'n' can't be set"),
        (["--base-url", "https://host/v1", "--paraphrases", "7"], "expected numbers of 1, 2, 3, or all"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_sent(
    more: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["run", "llm:m", "--score", *more])
    except SystemExit as stop:
        code = int(str(stop.code))
    error = capsys.readouterr().err
    assert code == 2
    assert says in error
    assert error.count("\n") == 1
    assert "hunter2" not in error


def test_an_endpoint_that_is_down_and_a_cache_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = closed_port()
    assert main(command(url, "--score")) == 2
    assert re.fullmatch(rf"tyez-bench: {re.escape(url)}: can't be reached: .*\(1 try\)\n", capsys.readouterr().err)
    (tmp_path / "file").write_text("")
    assert main(command(url, "--score", "--cache", str(tmp_path / "file"))) == 2
    assert capsys.readouterr().err == f"tyez-bench: {tmp_path / 'file'}: can't be used as a cache: File exists\n"


def test_from_python(gold: tyez_bench.Gold) -> None:
    from tyez_bench.systems import load_system

    with endpoint([said("[]")]) as at:
        options = RunOptions(by="sentence", llm=Asking(base_url=at.url, language="en"))
        system = load_system(request("llm:org/m:free"), gold, options)
        assert at.sent == []
        ran = run(request("llm:org/m:free"), system, gold)
    assert len(at.sent) == ran.facts["llm"]["answers"] == 91
    assert at.sent[0].body["model"] == "org/m:free"
