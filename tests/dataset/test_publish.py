"""The dataset repository: built as it would be pushed, validated row by row, and pushed up to the network call."""

import copy
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import datasets
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

import publish
from tyez_bench.dataset import validate
from tyez_bench.dataset.repository import CROISSANT, Pushed, build_repository, push
from tyez_bench.dataset.tables import CONFIGS, json_lines, parquet
from tyez_bench.dataset.validate import validate_repository
from tyez_bench.files.jsonl import sha256
from tyez_bench.gold.gold import data_dir
from tyez_bench.gold.manifest import MANIFEST, read_manifest
from tyez_bench.model.errors import InputError, TyezBenchError, UsageError

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "publish.py"
REPOSITORY = "someone/tyez"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here may leave the machine."""

    def refuse(*_: object) -> None:
        raise AssertionError("a test tried to connect")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The real data as a repository, to be spoiled."""
    build_repository(data_dir(), tmp_path / "built")
    return tmp_path / "built"


@pytest.fixture(scope="module")
def published() -> dict[str, list[dict[str, Any]]]:
    """The rows of the tables as they are published, by config, once they were read."""
    return {}


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch, published: dict[str, list[dict[str, Any]]]) -> None:
    """Tables that are as published are read by datasets once for all tests; what was changed is read each time."""
    check = validate._check_table

    def checked(folder: Path, name: str, cache: str) -> list[dict[str, Any]]:
        files = [Path(name, f"test.{form}") for form in ("parquet", "jsonl")]
        if any((folder / file).read_bytes() != (data_dir() / file).read_bytes() for file in files):
            return check(folder, name, cache)
        if name not in published:
            published[name] = check(folder, name, cache)
        return copy.deepcopy(published[name])

    monkeypatch.setattr(validate, "_check_table", checked)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a directory."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def put_on_record(folder: Path) -> None:
    """Correct the manifest, so that it has on record what the files are now."""
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    for name in manifest["files"]:
        data = (folder / name).read_bytes()
        manifest["files"][name] = {"bytes": len(data), "sha256": sha256(data)}
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


def replace(path: Path, old: str, new: str) -> None:
    """Change a text file in one place."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def change_rows(folder: Path, config: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change a table in all its forms, and everything that is said of it."""
    path = folder / config / "test.parquet"
    before = path.read_bytes()
    lines = path.with_suffix(".jsonl").read_text("utf-8").removesuffix("\n").split("\n")
    rows = [json.loads(line) for line in lines]
    change(rows)
    path.with_suffix(".jsonl").write_bytes(json_lines(rows))
    manifest = read_manifest(folder)
    marks = {"canary": manifest.canary, "version": manifest.version, "fingerprint": manifest.fingerprint}
    after = parquet(CONFIGS[config].columns, rows, {f"tyez_{name}": value for name, value in marks.items()})
    path.write_bytes(after)
    replace(folder / CROISSANT, sha256(before), sha256(after))
    replace(folder / CROISSANT, f'"{len(before)} B"', f'"{len(after)} B"')
    replace(folder / "README.md", f"download_size: {len(before)}\n", f"download_size: {len(after)}\n")
    put_on_record(folder)


# Build.


def test_the_repository_has_the_files_on_record_and_no_other(built: Path) -> None:
    manifest = read_manifest(data_dir())
    assert set(contents(built)) == {*manifest.files, MANIFEST}
    assert all(data == (data_dir() / name).read_bytes() for name, data in contents(built).items())
    assert [path.name for path in built.parent.iterdir()] == ["built"]


def test_a_stray_file_of_the_source_is_left_behind(built: Path, tmp_path: Path) -> None:
    (built / "notes.txt").write_text("private", "utf-8")
    build_repository(built, tmp_path / "again")
    assert not (tmp_path / "again" / "notes.txt").exists()


def test_a_tampered_file_is_not_built(built: Path, tmp_path: Path) -> None:
    path = built / "gold.jsonl"
    path.write_bytes(path.read_bytes().replace("太原".encode(), "大原".encode(), 1))
    with pytest.raises(InputError, match="the file was changed") as caught:
        build_repository(built, tmp_path / "again")
    assert caught.value.path == str(path)
    assert [found.name for found in tmp_path.iterdir()] == ["built"]


