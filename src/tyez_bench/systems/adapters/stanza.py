"""Stanza's tokenizer and entity tagger: a language whose models are downloaded, or a directory of them for zh-hans.

``stanza:LANGUAGE`` takes the models from Stanza's own folder, ``stanza:DIRECTORY`` those of zh-hans from another one
(with its ``resources.json``). Nothing is downloaded. Each line is given by itself, since Stanza joins lines of Chinese;
it is cut into sentences and words by Stanza.
"""

import re
from pathlib import Path
from typing import Any

from tyez_bench.gold.gold import Gold
from tyez_bench.model.errors import UsageError, first_line
from tyez_bench.model.spans import Span
from tyez_bench.systems.models import Origin, fingerprint, map_for, origin, quiet, torch_device, unwarned
from tyez_bench.systems.system import RunOptions, System, spans_at, tagging

_LANGUAGE = "zh-hans"


def load(argument: str, gold: Gold, options: RunOptions) -> System:
    """Load the models. Raises UsageError for models that are not there, or that no label map reads."""
    where = origin("stanza", argument)
    torch_device(options.device)
    pipeline = _load(where, options)
    ner = pipeline.processors["ner"]
    known = {label for number in range(len(ner.trainers)) for label in ner.get_known_tags(number)}
    labels = map_for(known, options.labels, where.asked, gold, usual="stanza")
    settings = {
        "model": where.name,
        # Other languages in the folder are none of its business.
        "sha256": fingerprint(Path(pipeline.dir) / _folder(pipeline)),
        "models": {name: [one.package for one in specifications] for name, specifications in pipeline.load_list},
        "device": options.device,
    }

    def tag(text: str) -> list[Span]:
        spans: list[Span] = []
        for line in re.finditer("[^\n]+", text):
            with unwarned():
                found = pipeline(line.group()).ents
            first = line.start()
            spans += spans_at(text, ((first + one.start_char, first + one.end_char, one.type) for one in found))
        return spans

    by = options.by or "document"
    return System(predict=tagging(tag), by=by, labels=labels, name=where.system, settings=settings)


def _load(where: Origin, options: RunOptions) -> Any:
    language = where.name if where.folder is None else _LANGUAGE
    told: dict[str, Any] = {} if where.folder is None else {"dir": str(where.folder)}
    try:
        with quiet():
            import stanza

            return stanza.Pipeline(
                language,
                processors="tokenize,ner",
                download_method=None,
                device=options.device,
                verbose=False,
                ner_batch_size=options.batch_size,
                **told,
            )
    # Models that are missing or broken surface as errors of any kind.
    except Exception as error:
        reason = f"{where.asked}: can't be loaded: {type(error).__name__}: {first_line(error)}"
        how = (
            ""
            if where.folder
            else f"; models are downloaded with: python -c 'import stanza; stanza.download(\"{language}\")'"
        )
        raise UsageError(reason + how) from None


def _folder(pipeline: Any) -> str:
    """The folder of the language's models, from the path of one: its name may be another one's alias."""
    path = pipeline.config["ner_model_path"]
    return Path(path if isinstance(path, str) else path[0]).parent.parent.name
