"""Tables of a corpus of which the units were not kept: sums, and how many units have which counts.

What a report says follows from these as from the counts of every unit, to the last digit: a figure from the sums, an
interval and a mean over documents from the histogram of distinct rows. They do not grow with the corpus.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from tyez_bench.model.errors import UsageError
from tyez_bench.scoring.bootstrap import Histogram
from tyez_bench.scoring.counts import Cells, Count
from tyez_bench.scoring.schemes import SCHEMES, Scheme
from tyez_bench.scoring.spans import Ints
from tyez_bench.scoring.tables import Tables, ValueCounts

# What is drawn: there are no names without texts.
DRAWN = ("sentence", "document")


class Distributions(Tables, frozen=True, kw_only=True):
    """Sums by type, and a histogram for each unit that is drawn, scheme and row (a type, or None for all of them).

    ``sentences`` says how many units there are by sentence; units without any counts need not be in a histogram.
    """

    sums: Ints
    sentences: int
    rows: dict[tuple[str, str, str | None], Histogram]

    @classmethod
    def made(
        cls,
        types: tuple[str, ...],
        sums: Ints,
        rows: dict[tuple[str, str, str | None], Histogram],
        *,
        sentences: int,
        documents: int,
        values: dict[str, ValueCounts],
    ) -> "Distributions":
        """From what was counted."""
        nothing = Cells.of_dense(np.zeros((0, len(types), len(Count)), np.int64))
        return cls(
            types=types,
            units=nothing,
            unit_document=np.zeros(0, np.int64),
            documents=documents,
            values=values,
            sums=sums,
            sentences=sentences,
            rows=rows,
        )

    def number(self, unit: str) -> int:
        """How many sentences or documents there are."""
        return {"sentence": self.sentences, "document": self.documents}.get(unit, 0)

    def total(self) -> Ints:
        """The counts of each type, over all units."""
        return self.sums

    def by(self, unit: str) -> Cells:
        """Raises UsageError: there are no counts by unit."""
        raise UsageError(f"the counts by {unit} were not kept: expected a report that was scored without an engine")

    def histograms(
        self, types: Sequence[int], scheme: Scheme, unit: str, rows: Sequence[int | None]
    ) -> Iterator[Histogram]:
        """How many units have which counts under a scheme, for each row: a type, or None for all of ``types``."""
        if unit not in DRAWN:
            return iter([Histogram.of(np.zeros((0, 3)))] * len(rows))
        if any(self.sums[number].any() for number in set(range(len(self.types))) - set(types)):
            self.by(unit)
        (of,) = (name for name, one in SCHEMES.items() if one == scheme)
        return iter([self.rows[unit, of, None if row is None else self.types[row]] for row in rows])
