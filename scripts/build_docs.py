"""Write the pages of the documentation that come from the registries, the gold and the committed predictions.

docs/formats.md: formats, field maps and label maps; docs/fields.schema.json: the form of a field map; docs/rules.md:
the rules of the consistency check; docs/statistics.md and docs/pictures/: the gold in numbers and pictures, and the
segmentation ceiling; docs/leaderboard.md: the systems; docs/stress-cases.md: the stress suite, capability by
capability.

python scripts/build_docs.py            write them
python scripts/build_docs.py --check    exit 1 when one is not what the registries and the gold say
"""

import argparse
import inspect
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from itertools import combinations
from pathlib import Path

import msgspec

from tyez_bench.checks.rule import known_rules
from tyez_bench.cli.ceiling import DEFAULT
from tyez_bench.cli.stress_files import Scored, compare_stress, score_stress
from tyez_bench.corpus.gold import load
from tyez_bench.errors import TyezBenchError, UsageError
from tyez_bench.formats import field_maps as module_of_maps
from tyez_bench.formats import mapped, offsets
from tyez_bench.formats.field_maps import Decision, FieldMap, SpanFields, shipped
from tyez_bench.formats.label_maps import load_map, map_names
from tyez_bench.formats.registry import FORMATS, MAPS
from tyez_bench.jsonl import write_atomic
from tyez_bench.leaderboard.standings import Standing, read_entries, standings
from tyez_bench.leaderboard.submission import Entry, Kind
from tyez_bench.render.gold_sheets import ceiling_sheet, info_sheets
from tyez_bench.render.leaderboard_sheets import commands, errors_sheet, facts_sheet, scores_sheet, unseen_sheet
from tyez_bench.render.markup import markdown
from tyez_bench.render.pictures import pictures
from tyez_bench.render.rule_pages import as_markdown
from tyez_bench.render.stress_sheets import f1_sheet, power_sheet, renamed_sheet, together_sheet
from tyez_bench.scoring.comparison import NUMBER
from tyez_bench.stress.capability import Kind as TestKind
from tyez_bench.stress.cases import Case
from tyez_bench.stress.outcomes import required
from tyez_bench.stress.suite import read_all, suite
from tyez_bench.stress.transformations import TRANSFORMATIONS
from tyez_bench.views.ceiling import LAYERS, ceilings
from tyez_bench.views.segmenters import load_segmenter
from tyez_bench.views.statistics import statistics

DOCS = Path(__file__).parent.parent / "docs"
DATA = DOCS.parent / "data"
INTRODUCTION = """# Formats and label maps

`tyez-bench score FILE` tells the format from the content; `--input-format NAME` names it. Files may be packed with
gzip; `-` is the standard input. A pipe is read as a file is; a named one that nobody opens to write to is given up
after ten seconds.

Records are placed by the id of a document or of a sentence of the gold, by the id `page` (offsets into the
page), by their text, or, where they have neither (pipelines), by position: as many records as documents, or
as sentences. A text that is not the gold's is an error that names the first differing character; `--align`
projects offsets across white space, full-width and half-width forms, Unicode forms, and UTF-16 or byte
offsets, and says how many spans moved or were lost. A model's copy of the text is aligned by edits, which are
counted. What a model names and the text does not have counts as a false prediction.

A span without a text of its own can't be proved wrong. Where many more spans would be where the gold has one if
offsets counted another unit (UTF-16, bytes, grapheme clusters, CR LF as one character or two), if ends were last
characters or if offsets began at 1, the score says so, with the numbers, and is counted as the file stands;
`--offsets` ([below](#offsets)) reads it so.

A record is read in a format only when all that looks like a span in it is read: spans under other keys
(`spans` beside an `answer`, `begin` and `end` beside a name, tags beside a text) are refused in one line that
names them. All commands tell formats in the same way, a file with a broken line, too.

"""


TOKENS = {
    "How tokens become a text": "tyez_bench.formats.tokens",
    "How tags are spelt": "tyez_bench.formats.spellings",
    "What tags mean": "tyez_bench.formats.encodings",
    "Numbered tokens": "tyez_bench.formats.numbered",
}


