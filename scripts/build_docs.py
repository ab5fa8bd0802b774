"""Write the pages of the documentation that come from the registries: formats and label maps.

python scripts/build_docs.py            write docs/formats.md
python scripts/build_docs.py --check    exit 1 when it is not what the registries say
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from tyez_bench.formats.label_maps import load_map, map_names
from tyez_bench.formats.registry import FORMATS
from tyez_bench.jsonl import write_atomic

PAGE = Path(__file__).parent.parent / "docs" / "formats.md"
INTRODUCTION = """# Formats and label maps

`tyez-bench score FILE` tells the format from the content; `--format NAME` names it. Files may be packed with
gzip; `-` is the standard input.

Records are placed by the id of a document or of a sentence of the gold, by the id `page` (offsets into the
page), by their text, or, where they have neither (pipelines), by position: as many records as documents, or
as sentences. A text that is not the gold's is an error that names the first differing character; `--align`
projects offsets across white space, full-width and half-width forms, Unicode forms, and UTF-16 or byte
offsets, and says how many spans moved or were lost. A model's copy of the text is aligned by edits, which are
counted. What a model names and the text does not have counts as a false prediction.

"""


def page() -> str:
    """The page."""
    lines = [INTRODUCTION, "## Formats\n"]
    for name, module in FORMATS.items():
        lines.append(f"\n### {name}\n\n{(import_module(module).__doc__ or '').strip()}\n")
    lines.append(
        "\n## Label maps\n\n`--labels NAME` or a TOML file of the same form (`src/tyez_bench/formats/labels/`). "
        "Without it, a map is taken where the labels leave no doubt, and always printed. Labels that map to nothing "
        "are out of scope.\n"
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


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    args = parser.parse_args()
    fresh = page().encode("utf-8")
    if not args.check:
        write_atomic(PAGE, fresh)
        return 0
    if not PAGE.is_file() or PAGE.read_bytes() != fresh:
        print(f"{PAGE.name} is not what the registries say: run scripts/build_docs.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
