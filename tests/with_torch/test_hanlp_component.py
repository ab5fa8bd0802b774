"""HanLP's entity recogniser as a system, trained by the test on a small BERT."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import names
import pytest
import tiny

import tyez_bench
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.systems import load_system, request
from tyez_bench.systems.models import fingerprint, quiet
from tyez_bench.systems.system import Passage, RunOptions

TYPES = {"GPE": "NS", "ORG": "NT"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recogniser of characters, as HanLP saves it."""
    found = tmp_path_factory.mktemp("hanlp")
    blocks = []
    for sentence in names.sentences() * 10:
        tags: list[tuple[str, str]] = []
        for word, kind in sentence:
            inside = ["B", *"M" * (len(word) - 2), "E"] if len(word) > 1 else ["S"]
            tags += [(c, f"{prefix}-{TYPES[kind]}" if kind else "O") for c, prefix in zip(word, inside, strict=True)]
        blocks.append("\n".join(f"{character}\t{tag}" for character, tag in tags))
    (found / "train.tsv").write_text("\n\n".join(blocks) + "\n\n", "utf-8")
    with quiet():
        import torch
        import transformers
        from hanlp.components.ner.transformer_ner import TransformerNamedEntityRecognizer

        tokenizer = tiny.bert_tokenizer(found / "encoder", "".join(names.WORDS))
        torch.manual_seed(1)
        config = transformers.BertConfig(
            vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
        )
        transformers.BertModel(config).save_pretrained(found / "encoder")
        # HanLP trains with an optimiser that transformers has given up for torch's.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(transformers.optimization, "AdamW", adam_w, raising=False)
            TransformerNamedEntityRecognizer().fit(
                *[str(found / "train.tsv")] * 2,
                str(found / "tiny"),
                transformer=str(found / "encoder"),
                epochs=6,
                batch_size=8,
                lr=1e-2,
                transformer_lr=1e-2,
                word_dropout=0.0,
                char_level=True,
                devices=-1,
                seed=1,
            )
    return found / "tiny"


def adam_w(parameters: Any, lr: float, weight_decay: float, eps: float, **_: Any) -> Any:
    """The optimiser that HanLP asks for."""
    import torch

    return torch.optim.AdamW(parameters, lr=lr, weight_decay=weight_decay, eps=eps)


@pytest.mark.parametrize("size", [1, 8])
def test_names_are_found_at_their_code_points(folder: Path, size: int) -> None:
    system = load_system(request(f"hanlp:{folder}"), tyez_bench.load(), RunOptions(batch_size=size))
    assert system.labels == "msra"
    given = [Passage(f"p{number}", "a", text) for number, text in enumerate([names.TEXT, "", " \n", names.TEXT[16:]])]
    records = list(system.predict(given))
    assert [record["id"] for record in records] == ["p0", "p1", "p2", "p3"]
    for passage, record in zip(given, records, strict=True):
        assert all(passage.text[e["start"] : e["end"]] == e["text"] for e in record["entities"])
    found = [[(e["type"], e["text"]) for e in record["entities"]] for record in records]
    expected = [(TYPES[kind], name) for kind, name in names.FOUND]
    assert found == [expected, [], [], expected[2:]]


def test_the_run_is_quiet_and_names_no_path(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "hanlp.jsonl"
    command = [sys.executable, "-m", "tyez_bench", "run", f"hanlp:{folder}", "--output", str(out), "--score"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.startswith("hanlp:tiny: 8 documents in ")
    assert done.stderr.count("\n") == 1
    assert "labels:msra" in done.stdout
    facts = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert facts["settings"] == {"model": "tiny", "sha256": fingerprint(folder), "device": "cpu"}
    assert str(folder.parent) not in out.with_suffix(".json").read_text("utf-8")


def test_what_is_no_recogniser(folder: Path, tmp_path: Path) -> None:
    def load(name: str, **told: Any) -> None:
        load_system(request(f"hanlp:{name}"), tyez_bench.load(), RunOptions(**told))

    with pytest.raises(UsageError, match=r"hanlp:NONE: is neither a directory nor a model of hanlp.pretrained"):
        load("NONE")
    with pytest.raises(InputError, match="can't be loaded: "):
        load(str(tmp_path))
    with pytest.raises(UsageError, match="torch can't use it"):
        load(str(folder), device="cuda")
    with pytest.raises(UsageError, match="ontonotes5 lacks NS, NT"):
        load(str(folder), labels="ontonotes5")
    with quiet():
        from hanlp.components.eos.ngram import NgramSentenceBoundaryDetector

        NgramSentenceBoundaryDetector().save_config(str(tmp_path))
    with pytest.raises((UsageError, InputError), match="hanlp:"):
        load(str(tmp_path))
