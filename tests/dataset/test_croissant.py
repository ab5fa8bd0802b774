"""The Croissant file is valid, says what the files are, and reads as the rows that are published beside it."""

import json
import shutil
from pathlib import Path
from typing import Any

import mlcroissant
import pytest

from generated import data
from tyez_bench.dataset.croissant import KEYS, TAG_SET
from tyez_bench.dataset.repository import CROISSANT
from tyez_bench.dataset.tables import CONFIGS, SPLIT
from tyez_bench.files.jsonl import sha256
from tyez_bench.gold.gold import data_dir
from tyez_bench.gold.manifest import Manifest, read_manifest
from tyez_bench.io.export.columns import TAGS, ClassLabel, ListOf, Type
from tyez_bench.model.errors import InputError

ROOT = Path(__file__).parents[2]
RAI = [
    "dataCollection",
    "dataCollectionType",
    "dataCollectionMissingData",
    "dataCollectionRawData",
    "dataImputationProtocol",
    "dataPreprocessingProtocol",
    "dataAnnotationProtocol",
    "dataAnnotationPlatform",
    "dataAnnotationAnalysis",
    "annotationsPerItem",
    "annotatorDemographics",
    "machineAnnotationTools",
    "dataBiases",
    "dataUseCases",
    "dataLimitations",
    "dataSocialImpact",
    "dataReleaseMaintenancePlan",
    "personalSensitiveInformation",
]

# mlcroissant 1.1.1 itself calls what rdflib and pandas have given up.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.reset_index:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def dataset() -> mlcroissant.Dataset:
    """The published directory through its Croissant file."""
    return mlcroissant.Dataset(jsonld=str(data_dir() / CROISSANT))


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The Croissant file as plain JSON."""
    found: dict[str, Any] = json.loads((data_dir() / CROISSANT).read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    """What is on record about the published files."""
    return read_manifest(data_dir())


def published_rows(config: str) -> list[dict[str, Any]]:
    """The rows of a config as JSON Lines have them."""
    lines = (data_dir() / config / f"{SPLIT}.jsonl").read_text("utf-8").removesuffix("\n").split("\n")
    return [json.loads(line) for line in lines]


def listed(value: Any) -> list[Any]:
    """The values of a property: in JSON-LD a list of one is the same as its item, and mlcroissant writes the item."""
    return value if isinstance(value, list) else [value]


def plain(value: Any) -> Any:
    """A value of mlcroissant's: text comes as bytes."""
    return value.decode("utf-8") if isinstance(value, bytes) else value


def from_record(record: dict[str, Any], id_: str, type_: Type, parent: str) -> Any:
    """The value of a column in a record as mlcroissant gives it.

    Every field with subfields has a key of its own: a record of its leaves. Below a column that is a list of records,
    that of the column itself is a list, and those of the fields in it are records of lists.
    """
    if isinstance(type_, ListOf):
        if not isinstance(type_.item, dict):
            return [plain(item) for item in record[id_]]
        return [item_at(record, id_, type_.item, id_, at) for at in range(len(record[id_]))]
    return item_at(record, id_, type_, parent, None)


def item_at(record: dict[str, Any], id_: str, type_: Type, parent: str, at: int | None) -> Any:
    """A value, of the item at position ``at`` of the column's list if it is one."""
    if isinstance(type_, dict):
        return {name: item_at(record, f"{id_}/{name}", column.type, id_, at) for name, column in type_.items()}
    if isinstance(type_, ListOf):
        # A list inside: a field for every position that the longest one has.
        positions = sorted(key for key in record if key.rpartition("/")[0] == id_)
        assert positions == [f"{id_}/{number}" for number in range(len(positions))] != []
        items = [item_at(record, key, type_.item, key, at) for key in positions]
        return [item for item in items if item != nulls(type_.item)]
    if parent.count("/") == 0:
        return plain(record[id_])
    if at is None:
        return plain(record[parent][id_])
    held = record[parent]
    return plain(held[at][id_] if isinstance(held, list) else held[id_][at])


def nulls(type_: Type) -> Any:
    """What a null is read as: a record of nulls, an empty list in one."""
    if isinstance(type_, dict):
        return {name: nulls(column.type) for name, column in type_.items()}
    return [] if isinstance(type_, ListOf) else None


def with_nulls(value: Any, type_: Type) -> Any:
    """A published value, with a null record as mlcroissant reads it."""
    if value is None:
        return nulls(type_)
    if isinstance(type_, dict):
        return {name: with_nulls(value[name], column.type) for name, column in type_.items()}
    return [with_nulls(item, type_.item) for item in value] if isinstance(type_, ListOf) else value


def test_it_is_valid_without_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(data_dir() / CROISSANT))
    issues = dataset.metadata.ctx.issues
    assert issues.errors == set()
    assert issues.warnings == set()
    assert caplog.records == []
    assert {record_set.id for record_set in dataset.metadata.record_sets} == {*CONFIGS, TAG_SET}


@pytest.mark.parametrize("config", CONFIGS)
def test_every_row_reads_as_it_is_published(config: str, dataset: mlcroissant.Dataset) -> None:
    columns = CONFIGS[config].columns
    records = list(dataset.records(config))
    expected = published_rows(config)
    assert len(records) == len(expected) > 0
    for record, row in zip(records, expected, strict=True):
        read = {name: from_record(record, f"{config}/{name}", column.type, config) for name, column in columns.items()}
        assert read == {name: with_nulls(row[name], column.type) for name, column in columns.items()}
        assert list(row) == list(columns)


