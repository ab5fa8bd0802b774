"""Files of label sets and maps: those of the package, the examples of the documentation, their schemas, and slips."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tyez_bench.gold.label_sets import load_label_set, set_names, shipped
from tyez_bench.io.label_maps import load_map, map_names
from tyez_bench.model.errors import InputError, UsageError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "labels.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)


def schema(name: str) -> dict[str, Any]:
    """A JSON Schema of the documentation."""
    found: dict[str, Any] = json.loads((ROOT / "docs" / f"label-{name}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return found


@pytest.mark.parametrize(("form", "folder"), [("set", "gold/label_sets"), ("map", "io/label_maps")])
def test_the_files_of_the_package_follow_the_schema(form: str, folder: str) -> None:
    files = sorted((ROOT / "src" / "tyez_bench" / folder).glob("*.toml"))
    assert [file.stem for file in files] == list(set_names() if form == "set" else map_names())
    for file in files:
        jsonschema.validate(tomllib.loads(file.read_text("utf-8")), schema(form))


def test_the_page_has_every_set_with_its_labels() -> None:
    for name in set_names():
        found = shipped(name)
        labels = ", ".join(f"`{label}`" for label in found.names)
        assert f"| `{name}`: {found.title} | {labels} |" in PAGE


def test_the_examples_of_the_page_are_read(tmp_path: Path) -> None:
    assert [name for name, _ in EXAMPLES] == ["mine.toml", "theirs.toml"]
    for name, text in EXAMPLES:
        (tmp_path / name).write_text(text, "utf-8")
        jsonschema.validate(tomllib.loads(text), schema("set" if name == "mine.toml" else "map"))
    mine = load_label_set(tmp_path / "mine.toml")
    assert mine.name == "mine"
    assert mine.names == ("人名", "地 名", "co.com", "scene")
    assert mine.kind("地 名") == "place"
    assert mine.kind("scene") is None
    theirs = load_map(tmp_path / "theirs.toml")
    assert set(theirs.expresses) == {"人名", "地 名"}
    assert theirs.leads_to(mine)
    assert theirs.labels == {"PER": "人名", "LOC": "地 名", "GPE": "地 名", "MISC": None}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[labels]\n", "has no [labels]"),
        ("name = 'x'\n", "is not a label set"),
        (
            "[labels]\nPER = { kind = 'people' }\n",
            "label 'PER': kind 'people', expected one of place, organisation, person, money",
        ),
        ("[labels]\nPER = 'person'\n", """label 'PER': 'person', expected a table such as { kind = "person" }"""),
        ("[labels]\nPER = { colour = 'red' }\n", "colour"),
        ("[labels]\n' PER' = {}\n", "white space at an edge"),
        ("labels = [\n", "not valid TOML"),
        ("[labels]\nco.com = {}\n", "label 'co': holds a table 'com': a label with a dot in it must be quoted"),
    ],
)
def test_a_wrong_set_is_one_line(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        load_label_set(path)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith(str(path))
    if not says.startswith("not valid"):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(tomllib.loads(text), schema("set"))


def test_an_unknown_set_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"unknown label set 'conll04', expected one of boson, .*or a TOML file"):
        load_label_set("conll04")
