"""Entities with another type, value, code, status, role or rule."""

import random

from generated.corrupt.state import State, entities, pick, settle
from tyez_bench.zh.areas import areas


def retyped(state: State, rng: random.Random) -> str | None:
    document, entity = rng.choice(entities(state))
    was = entity["type"]
    entity["type"] = rng.choice([label for label in ("PLACE", "ORG", "MONEY", "DATE") if label != was])
    for name in ("role", "code", "value"):
        entity[name] = None
    entity["alternatives"] = []
    settle(document)
    return f"{entity['text']}: {was} → {entity['type']} in {document['id']}"


def label_slip(state: State, rng: random.Random) -> str | None:
    _, entity = rng.choice(entities(state))
    entity["type"] = rng.choice(("PLCAE", "LOC", "Org", "MONEY ", "date"))
    return f"{entity['text']} as {entity['type']!r}"


def amount(state: State, rng: random.Random) -> str | None:
    found = pick(state, rng, lambda e: e["type"] == "MONEY")
    if found is None:
        return None
    _, entity = found
    value = entity["value"]
    kind = rng.choice(("tenfold", "ten thousandth", "currency", "modifier", "digit"))
    if kind == "currency":
        value["currency"] = "USD"
    elif kind == "modifier":
        value["modifier"] = "LESS_THAN" if value["modifier"] != "LESS_THAN" else None
    elif kind == "ten thousandth":
        value["amount"] = value["amount"][:-4] if value["amount"].endswith("0000") else value["amount"] + "0000"
    else:
        digits = value["amount"]
        value["amount"] = digits + "0" if kind == "tenfold" else str((int(digits[0]) % 9) + 1) + digits[1:]
    return f"{entity['text']}: {kind}"


def date(state: State, rng: random.Random) -> str | None:
    found = pick(state, rng, lambda e: e["type"] == "DATE" and e["value"]["value"] is not None)
    if found is None:
        return None
    _, entity = found
    value = entity["value"]
    was = value["value"]
    digits = [i for i, c in enumerate(was) if c.isdigit()]
    if not digits:
        value["value"] = {"PRESENT_REF": "PAST_REF", "PXD": "PXY"}[was]
    elif rng.random() < 0.2:
        value["modifier"] = "END" if value["modifier"] is None else None
    else:
        at = digits[-1]
        value["value"] = was[:at] + str((int(was[at]) % 3) + 1) + was[at + 1 :]
        if value["value"] == was:
            value["value"] = was[:at] + "2" + was[at + 1 :]
    return f"{entity['text']}: {was} → {value['value']} {value['modifier']}"


def attribute_gone(state: State, rng: random.Random, name: str) -> str | None:
    found = pick(state, rng, lambda e: bool(e[name]))
    if found is None:
        return None
    found[1][name] = [] if name == "alternatives" else None
    return f"{found[1]['text']} in {found[0]['id']}"


def other_code(state: State, rng: random.Random) -> str | None:
    found = pick(state, rng, lambda e: e["code"] is not None)
    if found is None:
        return None
    was = found[1]["code"]
    found[1]["code"] = rng.choice([code for code in areas().names if code != was])
    return f"{found[1]['text']}: {was} → {found[1]['code']}"


def other_status(state: State, rng: random.Random) -> str | None:
    document, entity = rng.choice(entities(state))
    entity["status"] = "optional" if entity["status"] == "required" else "required"
    return f"{entity['text']} → {entity['status']} in {document['id']}"


def other_role(state: State, rng: random.Random) -> str | None:
    found = pick(state, rng, lambda e: e["role"] is not None)
    if found is None:
        return None
    found[1]["role"] = "actor" if found[1]["role"] == "location" else "location"
    return f"{found[1]['text']} → {found[1]['role']}"


def other_rule(state: State, rng: random.Random) -> str | None:
    _, entity = rng.choice(entities(state))
    was = entity["rule"]
    entity["rule"] = rng.choice([rule for rule in ("P1", "P2", "P4", "O1", "O2", "M1", "D1", "D2") if rule != was])
    return f"{entity['text']}: {was} → {entity['rule']}"
