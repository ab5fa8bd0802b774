"""Rebuild everything derived from annotations/: gold, data/ (but for data/predictions), schemas and their page.

python scripts/build_data.py            write
python scripts/build_data.py --check    compare byte for byte, exit 1 on a difference
python scripts/build_data.py --differences    print the differences between the passes, for the log
"""

import argparse
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from tyez_bench.checks.subject import Options
from tyez_bench.corpus.annotations import Decision, adjudicate, differences, read_log
from tyez_bench.corpus.gold import Gold
from tyez_bench.corpus.inline import read_pass
from tyez_bench.corpus.label_sets import BUILT_IN, shipped
from tyez_bench.corpus.manifest import MANIFEST, FileFacts, Manifest, releases
from tyez_bench.corpus.page import Layout, build_documents, read_layout, read_page
from tyez_bench.dataset.configs import WORD_SEGMENTERS, Sources
from tyez_bench.dataset.croissant import release_date
from tyez_bench.errors import TyezBenchError
from tyez_bench.jsonl import check_sha256, encode, encode_lines, read_bytes, read_sums, sha256, write_atomic
from tyez_bench.model import Document, Prediction
from tyez_bench.render.repository import repository_files
from tyez_bench.stress.suite import suite
from tyez_bench.stress.table import stress_rows
from tyez_bench.views.columns import LABELS_IN_WORDS
from tyez_bench.views.segmenters import load_segmenter

ROOT = Path(__file__).parent.parent
ANNOTATIONS = ROOT / "annotations"
LAYOUT = ANNOTATIONS / "documents.toml"
PASSES = {name: ANNOTATIONS / "passes" / f"{name}.txt" for name in ("A", "B")}
LOG = ANNOTATIONS / "adjudication.jsonl"
RELEASES = ANNOTATIONS / "releases.toml"
DATA = ROOT / "data"
# What a dataset repository needs beside the data, so that it can stand alone.
COPIED = ("DATASHEET.md", "LICENSE-ANNOTATIONS", "LICENSE-TEXT.md", "CITATION.cff")

Documents = tuple[Document, ...]


def _predictions() -> list[Path]:
    """The committed predictions, with the facts of their runs and the descriptions of their systems."""
    patterns = ("*.json*", "*.yaml", "stress/*.json*")
    return sorted(path for pattern in patterns for path in (DATA / "predictions").glob(pattern))


def read_sources() -> tuple[Layout, str, Documents, dict[str, Documents]]:
    """Layout, page, blank documents, and the passes. Raises AnnotationError, also for a pass that was changed."""
    layout = read_layout(LAYOUT)
    page = read_page(LAYOUT, layout)
    documents = build_documents(page, layout, LAYOUT)
    sums = ANNOTATIONS / "passes" / "SHA256SUMS"
    for name in read_sums(sums):
        # A pass is kept as it was.
        path = sums.parent / name
        check_sha256(path, read_bytes(path), sums)
    return (
        layout,
        page,
        documents,
        {name: read_pass(path, documents) for name, path in PASSES.items()},
    )


def build() -> dict[Path, bytes]:
    """Every derived file with its content."""
    layout, page, documents, passes = read_sources()
    adjudicated = adjudicate(documents, passes["A"], passes["B"], LOG)
    gold = encode_lines(adjudicated)
    versions, past = releases(RELEASES, layout.set.version, gold)
    files = {
        "gold.jsonl": gold,
        **past,
        **{f"passes/{name}.jsonl": encode_lines(found) for name, found in passes.items()},
        "gold.schema.json": schema(Document, "A document of the gold"),
        "predictions.schema.json": schema(Prediction, "Predictions for a document"),
        **{name: read_bytes(ROOT / name) for name in COPIED},
        "accepted.jsonl": (ANNOTATIONS / "accepted.jsonl").read_bytes(),
        "check.toml": check_config(),
        "LICENSE.md": licence(),
        # Not derived from annotations/: they have a check of their own, by running the systems again.
        **{path.relative_to(DATA).as_posix(): read_bytes(path) for path in _predictions()},
    }
    published = Gold(layout.set.name, layout.set.version, sha256(gold), adjudicated)
    sources = Sources(
        gold=published,
        passes={name: Gold(name, None, sha256(encode_lines(found)), found) for name, found in passes.items()},
        log=tuple(entry for _, entry in read_log(LOG)),
        segmenters={name: load_segmenter(name) for name in WORD_SEGMENTERS},
        stress=tuple(stress_rows(suite(page=published), published)),
    )
    files |= repository_files(sources, versions[-1], layout.set.canary, release_date(ROOT / "CITATION.cff"))
    manifest = Manifest(
        name=layout.set.name,
        version=layout.set.version,
        fingerprint=sha256(gold),
        page_sha256=sha256(page.encode("utf-8")),
        canary=layout.set.canary,
        releases=versions,
        files={name: FileFacts(bytes=len(data), sha256=sha256(data)) for name, data in sorted(files.items())},
    )
    return {
        ANNOTATIONS / "gold.jsonl": gold,
        **{DATA / name: content for name, content in files.items()},
        DATA / MANIFEST: msgspec.json.format(encode(manifest), indent=2) + b"\n",
        ROOT / "docs" / "gold-format.md": format_page(adjudicated).encode("utf-8"),
    }


