"""What can be read of a model's answer, so that no answer makes a whole run unreadable.

An answer that ``formats.llm`` takes goes into the predictions as it is. Of any other what can be read stands there in
its place, beside the answer as it came:

- of tags in tags the outer ones, as was asked for; tags of other types than the gold's are left out (their case
  does not matter);
- of JSON the names of the gold's types; of two that overlap the longer one, of equals the first;
- of broken JSON the whole objects in it;
- of anything else nothing.
"""

import json
from typing import Any, NamedTuple

from msgspec.structs import replace

from tyez_bench.files.jsonl import encode
from tyez_bench.gold.gold import Gold
from tyez_bench.io.align.mentions import locate, occurrences
from tyez_bench.io.align.texts import copied, is_copy
from tyez_bench.io.formats import inline, llm
from tyez_bench.io.formats.inline import has_tags, parse_tags
from tyez_bench.io.formats.llm import named_in, without_thought
from tyez_bench.io.label_maps import OWN, load_map
from tyez_bench.io.read import ReadOptions, read_records
from tyez_bench.io.record import Mention, Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span
from tyez_bench.systems.llm.endpoint import Completion
from tyez_bench.systems.system import Passage

REFUSED, TRUNCATED, EMPTY, UNPARSABLE, REPAIRED = "refused", "truncated", "empty", "unparsable", "mended"
PROBLEMS = (REFUSED, TRUNCATED, EMPTY, UNPARSABLE, REPAIRED)
"""What may be wrong with an answer; the first that holds is told."""

_PASSAGE = "passage"


class Answer(NamedTuple):
    """What the predictions have as the answer, how many names are in it, and what was wrong with it, if anything."""

    said: Any
    names: int
    problem: str | None = None


def record(passage: Passage, completion: Completion, *, cached: bool = False) -> dict[str, Any]:
    """A record of the format ``llm``: the answer, as it came where that is another, what was wrong, and the call."""
    answer = judged(passage.text, completion)
    found: dict[str, Any] = {"id": passage.id, "answer": answer.said}
    if answer.said != completion.content:
        found["raw"] = completion.content
    if completion.refusal is not None:
        found["refusal"] = completion.refusal
    return {
        **found,
        "problem": answer.problem,
        "names": answer.names,
        "call": {
            "model": completion.model,
            "system_fingerprint": completion.fingerprint,
            "finish_reason": completion.finish,
            "at": completion.at,
            "tokens_in": completion.tokens_in,
            "tokens_out": completion.tokens_out,
            "cached": cached,
        },
    }


def judged(text: str, completion: Completion) -> Answer:
    """What can be read of an answer about ``text``, with what the endpoint says about it."""
    found = readable(text, completion.content)
    if completion.refusal is not None or completion.finish == "content_filter":
        return found._replace(problem=REFUSED)
    if completion.finish == "length":
        return found._replace(problem=TRUNCATED)
    if not without_thought(completion.content).strip():
        return found._replace(problem=EMPTY)
    return found


def readable(text: str, raw: str) -> Answer:
    """What can be read of an answer about ``text``.

    ``unparsable`` is what has neither tags nor JSON and is no copy either (more than half of the text is different),
    JSON of which nothing can be read, and what is many times as long as its text.
    """
    said = without_thought(raw)
    if len(said) > 20 * len(text) + 10_000:
        return Answer("", 0, UNPARSABLE)
    parsed = _parsed(raw)
    names = None if parsed is None else _names(parsed, text)
    if parsed is not None and names is not None:
        other = parsed.text is not None and not has_tags(said) and not is_copy(copied(parsed.text, text)[1], text)
        return Answer(raw, names, UNPARSABLE if other else REPAIRED if parsed.broken_tags else None)
    named = parsed is not None and parsed.text is None
    repaired: Any = _outermost(said) if has_tags(said) and not named else _placed(text, parsed, said)
    parsed = _parsed(repaired) if repaired else None
    names = None if parsed is None else _names(parsed, text)
    return Answer("", 0, UNPARSABLE) if names is None else Answer(repaired, names, REPAIRED)


def _parsed(answer: Any) -> Record | None:
    """An answer as the reader of predictions has it; None when it refuses it."""
    try:
        return next(llm.read(Source(_PASSAGE, encode({"id": _PASSAGE, "answer": answer})), Options(), strict=True))
    except InputError:
        return None


def _names(parsed: Record, text: str) -> int | None:
    """How many names an answer has; None when labels or overlaps make it one that is refused."""
    gold = Gold(_PASSAGE, None, "", (Document(id=_PASSAGE, text=text),))
    try:
        found = read_records([parsed], Source(_PASSAGE, b""), gold, ReadOptions(labels=OWN), format="llm")[_PASSAGE]
    except InputError:
        return None
    return len(found.entities) + len(found.unlocated)


def _outermost(said: str) -> str:
    """The copy again, with the outer one of nested tags and without tags of other types."""
    copy, spans, _ = parse_tags(said)
    known = load_map(OWN).labels
    kept: list[Span] = []
    for span in spans:
        label = span.label.upper()
        if label in known and (not kept or kept[-1].end <= span.start):
            kept.append(replace(span, label=label))
    return str(json.loads(inline.write([Sample(_PASSAGE, copy, tuple(kept))]))["text"])


def _whole_objects(said: str) -> list[Mention]:
    """The names in the objects of broken JSON that are whole, in their order."""
    decoder = json.JSONDecoder()
    found: list[Mention] = []
    at = said.find("{")
    while at >= 0:
        end = at + 1
        try:
            value, behind = decoder.raw_decode(said, at)
            found += named_in(value)
            end = behind
        except (ValueError, RecursionError):
            # What is no whole object may hold some.
            pass
        at = said.find("{", end)
    return found


def _placed(text: str, parsed: Record | None, said: str) -> list[dict[str, Any]]:
    """Names of the gold's types with the numbers of their places; what has no place keeps none, and counts as false."""
    known = load_map(OWN).labels
    named = _whole_objects(said) if parsed is None else parsed.mentions
    mentions = [m._replace(label=m.label.upper()) for m in named if m.label.upper() in known]
    places = locate(text, mentions, nested=False)
    order = sorted(range(len(mentions)), key=lambda i: (-len(mentions[i].text), places[i] or (0, 0), i))
    taken: list[tuple[int, int]] = []
    kept: dict[int, int] = {}
    for index in order:
        place, name = places[index], mentions[index].text
        starts = list(occurrences(text, name))
        if place is None:
            kept[index] = len(starts) + 1
        elif all(place[1] <= start or end <= place[0] for start, end in taken):
            taken.append(place)
            kept[index] = starts.index(place[0]) + 1
    return [
        {"text": mentions[index].text, "type": mentions[index].label, "occurrence": kept[index]}
        for index in sorted(kept)
    ]
