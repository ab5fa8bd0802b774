"""The suite: every capability with its cases, as a gold set of its own that systems can be run on."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.resources import as_file, files

from msgspec import Struct

from tyez_bench.corpus.gold import Gold
from tyez_bench.jsonl import encode_lines, sha256
from tyez_bench.stress.capability import Capability, read_capability
from tyez_bench.stress.cases import Case, all_texts, cases

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
    "nesting",
    "org-names",
    "org-abbreviations",
    "offices",
    "coordination",
    "mentions",
    "negatives",
)


class Suite(Struct, frozen=True, dict=True):
    """The cases of a seed, and the capabilities that they are of."""

    seed: int
    capabilities: tuple[Capability, ...]
    cases: tuple[Case, ...]

    @cached_property
    def gold(self) -> Gold:
        """The texts as a gold set; the fingerprint is SHA-256 of its canonical JSONL."""
        documents = tuple(all_texts(list(self.cases)))
        from tyez_bench import __version__

        return Gold(NAME, __version__, sha256(encode_lines(documents)), documents)


def read_all() -> Iterator[Capability]:
    """The capabilities of the package."""
    for name in CAPABILITIES:
        with as_file(files("tyez_bench.stress") / "capabilities" / f"{name}.toml") as path:
            yield read_capability(path)


def suite(seed: int = SEED, capabilities: Sequence[Capability] | None = None) -> Suite:
    """The suite of a seed: the published one by default. Raises InputError for a file that is not fit."""
    chosen = tuple(read_all() if capabilities is None else capabilities)
    made = [case for capability in chosen for case in cases(capability, PER_CAPABILITY, seed)]
    return Suite(seed, chosen, tuple(made))
