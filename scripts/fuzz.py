"""Throw broken files at every reader for a stated time: each must be read, or refused in one line.

python scripts/fuzz.py --seconds 60 [--seed N]

A round takes a good or a broken file of some format, changes it a little (bytes cut, doubled, swapped, replaced by
nasty ones; JSON values replaced by others; two files glued), and reads it with the format named and detected, strictly
and with every leniency there is. What is read must be predictions that fit the gold. Prints the number of rounds and
of refusals by format; exit code 1 at the first input that ends in anything else, which is kept in fuzz-failure/.
"""

import json
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import tyez_bench
from tyez_bench.cli.output import emit, say
from tyez_bench.cli.parser import Parser
from tyez_bench.io.align.spans import OVERLAP_RULES
from tyez_bench.io.encodings import ENCODINGS, REPAIRS, encode
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.record import JOINS, Options, Sample
from tyez_bench.io.registry import DIRECTORIES, FORMATS, READ_ONLY, load_format
from tyez_bench.io.source import Source
from tyez_bench.model.errors import TyezBenchError
from tyez_bench.model.spans import Span

ROOT = Path(__file__).parent.parent
NASTY = (
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\n\n",
    b"\t",
    b'"',
    b"{",
    b"[",
    b"}",
    b"]",
    b"<",
    b"-",
)
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1.5,
    1e400,
    10**30,
    "",
    "\ud800",
    "太原",
    [],
    {},
    [[]],
    {"start": 0},
    "B-ORG",
    [0, 2, "ORG"],
)


def good_files(gold: tyez_bench.Gold) -> list[tuple[str, bytes]]:
    """The gold's outermost layer in every format of single files."""
    samples = [
        Sample(d.id, d.text, tuple(Span(e.start, e.end, str(e.type), e.text) for e in d.outermost())) for d in gold
    ]
    found = []
    for name in FORMATS:
        if name not in (*DIRECTORIES, *READ_ONLY):
            data = load_format(name).write(samples)
            assert isinstance(data, bytes)
            found.append((name, data))
            if name == "inline":
                found.append(("llm", data.replace(b'"text":', b'"answer":')))
            if name == "llm":
                found.append(("llm", answers(data)))
    return found + tagged_files(samples)


def tagged_files(samples: list[Sample]) -> list[tuple[str, bytes]]:
    """The samples in the formats of tokens that are read only, a token a character."""
    columns, rows, header = [], [], "TOKEN\tNE-COARSE-LIT\tNE-FINE-LIT\tMISC\n"
    documents: dict[str, list[Any]] = {"hanlp": [], "ltp": [], "lac": []}
    hipe = [header]
    for sample in samples:
        places = [index for index, character in enumerate(sample.text) if not character.isspace()]
        words = [sample.text[place] for place in places]
        number = {place: index for index, place in enumerate(places)}
        chunks = [(number[span.start], number[span.end - 1] + 1, span.label) for span in sample.spans]
        tags = encode(len(words), chunks, "bio")
        comments = f"# sent_id = {sample.id}\n# text = {' '.join(sample.text.split())}\n"
        pairs = list(zip(words, tags, strict=True))
        columns.append(comments + "".join(f"{n}\t{word}\t{tag}\t-\t-\n" for n, (word, tag) in enumerate(pairs, 1)))
        empty = "\t".join("_" * 7)
        rows.append(comments + "".join(f"{n}\t{word}\t{empty}\tNE={tag}\n" for n, (word, tag) in enumerate(pairs, 1)))
        hipe.append(f"# document_id = {sample.id}\n" + "".join(f"{w}\t{tag}\t_\tNoSpaceAfter\n" for w, tag in pairs))
        surfaces = [("".join(words[start:end]), start, end, label) for start, end, label in chunks]
        named = [[text, label, start, end] for text, start, end, label in surfaces]
        documents["hanlp"].append({"id": sample.id, "tok/fine": [words], "ner/msra": [named]})
        by_last = [[label, text, start, end - 1] for text, start, end, label in surfaces]
        documents["ltp"].append({"cws": words, "ner": by_last})
        documents["lac"].append([words, [tag[2:] or "n" for tag in tags]])
    texts = {"conll": "\n".join(columns), "conllu": "\n".join(rows), "hipe": "\n".join(hipe)}
    for name, found in documents.items():
        texts[name] = "\n".join(json.dumps(one, ensure_ascii=False) for one in found)
    return [(name, text.encode()) for name, text in texts.items()]


