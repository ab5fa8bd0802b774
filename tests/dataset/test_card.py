"""The card: metadata that the hub takes, figures that are true, an example that runs."""

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import datasets
import pytest
import yaml
from huggingface_hub import DatasetCard

from tyez_bench.cli import main
from tyez_bench.dataset.tables import CONFIGS
from tyez_bench.gold.gold import data_dir
from tyez_bench.gold.manifest import read_manifest

DATA = data_dir()
TEXT = (DATA / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def metadata() -> dict[str, Any]:
    """The YAML at its head."""
    found: dict[str, Any] = yaml.safe_load(TEXT.split("---\n")[1])
    return found


def resource(name: str) -> Any:
    """A list of values that the hub takes, as datasets carries it."""
    return json.loads((files("datasets") / "utils" / "resources" / name).read_text("utf-8"))


def test_metadata_that_the_hub_takes(metadata: dict[str, Any]) -> None:
    creators = resource("creators.json")
    assert set(metadata["annotations_creators"]) <= set(creators["annotations"])
    assert set(metadata["language_creators"]) <= set(creators["language"])
    assert set(metadata["multilinguality"]) <= set(resource("multilingualities.json"))
    assert set(metadata["size_categories"]) <= set(resource("size_categories.json"))
    assert set(metadata["language"]) <= set(resource("languages.json"))
    # A model read the page: nobody may take the labels for those of experts.
    assert metadata["annotations_creators"] == ["machine-generated"]
    assert metadata["task_categories"] == ["token-classification"]
    assert metadata["task_ids"] == ["named-entity-recognition"]
    assert metadata["license"] == "other"
    assert metadata["license_name"]
    assert metadata["license_link"] in os.listdir(DATA)
    assert metadata["pretty_name"]
    assert metadata["tags"]
    card = DatasetCard.load(DATA / "README.md")
    assert card.data.to_dict()["pretty_name"] == metadata["pretty_name"]


def test_every_config_is_named_with_its_file(metadata: dict[str, Any]) -> None:
    assert [c["config_name"] for c in metadata["configs"] if c.get("default")] == ["documents"]
    assert {c["config_name"] for c in metadata["configs"]} == set(CONFIGS)
    for config in metadata["configs"]:
        (file,) = config["data_files"]
        assert file["split"] == "test"
        assert file["path"].endswith(".parquet")
        assert (DATA / file["path"]).is_file()
        assert config["version"] == read_manifest(DATA).version


def test_features_have_no_sequence(metadata: dict[str, Any]) -> None:
    """A sequence of records would be read as a record of lists."""

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return {*value, *(key for inner in value.values() for key in keys(inner))}
        return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()

    assert "sequence" not in keys(metadata["dataset_info"])
    documents = next(i for i in metadata["dataset_info"] if i["config_name"] == "documents")
    assert "list" in next(f for f in documents["features"] if f["name"] == "entities")


def test_sizes_are_what_the_builder_counts(metadata: dict[str, Any], tmp_path: Path) -> None:
    for info in metadata["dataset_info"]:
        name = info["config_name"]
        path = DATA / name / "test.parquet"
        builder = datasets.load_dataset_builder("parquet", data_files={"test": str(path)}, cache_dir=str(tmp_path))
        builder.download_and_prepare()
        counted = builder.info.splits["test"]
        assert info["splits"] == [
            {"name": "test", "num_bytes": counted.num_bytes, "num_examples": counted.num_examples}
        ]
        assert (info["download_size"], info["dataset_size"]) == (path.stat().st_size, counted.num_bytes)
        assert f"| `{name}` | {counted.num_examples} |" in TEXT


def test_the_example_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=DATA.parent, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\S B-PLACE$", done.stdout, re.MULTILINE)


def test_statistics_are_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--output-format", "markdown"]) == 0
    printed = capsys.readouterr().out.strip()
    assert printed in TEXT


def test_links_lead_to_files_of_the_directory() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert len(links) > 3
    for link in links:
        assert (DATA / link).is_file(), link


def test_the_canary_is_everywhere() -> None:
    canary = read_manifest(DATA).canary
    for name in ("README.md", "croissant.json", "manifest.json", "DATASHEET.md"):
        assert canary in (DATA / name).read_text("utf-8"), name


def test_there_is_no_code_in_the_directory() -> None:
    """A script by the name of its directory would be an error."""
    assert [path for path in DATA.rglob("*") if path.suffix == ".py"] == []