def check_config() -> bytes:
    """What the check must know of this gold's guidelines, for those who have the published files alone."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["tyez-bench"]["check"]
    names = [name.replace("_", "-") for name in Options.__struct_fields__]
    kept = {"paths": ["gold.jsonl"], "accepted": "accepted.jsonl"}
    kept |= {name: told[name] for name in names if name in told}
    lines = ["# For tyez-bench check. Written by scripts/build_data.py."]
    for name, value in kept.items():
        shown = json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict):
            shown = "{ " + ", ".join(f"{key} = {json.dumps(part)}" for key, part in value.items()) + " }"
        lines.append(f"{name} = {shown}")
    return ("\n".join(lines) + "\n").encode("utf-8")


def licence() -> bytes:
    """The licences of the dataset in one file, by the name that the hub asks for."""
    annotations = (ROOT / "LICENSE-ANNOTATIONS").read_text("utf-8").strip()
    text = (ROOT / "LICENSE-TEXT.md").read_text("utf-8").strip()
    return f"# The licences of this dataset\n\n## The annotations\n\n{annotations}\n\n#{text}\n".encode()


def schema(type_: Any, title: str) -> bytes:
    """JSON Schema of a record, with the labels that this gold set has."""
    generated = with_labels(msgspec.json.schema(type_))
    full = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **generated}
    return (json.dumps(full, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def with_labels(generated: dict[str, Any]) -> dict[str, Any]:
    """A schema in which a label, which may be any string elsewhere, is one of this gold set's."""
    label = {"title": "Label", "description": "The four entity types.", "enum": sorted(shipped(BUILT_IN).names)}
    definitions: dict[str, Any] = {}
    for name, definition in generated["$defs"].items():
        definitions[name] = definition
        if name in ("Entity", "PredictedEntity", "Unlocated", "Reading"):
            own = definition["properties"]["type"]["description"] if name == "Reading" else LABELS_IN_WORDS
            definition["properties"]["type"] = {"description": own, "$ref": "#/$defs/Label"}
            definitions.setdefault("Label", label)
    return {**generated, "$defs": definitions}


_PREFACE = """\
# The records, field by field

Generated by `python scripts/build_data.py` from the types in `src/tyez_bench/`. JSON Lines, UTF-8, one record a line.
Offsets count Unicode code points, half-open. The JSON Schemas beside the data (`data/gold.schema.json`,
`data/predictions.schema.json`) describe the records in full, as they are written.

**A gold set of your own** needs, of all this, `id` and `text` of a document and `start`, `end` and `type` of an
entity. What an entity leaves out (`id`, `text`, `parent`, `kind` of a value) is filled in; what it gives is checked.

**Sentences**: a sentence ends behind 。！？ (half-width !? too) and the closing quotes or brackets that follow, or at
the end of its section. Commas, semicolons, colons and …… don't end one. No entity crosses a sentence's edge.

**Null**: `role` is null for what is no administrative area, region or zone; `code` for what has none in GB/T 2260;
`value` for PLACE and ORG; `parent` on the outermost layer. An alternative overlaps its entity and is the boundary of
no other entity of the same type. The `reference` of a document's date is a year, a month or a day of the
calendar."""


def format_page(gold: Documents) -> str:
    """The page that documents the records field by field, from the types."""
    example = "\n".join(encode(entity).decode("utf-8") for entity in gold[0].entities)
    parts = [_PREFACE, f"The entities of the document `{gold[0].id}`:", f"```json\n{example}\n```"]
    described: set[str] = set()
    records = (
        ("Gold: Document", Document),
        ("Predictions: Prediction", Prediction),
        ("Adjudication log: Decision", Decision),
    )
    for title, type_ in records:
        generated = with_labels(msgspec.json.schema(type_))
        definitions = generated["$defs"]
        root = generated["$ref"].rsplit("/", 1)[1]
        parts.append(f"## {title}")
        for name in [root, *sorted(definitions.keys() - described - {root})]:
            parts.extend(_describe(name, definitions[name]))
        described |= definitions.keys()
    return "\n\n".join(parts) + "\n"


def _describe(name: str, definition: dict[str, Any]) -> list[str]:
    heading = f"### {name}"
    text = " ".join(definition.get("description", "").split())
    if "enum" in definition:
        return [
            heading,
            text,
            "One of: " + ", ".join(f"`{value}`" for value in definition["enum"]) + ".",
        ]
    if "properties" not in definition:
        items = ", ".join(item.get("description", "") for item in definition.get("prefixItems", []))
        return [heading, text, f"A list of {len(definition.get('prefixItems', []))}: {items}."]
    rows = ["| field | type | needed | meaning |", "|---|---|---|---|"]
    for field, facts in definition["properties"].items():
        needed = "yes" if field in definition.get("required", []) else ""
        meaning = facts.get("description", "names the type of value" if field == "kind" else "")
        rows.append(f"| `{field}` | {_type(facts)} | {needed} | {meaning} |")
    return [heading, text, "\n".join(rows)]


def _type(facts: dict[str, Any]) -> str:
    if "$ref" in facts:
        return str(facts["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in facts:
        return " or ".join(_type(option) for option in facts["anyOf"])
    if facts.get("type") == "array":
        return f"list of {_type(facts['items'])}" if isinstance(facts.get("items"), dict) else "pair of integers"
    if "enum" in facts:
        return ", ".join(f"`{value}`" for value in facts["enum"])
    return str(facts.get("type", ""))


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
        print(encode(entry).decode("utf-8"))


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with what is there and write nothing")
    parser.add_argument("--differences", action="store_true", help="print the differences between the passes")
    args = parser.parse_args()
    try:
        if args.differences:
            print_differences()
            return 0
        stale = 0
        for path, content in build().items():
            if path.is_file() and path.read_bytes() == content:
                continue
            stale += 1
            if args.check:
                print(
                    f"{path.relative_to(ROOT)}: differs from what annotations/ give",
                    file=sys.stderr,
                )
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(path, content)
                print(f"wrote {path.relative_to(ROOT)}")
        return int(args.check and stale > 0)
    except TyezBenchError as error:
        print(error, file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
