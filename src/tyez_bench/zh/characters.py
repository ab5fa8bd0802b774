"""Traditional characters and the simplified ones: the table is of OpenCC, see ``SOURCES.md``."""

import re
from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[int, str]:
    text = files("tyez_bench.zh").joinpath("traditional.tsv").read_text("utf-8")
    return {ord(one): other for one, other in (line.split("\t") for line in text.splitlines())}


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _table()))}]")


def simplified(text: str) -> str:
    """A text with each traditional character as the simplified one; offsets stay what they are.

    >>> simplified("臺灣")
    '台湾'
    """
    # Most texts have none, which is told much faster.
    return text if _traditional().search(text) is None else text.translate(_table())
