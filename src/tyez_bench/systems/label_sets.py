"""The label map of a model, chosen by all the labels that it has before it predicts any."""

from collections.abc import Iterable

from tyez_bench.errors import UsageError
from tyez_bench.formats.label_maps import ANOTHER_MAP, closest, detect, fitting, load_map
from tyez_bench.hints import advice


def map_for(labels: Iterable[str], asked: str | None, model: str, *, usual: str | None = None) -> str:
    """The name of the label map: the one asked for, or the ``usual`` one if it knows them all, or whichever does.

    Raises UsageError when a label is unknown to it, or when maps that know them all read them differently.
    """
    known = sorted(set(labels))
    if not known:
        raise UsageError(f"{model}: has no labels")
    if asked is None and usual is not None and not load_map(usual).unknown(known):
        return usual
    if asked is None and fitting(known):
        try:
            return detect(known).name
        except UsageError as error:
            raise UsageError(f"{model}: {error}") from None
    label_map = closest(known) if asked is None else load_map(asked)
    unknown = label_map.unknown(known)
    if not unknown:
        # As it was asked for: a file of one's own is found by its path.
        return asked or label_map.name
    which = f"no label map knows all its labels; {label_map.name} comes closest and" if asked is None else f"{asked}"
    raise UsageError(f"{model}: {which} lacks {', '.join(unknown)}{advice(ANOTHER_MAP)}")
