"""A small capability that the tests write."""

from pathlib import Path

from tyez_bench.stress.capability import Capability, parse_capability
from tyez_bench.stress.cases import StressCase
from tyez_bench.stress.cases import cases as make

TEXT = """title = "Small"
about = "For tests."

[fills.amount]
source = "made"
values = [
    "⟦MONEY amount=30000 currency=CNY|3万元⟧",
    "⟦MONEY amount=5 currency=CNY|5元⟧",
    "⟦MONEY amount=7 currency=CNY|7元⟧",
]

[fills.area]
source = "made"
values = ["⟦PLACE|昆山市⟧", "⟦PLACE|丰县⟧", "⟦PLACE|沛县⟧", "⟦PLACE|睢宁县⟧"]

[[template]]
id = "gets"
text = "{area}获{amount},{area#2}没有。"

[[template]]
id = "about"
kind = "directional"
change = "约"
before = "共{amount}。"
after = "约{amount mod=APPROX}。"

[[template]]
id = "office"
kind = "directional"
change = "an office"
before = "{area}说。"
after = "⟦ORG|{area}发改局⟧说。"

[[template]]
id = "order"
kind = "invariance"
change = "order"
before = "{area}今有{amount}。"
after = "{amount}在{area}。"
"""


def small(text: str = TEXT) -> Capability:
    """The capability."""
    return parse_capability(text, "small", Path("small.toml"))


def cases(number: int) -> list[StressCase]:
    """Cases of it."""
    return make(small(), number, 1)
