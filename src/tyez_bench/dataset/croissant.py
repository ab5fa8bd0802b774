"""The Croissant file of the dataset repository: what the files and their fields are, and how responsible use looks.

It conforms to Croissant 1.0 and its extension for responsible AI (RAI), and is written by the builder of mlcroissant.
The fields come from the columns of the tables. Their form is what mlcroissant 1.1.1 can read with its true content:

* A column that is a list, of values or of records, is a repeated field; a record is a field with subfields.
* A list inside a record or inside another list can't be repeated. A JSON path gives the first of its matches only, and
  RDF keeps no order between two transforms. So such a list (``alternatives`` of the entities) has one subfield for each
  position, as many as the longest in the rows has. In the table ``entities`` it is a column, and repeated.
* A record that is read has a key for every field that has others in it, however deep:
  ``documents/entities`` is a list of records, and beside it ``documents/entities/value`` is a record of lists, one item
  an entity.
* A record that is null is read as one of nulls, so that the two can't be told apart; text is read as bytes in UTF-8.
* A tag's name stands in the record set ``tags``. The fields say so in words: with ``references`` mlcroissant joins the
  two tables when it reads, and fails at a column that is a list.
* The hash of a file is compared when it is read, not when the Croissant file is validated.

And of the builder: types are full URIs (``sc:Text`` is refused as none that it knows), a list of one is written as its
item, and ``isLiveDataset`` only where it is true.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

import mlcroissant as mlc

from tyez_bench.dataset.statistics import Statistics
from tyez_bench.dataset.tables import CONFIGS, SPLIT
from tyez_bench.files.jsonl import sha256
from tyez_bench.gold.manifest import Release
from tyez_bench.io.export.columns import TAGS, ClassLabel, Field, ListOf, Type
from tyez_bench.io.export.rows import Row

TAG_SET = "tags"
_DATA_TYPES = {"string": mlc.DataType.TEXT, "int32": mlc.DataType.INTEGER, "bool": mlc.DataType.BOOL}
# The columns that together tell a row from the others.
KEYS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(CONFIGS, ("id",)),
    "words": ("segmenter", "id"),
    "passes": ("annotator", "document"),
}


class TableFile(NamedTuple):
    """A table as it is published: the bytes of its Parquet file, and its rows."""

    file: bytes
    rows: Sequence[Row]


def croissant(
    found: Statistics, release: Release, tables: Mapping[str, TableFile], *, title: str, canary: str, published: str
) -> bytes:
    """The Croissant file as JSON; ``tables`` by config, ``published`` the day of the release, as 2022-08-09."""
    texts = _texts(found, release, canary, len(tables["adjudication"].rows))
    described = mlc.Metadata(
        name=title,
        description=texts["description"],
        conforms_to=["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        version=release.version,
        date_published=published,
        creators=[mlc.Organization(name="The tyez-bench authors")],
        license=[
            # By part: a bare CC BY would be taken for the licence of the newspaper's text, too.
            mlc.CreativeWork(name="The newspaper text", description=texts["text_licence"], url="LICENSE-TEXT.md"),
            mlc.CreativeWork(
                name="The annotations: CC BY 4.0",
                description=texts["annotations_licence"],
                url="https://creativecommons.org/licenses/by/4.0/",
            ),
        ],
        cite_as=(
            f"@misc{{tyez_bench, title={{{title}}}, author={{{{The tyez-bench authors}}}}, year={{{published[:4]}}}, "
            f"version={{{release.version}}}, note={{SHA-256 of the gold: {release.fingerprint}}}}}"
        ),
        in_language=["zh-Hans-CN"],
        keywords=["named entity recognition", "Chinese", "nested entities", "newspaper", "evaluation", "test only"],
        distribution=[_file(name, tables[name].file) for name in CONFIGS],
        record_sets=[*(_record_set(name, tables[name].rows) for name in CONFIGS), _tag_set()],
        # The builder has no argument for the first, and leaves out the second where it is false.
        extra_properties={"identifier": f"urn:uuid:{canary}", "isLiveDataset": False},
        **texts["responsible"],
    )
    return (json.dumps(described.to_json(), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _texts(found: Statistics, release: Release, canary: str, decisions: int) -> dict[str, Any]:
    """The texts of ``croissant.toml`` with what is known of the gold filled in."""
    places = found.count("PLACE", outermost=True, required=True)
    name = next((name for name in found.names if name.type == "PLACE"), None)
    facts = {
        "documents": len(found.gold),
        "sentences": found.sentences,
        "characters": found.characters,
        "entities": found.entities,
        "required": found.count(outermost=True, required=True),
        "decisions": decisions,
        "most_frequent": ""
        if name is None
        else f"One name, {name.text}, makes up {name.times} of the {places} required outermost PLACE mentions.",
        "fingerprint": release.fingerprint,
        "canary": canary,
        "split": SPLIT,
    }

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(inner) for key, inner in value.items()}
        return Template(value).substitute(facts) if isinstance(value, str) else [*filter(None, map(filled, value))]

    texts: dict[str, Any] = filled(tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")))
    return texts


def _file(name: str, data: bytes) -> mlc.FileObject:
    return mlc.FileObject(
        id=_file_id(name),
        name=f"{name}/{SPLIT}.parquet",
        content_url=f"{name}/{SPLIT}.parquet",
        content_size=f"{len(data)} B",
        # The name by which mlcroissant knows Parquet.
        encoding_formats=["application/x-parquet"],
        sha256=sha256(data),
    )


def _file_id(config: str) -> str:
    return f"{config}.parquet"


def _record_set(config: str, rows: Sequence[Row]) -> mlc.RecordSet:
    columns = CONFIGS[config].columns
    return mlc.RecordSet(
        id=config,
        name=config,
        description=f"{CONFIGS[config].title}. {len(rows)} rows, all of the split {SPLIT!r}.",
        key=[f"{config}/{name}" for name in KEYS[config]],
        fields=[
            _column(f"{config}/{name}", column, _ColumnPath(_file_id(config), name), [row[name] for row in rows])
            for name, column in columns.items()
        ],
    )


class _ColumnPath(NamedTuple):
    """Where a field's values stand: a file, a column, and a JSON path below it."""

    file: str
    column: str
    path: str = ""

    def below(self, step: str) -> "_ColumnPath":
        return self._replace(path=self.path + step)


