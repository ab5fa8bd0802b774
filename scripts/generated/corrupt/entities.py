"""What the consistency check catches: single corruptions of the gold, by kind.

Each corruption is made the way a person or a tool makes it: offsets, surface and id fit each other unless the kind says
otherwise. It is caught when the check has a finding that the gold as it is does not have. The second share is without
the families A and V, and without entries of accepted findings that went stale: what remains on a gold set without
passes and releases.

python scripts/corruptions.py                print the page with the table, docs/corruptions.md
python scripts/corruptions.py --write        write it
python scripts/corruptions.py --check        exit 1 when it is not what the corruptions give
python scripts/corruptions.py --number N     how many corruptions of each kind (default: 15)
python scripts/corruptions.py --missed       those that were not caught
"""

import argparse
import copy
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

from msgspec.structs import replace

from tyez_bench.checks.config import read_config
from tyez_bench.checks.project import Project, check_project
from tyez_bench.checks.records import canonical
from tyez_bench.jsonl import encode, write_atomic
from tyez_bench.model import Entity
from tyez_bench.places.areas import areas
from tyez_bench.render.markup import markdown
from tyez_bench.render.sheet import sheet

ROOT = Path(__file__).parent.parent
SEED = 20220809
# What an annotator might take for a name: words of the page that are none, by reading it.
WORDS = ("项目", "建设", "发展", "企业", "记者", "我市", "产业", "区域", "工作", "服务", "该县", "创新", "投资")

TARGET = ROOT / "docs" / "corruptions.md"
PAGE = """# What the consistency check catches

Written by `python scripts/corruptions.py --write`: single corruptions of this gold set, seeded, and how many of
them give a finding that the gold as it is does not have. Offsets, surface and id fit each other after a
corruption unless its kind says otherwise. The second share is without the families A (passes and log) and V
(releases), without the comparison with the page (F006) and without entries of accepted findings that went
stale: what the check is worth on a gold set that has no passes and no releases. The commands of V804 and V805,
which rebuild everything, are not run here. The rules named are those that catch a kind without A and V, the
most frequent first.

What can't be caught without passes or a released version: a role, an alternative boundary, a missing document,
an entry of the log, and names that stand in the set once.

"""

Record = dict[str, Any]


@dataclass
class State:
    """The files of the project that a corruption may touch: gold, passes, log; raw bytes where lines are no records."""

    gold: list[Record]
    passes: dict[str, list[Record]]
    log: list[Record]
    raw: bytes | None = None


# A corruption changes the state in place and says what it did; None when it found nothing to corrupt.
Corruption = Callable[[State, random.Random], str | None]


def entities(state: State, wanted: Callable[[Record], bool] = lambda entity: True) -> list[tuple[Record, Record]]:
    """Document and entity of every entity that is wanted."""
    return [(document, entity) for document in state.gold for entity in document["entities"] if wanted(entity)]


def placed(document: Record, entity: Record, start: int, end: int) -> None:
    """Move an entity as an annotation tool does: surface and id follow; parents are those of the new boundaries."""
    entity["start"], entity["end"], entity["text"] = start, end, document["text"][start:end]
    entity["id"] = f"{document['id']}:{start}-{end}"
    settle(document)


def settle(document: Record) -> None:
    """Order and parents, as they follow from the boundaries."""
    found = sorted(document["entities"], key=lambda e: (e["start"], -e["end"], e["type"]))
    for number, entity in enumerate(found):
        around = [e for e in found[:number] if e["start"] <= entity["start"] and entity["end"] <= e["end"]]
        entity["parent"] = around[-1]["id"] if around else None
    document["entities"] = found


def pick(state: State, rng: random.Random, wanted: Callable[[Record], bool]) -> tuple[Record, Record] | None:
    """Any entity of a kind."""
    found = entities(state, wanted)
    return rng.choice(found) if found else None


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


