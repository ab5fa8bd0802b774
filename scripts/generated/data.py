"""Everything that annotations/ give: gold, data/ (but for data/predictions), schemas."""

import json
import re
import tomllib
from pathlib import Path

import msgspec

from generated.maker import ANNOTATIONS, DATA, ROOT, Files
from generated.records import schema
from tyez_bench.checks.texts import Guidelines
from tyez_bench.dataset.repository import repository_files
from tyez_bench.dataset.statistics import statistics
from tyez_bench.dataset.tables import WORD_SEGMENTERS, Sources
from tyez_bench.files.jsonl import check_sha256, decode_text, encode, encode_lines, read_bytes, read_sums, sha256
from tyez_bench.gold.build.adjudication import adjudicate, read_log
from tyez_bench.gold.build.notation import read_pass
from tyez_bench.gold.build.page import Layout, build_documents, read_layout, read_page
from tyez_bench.gold.derived import fingerprint
from tyez_bench.gold.gold import Gold
from tyez_bench.gold.manifest import MANIFEST, FileFacts, Manifest, releases
from tyez_bench.io.export.words import load_segmenter
from tyez_bench.model.documents import Document, Prediction
from tyez_bench.model.errors import InputError
from tyez_bench.report.table import render
from tyez_bench.report.tables.gold import info_tables
from tyez_bench.stress.suite import stress_rows, suite

LAYOUT = ANNOTATIONS / "documents.toml"
PASSES = {name: ANNOTATIONS / "passes" / f"{name}.txt" for name in ("A", "B")}
LOG = ANNOTATIONS / "adjudication.jsonl"
RELEASES = ANNOTATIONS / "releases.toml"
# What a dataset repository needs beside the data, so that it can stand alone.
COPIED = ("DATASHEET.md", "LICENSE-ANNOTATIONS", "LICENSE-TEXT.md", "CITATION.cff")
# How many of the most frequent names the card lists.
NAMES = 10
SOURCES = ("annotations/*", "data/predictions/*", "pyproject.toml", *COPIED)

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


def release_date(citation: Path) -> str:
    """The day of the release, from a citation file (CFF). Raises InputError when it has none."""
    found = re.search(r"^date-released: (\d{4}-\d\d-\d\d)$", decode_text(read_bytes(citation), citation), re.MULTILINE)
    if found is None:
        raise InputError("has no line 'date-released: YEAR-MONTH-DAY'", path=citation)
    return found[1]


def make() -> Files:
    """Every file that is derived, with its content."""
    layout, page, documents, passes = read_sources()
    log = read_log(LOG)
    adjudicated = adjudicate(documents, passes["A"], passes["B"], log, LOG)
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
        passes={name: Gold(name, None, fingerprint(found), found) for name, found in passes.items()},
        log=tuple(entry for _, entry in log),
        segmenters={name: load_segmenter(name) for name in WORD_SEGMENTERS},
        stress=tuple(stress_rows(suite(page=published), published)),
    )
    files |= repository_files(
        sources,
        versions[-1],
        layout.set.canary,
        published=release_date(ROOT / "CITATION.cff"),
        in_numbers=render(info_tables(statistics(published), NAMES), "markdown"),
    )
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
    }


def check_config() -> bytes:
    """What the check must know of this gold's guidelines, for those who have the published files alone."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["tyez-bench"]["check"]
    names = [name.replace("_", "-") for name in Guidelines.__struct_fields__]
    kept = {"paths": ["gold.jsonl"], "accepted": "accepted.jsonl"}
    kept |= {name: told[name] for name in names if name in told}
    lines = ["# For tyez-bench check. Written by scripts/regenerate.py."]
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