def test_the_comparison_sees_what_differs(dataset: mlcroissant.Dataset) -> None:
    """The helpers above are no judge if they make everything equal."""
    config, columns = "documents", CONFIGS["documents"].columns
    record = list(dataset.records(config))[2]
    row = published_rows(config)[2]
    entities = columns["entities"].type
    read = from_record(record, "documents/entities", entities, config)
    assert read == with_nulls(row["entities"], entities)
    with_two = next(entity for entity in row["entities"] if len(entity["alternatives"]) == 2)
    with_two["alternatives"][1]["end"] += 1
    assert read != with_nulls(row["entities"], entities)


def test_the_tags_are_named(dataset: mlcroissant.Dataset) -> None:
    records = list(dataset.records(TAG_SET))
    assert [(record[f"{TAG_SET}/id"], record[f"{TAG_SET}/name"]) for record in records] == list(enumerate(TAGS))
    labels = [c.type.item for c in CONFIGS["tokens"].columns.values() if isinstance(c.type, ListOf)]
    assert ClassLabel(TAGS) in labels


@pytest.mark.parametrize("config", CONFIGS)
def test_the_keys_tell_the_rows_apart(config: str, described: dict[str, Any]) -> None:
    rows = published_rows(config)
    assert len({tuple(row[name] for name in KEYS[config]) for row in rows}) == len(rows)
    record_set = next(found for found in described["recordSet"] if found["@id"] == config)
    assert listed(record_set["key"]) == [{"@id": f"{config}/{name}"} for name in KEYS[config]]
    assert [field["@id"] for field in record_set["field"]] == [f"{config}/{name}" for name in CONFIGS[config].columns]


def test_a_changed_file_is_still_valid_but_is_not_read(tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data_dir(), copy)
    path = copy / "entities" / f"{SPLIT}.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    changed = mlcroissant.Dataset(jsonld=str(copy / CROISSANT))
    assert changed.metadata.ctx.issues.errors == set()
    with pytest.raises(mlcroissant.GenerationError) as caught:
        list(changed.records("entities"))
    assert "Hash of downloaded file" in str(caught.value.__cause__)
    # The others are as they were.
    assert len(list(changed.records("tokens"))) == len(published_rows("tokens"))


def test_the_files_are_those_of_the_manifest(described: dict[str, Any], manifest: Manifest) -> None:
    files = described["distribution"]
    assert [file["contentUrl"] for file in files] == [f"{name}/{SPLIT}.parquet" for name in CONFIGS]
    for file in files:
        recorded = manifest.files[file["contentUrl"]]
        assert file["sha256"] == recorded.sha256 == sha256((data_dir() / file["contentUrl"]).read_bytes())
        assert file["contentSize"] == f"{recorded.bytes} B"


def test_it_says_what_it_is(described: dict[str, Any], manifest: Manifest) -> None:
    assert described["conformsTo"] == ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"]
    assert described["version"] == manifest.version
    assert described["datePublished"] == data.release_date(ROOT / "CITATION.cff")
    assert described["isLiveDataset"] is False
    assert described["inLanguage"] == "zh-Hans-CN"
    assert manifest.canary in described["description"]
    assert described["identifier"] == f"urn:uuid:{manifest.canary}"
    assert manifest.fingerprint in described["citeAs"]
    # By part, the text first: no bare licence, which a machine would take for that of the whole.
    text, annotations = described["license"]
    assert (data_dir() / text["url"]).is_file()
    assert text["description"].startswith("No licence.")
    assert annotations["url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "no person has annotated or checked one" in described["description"]


def test_the_fields_for_responsible_use_are_all_there(described: dict[str, Any], dataset: mlcroissant.Dataset) -> None:
    assert {key.removeprefix("rai:") for key in described if key.startswith("rai:")} == set(RAI)
    metadata = dataset.metadata.to_json()
    for name in RAI:
        texts = listed(described[f"rai:{name}"])
        assert texts
        assert all(text.strip() for text in texts)
        # mlcroissant knows the field, too: an unknown one it would pass over. It keeps no order.
        assert sorted(listed(metadata[f"rai:{name}"])) == sorted(texts)


def test_its_numbers_are_those_of_the_gold(described: dict[str, Any]) -> None:
    documents, entities = published_rows("documents"), published_rows("entities")
    text = described["description"]
    for number, what in ((len(documents), "documents"), (len(published_rows("sentences")), "sentences")):
        assert f"{number} {what}" in text
    assert f"{len(entities)} places" in text
    flat = [entity for entity in entities if entity["depth"] == 0 and entity["status"] == "required"]
    assert f"{len(flat)} required outermost" in " ".join(described["rai:dataLimitations"])
    log = len(published_rows("adjudication"))
    assert f"{log} entries" in " ".join(described["rai:dataAnnotationProtocol"])


def test_the_day_of_the_release_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "CITATION.cff"
    path.write_text("cff-version: 1.2.0\ndate-released: 2022-08-09\n", "utf-8")
    assert data.release_date(path) == "2022-08-09"
    path.write_text("cff-version: 1.2.0\n", "utf-8")
    with pytest.raises(InputError, match="date-released"):
        data.release_date(path)
