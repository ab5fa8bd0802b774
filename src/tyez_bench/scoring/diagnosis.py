"""Why a system scored what it scored: every wrong prediction and every missed gold span belongs to one error.

Exact matches are set aside. What is left falls into groups of spans that overlap one another:

missed, spurious     a gold span, a prediction, that overlaps nothing on the other side
split                one gold span, several predictions
merged               several gold spans, one prediction
type                 same boundary, other type
short, long, shifted same type: the prediction lies within the gold span, around it, or crosses its edge
boundary and type    neither is right

A group of several gold spans and several predictions falls back to the pairs of the matching; what has no partner in
it is missed or spurious. The F1 of a kind once fixed (the idea is TIDE's, Bolya et al. 2020) is the F1 with the errors
of that kind gone: their predictions removed, their gold spans found.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Entity, Prediction
from tyez_bench.model.hints import public
from tyez_bench.model.spans import order_key
from tyez_bench.scoring.counting import Case, to_spans
from tyez_bench.scoring.matching import components, overlaps
from tyez_bench.scoring.pairing import Matched, match_spans
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import Counts, f1
from tyez_bench.scoring.score import cases_for
from tyez_bench.scoring.spans import TypedSpan

KINDS = ("missed", "spurious", "type", "short", "long", "shifted", "split", "merged", "boundary and type")
NOTHING = "∅"


class DiagnosedError(Struct, frozen=True):
    """One error of a document: the gold spans and the predictions that it takes.

    Attributes:
        kind: as ``missed`` or ``short``, a key of ``Diagnosis.kinds``.
        document: the id of the document.
        gold: the gold spans; it may have none.
        predicted: the predictions; it may have none.
        rules: the rules of the guidelines that the gold spans rest on.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> found = tyez_bench.PredictedEntity(start=0, end=3, type="PLACE")
        >>> predictions = {"wanbolin": tyez_bench.Prediction(id="wanbolin", entities=(found,))}
        >>> report = tyez_bench.score(gold, predictions)
        >>> error = tyez_bench.diagnose(report, gold, predictions).errors[0]
        >>> error.kind, error.document, error.predicted
        ('missed', 'series', ())
    """

    kind: str
    document: str
    gold: tuple[TypedSpan, ...]
    predicted: tuple[TypedSpan, ...]
    rules: tuple[str, ...]

    @property
    def start(self) -> int:
        """Where the first of its spans begins."""
        return min(span.start for span in (*self.gold, *self.predicted))


class ErrorKind(Struct, frozen=True):
    """The errors of a kind.

    Attributes:
        errors: how many there are.
        false_negatives: those in them.
        false_positives: those in them.
        fixed: F1 if they were fixed: their predictions removed, their gold spans found.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> found = tyez_bench.PredictedEntity(start=0, end=3, type="PLACE")
        >>> predictions = {"wanbolin": tyez_bench.Prediction(id="wanbolin", entities=(found,))}
        >>> report = tyez_bench.score(gold, predictions)
        >>> short = tyez_bench.diagnose(report, gold, predictions).kinds["short"]
        >>> short.errors, short.false_negatives, short.false_positives
        (1, 1, 1)
    """

    errors: int
    false_negatives: int
    false_positives: int
    fixed: float | None = field(name="mended")


class Diagnosis(Struct, frozen=True):
    """The errors of a report, as :func:`tyez_bench.diagnose` finds them.

    Attributes:
        errors: all, in the order of the documents.
        kinds: the figures of each kind, by name.
        confusion: ``confusion[gold type][predicted type]`` counts the pairs of the matching that share a character,
            exact matches among them; ``∅`` stands for no partner.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> found = tyez_bench.PredictedEntity(start=0, end=3, type="PLACE")
        >>> predictions = {"wanbolin": tyez_bench.Prediction(id="wanbolin", entities=(found,))}
        >>> report = tyez_bench.score(gold, predictions)
        >>> diagnosis = tyez_bench.diagnose(report, gold, predictions)
        >>> diagnosis.confusion["PLACE"]["PLACE"], diagnosis.confusion["PLACE"]["∅"]
        (1, 90)
    """

    errors: tuple[DiagnosedError, ...]
    kinds: dict[str, ErrorKind]
    confusion: dict[str, dict[str, int]]


@public
def diagnose(report: Report, gold: Gold, predictions: Mapping[str, Prediction]) -> Diagnosis:
    """The errors of a report by kind, each with its spans, and what F1 would be without those of a kind.

    The idea of F1 with the errors of a kind gone is TIDE's (Bolya et al. 2020).

    Args:
        report: what :func:`tyez_bench.score` made of the other two.
        gold: the gold set that was scored against.
        predictions: the predictions that were scored, by document id.

    Returns:
        ``errors`` in the order of the documents (half-open offsets in code points), ``kinds`` by name, and
        ``confusion[gold type][predicted type]``, with ``∅`` for no partner.

    Raises:
        UsageError: gold or predictions are not those of the report.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> found = tyez_bench.PredictedEntity(start=0, end=3, type="PLACE")
        >>> predictions = {"wanbolin": tyez_bench.Prediction(id="wanbolin", entities=(found,))}
        >>> diagnosis = tyez_bench.diagnose(tyez_bench.score(gold, predictions), gold, predictions)
        >>> diagnosis.kinds["short"].errors, diagnosis.kinds["missed"].errors
        (1, 141)
        >>> next(error for error in diagnosis.errors if error.kind == "short").gold
        (TypedSpan(start=0, end=4, type='PLACE'),)
    """
    return diagnose_cases(report, cases_for(report, gold, predictions))


def diagnose_cases(report: Report, cases: Sequence[Case]) -> Diagnosis:
    """Diagnose the errors of a report from the cases that it was counted on."""
    matched = match_spans(to_spans(cases), report.tables.types, report.settings.min_overlap)
    errors: list[DiagnosedError] = []
    confusion: Counter[tuple[str, str]] = Counter()
    for case, (pairs, missed, spurious) in zip(cases, _by_document(matched, len(cases)), strict=True):
        errors.extend(_errors(case, pairs, missed, spurious, report.settings.min_overlap))
        confusion.update((gold.type, predicted.type) for gold, predicted in pairs)
        confusion.update((gold.type, NOTHING) for gold in missed)
        confusion.update((NOTHING, predicted.type) for predicted in spurious)
        for mention in case.unlocated:
            confusion[NOTHING, str(mention.type)] += 1
            nowhere = TypedSpan(mention.start, mention.start, str(mention.type))
            errors.append(DiagnosedError("spurious", case.document.id, (), (nowhere,), ()))
    names = [*report.types, NOTHING]
    return Diagnosis(
        errors=tuple(errors),
        kinds=_kinds(report.counts(), errors),
        confusion={one: {other: confusion[one, other] for other in names} for one in names},
    )


Pairs = list[tuple[TypedSpan, TypedSpan]]


def _by_document(matched: Matched, documents: int) -> Iterator[tuple[Pairs, list[TypedSpan], list[TypedSpan]]]:
    """Pairs, missed and spurious spans of each document, as offsets into it."""
    pairs: dict[int, Pairs] = defaultdict(list)
    missed: dict[int, list[TypedSpan]] = defaultdict(list)
    spurious: dict[int, list[TypedSpan]] = defaultdict(list)
    found = matched.plain
    gold = matched.gold.spans(matched.types, matched.stride)
    predicted = matched.predicted.spans(matched.types, matched.stride)
    for span, partner, d in zip(gold, found.gold_partner.tolist(), matched.gold.document.tolist(), strict=True):
        if partner >= 0:
            pairs[d].append((span, predicted[partner]))
        else:
            missed[d].append(span)
    of_predicted = zip(
        predicted,
        found.predicted_partner.tolist(),
        found.ignored.tolist(),
        matched.predicted.document.tolist(),
        strict=True,
    )
    for span, partner, ignored, d in of_predicted:
        if partner < 0 and not ignored:
            spurious[d].append(span)
    for d in range(documents):
        yield pairs[d], missed[d], spurious[d]


def _errors(
    case: Case, pairs: Pairs, missed: list[TypedSpan], spurious: list[TypedSpan], share: float
) -> list[DiagnosedError]:
    wrong = [(gold, predicted) for gold, predicted in pairs if gold != predicted]
    left = sorted([*missed, *(gold for gold, _ in wrong)], key=order_key)
    right = sorted([*spurious, *(predicted for _, predicted in wrong)], key=order_key)
    partner = dict(wrong)
    by_place = {(e.start, e.end, str(e.type)): e for e in case.gold}
    found: list[DiagnosedError] = []

    def add(kind: str, gold: Sequence[TypedSpan], predicted: Sequence[TypedSpan]) -> None:
        rules = tuple(rule for span in gold if (rule := _rule(by_place.get((span.start, span.end, span.type)))))
        found.append(DiagnosedError(kind, case.document.id, tuple(gold), tuple(predicted), rules))

    grouped_gold, grouped_predicted = set(), set()
    for edges in components(overlaps(left, right, share)):
        gold = [left[g] for g in sorted({g for g, _ in edges})]
        predicted = [right[p] for p in sorted({p for _, p in edges})]
        grouped_gold.update(gold)
        grouped_predicted.update(predicted)
        if len(gold) == 1 and len(predicted) > 1:
            add("split", gold, predicted)
        elif len(gold) > 1 and len(predicted) == 1:
            add("merged", gold, predicted)
        else:
            taken = {partner[span] for span in gold if span in partner}
            for span in gold:
                if span in partner:
                    add(_pair_kind(span, partner[span]), [span], [partner[span]])
                else:
                    add("missed", [span], [])
            for span in predicted:
                if span not in taken:
                    add("spurious", [], [span])
    for span in left:
        if span not in grouped_gold:
            add("missed", [span], [])
    for span in right:
        if span not in grouped_predicted:
            add("spurious", [], [span])
    return sorted(found, key=lambda error: (error.start, KINDS.index(error.kind)))


def _rule(entity: Entity | None) -> str | None:
    return entity.rule if entity else None


def _pair_kind(gold: TypedSpan, predicted: TypedSpan) -> str:
    if gold[:2] == predicted[:2]:
        return "type"
    if gold.type != predicted.type:
        return "boundary and type"
    if gold.start <= predicted.start and predicted.end <= gold.end:
        return "short"
    if predicted.start <= gold.start and gold.end <= predicted.end:
        return "long"
    return "shifted"


def _kinds(total: Counts, errors: Sequence[DiagnosedError]) -> dict[str, ErrorKind]:
    kinds = {}
    for kind in KINDS:
        those = [error for error in errors if error.kind == kind]
        missing = sum(len(error.gold) for error in those)
        wrong = sum(len(error.predicted) for error in those)
        right = total.right + missing
        fixed = Counts(total.gold, total.predicted - wrong + missing, right)
        kinds[kind] = ErrorKind(len(those), missing, wrong, f1(fixed))
    return kinds
