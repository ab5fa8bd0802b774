"""A language model as a system: ``llm:MODEL`` behind any OpenAI-compatible endpoint (``/chat/completions``).

Its records are those of the format ``llm``, so that the predictions are read and scored as any other model's answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tyez_bench.files.jsonl import encode, sha256
from tyez_bench.gold.gold import Gold
from tyez_bench.io.label_maps import OWN
from tyez_bench.model.errors import UsageError
from tyez_bench.systems.llm.cache import cached, facts
from tyez_bench.systems.llm.endpoint import asker
from tyez_bench.systems.llm.options import endpoint_url, key
from tyez_bench.systems.llm.prompts import examples, instructions, messages
from tyez_bench.systems.llm.reading import record
from tyez_bench.systems.system import Options, Passage, System


def load(argument: str, gold: Gold, options: Options) -> System:
    """The model as a system; nothing is sent before it is run.

    Raises UsageError for an endpoint that is none, for a key that is none, and where there are too few examples.
    """
    asking = options.llm
    url = endpoint_url(asking.base_url)
    secret = key(url, insecure=asking.insecure)
    if options.labels not in (None, OWN):
        raise UsageError(f"llm: answers with the types of the gold, and is read with the label map {OWN} only")
    by = options.by or "document"
    shots = {document.id: examples(gold, document.id, asking.shots, by) for document in gold}
    prompts = {id_: messages(asking, found, "") for id_, found in shots.items()}

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        send = asker(url, secret, timeout=asking.timeout, retries=asking.retries, rate=asking.rate)
        ask = cached(send, asking.cache, url, asking.run)
        for passage in given:
            completion, kept = ask(asking.body(argument, messages(asking, shots[passage.document], passage.text)))
            yield record(passage, completion, cached=kept)

    return System(
        predict=predict,
        by=by,
        labels=OWN,
        format="llm",
        settings={
            "model": argument,
            "base_url": url,
            "run": asking.run,
            "prompt": {
                "level": asking.level,
                "language": asking.language,
                "paraphrase": asking.paraphrase,
                "answer": asking.answer,
                # Of all that is said but the texts themselves.
                "sha256": sha256(encode(prompts)),
                "instructions": instructions(asking),
            },
            "shots": {id_: [shot.id for shot in found] for id_, found in shots.items()} if asking.shots else {},
            "parameters": {
                "temperature": asking.temperature,
                "max_tokens": asking.max_tokens,
                **asking.parameters,
            },
        },
        facts=lambda records: {"llm": facts(records, asking)},
    )
