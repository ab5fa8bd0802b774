"""A tiny token classifier with random weights, and its pipeline.

python tests/with_torch/tiny.py DIR    write its output on the built-in gold, aggregated and not
"""

import json
import sys
from pathlib import Path
from typing import Any

import tyez_bench

LABELS = ("O", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-PER", "I-PER")
FILES = {"simple": "hf_simple.json", "none": "hf_none.json"}


def pipeline(gold: tyez_bench.Gold, folder: Path, strategy: str) -> Any:
    """The pipeline, loaded from files as any model is; its vocabulary is the characters of the gold."""
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    characters = sorted({c for document in gold for c in document.text if not c.isspace()})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    transformers.BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False).save_pretrained(folder)
    torch.manual_seed(20220809)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        initializer_range=0.5,
        id2label=dict(enumerate(LABELS)),
        label2id={label: number for number, label in enumerate(LABELS)},
    )
    model = transformers.BertForTokenClassification(config)
    # Most characters are in no entity.
    model.classifier.bias.data[0] = 10.0
    model.save_pretrained(folder)
    return transformers.pipeline("token-classification", model=str(folder), aggregation_strategy=strategy, device="cpu")


def sentences(gold: tyez_bench.Gold) -> list[str]:
    """The texts that the pipeline is run on."""
    return [document.text[s.start : s.end] for document in gold for s in document.sentences]


def plain(value: Any) -> Any:
    """Numbers of numpy as JSON's."""
    return float(value) if hasattr(value, "dtype") and value.dtype.kind == "f" else int(value)


def main() -> int:
    """Write the files."""
    gold, folder = tyez_bench.load(), Path(sys.argv[1])
    for strategy, name in FILES.items():
        result = pipeline(gold, folder / "model", strategy)(sentences(gold))
        text = "[\n" + ",\n".join(json.dumps(r, ensure_ascii=False, default=plain) for r in result) + "\n]\n"
        (folder / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
