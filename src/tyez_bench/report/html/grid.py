"""The rules of style that place marks: the policy of the page forbids attributes of style, so places are classes."""

import re
from collections.abc import Iterable

_CLASSES = re.compile(r' class="([^"]*)"')
_RULES = {
    "x": "grid-column-start:{0}",
    "w": "grid-column-end:span {0}",
    "y": "grid-row-start:{0}",
}


def grid(parts: Iterable[str]) -> str:
    """Rules for the classes that occur: x and w the first column and their number, y the lane, h the lanes around."""
    found = {name for part in parts for classes in _CLASSES.findall(part) for name in classes.split(" ")}
    rules = []
    for name in sorted(found, key=lambda name: (name[:1], [int(digits) for digits in re.findall("[0-9]+", name)])):
        if re.fullmatch("[xwy][0-9]+", name):
            rules.append(f".{name}{{{_RULES[name[0]].format(name[1:])}}}")
        if sides := re.fullmatch("h([0-9]+)-([0-9]+)", name):
            above, below = map(int, sides.groups())
            rules.append(f".{name}{{--above:{above};--below:{below}}}")
            rules.append(f".{name}>.lanes{{grid-template-rows:{_rows(above)}1fr{_rows(below)}}}")
    return "\n".join(rules) + "\n"


def _rows(number: int) -> str:
    return f" repeat({number},var(--lane)) " if number else " "
