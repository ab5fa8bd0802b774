"""What a language model is told: a frame, the types at one of three levels, the form of the answer, and examples.

The parts are text files beside this module, in Chinese and in English. A frame is one way to put the task into words;
its numbers are the paraphrases. No name of the page is in them.
"""

import json
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any

from tyez_bench.gold.gold import Gold
from tyez_bench.io.formats import inline, llm
from tyez_bench.io.record import Sample
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import UsageError
from tyez_bench.model.spans import Span
from tyez_bench.systems.llm.options import Asking

Message = dict[str, str]

_FOLDER = resources.files("tyez_bench.systems.llm") / "prompts"


def instructions(asking: Asking) -> str:
    """The instructions, as the system's message has them."""
    frame = _part(asking.language, f"frame{asking.paraphrase}")
    parts = {"{types}": _part(asking.language, asking.level), "{answer}": _part(asking.language, asking.answer)}
    for name, text in parts.items():
        frame = frame.replace(name, text)
    return frame


@cache
def _part(language: str, name: str) -> str:
    return (_FOLDER / language / f"{name}.md").read_text("utf-8").strip()


def asked_with(text: str, answer: str) -> str:
    """A text as it is given to the model: for tags with ``<`` and ``&`` written as they are read back."""
    return _marked(Sample("", text, ())) if answer == "tags" else text


def answered_with(sample: Sample, answer: str) -> str:
    """The answer that says what a sample's spans are."""
    if answer == "tags":
        return _marked(sample)
    entities: list[Any] = json.loads(llm.write([sample]))["entities"]
    return json.dumps(entities, ensure_ascii=False)


def _marked(sample: Sample) -> str:
    return str(json.loads(inline.write([sample]))["text"])


def examples(gold: Gold, document: str, number: int, by: str) -> list[Sample]:
    """Examples for a text of ``document``: passages of other documents with their required outermost entities.

    They are taken from the documents behind it in turn, from the first again behind the last: of each the passage with
    the most types, of equals the one with the most entities, of equals the first; then the next best of each. A passage
    whose text ``document`` has, too, or that has its, is left out. Raises UsageError where there are not as many.
    """
    ids = [other.id for other in gold]
    at = ids.index(document)
    own = gold[document].text
    ranked = []
    for turn, id_ in enumerate(ids[at + 1 :] + ids[:at]):
        samples = [s for s in _samples(gold[id_], by) if s.spans and s.text not in own and own not in s.text]
        samples.sort(key=lambda s: (-len({span.label for span in s.spans}), -len(s.spans)))
        ranked += [(place, turn, sample) for place, sample in enumerate(samples)]
    ranked.sort(key=lambda found: found[:2])
    chosen = [sample for _, _, sample in islice(ranked, number)]
    if len(chosen) < number:
        raise UsageError(f"{number} examples from other documents than {document!r} were asked for, got {len(chosen)}")
    return chosen


def _samples(document: Document, by: str) -> list[Sample]:
    wanted = [entity for entity in document.outermost() if entity.required]
    parts = [(document.id, 0, len(document.text))]
    if by == "sentence" and document.sentences:
        parts = [(sentence.id, sentence.start, sentence.end) for sentence in document.sentences]
    return [
        Sample(
            id_,
            document.text[start:end],
            tuple(Span(e.start - start, e.end - start, str(e.type)) for e in wanted if start <= e.start < end),
        )
        for id_, start, end in parts
    ]


def messages(asking: Asking, shots: list[Sample], text: str) -> list[Message]:
    """The whole conversation up to the answer: instructions, examples as earlier turns, the text."""
    found = [{"role": "system", "content": instructions(asking)}]
    for shot in shots:
        found.append({"role": "user", "content": asked_with(shot.text, asking.answer)})
        found.append({"role": "assistant", "content": answered_with(shot, asking.answer)})
    return [*found, {"role": "user", "content": asked_with(text, asking.answer)}]
