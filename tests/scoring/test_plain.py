"""Plain files scored in chunks: the same report as by the readers, to the last count; what is not plain is left."""

import json
import pickle
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.io import plain as decoding
from tyez_bench.model.errors import TyezBenchError, UsageError
from tyez_bench.scoring import counts, from_files, plain, plain_chunks

Record = dict[str, Any]
TEXTS = ("太原市在汾河边，", '说"好"\\', "a b c", "𠮷野家\u3000店", "ab", "\u2028一", "")


ODD: tuple[Record, ...] = (
    {"end": 99},
    {"start": -1},
    {"text": "无"},
    {"type": "X"},
    {"type": ""},
    {"value": None},
    {"start": 0.5},
    {"id": "e"},
)


def flat(draw: st.DrawFn, text: str, labels: tuple[str, ...]) -> list[Record]:
    """Entities in order, of which none overlaps another."""
    found: list[Record] = []
    at = 0
    while at < len(text) and draw(st.integers(0, 5)):
        start = at + draw(st.integers(0, 1))
        end = start + draw(st.integers(1, 3))
        if end > len(text):
            break
        found.append({"start": start, "end": end, "type": draw(st.sampled_from(labels))})
        at = end
    return found


def spoiled(draw: st.DrawFn, entities: list[Record], text: str, *, told: bool) -> list[Record]:
    """The entities, some with their text; now and then a fault, or what is not plain."""
    found = [
        one | {"text": text[one["start"] : one["end"]]} if told and draw(st.booleans()) else one for one in entities
    ]
    if found and not draw(st.integers(0, 60)):
        found[-1] = found[-1] | draw(st.sampled_from(ODD))
    return found


@st.composite
def files(draw: st.DrawFn) -> tuple[list[Record], list[Record]]:
    """Gold and predictions of a few texts; predictions may lack some, be out of order, or have labels of their own."""
    texts = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=7))
    of_gold = draw(st.sampled_from((("PLACE", "ORG"), ("PLACE",), ("LOC", "PER"), ("一", "二"))))
    more = draw(st.sampled_from(((), (), (), ("DATE",), ("GPE", "LOC"), ("三",))))
    told = draw(st.booleans())
    gold, predicted = [], []
    for number, text in enumerate(texts):
        right = flat(draw, text, of_gold)
        gold.append({"id": f"d{number}", "text": text, "entities": spoiled(draw, right, text, told=told)})
        mine = [one for one in right if draw(st.integers(0, 5))]
        if not draw(st.integers(0, 3)):
            mine = flat(draw, text, of_gold + more)
        if draw(st.integers(0, 5)):
            predicted.append({"id": f"d{number}", "entities": spoiled(draw, mine, text, told=told)})
    if not draw(st.integers(0, 20)):
        predicted.reverse()
    if not draw(st.integers(0, 20)):
        gold.append(gold[0])
    return gold, predicted


