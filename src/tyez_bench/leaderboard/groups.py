"""Which systems can't be told apart: letters, as statisticians write them beside means (Piepho 2004)."""

from collections.abc import Iterator, Mapping, Sequence

from tyez_bench.scoring.comparison import LEVEL

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def letters(names: Sequence[str], p_values: Mapping[frozenset[str], float | None]) -> dict[str, str]:
    """The groups that each system is in, a letter each: two that share a letter do not differ at 5 %.

    ``names`` from the best to the worst, so that ``a`` is the group of the best. ``p_values`` of every pair, corrected
    for their number; None (undefined) tells nothing apart. More than 26 groups go on as ``a2``, ``b2`` ….
    """
    alike = {
        name: {
            other
            for other in names
            if other != name and ((p := p_values[frozenset((name, other))]) is None or p >= LEVEL)
        }
        for name in names
    }
    order = {name: number for number, name in enumerate(names)}
    groups = sorted(_cliques(set(), set(names), set(), alike), key=lambda group: sorted(order[name] for name in group))
    found = dict.fromkeys(names, "")
    for number, group in enumerate(groups):
        turn, at = divmod(number, len(LETTERS))
        for name in group:
            found[name] += LETTERS[at] + (str(turn + 1) if turn else "")
    return found


def _cliques(
    chosen: set[str], possible: set[str], done: set[str], alike: Mapping[str, set[str]]
) -> Iterator[frozenset[str]]:
    """Every largest set of systems that are pairwise alike (Bron and Kerbosch 1973)."""
    if not possible and not done:
        yield frozenset(chosen)
        return
    pivot = max(possible | done, key=lambda name: (len(alike[name] & possible), name))
    for name in sorted(possible - alike[pivot]):
        yield from _cliques(chosen | {name}, possible & alike[name], done & alike[name], alike)
        possible = possible - {name}
        done = done | {name}
