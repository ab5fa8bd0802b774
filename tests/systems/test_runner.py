"""Runs and their journals: what is interrupted goes on, and nothing is predicted twice or under other settings."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import tyez_bench
from tyez_bench.model.errors import InputError, TyezBenchError, UsageError
from tyez_bench.model.spans import Span
from tyez_bench.systems import request
from tyez_bench.systems import runner as journal_module
from tyez_bench.systems.runner import facts_of, identity, journal_of, run
from tyez_bench.systems.system import Passage, System, span_record

ASKED = request("rules")


def system(
    given: list[str], *, by: str = "sentence", fails_at: int | None = None, settings: Mapping[str, Any] = {}
) -> System:
    """A system that marks the first character, keeps in ``given`` what it was given, and may fail."""

    def predict(passages: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for passage in passages:
            if len(given) == fails_at:
                raise InputError("the light went out")
            given.append(passage.id)
            yield span_record(passage, [Span(0, 1, "DATE", passage.text[0])])

    return System(predict=predict, by=by, labels="values", settings=settings)


def test_every_passage_has_its_record_in_the_order_of_the_gold(gold: tyez_bench.Gold) -> None:
    seen: list[tuple[int, int]] = []
    ran = run(ASKED, system([]), gold, progress=lambda done, total: seen.append((done, total)))
    ids = [json.loads(line)["id"] for line in ran.data.splitlines()]
    assert ids == [sentence.id for document in gold for sentence in document.sentences]
    assert seen == [(n, len(ids)) for n in range(len(ids) + 1)]
    assert ran.facts["run"]["passages"] == len(ids)
    assert ran.facts["run"]["seconds"] >= 0
    assert ran.facts["run"]["peak_megabytes"] > 1
    assert ran.facts["packages"] == {}


def test_the_memory_of_a_second_system_is_not_known(gold: tyez_bench.Gold) -> None:
    """The peak is the process's: after a large system it would be the large one's."""
    took = run(ASKED, system([]), gold, before=["large", "larger"]).facts["run"]
    assert took["peak_megabytes"] is None
    assert took["peak_megabytes_reason"] == "the process has run large, larger before"
    assert "peak_megabytes_reason" not in run(ASKED, system([]), gold).facts["run"]


@pytest.mark.parametrize("cut", [0, 5], ids=["whole lines", "half a line"])
def test_an_interrupted_run_goes_on(gold: tyez_bench.Gold, tmp_path: Path, cut: int) -> None:
    journal = tmp_path / "rules.jsonl.part"
    first: list[str] = []
    with pytest.raises(TyezBenchError) as caught:
        run(ASKED, system(first, fails_at=30), gold, journal=journal)
    assert str(caught.value) == (
        f"the light went out; 30 of 91 are kept in {journal}, and the same command resumes from there"
    )
    if cut:
        # As a run that was killed while it wrote.
        journal.write_bytes(journal.read_bytes()[:-cut])
    second: list[str] = []
    ran = run(ASKED, system(second), gold, journal=journal)
    whole = run(ASKED, system([]), gold)
    assert ran.data == whole.data
    assert len(second) == 91 - 30 + (cut > 0)
    assert len({*first, *second}) == 91


def test_an_interruption_by_hand_keeps_what_was_predicted(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    journal = tmp_path / "a.part"

    def stop(done: int, total: int) -> None:
        if done == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(ASKED, system([]), gold, journal=journal, progress=stop)
    left: list[str] = []
    run(ASKED, system(left), gold, journal=journal)
    assert len(left) == 91 - 12


def test_the_first_failure_keeps_nothing_and_says_so(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^the light went out$"):
        run(ASKED, system([], fails_at=0), gold, journal=tmp_path / "a.part")


def test_other_settings_don_t_go_on(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    journal = tmp_path / "a.part"
    with pytest.raises(TyezBenchError, match="30 of 91"):
        run(ASKED, system([], fails_at=30, settings={"width": 1}), gold, journal=journal)
    other = system([], settings={"width": 2})
    with pytest.raises(
        UsageError, match=r'another settings: \{"width": 1\}, now \{"width": 2\}; fresh=True starts over'
    ):
        run(ASKED, other, gold, journal=journal)
    assert len(run(ASKED, other, gold, journal=journal, fresh=True).data.splitlines()) == 91


def test_where_nothing_is_kept_there_is_nothing_to_go_on_with(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    """A system that failed at once and was mended is not refused."""
    journal = tmp_path / "a.part"
    with pytest.raises(InputError, match="the light went out"):
        run(ASKED, system([], fails_at=0, settings={"width": 1}), gold, journal=journal)
    mended = system([], settings={"width": 2}, fails_at=3)
    with pytest.raises(TyezBenchError, match="3 of 91"):
        run(ASKED, mended, gold, journal=journal)
    assert json.loads(journal.read_bytes().splitlines()[0])["settings"] == {"width": 2}


def test_another_label_map_goes_on(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    """It decides how predictions are read, and not which they are."""
    journal = tmp_path / "a.part"
    with pytest.raises(TyezBenchError, match="30 of 91"):
        run(ASKED, system([], fails_at=30), gold, journal=journal)
    left: list[str] = []
    ran = run(ASKED, replace(system(left), labels="tyez"), gold, journal=journal)
    assert (len(left), ran.facts["labels"]) == (61, "tyez")


def test_other_texts_and_units_don_t_go_on(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    journal = tmp_path / "a.part"
    with pytest.raises(TyezBenchError, match="3 of 91"):
        run(ASKED, system([], fails_at=3), gold, journal=journal)
    with pytest.raises(UsageError, match='another by: "sentence", now "document"'):
        run(ASKED, system([], by="document"), gold, journal=journal)
    own = tmp_path / "own.jsonl"
    own.write_text('{"id": "a", "text": "太原", "entities": []}\n', "utf-8")
    with pytest.raises(UsageError, match="another texts"):
        run(ASKED, system([]), tyez_bench.load(own), journal=journal)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000 + "\n",
        "{}\n" + "[" * 100_000 + "\n",
        "{}\n[1]\n",
        "no json\n",
        '"a"\n',
        '{"system":1}\n{"record":{}}\n',
    ],
)
def test_a_file_that_is_no_journal_is_left_alone(gold: tyez_bench.Gold, tmp_path: Path, text: str) -> None:
    journal = tmp_path / "a.part"
    journal.write_text(text, "utf-8")
    with pytest.raises(UsageError, match="; fresh=True starts over"):
        run(ASKED, system([]), gold, journal=journal)
    assert journal.read_text("utf-8") == text


def test_half_a_character_in_a_journal_is_one_line(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    journal = tmp_path / "a.part"
    about = json.dumps(identity(ASKED, system([], by="document"), gold))
    entity = r'{"start":0,"end":1,"type":"\ud800"}'
    journal.write_text(f'{about}\n{{"seconds":0,"record":{{"id":"series","entities":[{entity}]}}}}\n', "utf-8")
    with pytest.raises(UsageError, match="is not the journal of an interrupted run"):
        run(ASKED, system([], by="document"), gold, journal=journal)


def test_a_record_of_another_text_is_refused(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    journal = tmp_path / "a.part"
    about = json.dumps(identity(ASKED, system([]), gold))
    journal.write_text(f'{about}\n{{"seconds":0,"record":{{"id":"x","entities":[]}}}}\n', "utf-8")
    with pytest.raises(UsageError, match="has records of other texts"):
        run(ASKED, system([]), gold, journal=journal)


def test_a_system_that_leaves_a_passage_out_is_an_error(gold: tyez_bench.Gold) -> None:
    def predict(passages: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        yield from (span_record(passage, []) for passage in passages[:-1])

    with pytest.raises(TyezBenchError, match="answered 90 of 91 passages"):
        run(ASKED, System(predict=predict, by="sentence"), gold)


def test_a_record_for_another_passage_is_an_error(gold: tyez_bench.Gold) -> None:
    def predict(passages: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        yield from (span_record(passage, []) for passage in reversed(passages))

    with pytest.raises(TyezBenchError, match="the record of 'yangqu' came instead of that of 'series'"):
        run(ASKED, System(predict=predict, by="document"), gold)


def test_journal_and_facts_stand_beside_the_file() -> None:
    assert journal_of(Path("a/b.c.jsonl")) == Path("a/b.c.jsonl.part")
    assert facts_of(Path("a/b.c.jsonl")) == Path("a/b.c.json")


def test_a_full_disk_ends_a_run_in_one_line_and_keeps_what_is_there(
    gold: tyez_bench.Gold, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full after some records: the last one is half there, and cut when the run goes on."""
    journal = tmp_path / "a.part"
    real = journal_module._write
    written: list[bytes] = []

    def write(file: Any, data: bytes) -> None:
        if len(written) == 10:
            real(file, data[:5])
            raise OSError(28, "No space left on device")
        written.append(data)
        real(file, data)

    monkeypatch.setattr(journal_module, "_write", write)
    with pytest.raises(TyezBenchError, match="can't be written: No space left on device; 9 of 91 are kept in"):
        run(ASKED, system([]), gold, journal=journal)
    monkeypatch.setattr(journal_module, "_write", real)
    left: list[str] = []
    run(ASKED, system(left), gold, journal=journal)
    assert len(left) == 91 - 9


def test_a_journal_is_written_by_one_run_at_a_time(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    journal = tmp_path / "a.part"

    def both(done: int, total: int) -> None:
        if done == 1:
            with pytest.raises(UsageError, match="another run is writing to it"):
                run(ASKED, system([]), gold, journal=journal)

    assert len(run(ASKED, system([]), gold, journal=journal, progress=both).data.splitlines()) == 91