def write(path: Path, records: list[Record]) -> Path:
    """A file of records."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), "utf-8")
    return path


def outcome(gold: Path, predicted: Path, how: dict[str, Any]) -> Any:
    """The report as data with its counts, or what was said."""
    try:
        report = tyez_bench.score_files(gold, predicted, **how)
    except TyezBenchError as error:
        return str(error)
    names = report.tables.names
    assert names is not None
    by_name = dict(zip(names.keys.tolist(), names.table.dense().tolist(), strict=True))
    return report.to_dict(counts=True), by_name, report.gold, report.unit_ids, report.missing, report.tables.types


def streamed(gold: Path, predicted: Path, how: dict[str, Any]) -> Any:
    """The report of a stream as data with its counts, or what was said."""
    try:
        report = tyez_bench.score_stream(gold, predicted, **how)
    except TyezBenchError as error:
        return str(error)
    assert (report.unit_ids, report.tables.names, report.surfaces) == ((), None, None)
    return report.to_dict(counts=True), report.gold, report.documents.tolist(), report.missing, report.tables.types


STREAMED: tuple[dict[str, Any], ...] = (
    {},
    {"labels": "as-they-are"},
    {"label_set": "cluener"},
    {"settings": tyez_bench.Settings(layer="all", all_types=True, unit="document")},
    {"settings": tyez_bench.Settings(types=("PLACE",), min_overlap=0.5)},
)
WAYS: tuple[dict[str, Any], ...] = (
    {},
    {"format": "native"},
    {"labels": "as-they-are"},
    {"labels": "ontonotes"},
    {"label_set": "tyez"},
    {"settings": tyez_bench.Settings(layer="all", all_types=True)},
    {"settings": tyez_bench.Settings(types=("PLACE",), min_overlap=0.5)},
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files(), st.sampled_from(WAYS), st.integers(20, 400))
def test_the_report_is_that_of_the_readers(
    tmp_path: Path, pair: tuple[list[Record], list[Record]], how: dict[str, Any], chunk: int
) -> None:
    gold, predicted = write(tmp_path / "gold.jsonl", pair[0]), write(tmp_path / "mine.jsonl", pair[1])
    with mock.patch.object(decoding, "CHUNK", chunk):
        fast = outcome(gold, predicted, how)
    with mock.patch.object(from_files, "score_plain", return_value=None):
        assert fast == outcome(gold, predicted, how)


@contextmanager
def here(number: int) -> Iterator[plain.Submit]:
    """What counts a chunk in another process, in this one."""
    assert number == 1

    def submit(gold: bytes, predictions: bytes, rules: plain_chunks.Rules) -> "Future[plain_chunks.Counted]":
        done: Future[plain_chunks.Counted] = Future()
        try:
            done.set_result(pickle.loads(pickle.dumps(plain_chunks.count_bytes(gold, predictions, rules))))
        except decoding.NotPlainError as error:
            done.set_exception(error)
        return done

    yield submit


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files(), st.sampled_from(WAYS), st.integers(20, 400))
def test_the_report_does_not_depend_on_jobs(
    tmp_path: Path, pair: tuple[list[Record], list[Record]], how: dict[str, Any], chunk: int
) -> None:
    gold, predicted = write(tmp_path / "gold.jsonl", pair[0]), write(tmp_path / "mine.jsonl", pair[1])
    with mock.patch.object(decoding, "CHUNK", chunk):
        alone = outcome(gold, predicted, how)
        with mock.patch.object(plain, "_LARGE", 0), mock.patch.object(plain, "_workers", here):
            assert outcome(gold, predicted, {**how, "jobs": 2}) == alone


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files(), st.sampled_from(STREAMED), st.integers(20, 400))
def test_what_is_streamed_does_not_depend_on_jobs_or_chunks(
    tmp_path: Path, pair: tuple[list[Record], list[Record]], how: dict[str, Any], chunk: int
) -> None:
    gold, predicted = write(tmp_path / "gold.jsonl", pair[0]), write(tmp_path / "mine.jsonl", pair[1])
    with mock.patch.object(from_files, "stream_plain", return_value=None):
        by_readers = streamed(gold, predicted, how)
    with mock.patch.object(decoding, "CHUNK", chunk), mock.patch.object(counts, "_BLOCK", 3):
        assert streamed(gold, predicted, how) == by_readers
        with mock.patch.object(plain, "_LARGE", 0), mock.patch.object(plain, "_workers", here):
            assert streamed(gold, predicted, {**how, "jobs": 2}) == by_readers


def made_up(folder: Path, number: int) -> tuple[Path, Path]:
    """Files of so many documents, of which some have no prediction of an entity."""
    rng = np.random.default_rng(5)
    gold, mine = [], []
    for n in range(number):
        entities = [{"start": s, "end": s + 2, "type": str(rng.choice(("PLACE", "ORG")))} for s in (0, 3, 6)]
        gold.append({"id": f"d{n}", "text": "太原市和大同市都好", "entities": entities})
        mine.append({"id": f"d{n}", "entities": [one for one in entities if rng.random() < 0.7]})
    return write(folder / "gold.jsonl", gold), write(folder / "mine.jsonl", mine)


def test_other_processes_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_LARGE", 0)
    monkeypatch.setattr(decoding, "CHUNK", 5000)
    gold, mine = made_up(tmp_path, 400)
    alone = tyez_bench.score_files(gold, mine)
    together = tyez_bench.score_files(gold, mine, jobs=2)
    assert together.to_dict(counts=True) == alone.to_dict(counts=True)
    assert together.gold.fingerprint == tyez_bench.load(gold).fingerprint
    assert streamed(gold, mine, {"jobs": 2}) == streamed(gold, mine, {})


def test_two_ids_of_one_hash_are_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The readers tell what the hashes of the ids do not."""
    gold, mine = made_up(tmp_path, 40)
    found = streamed(gold, mine, {})
    monkeypatch.setattr(plain_chunks, "hashes", lambda texts: np.zeros(len(texts), np.uint64))
    assert streamed(gold, mine, {}) == found
    gold.write_bytes(b"".join(gold.read_bytes().splitlines(True)[:7] * 2))
    mine.write_bytes(b"".join(mine.read_bytes().splitlines(True)[:7]))
    assert streamed(gold, mine, {}) == f"{gold}:8: document id 'd0' occurs twice"


