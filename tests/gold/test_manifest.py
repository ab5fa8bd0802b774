"""What is on record about the published files and about the versions of the gold."""

import json
import shutil
from pathlib import Path

import pytest

from tyez_bench.cli import main
from tyez_bench.files.jsonl import sha256
from tyez_bench.gold.gold import data_dir, load_published
from tyez_bench.gold.manifest import Release, read_manifest, read_releases, releases, verify
from tyez_bench.model.errors import AnnotationError, InputError, UsageError

DATA = data_dir()
OLD, NEW = b'{"id":"a"}\n', b'{"id":"b"}\n'


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The published directory, to be spoilt."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    return folder


def spoil(path: Path, how: str) -> None:
    """Change, cut short or remove a file."""
    data = path.read_bytes()
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if how == "truncated" else data[:-2] + bytes([data[-2] ^ 1]) + data[-1:])


@pytest.mark.parametrize("how", ["missing", "truncated", "changed"])
@pytest.mark.parametrize("name", ["gold.jsonl", "words/test.parquet", "predictions/jieba.jsonl", "LICENSE-TEXT.md"])
def test_verify_sees_every_file(name: str, how: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(copy)]) == 0
    assert capsys.readouterr().out.startswith("tyez ")
    spoil(copy / name, how)
    assert main(["verify", str(copy)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(f"tyez-bench: {copy / name}: ")
    assert how in err


def test_load_sees_a_gold_that_is_not_on_record(copy: Path) -> None:
    spoil(copy / "gold.jsonl", "truncated")
    with pytest.raises(InputError, match=r"gold\.jsonl: has [0-9]+ bytes, .*: the file was truncated"):
        load_published(copy)
    (copy / "gold.jsonl").unlink()
    with pytest.raises(InputError, match=r"gold\.jsonl: is missing"):
        load_published(copy)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("{", "Expecting property name"),
        ("[]", "Expected `object`"),
        ('{"name": "tyez"}', "missing required field"),
        ('{"naem": "tyez"}', "unknown field"),
    ],
)
def test_a_broken_manifest(text: str, reason: str, copy: Path) -> None:
    (copy / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"manifest\.json: .*" + reason):
        load_published(copy)


def test_a_fingerprint_that_is_not_the_golds(copy: Path) -> None:
    """The file is what is on record, but the record of the gold is another's."""
    path = copy / "manifest.json"
    facts = json.loads(path.read_text("utf-8"))
    facts["fingerprint"] = facts["releases"][-1]["fingerprint"] = "0" * 64
    path.write_text(json.dumps(facts), "utf-8")
    with pytest.raises(InputError, match=r"fingerprint is 6f98ee98237a…, expected 000000000000…"):
        load_published(copy)


def test_a_file_that_is_not_on_record(copy: Path) -> None:
    with pytest.raises(InputError, match=r"manifest\.json: does not list the file 'more\.txt'"):
        verify(copy, read_manifest(copy), ["more.txt"])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two versions on record, the first with another gold."""
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "1.0.0.jsonl").write_bytes(OLD)
    path = tmp_path / "releases.toml"
    entries = [("1.0.0", OLD), ("1.1.0", NEW)]
    text = "".join(f'[[release]]\nversion = "{v}"\nfingerprint = "{sha256(gold)}"\n\n' for v, gold in entries)
    path.write_text(text, "utf-8")
    return path


def test_past_versions_keep_their_gold(log: Path) -> None:
    found, files = releases(log, "1.2.0", NEW)
    assert found == (
        Release(version="1.0.0", fingerprint=sha256(OLD), file="releases/1.0.0.jsonl"),
        Release(version="1.1.0", fingerprint=sha256(NEW), file="gold.jsonl"),
        Release(version="1.2.0", fingerprint=sha256(NEW), file="gold.jsonl"),
    )
    assert files == {"releases/1.0.0.jsonl": OLD}
    # The present version may be on record already, as it is after its release.
    assert releases(log, "1.1.0", NEW)[0] == found[:2]


def test_a_changed_gold_needs_another_version(log: Path) -> None:
    with pytest.raises(AnnotationError, match=r"version 1\.1\.0 was released with .* needs a new version"):
        releases(log, "1.1.0", b'{"id":"c"}\n')


def test_the_gold_of_a_past_version_must_be_there_as_it_was(log: Path) -> None:
    kept = log.parent / "releases" / "1.0.0.jsonl"
    kept.write_bytes(NEW)
    with pytest.raises(AnnotationError, match=r"1\.0\.0\.jsonl: is not the gold that was released"):
        releases(log, "1.2.0", NEW)
    kept.unlink()
    with pytest.raises(InputError, match=r"1\.0\.0\.jsonl: no such file"):
        releases(log, "1.2.0", NEW)


def test_a_broken_log_of_releases(tmp_path: Path) -> None:
    path = tmp_path / "releases.toml"
    for text in ("[[release]]\nversion = 1\n", "[[release]\n", '[[release]]\nversion = "1"\n'):
        path.write_text(text, "utf-8")
        with pytest.raises(InputError, match=r"releases\.toml:"):
            read_releases(path)


def test_every_version_of_the_changelog_is_on_record() -> None:
    root = DATA.parent
    headings = [line[3:] for line in (root / "CHANGELOG.md").read_text("utf-8").splitlines() if line[:3] == "## "]
    # What is not released yet stands first.
    if headings[0] == "Unreleased":
        del headings[0]
    assert sorted(headings) == [release.version for release in read_manifest(DATA).releases]
    with pytest.raises(UsageError, match=r"expected one of: 1\.0\.0, 1\.1\.0"):
        load_published(DATA, "0.9.0")
