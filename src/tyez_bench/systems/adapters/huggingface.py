"""Any token-classification model of Hugging Face's transformers: a name of the hub, or a directory.

A text is cut into tokens once, as a whole, and given in windows of as many tokens as the model takes; how it is cut,
and how tags become spans, is told in ``token_tags``. Offsets are those of the fast tokenizer, code points. Weights are
taken as 32-bit floats. No code from a model's repository is run.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tyez_bench.gold.gold import Gold
from tyez_bench.model.errors import InputError, TyezBenchError, UsageError, first_line
from tyez_bench.systems.models import Origin, map_for, origin, quiet, torch_device, unwarned
from tyez_bench.systems.system import Passage, RunOptions, System, in_batches, sentence_places, span_record
from tyez_bench.systems.token_tags import (
    Merged,
    TagSet,
    TokenSpan,
    Window,
    pieces,
    sentences_in_tokens,
    spans,
    tag_set,
    windows,
)

# For models that tell no limit.
_USUAL = 512


class LoadedModel(NamedTuple):
    """A model with all that its use depends on.

    ``prefix`` and ``suffix`` are the special tokens around a window, of at most ``limit`` tokens without them.
    """

    model: Any
    tokenizer: Any
    tags: TagSet
    prefix: list[int]
    suffix: list[int]
    limit: int


class TokenizedPassage:
    """A passage in tokens, its windows, and the tags that they give."""

    def __init__(self, passage: Passage, loaded: LoadedModel):
        coded = loaded.tokenizer(
            passage.text,
            add_special_tokens=False,
            return_offsets_mapping=True,
            return_attention_mask=False,
            truncation=False,
            verbose=False,
        )
        self.passage = passage
        self.ids: list[int] = list(coded["input_ids"])
        offsets = [(int(start), int(end)) for start, end in coded["offset_mapping"]]
        self.pieces: list[TokenSpan] = pieces(passage.text, loaded.tokenizer.convert_ids_to_tokens(self.ids), offsets)
        sentences = sentences_in_tokens(sentence_places(passage.text), [start for start, _ in offsets])
        self.windows = windows(sentences, loaded.limit)
        self.merged = Merged(len(self.ids))


def load(argument: str, gold: Gold, options: RunOptions) -> System:
    """Load the model. Raises UsageError, and InputError for files that are not those of a token classifier."""
    where, revision = _where(argument)
    device = torch_device(options.device)
    loaded, commit = _load(where, revision, device)
    labels = map_for(loaded.tags.labels, options.labels, where.asked, gold)
    settings = {
        **where.settings(),
        **({"revision": commit} if commit else {}),
        "encoding": "none" if loaded.tags.plain else loaded.tags.encoding,
        "window": loaded.limit,
        "device": options.device,
    }

    def cut(passage: Passage) -> tuple[TokenizedPassage, list[Window]]:
        text = _coded(passage, loaded)
        return text, text.windows

    def tag(batch: list[tuple[TokenizedPassage, Window]]) -> None:
        with unwarned():
            found = _run([text.ids[window.start : window.end] for text, window in batch], loaded, device)
        for (text, window), tags in zip(batch, found, strict=True):
            text.merged.take(window, tags)

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for text in in_batches(given, cut, tag, options.batch_size):
            found = spans(text.passage.text, text.pieces, text.merged.tags.tolist(), loaded.tags)
            yield span_record(text.passage, found)

    return System(predict=predict, by=options.by or "document", labels=labels, name=where.system, settings=settings)


def _where(argument: str) -> tuple[Origin, str | None]:
    """Where the model is, and the revision asked for of one on the hub: ``OWNER/NAME@REVISION``."""
    name, _, revision = argument.partition("@")
    found = origin("hf", argument)
    if found.folder is not None or not revision:
        return found, None
    return origin("hf", name), revision


def _load(where: Origin, revision: str | None, device: Any) -> tuple[LoadedModel, str | None]:
    name = str(where.folder or where.name)
    # Code of the repository would have to be trusted; without this a question would be asked on the terminal.
    told: dict[str, Any] = {"revision": revision or "main", "trust_remote_code": False}
    try:
        with quiet():
            import torch
            import transformers

            transformers.utils.logging.disable_progress_bar()
            config = transformers.AutoConfig.from_pretrained(name, **told)
            tags = _tags(config, where)
            tokenizer = transformers.AutoTokenizer.from_pretrained(name, **told)
            if not getattr(tokenizer, "is_fast", False):
                kind = type(tokenizer).__name__
                raise UsageError(f"{where.asked}: its tokenizer ({kind}) is not a fast one, so it gives no offsets")
            model, info = transformers.AutoModelForTokenClassification.from_pretrained(
                name, **told, dtype=torch.float32, output_loading_info=True
            )
            model = model.to(device).eval()
    except TyezBenchError:
        raise
    # Files that are missing or broken, and a hub that can't be reached, surface as errors of any kind.
    except Exception as error:
        raise where.not_loaded(error) from None
    missing = sorted(info["missing_keys"])
    if missing:
        raise InputError(f"{where.asked}: the model's file lacks {missing[0]!r}: it was not trained to classify tokens")
    prefix, suffix = _special(tokenizer)
    limit = _limit(model, tokenizer) - len(prefix) - len(suffix)
    if limit < 1:
        raise UsageError(f"{where.asked}: takes no text: {limit + len(prefix) + len(suffix)} tokens at a time")
    commit = getattr(config, "_commit_hash", None) if where.folder is None else None
    return LoadedModel(model, tokenizer, tags, prefix, suffix, limit), commit


def _tags(config: Any, where: Origin) -> TagSet:
    classes = list(config.architectures or [])
    if not any(name.endswith("ForTokenClassification") for name in classes):
        has = ", ".join(classes) or "no architecture"
        raise UsageError(f"{where.asked}: is not a token-classification model: its config.json names {has}")
    return tag_set(config.id2label, where.asked)


def _special(tokenizer: Any) -> tuple[list[int], list[int]]:
    """The special tokens that stand before and behind a text."""
    bare = list(tokenizer("中", add_special_tokens=False)["input_ids"])
    whole = list(tokenizer("中")["input_ids"])
    for start in range(len(whole) - len(bare) + 1):
        if whole[start : start + len(bare)] == bare:
            return whole[:start], whole[start + len(bare) :]
    return [], []


def _limit(model: Any, tokenizer: Any) -> int:
    """How many tokens the model takes, special ones included: the least that anything of it tells."""
    import torch

    told = [tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", None)]
    for name, module in model.named_modules():
        # RoBERTa and its like begin to count behind the number of the padding token.
        if name.endswith("position_embeddings") and isinstance(module, torch.nn.Embedding):
            told.append(module.num_embeddings - (0 if module.padding_idx is None else module.padding_idx + 1))
    # A tokenizer that knows no limit has a very large number.
    found = [int(number) for number in told if number is not None and 0 < number < 10**9]
    return min(found, default=_USUAL)


def _coded(passage: Passage, loaded: LoadedModel) -> TokenizedPassage:
    try:
        with unwarned():
            return TokenizedPassage(passage, loaded)
    except Exception as error:
        raise InputError(
            f"{passage.id!r}: the tokenizer failed: {type(error).__name__}: {first_line(error)}"
        ) from error


def _run(rows: list[list[int]], loaded: LoadedModel, device: Any) -> list[NDArray[np.int64]]:
    import torch

    whole = [loaded.prefix + row + loaded.suffix for row in rows]
    width, padding = max(map(len, whole)), loaded.tokenizer.pad_token_id or 0
    ids = torch.tensor([row + [padding] * (width - len(row)) for row in whole], device=device)
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in whole], device=device)
    with torch.inference_mode():
        best = loaded.model(input_ids=ids, attention_mask=mask).logits.argmax(-1).cpu().numpy()
    first = len(loaded.prefix)
    return [tags[first : first + len(row)] for tags, row in zip(best, rows, strict=True)]