def test_a_process_that_ends_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def broken(number: int) -> Iterator[plain.Submit]:
        def submit(gold: bytes, predictions: bytes, rules: plain_chunks.Rules) -> "Future[plain_chunks.Counted]":
            done: Future[plain_chunks.Counted] = Future()
            done.set_exception(BrokenProcessPool(f"one of {number}"))
            return done

        yield submit

    gold, mine = made_up(tmp_path, 40)
    alone = tyez_bench.score_files(gold, mine)
    monkeypatch.setattr(plain, "_LARGE", 0)
    in_one = streamed(gold, mine, {})
    monkeypatch.setattr(plain, "_workers", broken)
    assert tyez_bench.score_files(gold, mine, jobs=2).to_dict(counts=True) == alone.to_dict(counts=True)
    assert streamed(gold, mine, {"jobs": 2}) == in_one


@pytest.mark.parametrize("error", [OSError("no semaphores"), ImportError("no _multiprocessing")])
def test_a_machine_that_starts_no_processes_counts_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    gold, mine = made_up(tmp_path, 40)
    alone = plain.score_plain(gold, mine, name="g", system="s", settings=tyez_bench.Settings())
    assert alone is not None
    monkeypatch.setattr(plain, "_LARGE", 0)
    monkeypatch.setattr(plain, "_workers", mock.Mock(side_effect=error))
    found = plain.score_plain(gold, mine, name="g", system="s", settings=tyez_bench.Settings(), jobs=2)
    assert found is not None
    assert found.to_dict(counts=True) == alone.to_dict(counts=True)


@pytest.mark.parametrize("score", [tyez_bench.score_files, tyez_bench.score_stream])
def test_jobs_are_at_least_one(tmp_path: Path, score: Any) -> None:
    with pytest.raises(UsageError, match="jobs=0: expected a number from 1"):
        score(*made_up(tmp_path, 4), jobs=0)


LINE = '{"id": "a", "text": "太原市", "entities": [{"start": 0, "end": 3, "type": "PLACE"}]}\n'
MINE = '{"id": "a", "entities": [{"start": 0, "end": 3, "type": "PLACE"}]}\n'


def taken(tmp_path: Path, gold: str, mine: str, **how: Any) -> bool:
    """Whether two files are plain."""
    paths = [tmp_path / "gold.jsonl", tmp_path / "mine.jsonl"]
    for path, text in zip(paths, (gold, mine), strict=True):
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    made = plain.score_plain(*paths, name="g", system="s", settings=tyez_bench.Settings(), **how)
    return made is not None


def test_what_is_plain(tmp_path: Path) -> None:
    assert taken(tmp_path, LINE, MINE)
    assert taken(tmp_path, LINE.strip(), MINE.strip())
    assert taken(tmp_path, LINE + LINE.replace('"a"', '"b"'), MINE)
    assert taken(tmp_path, LINE.replace("太原市", "太原市 : 好"), MINE)


