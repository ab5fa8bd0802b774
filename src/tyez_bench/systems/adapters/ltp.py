"""LTP's averaged perceptrons for words, parts of speech and names, from a directory as LTP publishes them.

``config.json`` names the three files of models. LTP's neural models are not for this adapter: their code calls what
the transformers of today no longer has. Each sentence is given by itself; names are made of whole words.
"""

import json
from pathlib import Path
from typing import Any

from tyez_bench.gold.gold import Gold
from tyez_bench.io.encodings import decode
from tyez_bench.io.export.words import place_words
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.spans import Span
from tyez_bench.systems.models import Origin, origin
from tyez_bench.systems.system import RunOptions, System, by_sentences, spans_at

_TASKS = ("cws", "pos", "ner")


def load(argument: str, gold: Gold, options: RunOptions) -> System:
    """Load the three models. Raises UsageError for what is no such directory, InputError for files that are broken."""
    where = origin("ltp", argument)
    cws, pos, ner = _load(where)

    def tag(sentences: list[str]) -> list[list[Span]]:
        found = []
        for sentence in sentences:
            words = cws.predict(sentence)
            found.append(_spans(sentence, words, ner.predict(words, pos.predict(words)) if words else []))
        return found

    by, predict = options.by or "document", by_sentences(tag, options.batch_size)
    return System(predict=predict, by=by, name=where.system, settings=where.settings())


def _load(where: Origin) -> list[Any]:
    if where.folder is None:
        raise UsageError(
            f"{where.asked}: no such directory; LTP's perceptrons come with: "
            "hf download LTP/legacy --local-dir DIRECTORY"
        )
    files = _files(where.asked, where.folder)
    from ltp_extension.perceptron import CWSModel, NERModel, POSModel

    loaded = []
    for kind, path in zip((CWSModel, POSModel, NERModel), files, strict=True):
        try:
            loaded.append(kind.load(str(path)))
        # The library is in Rust; what it makes of a broken file may even be a panic.
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise InputError(f"can't be loaded: {type(error).__name__}: {error}", path=path) from None
    return loaded


def _files(asked: str, folder: Path) -> list[Path]:
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        neural, tasks = config.get("nerual", False), config.get("tasks", {})
        files = [folder / tasks[task] for task in _TASKS] if not neural else []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise UsageError(f"{asked}: its config.json names no models for {', '.join(_TASKS)}: {reason}") from None
    if neural:
        raise UsageError(f"{asked}: is a neural model, whose code can't be run with this transformers; LTP/legacy can")
    for path in files:
        if not path.is_file():
            raise UsageError(f"{asked}: has no {path.name}")
    return files


def _spans(text: str, words: list[str], tags: list[str]) -> list[Span]:
    # White space is a part of the word before it.
    places = place_words(text, [word.strip() for word in words])
    chunks, _ = decode(tags, "bioes", "conlleval")
    return spans_at(text, ((places[first][0], places[behind - 1][1], label) for first, behind, label in chunks))
