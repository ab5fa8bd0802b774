"""Exports, imported by doccano itself."""

import json
import subprocess
import sys
from pathlib import Path

import tyez_bench

HERE = Path(__file__).parent


def test_exports_are_imported(tmp_path: Path) -> None:
    gold = tyez_bench.load()
    flat, nested = tmp_path / "flat.jsonl", tmp_path / "nested.jsonl"
    exported = {
        flat: tyez_bench.export(gold, "doccano"),
        nested: tyez_bench.export(gold, "doccano", layer="all", optional="keep"),
    }
    for path, one in exported.items():
        assert isinstance(one.data, bytes)
        path.write_bytes(one.data)
    # A process of its own, since its packages warn of much, and warnings are errors here.
    command = [sys.executable, "-W", "ignore", str(HERE / "into_doccano.py"), str(tmp_path), str(flat), str(nested)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    projects = json.loads(done.stdout.splitlines()[-1])
    assert [project["errors"] for project in projects] == [[]] * 4
    found = []
    for project in projects:
        spans = {(name, start, end, label) for name, start, end, label, _ in project["spans"]}
        assert all(text == gold[name].text for name, *_, text in project["spans"])
        assert len(spans) == len(project["spans"])
        found.append(spans)
    outer = {(d.id, e.start, e.end, str(e.type)) for d, e in gold.entities() if e.outermost and e.required}
    everything = {(d.id, e.start, e.end, str(e.type)) for d, e in gold.entities()}
    assert found[0] == found[1] == outer
    assert found[3] == everything
    # Without a word of it, but with one of ours.
    assert found[2] < everything
    assert list(exported[nested].risks.values()) == [len(everything - found[2])]