@pytest.mark.parametrize(
    ("gold", "mine"),
    [
        (LINE + "\n", MINE),
        ("\n" + LINE, MINE),
        (LINE.replace("\n", "\r\n"), MINE),
        (LINE + LINE, MINE),
        (LINE, MINE + MINE),
        (LINE, MINE.replace('"a"', '"b"')),
        (LINE.replace('"start": 0', '"start": 0, "start": 1'), MINE),
        (LINE.replace('"start": 0', '"start" : 1, "start": 0, "start": 0'), MINE),
        (LINE.replace("太原市", '":太原'), MINE),
        (LINE.replace('"a"', '""'), MINE),
        (LINE.replace('"a"', '"e8e9a1b2c3d4"'), MINE),
        (LINE.replace('"end": 3', '"end": 4'), MINE),
        (LINE, MINE.replace('"end": 3', '"end": 0')),
        (LINE, MINE.replace('"end": 3', f'"end": {1 << 70}')),
        (LINE, MINE.replace("}]", '}, {"start": 1, "end": 2, "type": "ORG"}]')),
        (LINE.replace("}]", '}, {"start": 1, "end": 2, "type": "ORG"}]'), MINE),
        (LINE, MINE.replace('"PLACE"', '"PLACE", "text": "太原"')),
        (LINE, '{"id": "a", "entities": []}\n'),
        ("[" + LINE.strip() + "]", MINE),
        ("\ufeff" + LINE, MINE),
        (LINE.replace('"start": 0, "end": 3', '"start": 0,\n"end": 3'), MINE),
        (LINE, "\ud800"),
        (LINE.strip() + LINE.replace('"a"', '"b"').replace('"text"', '\n"text"'), MINE),
        (LINE.strip() + " " + LINE.replace('"a"', '"b"').replace(', "text"', '\n, "text"'), MINE),
        (LINE.strip() + LINE.replace('"a"', '"b"'), MINE),
        (LINE.replace("PLACE", ""), MINE),
        (LINE, MINE.replace("PLACE", "")),
    ],
)
def test_what_is_not_plain_is_for_the_readers(tmp_path: Path, gold: str, mine: str) -> None:
    assert not taken(tmp_path, gold, mine)


def test_offsets_that_may_mean_something_else_are_for_the_readers(tmp_path: Path) -> None:
    """Of 20 spans, none is right as it is read, and all are when offsets are counted from 1."""
    gold = [
        {"id": f"d{n}", "text": "在太原市", "entities": [{"start": 1, "end": 4, "type": "PLACE"}]} for n in range(20)
    ]
    mine = [{"id": f"d{n}", "entities": [{"start": 2, "end": 4, "type": "PLACE"}]} for n in range(20)]
    one, other = write(tmp_path / "gold.jsonl", gold), write(tmp_path / "mine.jsonl", mine)
    assert plain.score_plain(one, other, name="g", system="s", settings=tyez_bench.Settings()) is None


def test_the_same_columns_whatever_the_size_of_a_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels that occur late are in all parts of the table."""
    labels = ("ORG", "PLACE", "DATE")
    gold = [
        {"id": f"d{n}", "text": "太原市", "entities": [{"start": 0, "end": 2, "type": labels[n // 10]}]}
        for n in range(30)
    ]
    mine = [{"id": one["id"], "entities": one["entities"]} for one in gold]
    one, other = write(tmp_path / "gold.jsonl", gold), write(tmp_path / "mine.jsonl", mine)
    whole = plain.score_plain(one, other, name="g", system="s", settings=tyez_bench.Settings())
    monkeypatch.setattr(decoding, "CHUNK", 100)
    parts = plain.score_plain(one, other, name="g", system="s", settings=tyez_bench.Settings())
    assert whole is not None
    assert parts is not None
    assert np.array_equal(whole.tables.units.dense(), parts.tables.units.dense())
    assert whole.to_dict(counts=True) == parts.to_dict(counts=True)
    assert whole.f1 == 1


def test_the_command_prints_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = made_up(tmp_path, 40)
    for form in ("text", "json", "csv"):
        command = ["score", str(other), "--gold", str(one), "--output-format", form]
        assert main(command) == 0
        fast = capsys.readouterr().out
        with mock.patch("tyez_bench.cli.reports.score_plain", return_value=None):
            assert main(command) == 0
        assert capsys.readouterr().out == fast
    assert fast.count("\n") > 5
