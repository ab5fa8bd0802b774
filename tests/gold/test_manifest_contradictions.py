"""Manifests and logs of releases that contradict themselves or lead elsewhere."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.dataset.load import load_tables
from tyez_bench.files.jsonl import sha256
from tyez_bench.gold.gold import data_dir, load_published
from tyez_bench.gold.manifest import read_manifest, read_releases, releases, verify
from tyez_bench.model.errors import InputError, UsageError

DATA = data_dir()
OLD, NEW = b'{"id":"a","text":"b"}\n', b'{"id":"a","text":"c"}\n'
Facts = dict[str, Any]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The published directory."""
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def edit(folder: Path, change: Callable[[Facts], object]) -> None:
    """Change the manifest."""
    path = folder / "manifest.json"
    facts = json.loads(path.read_text("utf-8"))
    change(facts)
    path.write_text(json.dumps(facts), "utf-8")


def record(data: bytes) -> Facts:
    """What a manifest has on record of a file with this content."""
    return {"bytes": len(data), "sha256": sha256(data)}


def refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line of ``verify``."""
    assert main(["verify", str(folder)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err.removeprefix("tyez-bench: ").rstrip("\n")


@pytest.mark.parametrize("key", ["name", "version", "fingerprint", "page_sha256", "canary", "releases", "files"])
def test_every_key_is_needed(key: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(copy, lambda facts: facts.pop(key))
    assert refused(copy, capsys) == f"{copy}/manifest.json: Object missing required field `{key}`"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"null", "Expected `object`, got `null`"),
        (b"[" * 100_000, "manifest.json: "),
        (b"\xef\xbb\xbf{}", "starts with a byte order mark"),
        (b"{\n\xff}", "manifest.json:2: byte 0xff is not valid UTF-8"),
        (b"PAR1\0\0", "manifest.json: "),
    ],
)
def test_what_is_no_manifest(content: bytes, reason: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "manifest.json").write_bytes(content)
    assert reason in refused(copy, capsys)


@pytest.mark.parametrize(
    ("bytes_", "reason"), [(-1, "Expected `int` >= 0"), ("1", "Expected `int`, got `str`"), (None, "got `null`")]
)
def test_sizes_that_are_none(bytes_: object, reason: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(copy, lambda facts: facts["files"]["gold.jsonl"].update(bytes=bytes_))
    assert reason in refused(copy, capsys)


def test_an_unknown_key_of_a_file_or_a_release(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(copy, lambda facts: facts["files"]["gold.jsonl"].update(md5="x"))
    assert "unknown field `md5`" in refused(copy, capsys)


def test_a_directory_where_a_file_was(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "CITATION.cff").unlink()
    (copy / "CITATION.cff").mkdir()
    assert refused(copy, capsys) == f"{copy}/CITATION.cff: is a directory, expected a file"


def test_an_emptied_file(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "tokens" / "test.parquet").write_bytes(b"")
    assert refused(copy, capsys).startswith(f"{copy}/tokens/test.parquet: has 0 bytes")


def test_a_release_whose_file_is_another_gold(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(copy, lambda facts: facts["releases"][0].update(fingerprint="1" * 64))
    assert "gold.jsonl: fingerprint is " in refused(copy, capsys)
    with pytest.raises(InputError, match="expected 111111111111…"):
        load_published(copy, "1.0.0")
    assert len(load_published(copy)) == 8


def test_a_release_whose_file_is_not_on_record(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "old.jsonl").write_bytes((copy / "gold.jsonl").read_bytes())
    edit(copy, lambda facts: facts["releases"][0].update(file="old.jsonl"))
    assert "manifest.json: does not list the file 'old.jsonl'" in refused(copy, capsys)


@pytest.mark.parametrize("absolute", [False, True])
def test_a_name_that_leads_out_of_the_directory(absolute: bool, copy: Path) -> None:
    outside = copy.parent / "secret.txt"
    outside.write_bytes(b"secret")
    name = str(outside) if absolute else "../secret.txt"
    edit(copy, lambda facts: facts["files"].update({name: record(b"secret")}))
    with pytest.raises(InputError, match=r"manifest\.json: "):
        verify(copy, read_manifest(copy))


def test_a_release_that_leads_out_of_the_directory(copy: Path) -> None:
    data = (copy / "gold.jsonl").read_bytes()
    (copy.parent / "gold.jsonl").write_bytes(data)
    edit(copy, lambda facts: facts["files"].update({"../gold.jsonl": record(data)}))
    edit(copy, lambda facts: facts["releases"][0].update(file="../gold.jsonl"))
    with pytest.raises(InputError, match=r"manifest\.json: "):
        load_published(copy, "1.0.0")


def test_a_name_that_no_file_can_have(copy: Path) -> None:
    edit(copy, lambda facts: facts["files"].update({"x" * 300: record(b"x")}))
    with pytest.raises(InputError):
        verify(copy, read_manifest(copy))


def test_a_fingerprint_that_is_not_that_of_the_present_release(copy: Path) -> None:
    edit(copy, lambda facts: facts.update(fingerprint="0" * 64))
    # As it is, 'passes' is refused with "is only available in version 1.2.0", when 1.2.0 was asked for.
    with pytest.raises(InputError, match=r"manifest\.json: "):
        load_tables(copy, "passes")


def test_a_version_that_is_no_release(copy: Path) -> None:
    edit(copy, lambda facts: facts["releases"].clear())
    assert main(["verify", str(copy)]) == 2


def test_the_empty_version_is_none_that_there_is() -> None:
    with pytest.raises(UsageError, match="the gold has no version ''"):
        tyez_bench.load(version="")


def log(tmp_path: Path, *entries: tuple[str, bytes], key: str = "release") -> Path:
    """A log of releases, with the gold of each beside it."""
    (tmp_path / "releases").mkdir(exist_ok=True)
    for version, gold in entries:
        (tmp_path / "releases" / f"{version}.jsonl").write_bytes(gold)
    path = tmp_path / "releases.toml"
    blocks = (f'[[{key}]]\nversion = "{version}"\nfingerprint = "{sha256(gold)}"\n' for version, gold in entries)
    path.write_text("\n".join(blocks), "utf-8")
    return path


def test_a_gold_that_came_back_needs_no_file(tmp_path: Path) -> None:
    """A change that was taken back: the present gold is that of the first version."""
    path = log(tmp_path, ("1.0.0", OLD), ("1.1.0", NEW))
    (tmp_path / "releases" / "1.0.0.jsonl").unlink()
    found, files = releases(path, "1.2.0", OLD)
    assert [(release.version, release.file) for release in found] == [
        ("1.0.0", "gold.jsonl"),
        ("1.1.0", "releases/1.1.0.jsonl"),
        ("1.2.0", "gold.jsonl"),
    ]
    assert files == {"releases/1.1.0.jsonl": NEW}


def test_versions_with_one_gold_need_one_file(tmp_path: Path) -> None:
    path = log(tmp_path, ("1.0.0", OLD), ("1.1.0", OLD))
    (tmp_path / "releases" / "1.0.0.jsonl").unlink()
    found, files = releases(path, "1.2.0", NEW)
    assert files == {"releases/1.1.0.jsonl": OLD}
    assert [release.file for release in found] == ["releases/1.1.0.jsonl", "releases/1.1.0.jsonl", "gold.jsonl"]


def test_a_misspelt_table_does_not_lose_the_versions(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"releases\.toml: "):
        read_releases(log(tmp_path, ("1.0.0", OLD), key="releases"))


def test_a_version_twice_is_refused(tmp_path: Path) -> None:
    path = log(tmp_path, ("1.0.0", OLD))
    again = f'\n[[release]]\nversion = "1.0.0"\nfingerprint = "{sha256(NEW)}"\n'
    path.write_text(path.read_text("utf-8") + again, "utf-8")
    with pytest.raises(InputError, match=r"releases\.toml: "):
        releases(path, "1.1.0", NEW)
