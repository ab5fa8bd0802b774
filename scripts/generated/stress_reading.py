"""The blind reading of the stress suite: the labels of second readers, who had seen nothing of it.

annotations/stress/sample.jsonl holds the texts as they were drawn, with the labels of their templates, under numbers
that tell nothing; `title` has the id of the text in the suite. t001 and on are of the first drawing, 300 cases; u001
and on of the second, a case of each template that had none in the first, as far as they were read. reading.txt holds
the readers' labels, in the notation of the passes; decisions.jsonl what came of each difference; remarks.jsonl what
the readers said of texts that no paper would print so, and whether the template was mended or why not. All four stay
as they were: the suite was mended afterwards.

python scripts/stress_reading.py                  print the agreement, and what was decided
python scripts/stress_reading.py --check          exit 1 unless each difference is decided
python scripts/stress_reading.py --differences    print each difference, for the log of decisions
python scripts/stress_reading.py --draw DIR       draw a sample: sample.jsonl, and blank.txt for the reader
python scripts/stress_reading.py --rest DIR       the same of the templates that have no case in the sample
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from tyez_bench.alpha import alpha
from tyez_bench.corpus.gold import Gold, load
from tyez_bench.corpus.inline import read_pass
from tyez_bench.errors import AnnotationError, TyezBenchError
from tyez_bench.gold.agreement import Agreement, agreement, character_labels
from tyez_bench.jsonl import encode, encode_lines, read_records, write_atomic
from tyez_bench.model import Document, Entity
from tyez_bench.render.agreement_sheets import agreement_sheets
from tyez_bench.render.sheet import Sheet, sheet
from tyez_bench.render.text import render
from tyez_bench.stress.cases import Case
from tyez_bench.stress.suite import CAPABILITIES, suite

FOLDER = Path(__file__).parent.parent / "annotations" / "stress"
SAMPLE, READING, DECISIONS, REMARKS = (
    FOLDER / name for name in ("sample.jsonl", "reading.txt", "decisions.jsonl", "remarks.jsonl")
)
DRAWINGS = {"t": "first", "u": "second"}
CASES = 300
SEED = 20221125

Spans = frozenset[tuple[int, int, str, str, str]]
Verdict = Literal["template", "reader", "dropped", "guidelines"]
Entry = TypeVar("Entry", bound=Struct)


class Decision(Struct, frozen=True, forbid_unknown_fields=True):
    """What came of a text that the reader labelled otherwise than its template.

    ``verdict``: the template was right, the reader was (the template was mended), the text was dropped, or the
    guidelines left it open (they were made clear; ``mended`` says whether the template changed).
    """

    id: str
    text_id: str
    constructed: list[str]
    read: list[str]
    verdict: Verdict
    mended: bool
    rule: str
    reason: str


class Remark(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a reader said of the wording of a text; ``reason`` says why a template was left as it was."""

    id: str
    text_id: str
    remark: str
    mended: bool
    reason: str | None = None


def draw(folder: Path) -> None:
    """A sample that is spread over the capabilities, and within them over the templates, in an order of chance."""
    chosen: list[Case] = []
    made = _by_template()
    for number, capability in enumerate(CAPABILITIES):
        chance = random.Random(f"{SEED}/{capability}")
        size = CASES // len(CAPABILITIES) + (number < CASES % len(CAPABILITIES))
        names = sorted((key for key in made if key[0] == capability), key=lambda key: chance.random())[:size]
        chosen += [made[key][int(chance.random() * len(made[key]))] for key in names]
    _write(folder, chosen, random.Random(SEED), "t")


def draw_rest(folder: Path) -> None:
    """A case of each template that has none in the sample, in an order of chance."""
    drawn = {_template(text) for text in load(SAMPLE)}
    chance = random.Random(f"{SEED}/rest")
    left = sorted((key, found) for key, found in _by_template().items() if key not in drawn)
    _write(folder, [found[int(chance.random() * len(found))] for _, found in left], chance, "u")


def _by_template() -> dict[tuple[str, str], list[Case]]:
    made: dict[tuple[str, str], list[Case]] = {}
    for case in suite().cases:
        if case.capability in CAPABILITIES:
            made.setdefault((case.capability, case.template), []).append(case)
    return made


def _template(text: Document) -> tuple[str, str]:
    capability, _, name = (text.title or "").partition("/")
    return capability, name.partition(".")[0]


def _write(folder: Path, chosen: list[Case], chance: random.Random, letter: str) -> None:
    texts = [text for case in chosen for text in case.texts]
    texts.sort(key=lambda text: chance.random())
    sample = [_numbered(text, f"{letter}{number:03}") for number, text in enumerate(texts, 1)]
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / "sample.jsonl", encode_lines(sample))
    write_atomic(folder / "blank.txt", "".join(f"=== {text.id}\n{text.text}\n" for text in sample).encode())
    print(f"{len(chosen)} cases, {len(texts)} texts")


def _numbered(text: Document, number: str) -> Document:
    record = msgspec.to_builtins(text)
    for part in (*record["sentences"], *record["entities"]):
        part["id"] = part["id"].replace(text.id, number, 1)
    for entity in record["entities"]:
        entity["parent"] = entity["parent"] and entity["parent"].replace(text.id, number, 1)
    return msgspec.convert(record | {"id": number, "title": text.id}, Document)


def read() -> tuple[Gold, Gold]:
    """The sample with the labels of its templates, and with those of the reader."""
    sample = load(SAMPLE)
    bare = tuple(msgspec.structs.replace(text, entities=()) for text in sample)
    return sample, Gold("reading", None, "", read_pass(READING, bare))


