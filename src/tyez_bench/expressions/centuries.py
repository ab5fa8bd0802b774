"""Centuries and decades: 十八世纪末, 上世纪80年代, 1990年代."""

import re

from tyez_bench.expressions.calendar import Reference
from tyez_bench.expressions.numerals import number
from tyez_bench.values import Modifier, Timex, TimexType

_NUMBER = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_CENTURY = f"(?:(?P<word>上个?|本)|(?P<number>{_NUMBER}))世纪"
_EDGES = {"初": Modifier.START, "中": Modifier.MID, "末": Modifier.END, "后": Modifier.END}
_DECADE = re.compile(
    f"(?:{_CENTURY}|(?P<hundreds>[0-9]{{2}})(?=[0-9]))?(?P<ten>[0-9]0|[二三四五六七八九]?十)年代(?P<edge>初|中期?|末|后期)?"
)
_AGE = re.compile(f"{_CENTURY}(?P<edge>初|中[叶期]?|末)?")


def centuries(surface: str, known: Reference) -> tuple[Timex, ...]:
    """The readings of a century or a decade; none for anything else."""
    match = _AGE.fullmatch(surface)
    if match is not None:
        hundreds = _hundreds(match, known)
        return () if hundreds is None else (_timex(f"{hundreds:02}", match["edge"]),)
    match = _DECADE.fullmatch(surface)
    if match is None:
        return ()
    ten = int(number(match["ten"]) or 0) // 10
    if match["hundreds"] is not None:
        return (_timex(f"{match['hundreds']}{ten}", match["edge"]),)
    if match["word"] is not None or match["number"] is not None:
        hundreds = _hundreds(match, known)
        return () if hundreds is None else (_timex(f"{hundreds:02}{ten}", match["edge"]),)
    # The twenties alone may be those of this century.
    this = (known.year or 0) // 100
    both = this > 19 and this * 100 + ten * 10 <= (known.year or 0) + 10
    return tuple(_timex(f"{hundreds}{ten}", match["edge"]) for hundreds in ((19, this) if both else (19,)))


def _hundreds(match: re.Match[str], known: Reference) -> int | None:
    """The hundreds of a century's years: 19 for the twentieth."""
    if match["word"] is None:
        return int(number(match["number"]) or 0) - 1
    # Which century is this one hangs on when the text was written.
    return None if known.year is None else known.year // 100 - (match["word"] != "本")


def _timex(value: str, edge: str | None) -> Timex:
    return Timex(type=TimexType.DATE, value=value, modifier=None if edge is None else _EDGES[edge[0]])
