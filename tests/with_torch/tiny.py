"""Tiny token classifiers: one with random weights and its pipeline, others that know what to say of each character.

python tests/with_torch/tiny.py DIR    write its output on the built-in gold, aggregated and not
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import tyez_bench

# The tests run side by side, one to a core.
os.environ.setdefault("OMP_NUM_THREADS", "1")

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


# What a classifier that knows its tags says of these characters, and of all others O.
TAGS = {"太": "B-LOC", "原": "I-LOC", "𠀀": "I-LOC", "省": "B-ORG", "府": "I-ORG", "😀": "I-ORG", "西": "B-LOC"}
ENOUGH = 4096


def bert_tokenizer(folder: Path, characters: str, **told: Any) -> Any:
    """BERT's tokenizer with a vocabulary of these characters, saved."""
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(characters) - set(" \n\u3000"))]
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    tokenizer = transformers.BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False, **told)
    tokenizer.save_pretrained(folder)
    return tokenizer


def sure(folder: Path, tags: dict[str, str], *, kind: str = "Bert", limit: int = ENOUGH, tokenizer: Any = None) -> Path:
    """A saved classifier that gives each of these characters its tag and all others O, wherever they stand.

    Nothing of its positions and of its attention gets through, so that the state of a token is the token's alone; the
    classifier's weights are then the solution of linear equations. ``limit`` is how many positions it has.
    """
    import torch
    import transformers

    tokenizer = tokenizer or bert_tokenizer(folder, "".join(tags), model_max_length=ENOUGH)
    tokenizer.save_pretrained(folder)
    names = list(dict.fromkeys(["O", *tags.values()]))
    torch.manual_seed(1)
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=len(tokenizer),
        hidden_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        initializer_range=0.5,
        max_position_embeddings=limit,
        id2label=dict(enumerate(names)),
        label2id={name: number for number, name in enumerate(names)},
    )
    model = getattr(transformers, f"{kind}ForTokenClassification")(config).eval()
    base = getattr(model, model.base_model_prefix)
    with torch.no_grad():
        base.embeddings.position_embeddings.weight.zero_()
        base.encoder.layer[0].attention.output.dense.weight.zero_()
        tokens = sorted({tokenizer.unk_token_id, *tokenizer.convert_tokens_to_ids(list(tags))})
        states = base(torch.tensor(tokens).unsqueeze(1)).last_hidden_state[:, 0]
        wanted = torch.zeros(len(tokens), len(names))
        for row, token in enumerate(tokenizer.convert_ids_to_tokens(tokens)):
            wanted[row, names.index(tags.get(token, "O"))] = 1.0
        model.classifier.weight.copy_(torch.linalg.lstsq(states, wanted).solution.T)
        model.classifier.bias.zero_()
    model.save_pretrained(folder)
    return folder


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
