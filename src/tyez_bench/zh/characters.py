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
    # Those of the later planes as one range: each by itself would be looked for one after the other.
    of_the_first = "".join(chr(code) for code in _table() if code < 0x10000)
    return re.compile(f"[{of_the_first}\U00010000-\U0010ffff]")


def simplified(text: str) -> str:
    """A text with each traditional character as the simplified one; offsets stay what they are.

    >>> simplified("臺灣")
    '台湾'
    """
    # Most texts have none, which is told much faster.
    return text if _traditional().search(text) is None else text.translate(_table())
