"""List the systems that can be run, and what each needs."""

import argparse

from tyez_bench.cli.output import emit
from tyez_bench.model.errors import MissingExtraError
from tyez_bench.model.hints import how_to_install
from tyez_bench.report.table import Table, render
from tyez_bench.systems import SYSTEMS, Request, usage, versions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    emit(render([systems_table()]))
    return 0


def systems_table() -> Table:
    """Each family with what it is, its label map, and its packages with their versions or what installs them."""
    rows = []
    for name, family in SYSTEMS.items():
        try:
            found = versions(Request(name, ((name, ""),)))
            needs = ", ".join(f"{package} {version}" for package, version in found.items()) or "nothing more"
        except MissingExtraError:
            needs = how_to_install((*family.packages, *family.others), family.extra)
        rows.append((usage(name), family.what, family.labels or "auto-detected", needs))
    notes = ("A+B puts systems together: of B the types that A has none of", "tyez-bench run SYSTEM --score runs one")
    return Table("", ("system", "what", "label map", "needs"), tuple(rows), notes, words=4)