def retyped(state: State, rng: random.Random) -> str | None:
    document, entity = rng.choice(entities(state))
    was = entity["type"]
    entity["type"] = rng.choice([label for label in ("PLACE", "ORG", "MONEY", "DATE") if label != was])
    for name in ("role", "code", "value"):
        entity[name] = None
    entity["alternatives"] = []
    settle(document)
    return f"{entity['text']}: {was} → {entity['type']} in {document['id']}"


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


def text_changed(state: State, rng: random.Random, how: str) -> str | None:
    document = rng.choice(state.gold)
    text = document["text"]
    at = rng.randrange(len(text))
    put = {"a character less": "", "a zero-width space more": text[at] + "\u200b", "U+FFFD": "\ufffd"}[how]
    document["text"] = text[:at] + put + text[at + 1 :]
    return f"{document['id']} at {at}"


def wrong_parent(state: State, rng: random.Random) -> str | None:
    found = pick(state, rng, lambda e: e["parent"] is not None)
    if found is None:
        return None
    found[1]["parent"] = None
    return str(found[1]["text"])


def label_slip(state: State, rng: random.Random) -> str | None:
    _, entity = rng.choice(entities(state))
    entity["type"] = rng.choice(("PLCAE", "LOC", "Org", "MONEY ", "date"))
    return f"{entity['text']} as {entity['type']!r}"


def bad_alternative(state: State, rng: random.Random) -> str | None:
    _, entity = rng.choice(entities(state))
    entity["alternatives"] = [[entity["end"] + 5, entity["end"] + 8]]
    return str(entity["text"])


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


def with_(function: Callable[..., str | None], *arguments: object) -> Corruption:
    """A corruption with its arguments."""
    return lambda state, rng: function(state, rng, *arguments)


KINDS: dict[str, Corruption] = {
    "entity left out, outermost": with_(dropped, True),
    "entity left out, nested": with_(dropped, False),
    "start one to the left": with_(shifted, "start", -1),
    "start one to the right": with_(shifted, "start", 1),
    "end one to the left": with_(shifted, "end", -1),
    "end one to the right": with_(shifted, "end", 1),
    "offsets shifted, surface kept": offsets_alone,
    "another type": retyped,
    "a word marked that is no name": invented,
    "wrong amount": amount,
    "wrong date": date,
    "value left out": with_(attribute_gone, "value"),
    "code of another area": other_code,
    "code left out": with_(attribute_gone, "code"),
    "another status": other_status,
    "another role": other_role,
    "another rule": other_rule,
    "alternative left out": with_(attribute_gone, "alternatives"),
    "alternative elsewhere": bad_alternative,
    "entity twice": twice,
    "crossing entity": crossing,
    "wrong parent": wrong_parent,
    "slip in a label": label_slip,
    "UTF-16 offsets": utf16,
    "text: a character less": with_(text_changed, "a character less"),
    "text: a zero-width space more": with_(text_changed, "a zero-width space more"),
    "text: U+FFFD": with_(text_changed, "U+FFFD"),
    "document left out": document_gone,
    "document twice": document_twice,
    "copy annotated otherwise": copied_otherwise,
    "entry of the log left out": log_entry_gone,
    "pass changed": pass_changed,
    "a line cut short": with_(lines_changed, "a line cut short"),
    "bytes of another encoding": with_(lines_changed, "bytes"),
}


@dataclass(frozen=True)
class Try:
    """A corruption, and what caught it: the codes of the new findings, with and without the project's families."""

    kind: str
    what: str
    codes: tuple[str, ...]

    @property
    def alone(self) -> tuple[str, ...]:
        """The codes that a gold set without passes, releases and accepted findings has, too."""
        return tuple(code for code in self.codes if code[0] not in "ABV" and code != "F006")


