"""GLiNER: a model that is told the names of the types, and finds spans of words for them without training on them.

The types are named by the words in ``PROMPTS``; what the model finds above the threshold has the gold's own labels.
Each sentence is given by itself. Words are those of the model's own splitter, which knows no Chinese unless the model
says so (a clause without punctuation is one word), or of a segmenter (see ``views.segmenters``) that is asked for.
"""

from collections.abc import Callable, Iterator
from typing import Any

from tyez_bench.gold.gold import Gold
from tyez_bench.io.export.words import Segmenter, load_segmenter, place_words
from tyez_bench.io.label_maps import OWN
from tyez_bench.model.errors import UsageError, counted
from tyez_bench.model.spans import Span
from tyez_bench.systems.models import Origin, origin, quiet, torch_device, unwarned
from tyez_bench.systems.system import RunOptions, System, by_sentences

PROMPTS = {"place": "PLACE", "organization": "ORG", "money": "MONEY", "date": "DATE"}
# The library's own default.
THRESHOLD = 0.5


def load(argument: str, gold: Gold, options: RunOptions) -> System:
    """Load the model. Raises UsageError and InputError for one that can't be had, and for another label map."""
    where = origin("gliner", argument)
    if options.labels not in (None, OWN):
        raise UsageError(f"{where.asked}: gets the gold's own types; the label map {options.labels} does not apply")
    model = _load(where, torch_device(options.device))
    settings: dict[str, Any] = {
        **where.settings(),
        **_revision(where),
        "prompts": list(PROMPTS),
        "threshold": THRESHOLD,
        "device": options.device,
    }
    if options.segmenter is not None:
        model.data_processor.words_splitter = _splitter(load_segmenter(options.segmenter))
        settings["segmenter"] = options.segmenter

    def tag(sentences: list[str]) -> list[list[Span]]:
        for sentence in sentences:
            _check_length(model, sentence)
        with unwarned():
            found = model.inference(sentences, list(PROMPTS), threshold=THRESHOLD, batch_size=options.batch_size)
        return [
            [Span(one["start"], one["end"], PROMPTS[one["label"]], one["text"]) for one in spans] for spans in found
        ]

    by, predict = options.by or "document", by_sentences(tag, options.batch_size)
    return System(predict=predict, by=by, labels=OWN, name=where.system, settings=settings)


def _load(where: Origin, device: Any) -> Any:
    try:
        with quiet():
            import gliner

            return gliner.GLiNER.from_pretrained(str(where.folder or where.name), map_location=str(device))
    # Files that are missing or broken, and a hub that can't be reached, surface as errors of any kind.
    except Exception as error:
        raise where.not_loaded(error) from None


def _revision(where: Origin) -> dict[str, str]:
    """The revision of a model of the hub: the folder of the cache that it is in."""
    if where.folder is not None:
        return {}
    from huggingface_hub import try_to_load_from_cache

    path = try_to_load_from_cache(where.name, "gliner_config.json")
    return {"revision": path.replace("\\", "/").split("/")[-2]} if isinstance(path, str) else {}


def _splitter(segment: Segmenter) -> Callable[[str], Iterator[tuple[str, int, int]]]:
    def split(text: str) -> Iterator[tuple[str, int, int]]:
        words = [word for word in segment(text) if word.strip()]
        for word, (start, end) in zip(words, place_words(text, words), strict=True):
            yield word, start, end

    return split


def _check_length(model: Any, sentence: str) -> None:
    """Raise ValueError for a sentence of which the library would leave out the end without a word."""
    words = [word for word, _, _ in model.data_processor.words_splitter(sentence)]
    if len(words) > model.config.max_len:
        raise ValueError(_too_long(counted(len(words), "word"), model.config.max_len))
    tokenizer = model.data_processor.transformer_tokenizer
    asked = [part for prompt in PROMPTS for part in (model.config.ent_token, prompt)] + [model.config.sep_token]
    tokens = len(tokenizer(asked + words, is_split_into_words=True, truncation=False, verbose=False)["input_ids"])
    if tokens > tokenizer.model_max_length:
        raise ValueError(_too_long(counted(tokens, "token"), tokenizer.model_max_length))


def _too_long(has: str, limit: int) -> str:
    return f"a sentence has {has}, but the model takes at most {limit}"