def test_a_missing_file_is_not_built(built: Path, tmp_path: Path) -> None:
    (built / "words" / "test.parquet").unlink()
    with pytest.raises(InputError, match=r"words/test\.parquet: is missing"):
        build_repository(built, tmp_path / "again")
    assert [found.name for found in tmp_path.iterdir()] == ["built"]


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "a/../../outside.txt", "a\\b", "./a", MANIFEST])
def test_a_name_that_leads_elsewhere_is_not_built(built: Path, tmp_path: Path, name: str) -> None:
    manifest = json.loads((built / MANIFEST).read_text("utf-8"))
    manifest["files"][name] = manifest["files"]["gold.jsonl"]
    (built / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError, match="not in the directory"):
        build_repository(built, tmp_path / "again")
    with pytest.raises(InputError, match="not in the directory"):
        validate_repository(built)


def test_a_target_that_is_there_is_refused(built: Path) -> None:
    before = contents(built)
    with pytest.raises(UsageError, match="already exists"):
        build_repository(data_dir(), built)
    assert contents(built) == before


def test_force_replaces_an_earlier_repository(built: Path) -> None:
    (built / "old.txt").write_text("of the last version", "utf-8")
    build_repository(data_dir(), built, force=True)
    assert set(contents(built)) == {*read_manifest(data_dir()).files, MANIFEST}
    assert [path.name for path in built.parent.iterdir()] == ["built"]


def test_force_replaces_nothing_else(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "thesis.tex").write_text("years of work", "utf-8")
    with pytest.raises(UsageError, match="is not replaced"):
        build_repository(data_dir(), home, force=True)
    file = tmp_path / "file"
    file.write_text("text", "utf-8")
    with pytest.raises(UsageError, match="is a file, expected a directory"):
        build_repository(data_dir(), file, force=True)
    assert set(contents(tmp_path)) == {"home/thesis.tex", "file"}


@pytest.mark.parametrize("place", [".", "inside", "..", "elsewhere/deep"])
def test_a_target_that_cannot_be(built: Path, place: str) -> None:
    with pytest.raises(UsageError):
        build_repository(built, built / place, force=True)
    assert set(contents(built)) == {*read_manifest(data_dir()).files, MANIFEST}


