"""Stanza as a system, with a tokenizer and an entity tagger that the test trains in a few seconds."""

import contextlib
import io
import json
import logging
import random
import shutil
import subprocess
import sys
from pathlib import Path

import names
import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.model.errors import UsageError
from tyez_bench.systems import load_system, request
from tyez_bench.systems.models import fingerprint, quiet
from tyez_bench.systems.system import Passage, RunOptions


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of models as Stanza lays it out: zh-hans with tokenize, ner and the vectors that ner needs."""
    found, data = tmp_path_factory.mktemp("stanza") / "resources", tmp_path_factory.mktemp("data")
    for name in ("tokenize", "ner", "pretrain"):
        (found / "zh-hans" / name).mkdir(parents=True)
    with quiet(), contextlib.redirect_stdout(io.StringIO()):
        train_ner(found / "zh-hans", data)
        train_tokenizer(found / "zh-hans", data)
    logging.getLogger("stanza").setLevel(logging.WARNING)
    vectors = [{"model": "pretrain", "package": "tiny"}]
    described = {
        "lang_name": "Simplified_Chinese",
        "default_processors": {"tokenize": "tiny", "ner": "tiny"},
        "default_dependencies": {"ner": vectors},
        "tokenize": {"tiny": {"md5": ""}},
        "ner": {"tiny": {"md5": "", "dependencies": vectors}},
        "pretrain": {"tiny": {"md5": ""}},
        "packages": {"default": {"tokenize": "tiny", "ner": "tiny"}},
    }
    resources = {"zh": {"alias": "zh-hans"}, "zh-hans": described}
    (found / "resources.json").write_text(json.dumps(resources), "utf-8")
    return found


def train_ner(folder: Path, data: Path) -> None:
    """Train the tagger by Stanza's own command, with random vectors of the words."""
    from stanza.models import ner_tagger
    from stanza.models.common.pretrain import Pretrain

    chance = random.Random(1)
    words = sorted({word for sentence in names.sentences() for word, _ in sentence})
    lines = [f"{word} {' '.join(f'{chance.uniform(-1, 1):.3f}' for _ in range(8))}\n" for word in words]
    (data / "vectors.txt").write_text("".join(lines), "utf-8")
    Pretrain(str(folder / "pretrain" / "tiny.pt"), vec_filename=str(data / "vectors.txt")).load()
    tagged = [
        [{"text": word, "ner": f"S-{kind}" if kind else "O"} for word, kind in sentence]
        for sentence in names.sentences()
    ]
    (data / "ner.json").write_text(json.dumps(tagged * 5), "utf-8")
    told = {
        "wordvec_pretrain_file": folder / "pretrain" / "tiny.pt",
        "train_file": data / "ner.json",
        "eval_file": data / "ner.json",
        "shorthand": "zh-hans_tiny",
        "save_dir": folder / "ner",
        "save_name": "tiny.pt",
        "max_steps": 60,
        "eval_interval": 30,
        "hidden_dim": 16,
        "char_hidden_dim": 8,
        "char_emb_dim": 8,
        "word_emb_dim": 8,
        "batch_size": 4,
        "lr": 0.5,
    }
    ner_tagger.main(["--cpu", *(str(part) for name, value in told.items() for part in (f"--{name}", value))])


def train_tokenizer(folder: Path, data: Path) -> None:
    """Train the tokenizer by Stanza's own command: 1 ends a word, 2 a sentence."""
    from stanza.models import tokenizer

    text = labels = ""
    for sentence in names.sentences() * 8:
        for word, _ in sentence:
            text += word
            labels += "0" * (len(word) - 1) + ("2" if word == "。" else "1")
    for name, content in (("tokens.txt", text), ("tokens.labels", labels)):
        (data / name).write_text(f"{content}\n\n", "utf-8")
    (data / "mwt.json").write_text("[]", "utf-8")
    told = {
        "txt_file": data / "tokens.txt",
        "label_file": data / "tokens.labels",
        "dev_txt_file": data / "tokens.txt",
        "dev_label_file": data / "tokens.labels",
        "mwt_json_file": data / "mwt.json",
        "lang": "zh-hans",
        "shorthand": "zh-hans_tiny",
        "save_dir": folder / "tokenize",
        "save_name": "tiny.pt",
        "steps": 120,
        "eval_steps": 100_000,
        "max_seqlen": 50,
        "emb_dim": 16,
        "hidden_dim": 16,
        "lr0": 0.01,
        "batch_size": 4,
    }
    arguments = [str(part) for name, value in told.items() for part in (f"--{name}", value)]
    tokenizer.main(["--cpu", "--skip_newline", *arguments])


