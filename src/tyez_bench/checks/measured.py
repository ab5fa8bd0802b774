"""How often each rule was right in sets that were read: ``measured.json``, made from the project's readings."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Measured(Struct, frozen=True, forbid_unknown_fields=True):
    """What readers judged of the findings of a rule in a set, as ``docs/check.md`` defines it.

    Attributes:
        set: what the set is called.
        version: the version of the package whose findings they are.
        code: the rule.
        true: how many point at what is to be changed.
        other_side: how many show a real inconsistency whose other side is to be changed.
        false: how many have nothing that is to be changed.
        open: how many the convention of the set does not decide.
    """

    set: str
    version: str
    code: str
    true: int
    other_side: int
    false: int
    open: int

    @property
    def read(self) -> int:
        """How many findings were read."""
        return self.true + self.other_side + self.false + self.open

    def __str__(self) -> str:
        """The counts in words."""
        rest = {"from the other side": self.other_side, "false": self.false, "open": self.open}
        parts = [f"{number} {name}" for name, number in rest.items() if number]
        more = f" ({', '.join(parts)})" if parts else ""
        return f"{self.true} of {self.read} findings true in {self.set}{more}, version {self.version}"


@cache
def measured() -> Mapping[str, tuple[Measured, ...]]:
    """What was read of each rule, by its code; rules without a reading are not in it."""
    data = files("tyez_bench.checks").joinpath("measured.json").read_bytes()
    found: dict[str, tuple[Measured, ...]] = {}
    for one in msgspec.json.decode(data, type=list[Measured]):
        found[one.code] = (*found.get(one.code, ()), one)
    return found