def spans(text: Document) -> Spans:
    """What is compared: boundaries, type, status and value of the outermost layer, and of the nested one no value."""
    return frozenset(
        (e.start, e.end, e.type, e.status.value, str(e.value) if e.outermost else "") for e in text.entities
    )


def differences(sample: Gold, reading: Gold) -> Iterator[tuple[Document, list[str], list[str]]]:
    """Each text that the two label otherwise, with what one of them alone has."""
    for text in sample:
        one, other = spans(text), spans(reading[text.id])
        if one != other:
            yield text, _shown(text, one - other), _shown(reading[text.id], other - one)


def _shown(text: Document, found: Spans) -> list[str]:
    return [_words(entity) for entity in text.entities if not found.isdisjoint(spans_of(entity))]


def spans_of(entity: Entity) -> Spans:
    """An entity as :func:`spans` compares it."""
    value = str(entity.value) if entity.outermost else ""
    return frozenset([(entity.start, entity.end, entity.type, entity.status.value, value)])


def _words(entity: Entity) -> str:
    value = "" if entity.value is None else f" {entity.value}"
    nested = "" if entity.outermost else " nested"
    return f"{entity.type}{'' if entity.required else '?'} {entity.text} {entity.start}-{entity.end}{nested}{value}"


def log_of(path: Path, what: type[Entry]) -> list[Entry]:
    """The log of decisions or of remarks. Raises AnnotationError with the line."""
    found = []
    for line, record in read_records(path):
        try:
            found.append(msgspec.convert(record, what))
        except msgspec.ValidationError as error:
            raise AnnotationError(str(error), path=path, line=line) from None
    return found


def sheets(sample: Gold, reading: Gold, log: list[Decision], remarks: list[Remark]) -> list[Sheet]:
    """Agreement; how many texts agree in all, by capability and drawing; what came of the others, and of remarks."""
    result: Agreement = agreement(sample, reading)
    differing = {text.id for text, _, _ in differences(sample, reading)}
    outer = {text.id for text in sample if _outermost(text) != _outermost(reading[text.id])}

    def row(name: str, own: set[str]) -> tuple[str, ...]:
        return name, str(len(own)), str(len(own - outer)), str(len(own - differing))

    rows = [row(name, {text.id for text in sample if _template(text)[0] == name}) for name in CAPABILITIES]
    rows += [
        row(f"{name} drawing", {text.id for text in sample if text.id[0] == letter})
        for letter, name in DRAWINGS.items()
    ]
    rows.append(row("all", {text.id for text in sample}))
    verdicts = Counter(decision.verdict for decision in log)
    mended = Counter(remark.mended for remark in remarks)
    return [
        *agreement_sheets(result, alpha([character_labels(found) for found in (sample, reading)])),
        sheet(
            "texts",
            ("capability", "texts", "same spans", "same in all"),
            rows,
            [
                "same spans: boundaries, types and status of the outermost layer; in all: nested ones and values, too",
            ],
        ),
        sheet(
            "what was decided", ("verdict", "texts"), [(name, str(number)) for name, number in sorted(verdicts.items())]
        ),
        sheet(
            "remarks on the wording",
            ("what came of it", "texts"),
            [("mended", str(mended[True])), ("left as it was", str(mended[False]))],
        ),
    ]


def same_spans(sample: Gold, reading: Gold) -> int:
    """How many texts have the same boundaries, types and status on the outermost layer."""
    return sum(_outermost(text) == _outermost(reading[text.id]) for text in sample)


def _outermost(text: Document) -> frozenset[tuple[int, int, str, str]]:
    return frozenset((e.start, e.end, e.type, e.status.value) for e in text.outermost())


def problems(sample: Gold, reading: Gold, log: list[Decision], remarks: list[Remark]) -> Iterator[str]:
    """What is undecided, decided of a difference that there is not, or remarked on no text or without an answer."""
    decided = {decision.id: decision for decision in log}
    open_ = {text.id: (one, other) for text, one, other in differences(sample, reading)}
    yield from (f"{id_}: the difference is not decided" for id_ in open_ if id_ not in decided)
    for id_, decision in decided.items():
        if id_ not in open_ or open_[id_] != (decision.constructed, decision.read):
            yield f"{id_}: the decision is on another difference than there is"
    for remark in remarks:
        if remark.id not in sample or sample[remark.id].title != remark.text_id:
            yield f"{remark.id}: the remark is on a text that is not in the sample"
        if remark.mended == (remark.reason is not None):
            yield f"{remark.id}: a remark has a reason where nothing was mended, and there alone"


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--draw", type=Path, metavar="DIR")
    parser.add_argument("--rest", type=Path, metavar="DIR")
    parser.add_argument("--differences", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    try:
        if args.draw is not None:
            draw(args.draw)
            return 0
        if args.rest is not None:
            draw_rest(args.rest)
            return 0
        sample, reading = read()
        if args.differences:
            for text, one, other in differences(sample, reading):
                blank = Decision(text.id, text.title or "", one, other, "template", False, "?", "?")
                print(text.text, encode(blank).decode(), sep="\n")
            return 0
        log, remarks = log_of(DECISIONS, Decision), log_of(REMARKS, Remark)
        if args.check:
            wrong = list(problems(sample, reading, log, remarks))
            print(*wrong, sep="\n", file=sys.stderr, end="\n" if wrong else "")
            return int(bool(wrong))
        sys.stdout.write(render(sheets(sample, reading, log, remarks)))
    except TyezBenchError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
