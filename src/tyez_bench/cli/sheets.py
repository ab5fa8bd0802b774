"""Printing sheets in the form that was asked for."""

import argparse
from collections.abc import Sequence

from tyez_bench.cli.output import emit
from tyez_bench.render.sheet import Sheet

FORMS = ("text", "json", "markdown", "latex")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Declare the form of the output."""
    parser.add_argument("--output", choices=FORMS, default="text", help="the form of the output (default: text)")
    parser.add_argument("--json", action="store_const", const="json", dest="output", help="the same as --output json")


def print_sheets(sheets: Sequence[Sheet], form: str) -> None:
    """Print them as text, Markdown or LaTeX."""
    from tyez_bench.render.markup import latex, markdown
    from tyez_bench.render.text import render

    emit({"text": render, "markdown": markdown, "latex": latex}[form](sheets), form)
