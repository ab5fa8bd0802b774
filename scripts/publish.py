"""Build the dataset repository as it would be pushed, and validate it; push it when asked.

python scripts/publish.py                            a dry run, in a temporary directory
python scripts/publish.py --out DIR                  a dry run that leaves the directory there
python scripts/publish.py --push OWNER/NAME          validate, then push, and tag the version

A repository that a push makes is private, unless --public says otherwise: the newspaper text is not ours.

Who pushes is who is logged in (hf auth login), or whose token HF_TOKEN has.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tyez_bench.cli.output import emit, say
from tyez_bench.cli.parser import Parser
from tyez_bench.dataset.repository import build_repository, check_place, push
from tyez_bench.dataset.validate import validate_repository
from tyez_bench.files.jsonl import sha256
from tyez_bench.gold.manifest import Manifest
from tyez_bench.model.errors import InputError, TyezBenchError, UsageError

if TYPE_CHECKING:
    from huggingface_hub import HfApi

ROOT = Path(__file__).parent.parent


def publish(args: argparse.Namespace, api: "HfApi | None" = None) -> None:
    """Build, validate and print; push with ``--push``. Raises TyezBenchError."""
    if args.force and not args.out:
        raise UsageError("--force is about the directory of --out, and there is none")
    if args.public and not args.push:
        raise UsageError("--public is about the repository of --push, and there is none")
    if args.out:
        check_place(args.out, args.data, force=args.force)
    with tempfile.TemporaryDirectory() as temporary:
        built = Path(temporary) / "repository"
        build_repository(args.data, built)
        manifest = validated(built, args.data)
        if args.out:
            # Only what was found valid is left anywhere.
            build_repository(built, args.out, force=args.force)
        paths = sorted(path for path in built.rglob("*") if path.is_file())
        for path in paths:
            data = path.read_bytes()
            emit(f"{len(data):>9}  {sha256(data)}  {path.relative_to(built).as_posix()}\n")
        total = sum(path.stat().st_size for path in paths)
        emit(f"{manifest.name} {manifest.version}, fingerprint {manifest.fingerprint}\n")
        emit(f"{len(paths)} files, {total} bytes, all valid{f', in {args.out}' if args.out else ''}\n")
        if not args.push:
            emit("dry run: nothing was pushed\n")
            return
        pushed = push(built, args.push, api, private=not args.public)
    stays = "" if pushed.tagged else " (which was there already, and stays where it is)"
    emit(f"pushed to {args.push}: commit {pushed.commit}, tag {pushed.tag}{stays}\n")


def validated(built: Path, source: Path) -> Manifest:
    """Validate; an error names the file of the source, which is there to be fixed. Raises InputError."""
    try:
        return validate_repository(built)
    except InputError as error:
        if error.path is None or not Path(error.path).is_relative_to(built):
            raise
        raise InputError(error.reason, path=source / Path(error.path).relative_to(built), line=error.line) from None


def main(argv: Sequence[str] | None = None, api: "HfApi | None" = None) -> int:
    """Run the command; ``api`` stands in for the hub."""
    parser = Parser(prog="publish", description=(__doc__ or "").partition("\n")[0])
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--dry-run", action="store_true", help="build and validate, push nothing (the default)")
    what.add_argument("--push", metavar="OWNER/NAME", help="push to this dataset repository of the hub")
    parser.add_argument("--out", type=Path, metavar="DIR", help="leave the repository in this new directory")
    parser.add_argument("--force", action="store_true", help="let --out take the place of an earlier repository")
    parser.add_argument("--public", action="store_true", help="if the repository has to be made, make it public")
    parser.add_argument("--data", type=Path, default=ROOT / "data", metavar="DIR", help="the published directory")
    args = parser.parse_args(argv)
    try:
        publish(args, api)
    except TyezBenchError as error:
        say(f"publish: {error}")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
