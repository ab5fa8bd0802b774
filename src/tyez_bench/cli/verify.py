"""Check that the published files are those on record."""

import argparse
from pathlib import Path

from tyez_bench.cli.output import emit
from tyez_bench.gold.gold import data_dir, load_published
from tyez_bench.gold.manifest import read_manifest, verify
from tyez_bench.model.errors import one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="a published directory (default: the built-in data)"
    )


def run(args: argparse.Namespace) -> int:
    """Check every file, and every version of the gold."""
    folder = args.folder or data_dir()
    manifest = read_manifest(folder)
    verify(folder, manifest)
    for release in manifest.releases:
        load_published(folder, release.version)
    versions = ", ".join(release.version for release in manifest.releases)
    counted = f"{len(manifest.files)} files as on record"
    emit(one_line(f"{manifest.name} {manifest.version}: {counted}; versions {versions}") + "\n")
    return 0
