"""Formats, field maps and label maps: docs/formats.md, and the JSON Schema of a field map."""

import inspect
import json
import re
from collections.abc import Iterator
from importlib import import_module

import msgspec

from generated.maker import DOCS, Files
from tyez_bench.io import field_maps as module_of_maps
from tyez_bench.io.align import offsets
from tyez_bench.io.field_maps import OWN, Acceptance, FieldMap, SpanFields, shipped
from tyez_bench.io.formats import mapped
from tyez_bench.io.label_maps import load_map, map_names
from tyez_bench.io.registry import FORMATS, MAPS

INTRODUCTION = """# Formats and label maps

`tyez-bench score FILE` detects the format from the content; `--input-format NAME` sets it. Files may be gzipped;
`-` is standard input. Pipes are read like files; a named pipe without a writer is abandoned
after ten seconds. A JSON file is one array, JSON Lines, or consecutive objects, each over several lines.
A record without id, names and text (other than white space) is ignored. Shards, native JSON Lines or Parquet with
spans in columns, of any size and in any order, are joined by id: see [engines](engines.md).

Records are matched to the gold by the id of a document or sentence, by the id `page` (offsets into the
page), by their text, or, without either (pipelines), by order: as many records as documents, or
as sentences. A text that differs from the gold's is an error that names the first differing character; `--align`
projects offsets across white space, full-width and half-width forms, Unicode forms, and UTF-16 or byte
offsets, and says how many spans moved or were lost. A model's copy of the text is aligned by edits, which are
counted. A name that is not in the text counts as a false positive.

Offsets can't be verified for spans without a text. If many more spans would match the gold with another unit
(UTF-16, bytes, grapheme clusters, CR LF as one character or two), with inclusive ends or with offsets from 1,
the score says so, with the numbers, but counts the file as it is;
`--offsets` ([below](#offsets)) sets how offsets count.

A record is read only if everything in it that looks like a span is read: spans under other keys
(`spans` next to an `answer`, `begin` and `end` next to a name, tags next to a text) are refused in one line that
names them. All commands detect formats in the same way, even for files with a broken line.

"""
TOKENS = {
    "How tokens become a text": "tyez_bench.io.tokens",
    "How tags are spelt": "tyez_bench.io.encodings",
    "What tags mean": "tyez_bench.io.encodings",
    "Numbered tokens": "tyez_bench.io.tokens",
}


def make() -> Files:
    """The page and the schema."""
    schema = json.dumps(msgspec.json.schema(FieldMap), ensure_ascii=False, indent=1) + "\n"
    return {DOCS / "formats.md": page().encode(), DOCS / "fields.schema.json": schema.encode()}


def page() -> str:
    """Formats and label maps."""
    lines = [INTRODUCTION, "## Formats\n"]
    for name, module in FORMATS.items():
        if name not in (*MAPS, OWN):
            lines.append(f"\n### {name}\n\n{(import_module(module).__doc__ or '').strip()}\n")
    lines += field_maps()
    lines.append(f"\n## Offsets\n\n{(offsets.__doc__ or '').strip()}\n")
    lines.append("\n## Tokens and tags\n\nShared by all formats with columns or words.\n")
    for title, module in TOKENS.items():
        lines.append(f"\n### {title}\n\n{(import_module(module).__doc__ or '').strip()}\n")
    lines.append(
        "\n## Label maps\n\n`--labels NAME` or a TOML file of the same form (`src/tyez_bench/io/label_maps/`). "
        "Without it, [the map is chosen](labels.md#label-maps) from the labels, and printed.\n"
    )
    for name in map_names():
        found = load_map(name)
        lines.append(f"\n### {name}\n\n{found.title}. {found.source}. Can express {', '.join(found.expresses)}.\n\n")
        by_type: dict[str, list[str]] = {}
        for label, type_ in found.labels.items():
            by_type.setdefault(str(type_ or "out of scope"), []).append(f"`{label}`")
        lines.extend(f"- {type_}: {', '.join(labels)}\n" for type_, labels in by_type.items())
        lines.extend(f"- `{label}`: {note}\n" for label, note in found.notes.items())
    return "".join(lines)


FIELD_MAPS = """
## Field maps

{reading}

{maps}

A file's map is detected from its first span: a map that has this form and reads the whole file. Several
maps that read it alike are not ambiguous; if a span has a text, a reading that agrees with it is preferred.

"""
OWN_MAP = """
### A map of your own

`--fields FILE` reads records by a TOML file, `--fields NAME` by one of the maps above. Its JSON Schema is
[fields.schema.json](fields.schema.json). For records such as
`{"doc": {"body": "太原好"}, "marks": [{"from": 1, "to": 2, "class": "LOC"}]}`, counted from 0 and with the last
character as the end:

```toml
text = ["doc.body"]
spans = ["marks"]
ends = "inclusive"

[span]
start = ["from"]
end = ["to"]
label = ["class"]
```

"""


def field_maps() -> Iterator[str]:
    """The maps of the package, and what one may say."""
    yield FIELD_MAPS.format(reading=(mapped.__doc__ or "").strip(), maps=(module_of_maps.__doc__ or "").strip())
    yield "| format | records | text | spans | a span | ends |\n|---|---|---|---|---|---|\n"
    for name, found in shipped().items():
        span = found.span
        form = [f"[{', '.join(span.order)}]"] if span.order else []
        keys = [keys[0] for keys in (span.start, span.end or span.length, span.place, span.indices, span.label) if keys]
        form += [f"{{{', '.join(keys)}}}"] if keys else []
        what = ", ".join((*found.tokens[:1], *found.text))
        cells = (name, found.title, what, ", ".join(found.tags or found.spans), " or ".join(form), found.ends)
        yield f"| {' | '.join(cell or '–' for cell in cells)} |\n"
    yield OWN_MAP
    for struct in (FieldMap, Acceptance, SpanFields):
        title = {FieldMap: "The map", Acceptance: "`[decision]`", SpanFields: "`[span]`"}[struct]
        about, _, arguments = inspect.cleandoc(struct.__doc__ or "").partition("Args:\n")
        yield f"**{title}.** {' '.join(about.split())}\n\n"
        for name, said in re.findall(r"^ +([a-z_]+): (.*(?:\n {8}.*)*)", arguments, re.MULTILINE):
            yield f"- `{name}`: {' '.join(said.split())}\n"
        yield "\n"
