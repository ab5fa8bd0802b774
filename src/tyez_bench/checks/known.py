"""Which labels the checked files have and of what kind they are, and labels that there are not."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from tyez_bench.checks.config import Config, wrong_labels
from tyez_bench.checks.read import Loaded
from tyez_bench.checks.rule import Finding
from tyez_bench.checks.subject import Text
from tyez_bench.corpus.gold import misfit
from tyez_bench.corpus.label_sets import label_set_of, load_label_set, with_agreed_kinds
from tyez_bench.errors import InputError
from tyez_bench.formats.label_maps import load_map, shown
from tyez_bench.hints import advice
from tyez_bench.labels import LabelSet


@dataclass(frozen=True)
class Known:
    """The label set of the files; ``given``: what says that there are no other labels, None where nobody said so."""

    label_set: LabelSet
    given: str | None = None

    @property
    def note(self) -> str | None:
        """What is to be said of labels whose kind is not known: they are not looked at by all rules."""
        without = [label.name for label in self.label_set.labels if label.kind is None]
        if not without:
            return None
        return (
            f"of what kind these labels are is not known, and rules that ask for it pass them over: {shown(without)}"
            + advice("{label_set} says it", label_set="FILE")
        )


def known_labels(loaded: Sequence[Loaded], config: Config) -> Known:
    """The labels of files: the label set that is given, else what their own labels tell. Raises InputError, UsageError.

    Under a label map there are no other labels than those that it leads to.
    """
    if config.label_set is not None:
        found = load_label_set(config.label_set)
        return Known(found, f"label set {found.name}")
    counts: Counter[str] = Counter()
    for file in loaded:
        counts.update(file.labels)
    if config.labels is None:
        return Known(with_agreed_kinds(label_set_of(counts)))
    label_map = load_map(config.labels)
    targets = dict.fromkeys(label_map.expresses, 1)
    return Known(with_agreed_kinds(label_set_of(targets)), f"label map {label_map.name}")


def check_config(known: Known, config: Config, place: Path | None, *, whole: bool) -> None:
    """Raise InputError where a configuration speaks of labels that there are not: it would be said of nothing.

    Unless the ``whole`` of what it is about is looked at: other files may have them, and a file beside it other labels.
    """
    if not whole:
        return
    wrong = next(wrong_labels(config, known.label_set.names), None)
    if wrong is not None:
        hint = "" if known.given else "; a label-set in the configuration says which labels there are"
        raise InputError(f"{wrong}, expected {shown(known.label_set.names)}{hint}", path=place or "configuration")


def misfits(texts: Sequence[Text], known: Known) -> Iterator[Finding]:
    """F004: labels that there are not, each where it stands first in a file; F002: values that a label can't carry."""
    first: dict[tuple[str, str], Finding] = {}
    more: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for entity in text.document.entities:
            if entity.type not in known.label_set:
                # Where nobody said which labels there are, all of the files are among the known.
                place = text.path, entity.type
                more[place] += place in first
                first.setdefault(place, text.of("F004", entity, _unknown(entity.type, known)))
            elif (problem := misfit(entity, known.label_set)) is not None:
                yield text.of("F002", entity, problem)
    for place, finding in first.items():
        often = f"; {more[place]} more in this file" if more[place] else ""
        yield structs.replace(finding, message=finding.message + often)


def _unknown(label: str, known: Known) -> str:
    return f"unknown label {label!r}, expected {shown(known.label_set.names)} ({known.given})" + "".join(
        (advice("{labels} maps it", labels="FILE"), advice("{label_set} has it", label_set="FILE"))
    )
