"""GLiNER as a system, with a model of random weights that is saved and loaded as any other."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tiny

import tyez_bench
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.systems import load_system, request
from tyez_bench.systems.adapters.gliner import PROMPTS, THRESHOLD
from tyez_bench.systems.models import fingerprint, quiet
from tyez_bench.systems.system import Passage, RunOptions, System

TEXT = "昨日,长沙市 的远山集团签约。\n\n 𠮷 东湖公司与 成都市\u3000谈。😀"
SENTENCES = ["昨日,长沙市 的远山集团签约。", "𠮷 东湖公司与 成都市\u3000谈。", "😀"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model on a small BERT; its scores lie on both sides of the threshold."""
    found = tmp_path_factory.mktemp("gliner")
    with quiet():
        import gliner
        import torch
        import transformers

        # As many tokens as go into the model, the names of the types included.
        tokenizer = tiny.bert_tokenizer(found / "encoder", TEXT + "".join(PROMPTS), model_max_length=60)
        config = transformers.BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            initializer_range=0.5,
        )
        torch.manual_seed(1)
        transformers.BertModel(config).save_pretrained(found / "encoder")
        told = {"hidden_size": 32, "max_width": 6, "max_len": 40, "span_mode": "markerV0", "dropout": 0.0}
        model = gliner.GLiNER.from_config(gliner.GLiNERConfig(model_name=str(found / "encoder"), **told))
        model.save_pretrained(str(found / "tiny"))
    return found / "tiny"


def system(folder: Path, **told: Any) -> System:
    """The model as a system."""
    return load_system(request(f"gliner:{folder}"), tyez_bench.load(), RunOptions(**told))


def spans(found: System, text: str = TEXT) -> list[tuple[int, int, str]]:
    """What it finds in a text, after checking that its offsets say the same."""
    (record,) = found.predict([Passage("a", "a", text)])
    assert all(text[e["start"] : e["end"]] == e["text"] for e in record["entities"])
    return [(e["start"], e["end"], e["type"]) for e in record["entities"]]


def test_what_the_library_finds_in_each_sentence_is_found_in_the_text(folder: Path) -> None:
    with quiet():
        import gliner

        model = gliner.GLiNER.from_pretrained(str(folder))
        expected = []
        for sentence in SENTENCES:
            at = TEXT.index(sentence)
            for one in model.predict_entities(sentence, list(PROMPTS), threshold=THRESHOLD):
                expected.append((at + one["start"], at + one["end"], PROMPTS[one["label"]]))
    assert expected
    assert spans(system(folder)) == sorted(expected)
    assert spans(system(folder, batch_size=1)) == sorted(expected)


def test_its_own_words_are_clauses_and_a_segmenter_s_are_not(folder: Path) -> None:
    own, characters = spans(system(folder)), spans(system(folder, segmenter="char"))
    edges = {0, 2, 3, 6, 7, 14, 15} | set(range(17, len(TEXT) + 1))
    assert {edge for start, end, _ in own for edge in (start, end) if edge < 16} <= edges
    assert any(
        TEXT[start:end] not in ("昨日", "长沙市", "的远山集团签约") and end - start < 7 for start, end, _ in characters
    )
    assert all(end - start <= 8 for start, end, _ in characters)
    assert system(folder, segmenter="char").settings["segmenter"] == "char"
    with pytest.raises(UsageError, match="unknown segmenter 'x'"):
        system(folder, segmenter="x")


def test_texts_without_words(folder: Path) -> None:
    assert [spans(system(folder), text) for text in ("", " \n", "\u3000")] == [[], [], []]


def test_the_run_is_quiet_and_names_no_path(folder: Path, tmp_path: Path) -> None:
    gold, out = tmp_path / "gold.jsonl", tmp_path / "tiny.jsonl"
    gold.write_text(json.dumps({"id": "a", "text": TEXT, "entities": []}), "utf-8")
    command = [sys.executable, "-m", "tyez_bench", "run", f"gliner:{folder}", "--gold", str(gold), "--output", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.startswith("gliner:tiny: 1 documents in ")
    assert done.stderr.count("\n") == 1
    facts = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert facts["labels"] == "tyez"
    assert facts["settings"] == {
        "model": "tiny",
        "sha256": fingerprint(folder),
        "prompts": ["place", "organization", "money", "date"],
        "threshold": 0.5,
        "device": "cpu",
    }
    assert str(folder.parent) not in out.with_suffix(".json").read_text("utf-8")


def test_a_sentence_whose_end_would_be_left_out_is_refused(folder: Path) -> None:
    """The library cuts both off with a warning at most: 40 words, 60 tokens."""
    with pytest.raises(
        InputError, match=r"'a': the model failed: ValueError: a sentence has 41 words, but the model takes at most 40"
    ):
        spans(system(folder), "长 " * 41)
    assert spans(system(folder), "长 " * 40) is not None
    with pytest.raises(InputError, match=r"a sentence has \d+ tokens, but the model takes at most 60"):
        spans(system(folder), "长沙市长沙 " * 20)


def test_models_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be loaded: FileNotFoundError"):
        system(tmp_path)
    command = [sys.executable, "-m", "tyez_bench", "run", "gliner:owner/absent", "--score"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    assert done.returncode == 2
    assert done.stderr.startswith("tyez-bench: gliner:owner/absent: no such directory, and no such model is available")
    assert done.stderr.count("\n") == 1


def test_its_types_are_the_gold_s_own(folder: Path) -> None:
    with pytest.raises(UsageError, match="gets the gold's own types; the label map msra does not apply"):
        system(folder, labels="msra")
    with pytest.raises(UsageError, match="device 'cuda': torch can't use it"):
        system(folder, device="cuda")
