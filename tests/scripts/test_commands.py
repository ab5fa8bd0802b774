"""scripts/generated/commands.py: a page for each command, from its parser."""

import argparse

import pytest

from generated import commands
from tyez_bench.cli import COMMANDS, parsers


def test_the_pages_are_what_the_parsers_say() -> None:
    pages = commands.make()
    assert {path.name for path in pages} == {"index.md", *(f"{name}.md" for name in COMMANDS)}
    assert [path.name for path, content in pages.items() if path.read_bytes() != content] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_has_every_option_that_the_help_has(name: str) -> None:
    parser = parsers(name)[1][name]
    page = commands.page(name, parser)
    shown = [action for action in parser._actions if action.help != argparse.SUPPRESS and action.dest != "help"]
    assert shown
    for action in shown:
        for option in action.option_strings:
            assert f"`{option}`" in page or f"`{option} " in page, option


def test_groups_values_and_hidden_options() -> None:
    parser = argparse.ArgumentParser(
        prog="tyez-bench try", description="Try a_b.", epilog="example:\n  tyez-bench try x"
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="files")
    parser.add_argument("--old", help=argparse.SUPPRESS)
    group = parser.add_argument_group("output", "What is printed.")
    group.add_argument("-n", "--number", type=int, nargs="?", default=3, metavar="N", help="as --all")
    group.add_argument("--form", choices=("a", "b"))
    group.add_argument("--all", action="store_true", help="<all> of 50 %%")
    assert (
        commands.page("try", parser)
        == """# try

Try a\\_b.

```sh
tyez-bench try [OPTIONS] FILE [FILE ...]
```

```sh
tyez-bench try x
```

## Arguments

- `FILE [FILE ...]`: files

## Output

What is printed.

- `-n`, `--number [N]`: as `--all` (default: 3)
- `--form {a,b}`
- `--all`: \\<all\\> of 50 %
"""
    )
