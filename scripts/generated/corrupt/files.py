"""Texts, documents, passes, the log and lines that are not what they were."""

import copy
import random

from generated.corrupt.state import State
from tyez_bench.files.jsonl import encode


def text_changed(state: State, rng: random.Random, how: str) -> str | None:
    document = rng.choice(state.gold)
    text = document["text"]
    at = rng.randrange(len(text))
    put = {"a character less": "", "a zero-width space more": text[at] + "\u200b", "U+FFFD": "\ufffd"}[how]
    document["text"] = text[:at] + put + text[at + 1 :]
    return f"{document['id']} at {at}"


def utf16(state: State, rng: random.Random) -> str | None:
    """A text with a character outside the BMP at its beginning, and offsets that count it twice."""
    document = rng.choice([d for d in state.gold if d["entities"]])
    document["text"] = "🏙" + document["text"]
    for part in ("sections", "sentences", "provenance", "entities"):
        for one in document[part]:
            if isinstance(one, list):
                one[0] += 1
            else:
                one["start"], one["end"] = one["start"] + 2, one["end"] + 2
    for one in [*document["sections"], *document["sentences"]]:
        one["start"], one["end"] = one["start"] - 1, one["end"] - 1
    return str(document["id"])


def document_gone(state: State, rng: random.Random) -> str | None:
    document = rng.choice(state.gold)
    state.gold.remove(document)
    return str(document["id"])


def document_twice(state: State, rng: random.Random) -> str | None:
    document = copy.deepcopy(rng.choice(state.gold))
    state.gold.append(document)
    return str(document["id"])


def copied_otherwise(state: State, rng: random.Random) -> str | None:
    document = copy.deepcopy(rng.choice([d for d in state.gold if d["entities"]]))
    document["id"] += "-copy"
    document["entities"].pop()
    state.gold.append(document)
    return str(document["id"])


def log_entry_gone(state: State, rng: random.Random) -> str | None:
    entry = rng.choice(state.log)
    state.log.remove(entry)
    return str(entry["id"])


def pass_changed(state: State, rng: random.Random) -> str | None:
    name = rng.choice(list(state.passes))
    document = rng.choice([d for d in state.passes[name] if d["entities"]])
    entity = rng.choice(
        [e for e in document["entities"] if not any(o["parent"] == e["id"] for o in document["entities"])]
    )
    document["entities"].remove(entity)
    return f"{entity['text']} in {name}"


def lines_changed(state: State, rng: random.Random, how: str) -> str | None:
    lines = [encode(record) for record in state.gold]
    at = rng.randrange(len(lines))
    if how == "a line cut short":
        lines[at] = lines[at][: rng.randrange(10, len(lines[at]) - 1)]
    else:
        lines[at] = lines[at].replace("太原".encode(), "太原".encode("gb18030"), 1)
        if lines[at] == encode(state.gold[at]):
            lines[at] = b"\xcc\xab" + lines[at]
    state.raw = b"\n".join(lines) + b"\n"
    return f"line {at + 1}"
