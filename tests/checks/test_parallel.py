"""The rules in several processes: the same findings, whatever becomes of the others."""

import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.checks import parallel
from tyez_bench.files.jsonl import encode_lines
from tyez_bench.model.errors import UsageError
from tyez_bench.report.findings_json import as_json

NAMES = ("太原市", "太原", "山西大学", "晋", "该区", "（太钢", "3000万元", "元", "去年", "13月40日", "约5天", "VOA")
WORDS = ("在", "的", "说，", "公司", "2022年8月9日", "５0亿元", "万柏林区", "A", "\u200b", "。")


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, object]]:
    """A set of a few texts, in which names are marked here and not there, with several types, and wrongly."""
    found: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, 6))):
        text, entities = "一", list[object]()
        for word in draw(st.lists(st.sampled_from([*NAMES, *WORDS]), max_size=7)):
            if word in NAMES and draw(st.booleans()):
                label = draw(st.sampled_from(("PLACE", "ORG", "DATE", "MONEY")))
                more = draw(st.sampled_from((0, 0, 0, 0, 1)))
                entities.append({"start": len(text), "end": len(text) + len(word) + more, "type": label})
            text += word
        found.append({"id": f"d{number}", "text": text, "entities": entities})
    return found


@pytest.fixture
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runner has threads, which do not matter here."""
    monkeypatch.setattr(parallel, "may_fork", lambda: True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files of all examples."""
    return tmp_path_factory.mktemp("sets")


@pytest.mark.usefixtures("forking")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=records(), other=records())
def test_the_findings_do_not_depend_on_jobs(folder: Path, one: list[object], other: list[object]) -> None:
    paths = [folder / "one.jsonl", folder / "other.jsonl"]
    for path, own in zip(paths, (one, other), strict=True):
        path.write_bytes(encode_lines(own))
    found = [tyez_bench.check(*paths, config=_config(folder), jobs=jobs) for jobs in (1, 2, 3)]
    assert found[0] == found[1] == found[2]
    assert as_json(found[0]) == as_json(found[1]) == as_json(found[2])


def _config(folder: Path) -> Path:
    path = folder / "check.toml"
    path.write_text('durations = "yes"\n', "utf-8")
    return path


@pytest.mark.usefixtures("forking")
def test_pieces_are_done_once_each_and_come_in_their_order() -> None:
    assert parallel.shared([partial(lambda number: (number, os.getpid()), one) for one in range(9)], 1) == [
        (one, os.getpid()) for one in range(9)
    ]
    found = parallel.shared([partial(int, one) for one in range(300)], 3)
    assert found == list(range(300))


@pytest.mark.usefixtures("forking")
def test_a_process_that_ends_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.getpid()

    def piece() -> int:
        if os.getpid() != own:
            os._exit(3)
        return 7

    assert parallel.shared([piece] * 4, 2) == [7] * 4


@pytest.mark.usefixtures("forking")
def test_a_machine_that_starts_no_process_does_all_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refuse)
    assert parallel.shared([os.getpid] * 4, 2) == [os.getpid()] * 4


def test_where_other_threads_run_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert parallel.shared([os.getpid] * 4, 2) == [os.getpid()] * 4


@pytest.mark.usefixtures("forking")
def test_what_a_piece_raises_is_raised_here() -> None:
    def wrong() -> Iterator[int]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        parallel.shared([wrong] * 3, 2)


def test_jobs_are_at_least_one(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(encode_lines([{"id": "a", "text": "太原", "entities": []}]))
    with pytest.raises(UsageError, match="jobs=0: expected a number from 1"):
        tyez_bench.check(path, jobs=0)
