"""The label map of a model, chosen by all the labels that it has before it predicts any."""

from collections.abc import Iterable

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import UsageError
from tyez_bench.formats.label_maps import another_map, choose, load_map, shown


def map_for(
    labels: Iterable[str], asked: str | None, model: str, gold: Gold, *, usual: str | None = None
) -> str | None:
    """The name of the label map: the one asked for, or the ``usual`` one if it knows them all, or whichever does.

    None where the labels are the gold's own, or some of them are. Raises UsageError when a label is unknown to the map,
    or when maps that know them all read them differently.
    """
    known = sorted(set(labels))
    if not known:
        raise UsageError(f"{model}: has no labels")
    # Texts without any entity are there to be marked: with the labels of the set.
    there = gold.present or gold.labels.names
    if asked is None:
        try:
            name = choose(known, gold.labels, closed=not gold.open_labels, present=there, usual=usual).name
        except UsageError as error:
            raise UsageError(f"{model}: {error}") from None
        return None if name == gold.labels.name else name
    unknown = load_map(asked).unknown(known)
    if unknown:
        raise UsageError(f"{model}: {asked} lacks {shown(unknown)}{another_map()}")
    # As it was asked for: a file of one's own is found by its path.
    return asked
