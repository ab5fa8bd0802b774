"""Rules for places, money and times: those of the consistency check, and JioNLP's."""

import re
from collections.abc import Iterator
from typing import Any

from tyez_bench.gold.gold import Gold
from tyez_bench.model.spans import Span
from tyez_bench.systems.models import quiet
from tyez_bench.systems.system import RunOptions, System, overlap, sentence_places, spans_at, tagging
from tyez_bench.zh.find import find_dates, find_money

# Kinds of dates that are always entities.
KINDS = ("absolute", "relative")
# Class nouns that JioNLP's normalised names end in, and the text may leave out.
_CLASS_NOUNS = ("特别行政区", "自治区", "自治州", "自治县", "省", "市", "区", "县")


def rules(argument: str, gold: Gold, options: RunOptions) -> System:
    """Money and dates by the patterns of the consistency check.

    The patterns were written with the page known: what they score on it says little of what they would score elsewhere.
    Durations, sets and vague dates are left out, as the gold has them as optional.
    """
    return System(predict=tagging(find_values), by=options.by or "document")


def find_values(text: str) -> list[Span]:
    """Amounts of money, and dates that do not overlap one."""
    money = spans_at(text, ((p.start, p.end, "MONEY") for p in find_money(text)))
    dates = spans_at(text, ((p.start, p.end, "DATE") for p in find_dates(text) if p.kind in KINDS))
    return money + [d for d in dates if not any(overlap(d, m) for m in money)]


def jionlp(argument: str, gold: Gold, options: RunOptions) -> System:
    """Load JioNLP: its extractors of money and time, and its recogniser of places, as one system.

    What it does in its own way, and what is done about it:

    - Money spans take 约 and 达到 in. They are scored as they are: the gold's convention is not pressed on a system.
    - Times shorter than a day come too. They are kept: they are what the system says.
    - ``recognize_location`` gives normalised names (山西省, for 山西) and no offsets. It is asked sentence by sentence,
      and each name, or its short form, is looked up in that sentence: longest first, left to right, every occurrence.
      Names that it gives and that do not stand there (the province of a city) are left out.
    - It has one extractor a type. Of its time types, time_point, time_span, time_delta (durations) and time_period
      (sets) all come as time: the gold decides which are optional.
    - Extractors overlap each other now and then; money goes before time, time before places.
    - Its log goes to the console, with tracebacks for what it could not parse; it is kept from there.
    """
    with quiet():
        import jionlp

        # The dictionaries are read at the first call.
        jionlp.recognize_location("山西省太原市")

    def tag(text: str) -> list[Span]:
        taken: list[Span] = []
        with quiet():
            for start, end in sentence_places(text):
                sentence = text[start:end].rstrip("\n")
                # It fails on an empty one.
                for entity in _sentence(jionlp, sentence, start) if sentence else ():
                    if not any(overlap(entity, other) for other in taken):
                        taken.append(entity)
        return taken

    return System(predict=tagging(tag), by=options.by or "document")


def _sentence(jionlp: Any, sentence: str, offset: int) -> Iterator[Span]:
    found = [
        *_spans(jionlp.ner.extract_money(sentence, with_parsing=False), "money"),
        *_spans(jionlp.ner.extract_time(sentence, with_parsing=False), "time"),
        *(
            (start, end, "location")
            for start, end in locate(sentence, location_names(jionlp.recognize_location(sentence)))
        ),
    ]
    for start, end, label in found:
        yield Span(offset + start, offset + end, label, sentence[start:end])


def _spans(extracted: list[dict[str, Any]] | None, label: str) -> Iterator[tuple[int, int, str]]:
    for item in extracted or []:
        start, end = item["offset"]
        yield start, end, label


def location_names(recognised: dict[str, Any]) -> set[str]:
    """All names in a result of ``recognize_location``, with and without their class noun."""
    names: set[str] = set()
    for kind in ("domestic", "foreign"):
        for location, _frequency in recognised.get(kind) or []:
            names.update(name for name in location.values() if name)
    names.update(recognised.get("others") or [])
    for name in list(names):
        for noun in _CLASS_NOUNS:
            short = name.removesuffix(noun)
            if short != name and len(short) > 1:
                names.add(short)
                break
    return names


def locate(text: str, names: set[str]) -> Iterator[tuple[int, int]]:
    """Where the names stand in ``text``: longest first, left to right, no two overlapping."""
    ordered = sorted(filter(None, names), key=lambda name: (-len(name), name))
    # Without names the pattern would be found everywhere.
    found = re.finditer("|".join(map(re.escape, ordered)), text) if ordered else ()
    return (match.span() for match in found)