def answers(data: bytes) -> bytes:
    """The entities of a file of answers as JSON in a fence, as models write them."""
    records = [json.loads(line) for line in data.splitlines()]
    fenced = [{"id": r["id"], "answer": f"```json\n{json.dumps(r['entities'])}\n```"} for r in records]
    return "".join(json.dumps(record) + "\n" for record in fenced).encode()


def changed(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """The data with something wrong in it, most of the time."""
    for _ in range(rng.randint(0, 4)):
        kind, at, size = rng.randrange(7), rng.randrange(len(data) + 1), rng.randint(1, 40)
        if kind == 0:
            data = data[:at]
        elif kind == 1:
            data = data[:at] + data[at + size :]
        elif kind == 2:
            data = data[:at] + rng.choice(NASTY) + data[at:]
        elif kind == 3:
            data = data[:at] + data[at : at + size] * 2 + data[at + size :]
        elif kind == 4:
            data = data[:at] + rng.choice(others)[: rng.randint(0, 2000)]
        elif kind == 5:
            data = json_changed(rng, data)
        else:
            data = data.replace(str(rng.randint(0, 60)).encode(), str(rng.randint(-2, 700)).encode(), rng.randint(1, 3))
    return data


def json_changed(rng: random.Random, data: bytes) -> bytes:
    """A line of JSON with one value replaced."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    try:
        value = json.loads(lines[at])
    except (ValueError, RecursionError):
        return data
    lines[at] = json.dumps(_replaced(rng, value)).encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _replaced(rng: random.Random, value: Any) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(list(value))
        return {**value, key: _replaced(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.85:
        at = rng.randrange(len(value))
        return [*value[:at], _replaced(rng, value[at]), *value[at + 1 :]]
    return rng.choice(ODD)


def settings(rng: random.Random, name: str) -> tuple[str | None, ReadOptions]:
    """The format to name, if any, and how to read: strictly, or with some leniency."""
    options = Options(
        encoding=rng.choice([None, None, *ENCODINGS]),
        repair=rng.choice([None, *REPAIRS]),
        column=rng.choice([None, None, None, 1, 2, 3, "NE", "NE-COARSE-LIT", "ner/msra"]),
        token_column=rng.choice([None, None, None, 1, 2, "TOKEN"]),
        join=rng.choice([None, None, *JOINS]),
        spans_key=rng.choice([None, None, None, "sc"]),
    )
    how = ReadOptions(
        labels=rng.choice([None, "tyez"]),
        align=rng.random() < 0.5,
        overlaps=rng.choice([None, *OVERLAP_RULES]),
        flat=rng.random() < 0.7,
        options=options,
    )
    return rng.choice([None, name, name, name, rng.choice(list(FORMATS))]), how


def main() -> int:
    """Run for the stated time."""
    parser = Parser(prog="fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=20220809)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    gold = tyez_bench.load()
    files = good_files(gold)
    broken = [
        (folder.name, path.read_bytes())
        for folder in sorted((ROOT / "tests" / "broken").iterdir())
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != "expected.toml" and folder.name in FORMATS
    ]
    everything = [data for _, data in files + broken]
    read, refused = Counter[str](), Counter[str]()
    end = time.monotonic() + args.seconds
    while time.monotonic() < end:
        name, data = rng.choice(files if rng.random() < 0.6 else files + broken)
        data = changed(rng, data, everything)
        format_, how = settings(rng, name)
        try:
            predictions = read_source(Source("fuzz", data), gold, how, format=format_)
            layer = "outermost" if how.flat else "all"
            tyez_bench.score(gold, predictions, settings=tyez_bench.Settings(layer=layer, draws=1))  # type: ignore[arg-type]
            read[name] += 1
        except TyezBenchError as error:
            if "\n" in str(error):
                raise
            refused[name] += 1
        except Exception:
            for line in traceback.format_exc().splitlines():
                say(line)
            folder = Path("fuzz-failure")
            folder.mkdir(exist_ok=True)
            (folder / "input").write_bytes(data)
            (folder / "how.txt").write_text(f"{name}, named {format_}\n{how}\n", "utf-8")
            say(f"a {name} file read with {how}: kept in {folder}")
            return 1
    for name in sorted(read | refused):
        emit(f"{name}: {read[name]} read, {refused[name]} refused\n")
    rounds = sum(read.values()) + sum(refused.values())
    emit(f"{rounds} rounds in {args.seconds:.0f} seconds, seed {args.seed}: no other end\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