def formats_page() -> str:
    """Formats and label maps."""
    lines = [INTRODUCTION, "## Formats\n"]
    for name, module in FORMATS.items():
        if name not in MAPS:
            lines.append(f"\n### {name}\n\n{(import_module(module).__doc__ or '').strip()}\n")
    lines += field_maps()
    lines.append(f"\n## Offsets\n\n{(offsets.__doc__ or '').strip()}\n")
    lines.append("\n## Tokens and tags\n\nWhat all formats of columns and of words share.\n")
    for title, module in TOKENS.items():
        lines.append(f"\n### {title}\n\n{(import_module(module).__doc__ or '').strip()}\n")
    lines.append(
        "\n## Label maps\n\n`--labels NAME` or a TOML file of the same form (`src/tyez_bench/formats/labels/`). "
        "Without it, it is the one that `tyez-bench run` has on record beside the file (`.json`), else one is taken "
        "where the labels leave no doubt; it is always printed. Labels that map to nothing are out of scope.\n"
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

Which of them a file is in is told by its first span: by the map that knows its form and reads the whole file. Several
that read it alike are no ambiguity; where a span has a text of its own, a reading in which it is not what the offsets
lead to gives way to one in which it is.

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
    for struct in (FieldMap, Decision, SpanFields):
        title = {FieldMap: "The map", Decision: "`[decision]`", SpanFields: "`[span]`"}[struct]
        about, _, arguments = inspect.cleandoc(struct.__doc__ or "").partition("Args:\n")
        yield f"**{title}.** {' '.join(about.split())}\n\n"
        for name, said in re.findall(r"^ +([a-z_]+): (.*(?:\n {8}.*)*)", arguments, re.MULTILINE):
            yield f"- `{name}`: {' '.join(said.split())}\n"
        yield "\n"


def fields_schema() -> str:
    """The JSON Schema of a field map."""
    return json.dumps(msgspec.json.schema(FieldMap), ensure_ascii=False, indent=1) + "\n"


RULES = """# The rules of the consistency check

Generated by `python scripts/build_docs.py` from `src/tyez_bench/checks/rules.toml`; `tyez-bench explain CODE` prints
one of them. How they are used: [check.md](check.md). ⟦TYPE|name⟧ marks an entity, ⟦TYPE?|name⟧ an optional one.

"""


def rules_page() -> str:
    """Every rule."""
    return RULES + as_markdown(list(known_rules().values()))


STATISTICS = """# The gold in numbers

Generated by `python scripts/build_docs.py`. The same numbers for any gold set: `tyez-bench info --gold own.jsonl`; as
JSON: `tyez-bench info --json`.

![entities by type, layer and status](pictures/entities.svg)

![required outermost entities by document](pictures/documents.svg)

![lengths of the required outermost entities](pictures/lengths.svg)

![most frequent names](pictures/names.svg)

"""
CEILING = """
## The segmentation ceiling

A tagger that gives tags to words finds a name only where both of its edges are edges of words. The share of such names
is the highest recall that it can reach, whatever it has learned. Sentences are cut one at a time. Printed by
`tyez-bench ceiling` and `tyez-bench ceiling --layer all`; `tyez-bench ceiling pkuseg:MODEL` adds spacy-pkuseg, whose
models are downloaded at run time and therefore have no row here ([dataset.md](dataset.md#word-segmenters)).

"""
NAMES = 15


def statistics_page() -> str:
    """The gold in numbers, and what words can hold of it."""
    gold = load()
    segmenters = {name: load_segmenter(name) for name in DEFAULT}
    sheets = [ceiling_sheet(ceilings(gold, segmenters, layer=layer), layer) for layer in LAYERS if layer != "nested"]
    return STATISTICS + markdown(info_sheets(statistics(gold), NAMES)) + CEILING + markdown(sheets)


LEADERBOARD = """# Leaderboard

Generated by `python scripts/build_docs.py` from the predictions and descriptions in `data/predictions/`, which
`python scripts/run_systems.py` makes again. What the numbers mean, and what not: [conventions.md](conventions.md). How
to add a system: [submitting.md](submitting.md).

**all four**: strict micro F1 over PLACE, ORG, MONEY and DATE; what a system has no type for is missed. It is what the
rows are ordered by, since all systems are held against the same gold. **group**: two systems that share a letter can't
be told apart (paired approximate randomisation on all four types, Holm's correction over the pairs of a table, 5 %).
**own types**: the [headline](scoring.md), over the types that the system's label set can express. **tolerant** takes
accepted alternative boundaries, **boundary** is F1 of boundaries whatever the type; these and the columns by type are
over the system's own types. **s**: seconds to predict the page, loaded, on two cores. Intervals are 95 %, by sentence.

"""
TABLES = (
    (
        "Made without the page",
        (Kind.PACKAGE, Kind.COMBINED, Kind.LANGUAGE_MODEL, Kind.OWN),
        "Systems that were not made with the page, as far as their descriptions say.",
    ),
    (
        "Made with the page",
        (Kind.TRAINED_ON_GOLD, Kind.PAGE_KNOWN),
        "These rows stand apart. Documents of one page share its dominant names, so that a model trained on seven of "
        "them has seen much of the eighth; and patterns written with the page known fit it. They say little of "
        "other text. **Seen** are spans whose name, with its type, another document has, too.",
    ),
)


def leaderboard_page() -> str:
    """Every submission in its table, the best over all four types first."""
    gold = load()
    entries = read_entries(DATA / "predictions", gold)
    found: list[Standing] = []
    parts = [LEADERBOARD, f"Gold: {gold.name} {gold.version}, SHA-256 `{gold.fingerprint}`.\n"]
    for title, kinds, words in TABLES:
        chosen = standings([entry for entry in entries if entry.submission.kind in kinds], gold)
        found += chosen
        if chosen:
            sheets = [scores_sheet("F1", chosen), errors_sheet("kinds of errors (own types)", chosen)]
            if Kind.TRAINED_ON_GOLD in kinds:
                sheets.insert(1, unseen_sheet("recall on seen and unseen names (own types)", chosen))
            parts.append(f"\n## {title}\n\n{words}\n\n{markdown(sheets)}")
    parts.append(stress_section(entries))
    parts.append(f"\n## The systems\n\n{markdown([facts_sheet(found)])}")
    parts.append(
        f"\n## Each row again\n\nIn `data/predictions/`, with `--all-types` for the first column.\n\n{commands(found)}"
    )
    return "".join(parts).rstrip() + "\n"


STRESS = """
## The stress suite

Predictions for the texts of the suite ([stress.md](stress.md)), in `data/predictions/stress/`, scored again for this
page: seed {seed}, {cases} cases, SHA-256 `{fingerprint}`. One line a capability and no average over them: a system is
as good as what it is asked for. Rates are over the types that a system can express, so that columns are asked different
things where their types differ. `rules` shares its code with the consistency check that the templates had to pass:
its money and dates say little. Printed by `tyez-bench stress data/predictions/stress/*.gz`.

"""
RENAMED = """
Recall of the names of the page that the transformation `names` replaced, and of those in their place. A system that was
made without the page has no reason to find one better than the other: what it lost, it had learned.

"""
STRESS_POWER = """
What the suite can tell apart at all, over the pairs of these systems: `tyez-bench power --stress`.

"""


def stress_section(entries: list[Entry]) -> str:
    """Every system on the stress suite. Raises UsageError for predictions of one that is not described."""
    whole = suite()
    folder = DATA / "predictions" / "stress"
    names = {entry.name: entry.submission.system for entry in entries}
    stray = [path.name for path in sorted(folder.glob("*.jsonl*")) if path.name.partition(".jsonl")[0] not in names]
    if stray:
        raise UsageError(f"{folder / stray[0]}: no description of this system")
    parts = [STRESS.format(seed=whole.seed, cases=len(whole.cases), fingerprint=whole.gold.fingerprint)]
    done: dict[str, Scored] = {}
    for title, kinds, _ in TABLES:
        chosen = {}
        for entry in entries:
            path = folder / f"{entry.name}.jsonl.gz"
            if entry.submission.kind in kinds and path.is_file():
                chosen[names[entry.name]] = score_stress(str(path), whole, labels=entry.submission.labels)
        by_system = {system: one.rows for system, one in chosen.items()}
        parts.append(f"### {title}\n\n")
        parts.append(markdown([together_sheet("cases passed", by_system), f1_sheet("strict F1 (95 %)", by_system)]))
        parts.append("\n")
        done |= chosen
    known = renamed_sheet("", {system: one.renamed for system, one in done.items()})
    pairs = [compare_stress(a, b, NUMBER) for a, b in combinations(done.values(), 2)]
    power = power_sheet([pair.rates for pair in pairs], [pair.f1 for pair in pairs])
    return "".join([*parts, RENAMED, markdown([known]), STRESS_POWER, markdown([power])])


CASES = """# The stress suite, capability by capability

Generated by `python scripts/build_docs.py` from `src/tyez_bench/stress/capabilities/` and the transformations. How the
suite works, and how a capability is added: [stress.md](stress.md). Seed {seed}: {cases} cases, {constructed} of them
constructed and {transformed} transformed, in {texts} texts; SHA-256 `{fingerprint}`.

| capability | templates | mft | directional | invariance | cases | spans | most frequent word |
|:--|--:|--:|--:|--:|--:|--:|--:|
"""
TRANSFORMED = """
| transformation | sentences | cases | spans |
|:--|--:|--:|--:|
"""


def suite_page() -> str:
    """Every capability with its templates, cases and the sources of its words; every transformation."""
    whole = suite()
    by_name: dict[str, list[Case]] = {}
    for case in whole.cases:
        by_name.setdefault(case.capability, []).append(case)
    made = sum(not case.transformed for case in whole.cases)
    head = CASES.format(
        seed=whole.seed,
        cases=len(whole.cases),
        constructed=made,
        transformed=len(whole.cases) - made,
        texts=len(whole.gold),
        fingerprint=whole.gold.fingerprint,
    )
    lines, parts = [], []
    for capability in read_all():
        own = by_name[capability.name]
        kinds = Counter(template.kind for template in capability.templates)
        used = Counter(value for case in own for value in case.fills.values())
        share = max(used.values()) / used.total()
        numbers = [len(capability.templates), *(kinds[kind] for kind in TestKind), len(own), _spans(own)]
        lines.append(f"| {capability.name} | {' | '.join(map(str, numbers))} | {share:.1%} |\n")
        words = "".join(f"- {name} ({len(fill.values)}): {fill.source}\n" for name, fill in capability.fills.items())
        accepted = "".join(f"\nRule {code} is not asked of it: {why}.\n" for code, why in capability.accept.items())
        parts.append(f"\n## {capability.title}\n\n`{capability.name}`. {capability.about}\n{accepted}\n{words}")
    changes = []
    for name, transformation in TRANSFORMATIONS.items():
        own = by_name[name]
        changes.append(f"| {name} | {len({case.template for case in own})} | {len(own)} | {_spans(own)} |\n")
        parts.append(f"\n## {transformation.title}\n\n`{name}`. {transformation.about}\n")
    return "".join([head, *lines, TRANSFORMED, *changes, *parts])


def _spans(cases: list[Case]) -> int:
    """The required outermost spans of the texts that are a capability's own."""
    return sum(len(required(text)) for case in cases for text in case.texts[case.transformed :])


def build() -> dict[Path, bytes]:
    """Every page and picture with its content."""
    return {
        DOCS / "formats.md": formats_page().encode(),
        DOCS / "fields.schema.json": fields_schema().encode(),
        DOCS / "rules.md": rules_page().encode(),
        DOCS / "statistics.md": statistics_page().encode(),
        DOCS / "leaderboard.md": leaderboard_page().encode(),
        DOCS / "stress-cases.md": suite_page().encode(),
        **{DOCS / "pictures" / name: data for name, data in pictures(statistics(load())).items()},
    }


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    args = parser.parse_args()
    stale = 0
    try:
        for path, content in build().items():
            if path.is_file() and path.read_bytes() == content:
                continue
            stale += 1
            if args.check:
                name = path.relative_to(DOCS)
                print(f"docs/{name} is not what the code and the gold say: run scripts/build_docs.py", file=sys.stderr)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(path, content)
    except TyezBenchError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return int(args.check and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
