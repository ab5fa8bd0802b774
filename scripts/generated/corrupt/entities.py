"""Entities that are missing, invented, twice, or in the wrong place."""

import copy
import random

from generated.corrupt.state import Record, State, entities, pick, placed, settle
from tyez_bench.model.documents import Entity

# What an annotator might take for a name: words of the page that are none, by reading it.
WORDS = ("项目", "建设", "发展", "企业", "记者", "我市", "产业", "区域", "工作", "服务", "该县", "创新", "投资")


def dropped(state: State, rng: random.Random, outermost: bool) -> str | None:
    found = pick(state, rng, lambda e: (e["parent"] is None) == outermost)
    if found is None:
        return None
    document, entity = found
    document["entities"].remove(entity)
    settle(document)
    return f"{entity['type']} {entity['text']} in {document['id']}"


def shifted(state: State, rng: random.Random, side: str, by: int) -> str | None:
    for document, entity in rng.sample(entities(state), k=60):
        start, end = entity["start"] + (by if side == "start" else 0), entity["end"] + (by if side == "end" else 0)
        if not 0 <= start < end <= len(document["text"]) or "\n" in document["text"][start:end]:
            continue
        others = [e for e in document["entities"] if e is not entity]
        crossing = any(s < start < t < end or start < s < end < t for s, t in ((e["start"], e["end"]) for e in others))
        same = any((e["start"], e["end"]) == (start, end) for e in others)
        if crossing or same:
            continue
        was = entity["text"]
        entity["alternatives"] = []
        placed(document, entity, start, end)
        return f"{entity['type']} {was} → {entity['text']} in {document['id']}"
    return None


def offsets_alone(state: State, rng: random.Random) -> str | None:
    document, entity = rng.choice(entities(state))
    by = rng.choice((-1, 1, 2))
    entity["start"] += by
    entity["end"] += by
    return f"{entity['text']} by {by} in {document['id']}"


def twice(state: State, rng: random.Random) -> str | None:
    document, entity = rng.choice(entities(state))
    document["entities"].insert(document["entities"].index(entity), copy.deepcopy(entity))
    return str(entity["text"])


def crossing(state: State, rng: random.Random) -> str | None:
    found = pick(state, rng, lambda e: e["end"] - e["start"] > 2)
    if found is None:
        return None
    document, entity = found
    other = copy.deepcopy(entity)
    document["entities"].append(other)
    start, end = entity["start"] + 1, min(entity["end"] + 2, len(document["text"]))
    other |= {"start": start, "end": end, "text": document["text"][start:end], "id": f"{document['id']}:{start}-{end}"}
    document["entities"].sort(key=lambda e: (e["start"], -e["end"]))
    return f"{entity['text']} and {other['text']}"


def invented(state: State, rng: random.Random) -> str | None:
    """A word that is no name, marked as one."""
    words = list(WORDS)
    rng.shuffle(words)
    for word in words:
        for document in rng.sample(state.gold, k=len(state.gold)):
            at = document["text"].find(word)
            end = at + len(word)
            if at < 0 or any(e["start"] < end and at < e["end"] for e in document["entities"]):
                continue
            label = rng.choice(("PLACE", "ORG"))
            entity: Record = dict.fromkeys(Entity.__struct_fields__)
            entity |= {"start": at, "end": end, "type": label, "status": "required", "alternatives": []}
            entity["rule"] = "P1" if label == "PLACE" else "O1"
            document["entities"].append(entity)
            placed(document, entity, at, end)
            return f"{label} {word} in {document['id']}"
    return None


def wrong_parent(state: State, rng: random.Random) -> str | None:
    found = pick(state, rng, lambda e: e["parent"] is not None)
    if found is None:
        return None
    found[1]["parent"] = None
    return str(found[1]["text"])


def bad_alternative(state: State, rng: random.Random) -> str | None:
    _, entity = rng.choice(entities(state))
    entity["alternatives"] = [[entity["end"] + 5, entity["end"] + 8]]
    return str(entity["text"])
