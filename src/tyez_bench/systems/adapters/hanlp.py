"""HanLP's entity recognisers on transformers: one of its own by name, or a saved one in a directory.

A sentence is given as its characters without white space, as HanLP's recognisers of Chinese are trained. Models of
several tasks at once and recognisers of other kinds are not for this adapter.
"""

from typing import Any

from tyez_bench.gold.gold import Gold
from tyez_bench.io.encodings import OUTSIDE, is_tag
from tyez_bench.model.errors import UsageError
from tyez_bench.model.spans import Span
from tyez_bench.systems.models import Origin, map_for, origin, quiet, torch_device, unwarned
from tyez_bench.systems.system import RunOptions, System, by_sentences, spans_at


def load(argument: str, gold: Gold, options: RunOptions) -> System:
    """Load the recogniser. Raises UsageError and InputError for what is none."""
    where = origin("hanlp", argument)
    torch_device(options.device)
    recogniser = _load(where, options.device)
    tags = [tag for tag in recogniser.vocabs["tag"].idx_to_token if is_tag(tag) and tag != OUTSIDE]
    labels = map_for((tag.partition("-")[2] for tag in tags), options.labels, where.asked, gold)

    def tag(sentences: list[str]) -> list[list[Span]]:
        places = [[place for place, c in enumerate(sentence) if not c.isspace()] for sentence in sentences]
        given = [[sentence[place] for place in own] for sentence, own in zip(sentences, places, strict=True)]
        with unwarned():
            found = recogniser(given, batch_size=options.batch_size)
        return [
            spans_at(sentence, ((own[start], own[end - 1] + 1, label) for _, label, start, end in spans))
            for sentence, own, spans in zip(sentences, places, found, strict=True)
        ]

    by, predict = options.by or "document", by_sentences(tag, options.batch_size)
    settings = {**where.settings(), "device": options.device}
    return System(predict=predict, by=by, labels=labels, name=where.system, settings=settings)


def _load(where: Origin, device: str) -> Any:
    kind, _, number = device.partition(":")
    if kind not in ("cpu", "cuda"):
        raise UsageError(f"device {device!r}: HanLP can't use it, expected cpu or cuda:NUMBER")
    try:
        with quiet():
            import hanlp
            from hanlp.components.ner.transformer_ner import TransformerNamedEntityRecognizer

            if where.folder is None and where.name not in hanlp.pretrained.ALL:
                raise UsageError(f"{where.asked}: is neither a directory nor a model of hanlp.pretrained")
            devices = -1 if kind == "cpu" else int(number or 0)
            found = hanlp.load(str(where.folder or where.name), devices=devices)
    except UsageError:
        raise
    # Where it can't download or read a model, HanLP may even leave the program.
    except (Exception, SystemExit) as error:
        raise where.not_loaded(error) from None
    if not isinstance(found, TransformerNamedEntityRecognizer):
        raise UsageError(f"{where.asked}: is {type(found).__name__}, expected TransformerNamedEntityRecognizer")
    return found