def _column(id_: str, column: Field, place: _ColumnPath, values: Iterable[Any]) -> mlc.Field:
    """The field of a column, with all its values."""
    if not isinstance(column.type, ListOf):
        return _field(id_, column.type, column.meaning, place, values)
    items = [item for value in values for item in value or ()]
    return _field(id_, column.type.item, column.meaning, place, items, repeated=True)


def _field(
    id_: str, type_: Type, meaning: str, place: _ColumnPath, values: Iterable[Any], *, repeated: bool | None = None
) -> mlc.Field:
    if isinstance(type_, ClassLabel):
        # A name that is not in the record set would be a false statement.
        assert type_.names == TAGS
        type_, meaning = "int32", f"{meaning} (the id of a record of {TAG_SET})"
    described = {"id": id_, "name": id_, "description": meaning or None, "repeated": repeated}
    if isinstance(type_, str):
        return mlc.Field(**described, data_types=[_DATA_TYPES[type_]], source=_source(place))
    there = [value for value in values if value is not None]
    if isinstance(type_, dict):
        inner = [
            _field(f"{id_}/{name}", column.type, column.meaning, place.below(f".{name}"), [v[name] for v in there])
            for name, column in type_.items()
        ]
    else:
        # With no value at all there is one position, since a field needs a type.
        inner = [
            _field(
                f"{id_}/{at}",
                type_.item,
                f"the item at position {at}, from 0, if there is one",
                place.below(f"[{at}]"),
                [value[at] for value in there if at < len(value)],
            )
            for at in range(max([1, *map(len, there)]))
        ]
    return mlc.Field(**described, sub_fields=inner)


def _source(place: _ColumnPath) -> mlc.Source:
    extract = mlc.Extract(column=place.column)
    transforms = [mlc.Transform(json_path=f"${place.path}")] if place.path else []
    return mlc.Source(file_object=place.file, extract=extract, transforms=transforms)


def _tag_set() -> mlc.RecordSet:
    """The names of the tags, which stand as numbers in the tables."""
    types = {f"{TAG_SET}/id": mlc.DataType.INTEGER, f"{TAG_SET}/name": mlc.DataType.TEXT}
    return mlc.RecordSet(
        id=TAG_SET,
        name=TAG_SET,
        description="The BIO tags by the number that stands for each in the tables.",
        data_types=["https://schema.org/Enumeration"],
        key=[f"{TAG_SET}/id"],
        fields=[mlc.Field(id=name, name=name, data_types=[type_]) for name, type_ in types.items()],
        data=[dict(zip(types, numbered, strict=True)) for numbered in enumerate(TAGS)],
    )
