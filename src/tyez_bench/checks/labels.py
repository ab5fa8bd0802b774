"""The labels of the files under check: which there are, and what each can carry."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from tyez_bench.checks.config import Config, wrong_labels
from tyez_bench.checks.read import Loaded
from tyez_bench.checks.rule import Finding
from tyez_bench.checks.texts import Text
from tyez_bench.gold.gold import misfit
from tyez_bench.gold.label_sets import label_set_of, load_label_set, with_agreed_kinds
from tyez_bench.io.label_maps import load_map, shown
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import advice
from tyez_bench.model.labels import LabelSet


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
        return f"the kind of these labels is unknown, so rules that need it skip them: {shown(without)}" + advice(
            "{label_set} defines it", label_set="FILE"
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
    """Raise InputError where a configuration names unknown labels: it would apply to nothing.

    Unless the ``whole`` of what it is about is looked at: other files may have them, and a file beside it other labels.
    """
    if not whole:
        return
    wrong = next(wrong_labels(config, known.label_set.names), None)
    if wrong is not None:
        hint = "" if known.given else "; a label-set in the configuration lists the labels"
        raise InputError(f"{wrong}, expected {shown(known.label_set.names)}{hint}", path=place or "configuration")


def misfits(texts: Sequence[Text], known: Known) -> Iterator[Finding]:
    """F004: unknown labels, each where it first stands in a file; F002: values that a label can't carry."""
    first: dict[tuple[str, str], Finding] = {}
    more: Counter[tuple[str, str]] = Counter()
    labels = frozenset(known.label_set.names)
    for text in texts:
        for entity in text.document.entities:
            if entity.type not in labels:
                # Where nobody said which labels there are, all of the files are among the known.
                place = text.path, entity.type
                more[place] += place in first
                first.setdefault(place, text.of("F004", entity, _unknown(entity.type, known)))
            elif (entity.value is not None or entity.role is not None or entity.code is not None) and (
                problem := misfit(entity, known.label_set)
            ) is not None:
                yield text.of("F002", entity, problem)
    for place, finding in first.items():
        often = f"; {more[place]} more in this file" if more[place] else ""
        yield structs.replace(finding, message=finding.message + often)


def _unknown(label: str, known: Known) -> str:
    return f"unknown label {label!r}, expected {shown(known.label_set.names)} ({known.given})" + "".join(
        (advice("{labels} maps it", labels="FILE"), advice("{label_set} has it", label_set="FILE"))
    )
