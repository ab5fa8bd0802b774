"""Level 1: the texts against where they come from, and the sizes of files."""

from collections.abc import Iterator, Mapping, Sequence

from tyez_bench.checks.rule import Finding
from tyez_bench.checks.subject import Text


def source_differs(texts: Sequence[Text], source: str, name: str) -> Iterator[Finding]:
    """F006: characters that are not those of the source at their place on record."""
    for text in texts:
        document = text.document
        for run in document.provenance:
            here = document.text[run.start : run.start + run.length]
            there = source[run.page : run.page + run.length]
            if here == there:
                continue
            at = next(
                (i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there))
            )
            reads = f"reads {there[at : at + 6]!r}" if at < len(there) else "has ended"
            message = f"the text differs from {name}, which {reads} at {run.page + at}"
            yield text.finding("F006", message, run.start + at, run.start + at + 1)
            break


def sizes(found: Mapping[str, int], expected: Mapping[str, int]) -> Iterator[Finding]:
    """F007: files that don't hold as many records as the configuration says."""
    for path, number in expected.items():
        if found.get(path) != number:
            has = f"holds {found[path]} records" if path in found else "was not among the files"
            yield Finding(code="F007", message=f"{has}, expected {number}", path=path, surface=path)