def test_a_full_disk_leaves_what_was_there(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (built / "old.txt").write_text("still here", "utf-8")
    before = contents(built.parent)
    written: list[Path] = []
    write_bytes = Path.write_bytes

    def failing(self: Path, data: bytes) -> int:
        if len(written) == 5:
            raise OSError(28, "No space left on device")
        written.append(self)
        return write_bytes(self, data)

    monkeypatch.setattr(Path, "write_bytes", failing)
    with pytest.raises(UsageError, match="No space left on device"):
        build_repository(data_dir(), built, force=True)
    assert len(written) == 5
    assert contents(built.parent) == before


def test_a_failure_at_the_last_moment_puts_the_old_one_back(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (built / "old.txt").write_text("still here", "utf-8")
    before = contents(built.parent)
    rename = os.rename

    def failing(source: Path, target: Path) -> None:
        if source.name == "fresh":
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(UsageError, match="Input/output error"):
        build_repository(data_dir(), built, force=True)
    assert contents(built.parent) == before


# Validate.


def test_validation_is_private_and_offline(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, bool, str]] = []
    load = datasets.load_dataset

    def recorded(path: str, name: str, **options: Any) -> Any:
        calls.append((name, bool(options.get("streaming")), options["cache_dir"]))
        assert datasets.config.HF_HUB_OFFLINE is True
        return load(path, name, **options)

    before = datasets.config.HF_HUB_OFFLINE, datasets.are_progress_bars_disabled()
    monkeypatch.setattr(datasets, "load_dataset", recorded)
    assert validate_repository(built) == read_manifest(data_dir())
    assert [(name, streamed) for name, streamed, _ in calls] == [(n, s) for n in CONFIGS for s in (False, True)]
    assert not any(Path(cache).exists() for _, _, cache in calls)
    assert (datasets.config.HF_HUB_OFFLINE, datasets.are_progress_bars_disabled()) == before
    assert contents(built) == {name: (data_dir() / name).read_bytes() for name in contents(built)}


def _another_rule(rows: list[dict[str, Any]]) -> None:
    # The same length, so that the table's size in memory stays as the card has it.
    rows[7]["rule"] = "P9"


def _another_tag(rows: list[dict[str, Any]]) -> None:
    rows[150]["ner_tags"][0] ^= 1


def _another_depth(rows: list[dict[str, Any]]) -> None:
    rows[2]["entities"][3]["depth"] += 1


def _another_start(rows: list[dict[str, Any]]) -> None:
    rows[2]["start"] += 1


class Forgery(NamedTuple):
    """A change in a table that the manifest, the card and the Croissant file go along with, and what it meets."""

    config: str
    change: Callable[[list[dict[str, Any]]], None]
    reason: str


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize(
    "forgery",
    [
        Forgery("entities", _another_rule, "row 8: 'rule' is different when it is rebuilt"),
        Forgery("words", _another_tag, "row 151: 'ner_tags' is different when it is rebuilt"),
        Forgery("passes", _another_depth, "row 3: 'entities' is different when it is rebuilt"),
        Forgery("adjudication", _another_start, "row 3: 'adj-003' does not have the text of its offsets"),
    ],
    ids=lambda forgery: forgery.config,
)
def test_a_row_that_is_changed_everywhere_is_still_refused(built: Path, forgery: Forgery) -> None:
    change_rows(built, forgery.config, forgery.change)
    with pytest.raises(InputError) as caught:
        validate_repository(built)
    assert caught.value.reason == forgery.reason
    assert caught.value.path == str(built / forgery.config / "test.parquet")


def test_a_row_that_is_changed_in_one_form_is_refused(built: Path) -> None:
    path = built / "documents" / "test.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"depth": 0', b'"depth": 1', 1))
    put_on_record(built)
    with pytest.raises(InputError, match=r"row 1: 'entities' is different in test\.jsonl"):
        validate_repository(built)


def test_a_row_that_is_left_out_is_refused(built: Path) -> None:
    path = built / "documents" / "test.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    put_on_record(built)
    with pytest.raises(InputError, match=r"has 8 rows, but there are 7 in test\.jsonl"):
        validate_repository(built)


def _stray(folder: Path) -> None:
    (folder / "passes" / "notes.txt").write_text("private", "utf-8")


def _no_card(folder: Path) -> None:
    (folder / "README.md").unlink()
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    del manifest["files"]["README.md"]
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _another_hash(folder: Path) -> None:
    recorded = read_manifest(folder).files["tokens/test.parquet"].sha256
    replace(folder / CROISSANT, recorded, sha256(b""))
    put_on_record(folder)


def _no_json(folder: Path) -> None:
    (folder / CROISSANT).write_bytes((folder / CROISSANT).read_bytes()[:-3])
    put_on_record(folder)


def _no_canary(folder: Path) -> None:
    canary = read_manifest(folder).canary
    path = folder / "README.md"
    path.write_text(path.read_text("utf-8").replace(canary, "a bird"), "utf-8")
    put_on_record(folder)


def _unmarked(folder: Path) -> None:
    rows = [json.loads(line) for line in (folder / "adjudication" / "test.jsonl").read_text("utf-8").splitlines()]
    (folder / "adjudication" / "test.parquet").write_bytes(parquet(CONFIGS["adjudication"].columns, rows, {}))
    put_on_record(folder)


def _no_parquet(folder: Path) -> None:
    (folder / "tokens" / "test.parquet").write_bytes(b"PAR1 it is not")
    put_on_record(folder)


def _another_release(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    manifest["releases"][0]["fingerprint"] = sha256(b"")
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _no_release(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    del manifest["releases"][-1]
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _more_examples(folder: Path) -> None:
    replace(folder / "README.md", "num_examples: 8\n", "num_examples: 9\n")
    put_on_record(folder)


def _more_bytes(folder: Path) -> None:
    text = (folder / "README.md").read_text("utf-8")
    size = text.partition("num_bytes: ")[2].partition("\n")[0]
    replace(folder / "README.md", f"num_bytes: {size}\n", f"num_bytes: {size}0\n")
    put_on_record(folder)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_stray, "passes/notes.txt: is not in the manifest"),
        (_no_card, "manifest.json: does not list the file 'README.md'"),
        (_another_hash, "croissant.json: does not have the size and the SHA-256 of tokens/test.parquet"),
        (_no_json, "croissant.json: "),
        (_no_canary, "README.md: does not name the canary"),
        (_unmarked, "adjudication/test.parquet: does not have the canary"),
        (_no_parquet, "tokens/test.parquet: can't be read as Parquet"),
        (_another_release, "gold.jsonl: fingerprint is"),
        (_no_release, "manifest.json: has no release of version"),
        (_more_examples, "documents/test.parquet: can't be loaded with datasets: NonMatchingSplitsSizesError"),
        (_more_bytes, "README.md: config 'adjudication': dataset_info has"),
    ],
)
def test_what_else_is_refused(built: Path, spoil: Callable[[Path], None], reason: str) -> None:
    spoil(built)
    with pytest.raises(InputError) as caught:
        validate_repository(built)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


