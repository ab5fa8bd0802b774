"""What is told of a run beside its predictions: who answered and when, what went wrong, what it took."""

from collections.abc import Iterable, Mapping
from typing import Any

from tyez_bench.systems.llm.options import Asking
from tyez_bench.systems.llm.reading import PROBLEMS


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