class Bench:
    """A copy of the project, in which one corruption at a time is made and checked."""

    def __init__(self, folder: Path):
        for name in ("annotations", "data"):
            copytree(ROOT / name, folder / name)
        for name in ("CHANGELOG.md", "pyproject.toml"):
            (folder / name).write_bytes((ROOT / name).read_bytes())
        self.folder = folder
        config = read_config(folder / "pyproject.toml")
        assert config.release is not None
        # The commands would rebuild everything, and catch everything: what the rules see is asked here.
        quick = replace(config.release, figures=(), rebuild=())
        self.project = Project(replace(config, release=quick), folder)
        self.gold = folder / "annotations" / "gold.jsonl"
        self.log = folder / "annotations" / "adjudication.jsonl"
        self.passes = {name: folder / "data" / "passes" / f"{name}.jsonl" for name in "AB"}
        self.clean = {path: path.read_bytes() for path in (self.gold, self.log, *self.passes.values())}
        self.known = self.found()

    def state(self) -> State:
        """The project as it is."""
        read = {path: [json.loads(line) for line in data.splitlines()] for path, data in self.clean.items()}
        return State(read[self.gold], {name: read[path] for name, path in self.passes.items()}, read[self.log])

    def found(self) -> set[tuple[str, str]]:
        """Codes and fingerprints of what stands."""
        return {(finding.code, finding.fingerprint) for finding in check_project(self.project).findings}

    def try_(self, kind: str, corruption: Corruption, rng: random.Random) -> Try | None:
        """Corrupt, check, and put everything back."""
        state = self.state()
        what = corruption(state, rng)
        if what is None:
            return None
        lines = b"".join(canonical(record) + b"\n" for record in state.gold)
        files = {self.gold: lines if state.raw is None else state.raw}
        files[self.log] = b"".join(encode(entry) + b"\n" for entry in state.log)
        files |= {self.passes[name]: b"".join(map(_line, found)) for name, found in state.passes.items()}
        for path, data in files.items():
            path.write_bytes(data)
        new = self.found() - self.known
        for path, data in self.clean.items():
            path.write_bytes(data)
        return Try(kind, what, tuple(sorted({code for code, _ in new})))


def _line(record: Record) -> bytes:
    return encode(record) + b"\n"


def tries(number: int, kinds: list[str] | None = None) -> Iterator[Try]:
    """So many corruptions of each kind, seeded by the kind's name."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder).resolve())
        for kind in kinds or list(KINDS):
            rng = random.Random(f"{SEED} {kind}")
            for _ in range(number):
                done = bench.try_(kind, KINDS[kind], rng)
                if done is not None:
                    yield done


def table(found: list[Try]) -> str:
    """Shares by kind, with the rules that caught most."""

    def share(tried: list[Try], alone: bool) -> str:
        caught = sum(bool(one.alone if alone else one.codes) for one in tried)
        return f"{caught} ({100 * caught / len(tried):.0f} %)"

    rows = []
    for kind in dict.fromkeys(one.kind for one in found):
        tried = [one for one in found if one.kind == kind]
        codes = [code for one in tried for code in one.alone]
        most = ", ".join(sorted(set(codes), key=lambda code: (-codes.count(code), code))[:4]) or "–"
        rows.append((kind, most, str(len(tried)), share(tried, False), share(tried, True)))
    rows.append(("all", "", str(len(found)), share(found, False), share(found, True)))
    header = ("corruption", "rules, without A and V", "tried", "caught", "caught without A and V")
    return markdown([sheet("", header, rows, words=2)])


def main() -> int:
    """Print the table, or what was missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--number", type=int, default=15, help="corruptions of each kind")
    parser.add_argument("--write", action="store_true", help="write docs/corruptions.md")
    parser.add_argument("--check", action="store_true", help="compare docs/corruptions.md, and write nothing")
    parser.add_argument("--missed", action="store_true", help="print those that were not caught without A and V")
    args = parser.parse_args()
    found = list(tries(args.number))
    if args.missed:
        for one in found:
            if not one.alone:
                print(f"{one.kind}: {one.what}" + ("" if one.codes else "  (not at all)"))
        return 0
    page = PAGE + table(found)
    if args.check:
        if TARGET.read_text("utf-8") != page:
            print("docs/corruptions.md is not what the corruptions give: run scripts/corruptions.py", file=sys.stderr)
            return 1
    elif args.write:
        write_atomic(TARGET, page.encode("utf-8"))
    else:
        print(page, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
