"""LTP's perceptrons as a system, trained by the test on a few sentences."""

import json
import os
from pathlib import Path
from typing import Any

import names
import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.systems import load_system, request
from tyez_bench.systems.models import fingerprint
from tyez_bench.systems.system import Passage, RunOptions

TAGS = {"GPE": ("ns", "S-Ns"), "ORG": ("ni", "S-Ni"), None: ("x", "O")}
TYPES = {"GPE": "Ns", "ORG": "Ni"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory as LTP publishes it, with a file of models for words, parts of speech and names."""
    from ltp_extension.perceptron import CWSTrainer, NERTrainer, POSTrainer

    found, data = tmp_path_factory.mktemp("ltp") / "small", tmp_path_factory.mktemp("data")
    found.mkdir()
    lines: dict[str, list[str]] = {"cws": [], "pos": [], "ner": []}
    for sentence in names.sentences() * 10:
        tagged = [(word, *TAGS[kind]) for word, kind in sentence]
        for number, task in enumerate(lines):
            lines[task].append(" ".join("/".join(parts[: number + 1]) for parts in tagged))
    labels = {"pos": ["ns", "ni", "x"], "ner": ["O", "S-Ns", "S-Ni", "B-Ni", "I-Ni", "E-Ni"]}
    for task in lines:
        (data / task).write_text("\n".join(lines[task]) + "\n", "utf-8")
    tasks = {task: f"{task}_model.bin" for task in lines}
    (found / "config.json").write_text(json.dumps({"nerual": False, "tasks": tasks}), "utf-8")
    expected = [(TYPES[kind], name) for kind, name in names.FOUND]
    # It shuffles by itself, from no seed: an order in which it does not learn its own sentences comes now and then.
    for _ in range(10):
        for task, kind in (("cws", CWSTrainer), ("pos", POSTrainer), ("ner", NERTrainer)):
            trainer = kind(labels[task]) if task in labels else kind()
            trainer.load_train_data(str(data / task))
            trainer.load_eval_data(str(data / task))
            trainer.epoch, trainer.eval_threads = 5, 1
            silently(lambda trainer=trainer, task=task: trainer.train().save(str(found / tasks[task])))
        if [one for one in answer(found, names.TEXT) if one in expected] == expected:
            return found
    raise AssertionError("the tiny model does not learn its own sentences")


def silently(do: Any) -> None:
    """Do it without what Rust prints of the training."""
    kept, nothing = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    try:
        do()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nothing)


def answer(folder: Path, text: str) -> list[tuple[str, str]]:
    """Label and text of what it finds, after checking that its offsets say the same."""
    (record,) = load_system(request(f"ltp:{folder}"), tyez_bench.load(), RunOptions()).predict(
        [Passage("a", "a", text)]
    )
    assert all(text[e["start"] : e["end"]] == e["text"] for e in record["entities"])
    return [(e["type"], e["text"]) for e in record["entities"]]


def test_names_are_found_without_the_white_space_at_their_words(folder: Path) -> None:
    expected = [(TYPES[kind], name) for kind, name in names.FOUND]
    assert [one for one in answer(folder, names.TEXT) if one in expected] == expected
    assert ("Ns", "长沙市") in answer(folder, "远山集团在长沙市\u3000\n。")
    assert answer(folder, "") == answer(folder, " \n") == []


def test_it_is_run_and_written(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ltp.jsonl"
    assert main(["run", f"ltp:{folder}", "--by", "sentence", "--output", str(out)]) == 0
    assert capsys.readouterr().err.startswith("ltp:small: 91 sentences in ")
    facts = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert facts["labels"] == "ltp"
    assert facts["settings"] == {"model": "small", "sha256": fingerprint(folder)}
    assert list(facts["packages"]) == ["ltp-extension"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"nerual": True}, "is a neural model, whose code can't be run with this transformers; LTP/legacy can"),
        ({"tasks": {"cws": "a"}}, "its config.json names no models for cws, pos, ner: KeyError: 'pos'"),
        ([], "its config.json names no models for cws, pos, ner: AttributeError"),
        ({"tasks": {"cws": "a", "pos": "b", "ner": "c"}}, "has no a$"),
    ],
)
def test_directories_that_are_not_a_perceptron_s(tmp_path: Path, config: Any, said: str) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(UsageError, match=said):
        answer(tmp_path, "a")


def test_what_is_not_there_and_what_is_broken(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ltp:LTP/legacy: no such directory; LTP's perceptrons come with: hf download"):
        load_system(request("ltp:LTP/legacy"), tyez_bench.load(), RunOptions())
    with pytest.raises(UsageError, match="names no models for cws, pos, ner: FileNotFoundError"):
        answer(tmp_path, "a")
    tasks = dict.fromkeys(("cws", "pos", "ner"), "broken.bin")
    (tmp_path / "config.json").write_text(json.dumps({"tasks": tasks}), "utf-8")
    (tmp_path / "broken.bin").write_bytes(b"no model")
    with pytest.raises(InputError, match=r"broken.bin: can't be loaded: "):
        answer(tmp_path, "a")
