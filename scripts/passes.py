"""For those who annotate: the texts to mark, the marks checked, and the differences for the logs.

python scripts/passes.py blank > PASS.txt       the documents of the page without marks, to start from
python scripts/passes.py check PASS.txt         whether the marks are well-formed
python scripts/passes.py jsonl PASS.txt         the pass in the gold's schema, to compare it
python scripts/passes.py differences            each difference between the passes A and B, for the log
python scripts/passes.py stress-sample DIR      draw a sample of the stress suite: sample.jsonl, and blank.txt to mark
python scripts/passes.py stress-sample DIR --rest   the same of the templates that have no case in the sample
python scripts/passes.py stress-differences     each difference of its second reading, for the log of decisions

``check`` prints counts only, never labels: an annotator may run it on a pass in the making.
"""

import random
import sys
from collections import Counter
from pathlib import Path

import msgspec

from generated import stress_reading
from generated.data import read_sources
from generated.maker import ANNOTATIONS
from generated.stress_reading import SAMPLE, template_of
from tyez_bench.cli.output import emit, say
from tyez_bench.cli.parser import Parser
from tyez_bench.files.jsonl import encode, encode_lines, write_atomic
from tyez_bench.gold.build.adjudication import Decision, differences
from tyez_bench.gold.build.notation import read_pass
from tyez_bench.gold.build.page import build_documents, read_layout, read_page
from tyez_bench.gold.gold import load
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import TyezBenchError
from tyez_bench.stress.cases import StressCase
from tyez_bench.stress.suite import CAPABILITIES, suite

LAYOUT = ANNOTATIONS / "documents.toml"
CASES = 300
SEED = 20221125


def blank() -> None:
    """Print the documents of the page without marks."""
    for document in documents():
        emit(f"=== {document.id}\n{document.text}\n")


def documents() -> tuple[Document, ...]:
    """The documents of the page, without entities."""
    layout = read_layout(LAYOUT)
    return build_documents(read_page(LAYOUT, layout), layout, LAYOUT)


def check(file: Path) -> None:
    """Print how many marks of each type a pass has. Raises AnnotationError."""
    counts = Counter(entity.type for document in read_pass(file, documents()) for entity in document.entities)
    emit(f"{file}: well-formed; {', '.join(f'{n} {label}' for label, n in sorted(counts.items()))}\n")


def jsonl(file: Path) -> None:
    """Print a pass in the gold's schema. Raises AnnotationError."""
    emit(encode_lines(read_pass(file, documents())).decode(), "jsonl")


def print_differences() -> None:
    """Each difference between the passes as a log entry without its decision."""
    _, _, documents, passes = read_sources()
    texts = {document.id: document.text for document in documents}
    for number, ((name, start, end), a, b) in enumerate(differences(passes["A"], passes["B"]), 1):
        entry = Decision(
            id=f"adj-{number:03}",
            document=name,
            start=start,
            end=end,
            text=texts[name][start:end],
            origin="difference",
            a=a,
            b=b,
            rule="?",
            reason="?",
        )
        emit(f"{encode(entry).decode()}\n")


def draw(folder: Path) -> None:
    """A sample that is spread over the capabilities, and within them over the templates, in an order of chance."""
    chosen: list[StressCase] = []
    made = _by_template()
    for number, capability in enumerate(CAPABILITIES):
        chance = random.Random(f"{SEED}/{capability}")
        size = CASES // len(CAPABILITIES) + (number < CASES % len(CAPABILITIES))
        names = sorted((key for key in made if key[0] == capability), key=lambda key: chance.random())[:size]
        chosen += [made[key][int(chance.random() * len(made[key]))] for key in names]
    _write(folder, chosen, random.Random(SEED), "t")


def draw_rest(folder: Path) -> None:
    """A case of each template that has none in the sample, in an order of chance."""
    drawn = {template_of(text) for text in load(SAMPLE)}
    chance = random.Random(f"{SEED}/rest")
    left = sorted((key, found) for key, found in _by_template().items() if key not in drawn)
    _write(folder, [found[int(chance.random() * len(found))] for _, found in left], chance, "u")


def _by_template() -> dict[tuple[str, str], list[StressCase]]:
    made: dict[tuple[str, str], list[StressCase]] = {}
    for case in suite().cases:
        if case.capability in CAPABILITIES:
            made.setdefault((case.capability, case.template), []).append(case)
    return made


def _write(folder: Path, chosen: list[StressCase], chance: random.Random, letter: str) -> None:
    texts = [text for case in chosen for text in case.texts]
    texts.sort(key=lambda text: chance.random())
    sample = [_numbered(text, f"{letter}{number:03}") for number, text in enumerate(texts, 1)]
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / "sample.jsonl", encode_lines(sample))
    write_atomic(folder / "blank.txt", "".join(f"=== {text.id}\n{text.text}\n" for text in sample).encode())
    emit(f"{len(chosen)} cases, {len(texts)} texts\n")


def _numbered(text: Document, number: str) -> Document:
    record = msgspec.to_builtins(text)
    for part in (*record["sentences"], *record["entities"]):
        part["id"] = part["id"].replace(text.id, number, 1)
    for entity in record["entities"]:
        entity["parent"] = entity["parent"] and entity["parent"].replace(text.id, number, 1)
    return msgspec.convert(record | {"id": number, "title": text.id}, Document)


def stress_differences() -> None:
    """Print each difference of the second reading as an entry of the log without its decision."""
    for text, one, other in stress_reading.differences(*stress_reading.read()):
        entry = stress_reading.Decision(text.id, text.title or "", one, other, "template", False, "?", "?")
        emit(f"{text.text}\n{encode(entry).decode()}\n")


def main() -> int:
    """Run the command."""
    parser = Parser(prog="passes", description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("blank", help="print the documents of the page without marks")
    for name, text in (("check", "whether a pass is well-formed"), ("jsonl", "print a pass in the gold's schema")):
        commands.add_parser(name, help=text).add_argument("file", type=Path, help="the pass")
    commands.add_parser("differences", help="print the differences between the passes A and B")
    sample = commands.add_parser("stress-sample", help="draw a sample of the stress suite")
    sample.add_argument("folder", type=Path, metavar="DIR", help="where to write sample.jsonl and blank.txt")
    sample.add_argument("--rest", action="store_true", help="of the templates that have no case in the sample")
    commands.add_parser("stress-differences", help="print the differences of the second reading")
    args = parser.parse_args()
    try:
        match args.command:
            case "blank":
                blank()
            case "check":
                check(args.file)
            case "jsonl":
                jsonl(args.file)
            case "differences":
                print_differences()
            case "stress-sample":
                (draw_rest if args.rest else draw)(args.folder)
            case _:
                stress_differences()
    except TyezBenchError as error:
        say(str(error))
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