# Push.


class Hub:
    """Records the calls that would go over the network; one of them can fail."""

    def __init__(self, failing: str = "", error: Exception | None = None):
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.failing = failing
        self.error = error

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.calls.append((name, args, options))
            if name == self.failing and self.error is not None:
                raise self.error
            return SimpleNamespace(oid="c0ffee")

        return call


def http_error(status: int) -> HfHubHTTPError:
    """What the hub's client raises. Which library its response is of depends on its version."""
    response: Any = SimpleNamespace(status_code=status, headers={}, request=None)
    return HfHubHTTPError(f"{status} Client Error.\n\nYou are not allowed to do this.", response=response)


def test_push_makes_exactly_these_calls(built: Path) -> None:
    manifest = read_manifest(data_dir())
    hub: Any = Hub()
    assert push(built, REPOSITORY, hub, private=False) == Pushed("c0ffee", f"v{manifest.version}", True)
    assert hub.calls == [
        ("create_repo", (REPOSITORY,), {"repo_type": "dataset", "private": False, "exist_ok": True}),
        (
            "upload_folder",
            (),
            {
                "repo_id": REPOSITORY,
                "repo_type": "dataset",
                "folder_path": built,
                "commit_message": f"tyez {manifest.version}, fingerprint {manifest.fingerprint}",
                "delete_patterns": "*",
            },
        ),
        (
            "create_tag",
            (REPOSITORY,),
            {"tag": f"v{manifest.version}", "revision": "c0ffee", "repo_type": "dataset"},
        ),
    ]


def test_the_calls_are_those_that_the_client_takes(built: Path) -> None:
    """A recorder takes anything; the client's own signatures don't."""
    import inspect

    from huggingface_hub import HfApi

    hub: Any = Hub()
    push(built, REPOSITORY, hub)
    assert [name for name, _, _ in hub.calls] == ["create_repo", "upload_folder", "create_tag"]
    for name, args, options in hub.calls:
        inspect.signature(getattr(HfApi, name)).bind(None, *args, **options)


def test_a_tag_that_is_there_stays_where_it_is(built: Path) -> None:
    hub: Any = Hub("create_tag", http_error(409))
    assert push(built, REPOSITORY, hub).tagged is False


