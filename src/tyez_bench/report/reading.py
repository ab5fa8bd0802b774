"""How predictions and gold sets were read, in words: what the notes below a table say."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tyez_bench.files.toml import tables
from tyez_bench.model.hints import advice
from tyez_bench.scoring.report import Report

if TYPE_CHECKING:
    from tyez_bench.checks.labelled import Labelled


def marked(label: str, only_predicted: Collection[str]) -> str:
    """A label for a table, with a star where predictions alone have it."""
    return f"{label} *" if label in only_predicted else label


def only_predicted_line(reports: Sequence[Report]) -> str:
    """What the star stands for, with the numbers of predictions; empty without any."""
    found = {report.system: report.only_predicted for report in reports if report.only_predicted}
    counts = [", ".join(f"{label} {number}" for label, number in labels.items()) for labels in found.values()]
    said = counts if len(reports) == 1 else [f"{name}: {line}" for name, line in zip(found, counts, strict=True)]
    return f"* only predicted, no label of the gold: {'; '.join(said)}{_unmatched(reports)}" if said else ""


def _unmatched(reports: Sequence[Report]) -> str:
    """Labels of the gold that a system never has, which has others: one may be the other by another name."""
    never = {
        label
        for report in reports
        if report.only_predicted
        for label in report.types
        if label not in report.only_predicted and not report.counts(label).predicted
    }
    if not never:
        return ""
    return f"; never predicted: {', '.join(reports[0].gold.labels.order(never))}" + advice(
        "{labels} reads one as the other", labels="FILE"
    )


_WORDS: dict[str, str] = tables("tyez_bench.report", "texts.toml")["reading"]
_NUMBER = {True: {"s": "", "are": "is"}, False: {"s": "s", "are": "are"}}


def out_of_scope_words(notes: Mapping[str, Any]) -> str:
    """The labels that were ignored, with their numbers; empty without any."""
    found = notes.get("out_of_scope") or {}
    counted = ", ".join(f"{label} {count}" for label, count in sorted(found.items()))
    return f"out of scope, ignored: {counted}" if counted else ""


def counted_words(notes: Mapping[str, Any], *, scored: bool = True) -> str:
    """What else was counted; empty without anything. ``scored``: what is nowhere in the text counts as false."""
    spurious = ", spurious" if scored else ", left out"
    said = [
        f"{notes[key]} {words.format(spurious=spurious, **_NUMBER[notes[key] == 1])}"
        for key, words in _WORDS.items()
        if notes.get(key)
    ]
    return "; ".join([*said, *filter(None, [_rival_words(notes), _misread_words(notes)])])


def _rival_words(notes: Mapping[str, Any]) -> str:
    """Columns of which only one was read, as gold and predictions in one file; empty without any."""
    rivals = notes.get("rivals")
    if not rivals:
        return ""
    columns = " and ".join(map(str, rivals))
    how = advice("{column} reads another", column=rivals[0])
    return f"columns {columns} have different tags with the same labels, and {rivals[-1]} was read{how}"


def _misread_words(notes: Mapping[str, Any]) -> str:
    """Another reading of the offsets under which many more spans would fit; empty without one."""
    found = notes.get("misread")
    if not found:
        return ""
    how = advice("{offsets} reads them that way", offsets=found["offsets"]) if found.get("offsets") else ""
    return (
        f"offsets may count something else: if {found['if']}, {found['fit']} of {found['of']} spans that this moves "
        f"are where the gold has one, as read {found['as_read'] or 'none'}{how}"
    )


def reading_line(name: str, notes: Mapping[str, Any], *, scored: bool = True) -> str:
    """All of it for one of several files; empty where there is nothing to say."""
    said = "; ".join(filter(None, (out_of_scope_words(notes), counted_words(notes, scored=scored))))
    return f"{name}: {said}" if said else ""


def file_lines(name: str, file: "Labelled", *, empty: bool) -> list[str]:
    """How one of the files that are held against one another was read.

    ``empty``: documents that it has no record for are left out, and named.
    """
    lines = [reading_line(name, file.notes, scored=False)]
    if file.texts is not None:
        lines.append(f"{name}: on the texts of {file.texts}")
    if empty and file.without:
        lines.append(f"{name}: no record for {', '.join(file.without)}: left out")
    return list(filter(None, lines))