def test_names_are_found_at_their_code_points(folder: Path) -> None:
    system = load_system(request(f"stanza:{folder}"), tyez_bench.load(), RunOptions())
    given = [Passage(f"p{number}", "a", text) for number, text in enumerate([names.TEXT, "", " \n", names.TEXT[16:]])]
    records = list(system.predict(given))
    assert [record["id"] for record in records] == ["p0", "p1", "p2", "p3"]
    for passage, record in zip(given, records, strict=True):
        assert all(passage.text[e["start"] : e["end"]] == e["text"] for e in record["entities"])
    found = [[(e["type"], e["text"]) for e in record["entities"]] for record in records]
    assert found == [names.FOUND, [], [], names.FOUND[2:]]


def test_the_run_is_quiet_and_names_no_path(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "stanza.jsonl"
    command = [sys.executable, "-m", "tyez_bench", "run", f"stanza:{folder}", "--output", str(out), "--score"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.startswith("stanza:resources: 8 documents in ")
    assert done.stderr.count("\n") == 1
    assert "labels:stanza" in done.stdout
    written = out.with_suffix(".json").read_text("utf-8")
    facts = json.loads(written)
    assert facts["labels"] == "stanza"
    assert facts["settings"] == {
        "model": "resources",
        "sha256": fingerprint(folder / "zh-hans"),
        "models": {"tokenize": ["tiny"], "ner": ["tiny"]},
        "device": "cpu",
    }
    assert str(folder.parent) not in written


def test_a_language_from_stanza_s_own_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_folder = load_system(request(f"stanza:{folder}"), tyez_bench.load(), RunOptions())
    import stanza

    init = stanza.Pipeline.__init__
    monkeypatch.setattr(
        init,
        "__defaults__",
        tuple(str(folder) if one == stanza.resources.common.DEFAULT_MODEL_DIR else one for one in init.__defaults__),
    )
    by_name = load_system(request("stanza:zh"), tyez_bench.load(), RunOptions())
    assert by_name.name == "stanza:zh"
    assert by_name.settings["sha256"] == by_folder.settings["sha256"]
    given = [Passage("a", "a", names.TEXT)]
    assert list(by_name.predict(given)) == list(by_folder.predict(given))


def test_models_that_are_not_there(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "stanza:xx-none", "--score"]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("tyez-bench: stanza:xx-none: can't be loaded: ")
    assert printed.err.endswith("models are downloaded with: python -c 'import stanza; stanza.download(\"xx-none\")'\n")
    assert printed.err.count("\n") == 1
    shutil.copytree(folder, tmp_path / "cut")
    (tmp_path / "cut" / "zh-hans" / "ner" / "tiny.pt").unlink()
    with pytest.raises(UsageError, match=r"cut: can't be loaded: "):
        load_system(request(f"stanza:{tmp_path / 'cut'}"), tyez_bench.load(), RunOptions())
    with pytest.raises(UsageError, match="device 'cuda': torch can't use it"):
        load_system(request(f"stanza:{folder}"), tyez_bench.load(), RunOptions(device="cuda"))


def test_the_label_set_must_fit_the_map(folder: Path) -> None:
    with pytest.raises(UsageError, match="resources: msra lacks GPE; choose another map with labels"):
        load_system(request(f"stanza:{folder}"), tyez_bench.load(), RunOptions(labels="msra"))