@pytest.mark.parametrize("step", ["create_repo", "upload_folder", "create_tag"])
@pytest.mark.parametrize(
    "error", [http_error(403), OSError("no route to host"), RuntimeError("from the uploader")], ids=repr
)
def test_a_failure_of_the_hub_is_one_line(built: Path, step: str, error: Exception) -> None:
    hub: Any = Hub(step, error)
    with pytest.raises(TyezBenchError, match=f"{REPOSITORY}: can't .*{type(error).__name__}") as caught:
        push(built, REPOSITORY, hub)
    assert "\n" not in str(caught.value)
    assert "\\n" not in str(caught.value)
    assert hub.calls[-1][0] == step


def test_nothing_is_pushed_that_is_not_on_record(built: Path) -> None:
    _stray(built)
    hub: Any = Hub()
    with pytest.raises(InputError, match="not in the manifest"):
        push(built, REPOSITORY, hub)
    assert hub.calls == []


# The command.


def test_a_dry_run_is_what_happens_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    hub = Hub()
    assert publish.main([], api=cast(HfApi, hub)) == 0
    assert hub.calls == []
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[-1] == "dry run: nothing was pushed"
    expected = {
        f"{len(data):>9}  {sha256(data)}  {name}"
        for name in [*read_manifest(data_dir()).files, MANIFEST]
        for data in [(data_dir() / name).read_bytes()]
    }
    assert expected == {line for line in lines if "  " in line}
    assert printed.err == ""


def test_the_command_leaves_the_directory_where_it_is_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT), "--dry-run", "--out", str(out)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"all valid, in {out}\ndry run: nothing was pushed\n")
    assert contents(out) == {name: (data_dir() / name).read_bytes() for name in contents(out)}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_command_pushes_what_it_validated(capsys: pytest.CaptureFixture[str]) -> None:
    hub = Hub()
    assert publish.main(["--push", REPOSITORY], api=cast(HfApi, hub)) == 0
    assert [name for name, _, _ in hub.calls] == ["create_repo", "upload_folder", "create_tag"]
    assert hub.calls[0][2]["private"] is True
    printed = capsys.readouterr()
    version = read_manifest(data_dir()).version
    assert printed.out.endswith(f"pushed to {REPOSITORY}: commit c0ffee, tag v{version}\n")
    assert printed.err == ""


def failure(capsys: pytest.CaptureFixture[str], argv: Sequence[str], hub: Hub | None = None) -> str:
    """The one line of a run that fails."""
    assert publish.main(argv, api=cast(HfApi, hub or Hub())) == 2
    error = capsys.readouterr().err
    assert error.startswith("publish: ")
    assert error.count("\n") == 1
    return error


def test_an_invalid_repository_is_not_pushed(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = built / "entities" / "test.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"P2"', b'"P3"', 1))
    put_on_record(built)
    hub = Hub()
    out = tmp_path / "out"
    error = failure(capsys, ["--data", str(built), "--out", str(out), "--push", REPOSITORY], hub)
    # The file that is to be mended, not the copy in a directory that is gone.
    assert error.startswith(f"publish: {built / 'entities' / 'test.parquet'}: row ")
    assert hub.calls == []
    assert not out.exists()


def test_a_failure_of_the_network_is_one_line_of_the_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The validation has tests of its own.
    monkeypatch.setattr(publish, "validate_repository", read_manifest)
    error = failure(capsys, ["--push", REPOSITORY], Hub("upload_folder", http_error(403)))
    assert error == f"publish: {REPOSITORY}: can't upload the files: HfHubHTTPError: 403 Client Error.\n"
    error = failure(capsys, ["--push", REPOSITORY], Hub("create_repo", OSError("no route to host")))
    assert error == f"publish: {REPOSITORY}: can't make the repository: OSError: no route to host\n"


def test_wrong_use_is_one_line(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "already exists" in failure(capsys, ["--out", str(built)])
    assert "--force is about" in failure(capsys, ["--force"])
    assert "--public is about" in failure(capsys, ["--public"])
    assert "no such file" in failure(capsys, ["--data", str(tmp_path / "nowhere")])
    assert "in, around or over" in failure(capsys, ["--data", str(built), "--out", str(built / "again")])
    shutil.rmtree(built / "words")
    assert "is missing" in failure(capsys, ["--data", str(built)])
