"""The suite: every capability with its cases, as a gold set of its own that systems can be run on."""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from importlib.resources import as_file, files

from msgspec import Struct, structs

from tyez_bench.gold.gold import Gold, load
from tyez_bench.gold.ids import fingerprint
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.settings import DRAWS
from tyez_bench.scoring.settings import SEED as SEED_OF_DRAWS
from tyez_bench.scoring.signature import signature
from tyez_bench.stress.capability import Capability, read_capability
from tyez_bench.stress.cases import StressCase, all_texts, cases
from tyez_bench.stress.transformed import transformed

NAME = "tyez-stress"
# The seed of the published suite; --seed makes fresh cases from the same templates.
SEED = 20220809
PER_CAPABILITY = 175

# The capabilities in the order of the tables; a file each.
CAPABILITIES = (
    "money-arabic",
    "money-words",
    "date-absolute",
    "date-relative",
    "areas",
    "short-names",
    "zones-addresses",
    "nesting",
    "org-names",
    "org-abbreviations",
    "offices",
    "coordination",
    "mentions",
    "negatives",
)


class Suite(Struct, frozen=True, dict=True):
    """The cases of a seed, those of a capability or transformation one after the other."""

    seed: int
    cases: tuple[StressCase, ...]

    @cached_property
    def gold(self) -> Gold:
        """The texts as a gold set; its fingerprint is that of any other."""
        documents = tuple(all_texts(self.cases))
        from tyez_bench import __version__

        # The seed stands where signatures show it.
        return Gold(NAME, f"{__version__}+{self.seed}", fingerprint(documents), documents)

    @property
    def origins(self) -> dict[str, str]:
        """By the id of a text that is made from a document of the page, or is from it, the id of that one."""
        return {text.id: case.source for case in self.cases if case.source is not None for text in case.texts}

    @property
    def capabilities(self) -> list[str]:
        """The names of the capabilities and transformations, in their order."""
        return list(dict.fromkeys(case.capability for case in self.cases))


def read_all() -> Iterator[Capability]:
    """The capabilities of the package."""
    for name in CAPABILITIES:
        with as_file(files("tyez_bench.stress") / "capabilities" / f"{name}.toml") as path:
            yield read_capability(path)


def suite(seed: int = SEED, page: Gold | None = None) -> Suite:
    """The suite of a seed (the published one by default): made from templates, and from the sentences of the page."""
    return _suite(seed, load() if page is None else page)


@lru_cache(4)
def _suite(seed: int, page: Gold) -> Suite:
    made = [case for capability in read_all() for case in cases(capability, PER_CAPABILITY, seed)]
    return Suite(seed, (*made, *transformed(page, seed)))


def signature_of(report: Report) -> str:
    """The signature of a report on the suite: version, seed and fingerprint of the suite, intervals by template."""
    return str(structs.replace(signature(report), bootstrap=f"template/{DRAWS}/{SEED_OF_DRAWS}"))
