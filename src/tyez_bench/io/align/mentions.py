"""Where in a text the names are that have no position, by the rule of the format llm."""

from collections.abc import Collection, Iterator, Sequence

from tyez_bench.io.record import Mention


def locate(
    text: str, mentions: Sequence[Mention], *, nested: bool, beside: Collection[tuple[int, int]] = ()
) -> list[tuple[int, int] | None]:
    """Start and end of each mention, in their order, by the rule of the format llm; None for what is nowhere.

    ``beside`` are the places of other names, which are not free either.
    """
    found: list[tuple[int, int] | None] = [None] * len(mentions)
    everywhere: dict[str, list[int]] = {}
    for index, mention in enumerate(mentions):
        if mention.occurrence is not None:
            if mention.text not in everywhere:
                everywhere[mention.text] = list(occurrences(text, mention.text))
            starts = everywhere[mention.text]
            if mention.occurrence <= len(starts):
                start = starts[mention.occurrence - 1]
                found[index] = start, start + len(mention.text)
    taken = {*beside, *(place for place in found if place is not None)}
    covered = bytearray(len(text))
    for start, end in taken:
        covered[start:end] = b"\1" * (end - start)
    # Places only fill up, so that the leftmost free one of a text never moves to the left.
    following: dict[str, Iterator[int]] = {}
    rest = [index for index, mention in enumerate(mentions) if mention.occurrence is None]
    for index in sorted(rest, key=lambda index: -len(mentions[index].text)):
        name = mentions[index].text
        for start in following.setdefault(name, occurrences(text, name)):
            end = start + len(name)
            if nested:
                free = (start, end) not in taken and not any(_cross(start, end, *place) for place in taken)
            else:
                free = 1 not in covered[start:end]
            if free:
                found[index] = (start, end)
                taken.add((start, end))
                covered[start:end] = b"\1" * (end - start)
                break
    return found


def occurrences(text: str, name: str) -> Iterator[int]:
    """Where a text has a name, from the left; the places may overlap."""
    start = text.find(name)
    while start >= 0:
        yield start
        start = text.find(name, start + 1)


def _cross(start: int, end: int, other_start: int, other_end: int) -> bool:
    return start < other_start < end < other_end or other_start < start < other_end < end
