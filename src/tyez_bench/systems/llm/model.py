"""A language model as a system: ``llm:MODEL`` behind any OpenAI-compatible endpoint (``/chat/completions``).

Its records are those of the format ``llm``, so that the predictions are read and scored as any other model's answers.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from tyez_bench.files.jsonl import encode, sha256, write_atomic
from tyez_bench.gold.gold import Gold
from tyez_bench.io.label_maps import OWN
from tyez_bench.model.errors import UsageError
from tyez_bench.systems.llm.endpoint import Completion, asker
from tyez_bench.systems.llm.options import Asking, endpoint_url, key
from tyez_bench.systems.llm.prompts import examples, instructions, messages
from tyez_bench.systems.llm.reading import PROBLEMS, record
from tyez_bench.systems.system import Passage, RunOptions, System

# The files of the cache.
_NAME = re.compile(r"[0-9a-f]{64}\.json")


def load(argument: str, gold: Gold, options: RunOptions) -> System:
    """The model as a system; nothing is sent before it is run.

    Raises UsageError for an endpoint that is none, for a key that is none, and where there are too few examples.
    """
    asking = options.llm
    url = endpoint_url(asking.base_url)
    secret = key(url, insecure=asking.insecure)
    if options.labels not in (None, OWN):
        raise UsageError(f"llm: answers with the types of the gold, so only the label map {OWN} applies")
    by = options.by or "document"
    shots = {document.id: examples(gold, document.id, asking.shots, by) for document in gold}
    prompts = {id_: messages(asking, found, "") for id_, found in shots.items()}

    send = asker(url, secret, timeout=asking.timeout, retries=asking.retries, rate=asking.rate)

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
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
                **{name: getattr(asking, name) for name in ("level", "language", "paraphrase", "answer")},
                # Of all that is said but the texts themselves.
                "sha256": sha256(encode(prompts)),
                "instructions": instructions(asking),
            },
            "shots": {id_: [shot.id for shot in found] for id_, found in shots.items()} if asking.shots else {},
            "parameters": {"temperature": asking.temperature, "max_tokens": asking.max_tokens, **asking.parameters},
        },
        facts=lambda records: {"llm": facts(records, asking)},
    )


class CachedAnswer(Struct, frozen=True):
    """What a file of the cache holds: the request that it answers, and the answer."""

    request: dict[str, Any]
    completion: Completion


def cached(
    ask: Callable[[Mapping[str, Any]], Completion], folder: Path | None, url: str, run: int
) -> Callable[[Mapping[str, Any]], tuple[Completion, bool]]:
    """``ask`` with a memory: what it gives, and whether it was kept from an earlier time.

    A file is called by the SHA-256 of base URL, body and number of the run, so that equal runs stay several; the key is
    no part of it. A file that can't be read as what it should be is asked for again and replaced. Answers are readable
    by their owner alone. Raises UsageError for a folder that can't be written.
    """

    def look(body: Mapping[str, Any]) -> tuple[Completion, bool]:
        request = {"base_url": url, "run": run, "body": dict(body)}
        if folder is None:
            return ask(body), False
        path = folder / f"{sha256(encode(request))}.json"
        found = _read(path, request)
        if found is not None:
            return found, True
        completion = ask(body)
        write_atomic(path, encode(CachedAnswer(request, completion)), update=True, private=True)
        return completion, False

    if folder is not None:
        try:
            _make_private(folder)
        except OSError as error:
            raise UsageError(f"{folder}: can't be used as a cache: {error.strerror}") from None
    return look


def _make_private(folder: Path) -> None:
    """A directory for its owner alone, and the answers that are in it already, too. Raises OSError.

    A directory that holds anything else is somebody's for another purpose, and keeps its mode; the answers don't.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    others = False
    for path in folder.iterdir():
        if _NAME.fullmatch(path.name):
            path.chmod(0o600)
        else:
            others = True
    if not others:
        folder.chmod(0o700)


def _read(path: Path, request: Mapping[str, Any]) -> Completion | None:
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=CachedAnswer)
    except (OSError, ValueError, RecursionError):
        return None
    return kept.completion if kept.request == request else None


def facts(records: Iterable[Mapping[str, Any]], asking: Asking) -> dict[str, Any]:
    """The facts of all records of a run, those of an interrupted part of it too. None is what nobody told.

    ``models`` and ``system_fingerprints`` are as the endpoint answered. ``problems`` counts the answers with each; of
    those ``parse_failures`` name nothing. Tokens and price are those of the
    answers, whether asked for now or kept in the cache; they are None unless told with every answer.
    """
    found = list(records)
    calls = [record["call"] for record in found]
    tokens_in, tokens_out = (_sum(call[name] for call in calls) for name in ("tokens_in", "tokens_out"))
    problems = {name: sum(record["problem"] == name for record in found) for name in PROBLEMS}
    failed = [r for r in found if r["problem"] is not None and not r["names"]]
    times = sorted(call["at"] for call in calls if call["at"] is not None)
    return {
        "models": _told(call["model"] for call in calls),
        "system_fingerprints": _told(call["system_fingerprint"] for call in calls),
        "first_request": times[0] if times else None,
        "last_request": times[-1] if times else None,
        "answers": len(found),
        "from_cache": sum(call["cached"] for call in calls),
        "problems": problems,
        "parse_failures": len(failed),
        "tokens": {"in": tokens_in, "out": tokens_out},
        "price": _price(tokens_in, tokens_out, asking),
    }


def _told(values: Iterable[str | None]) -> list[str] | None:
    return sorted({value for value in values if value is not None}) or None


def _sum(values: Iterable[int | None]) -> int | None:
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _price(tokens_in: int | None, tokens_out: int | None, asking: Asking) -> dict[str, Any] | None:
    """The price of all tokens, in the currency of the prices given; None where no price is."""
    if asking.price_in is None and asking.price_out is None:
        return None
    parts = [
        None if price is None or tokens is None else price * tokens / 1_000_000
        for price, tokens in ((asking.price_in, tokens_in), (asking.price_out, tokens_out))
    ]
    total = None if None in parts else round(sum(part for part in parts if part is not None), 6)
    return {"million_in": asking.price_in, "million_out": asking.price_out, "total": total}
