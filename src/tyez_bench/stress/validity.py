"""What makes a capability fit for the suite: labels that parse, agree with the rules, and words that are spread."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tyez_bench.checks.config import Config
from tyez_bench.checks.engine import Plan, chosen, run
from tyez_bench.checks.read import Loaded
from tyez_bench.checks.rule import Finding, Level, rules
from tyez_bench.checks.texts import Text
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import counted
from tyez_bench.stress.capability import Capability, CaseKind
from tyez_bench.stress.cases import StressCase
from tyez_bench.stress.verdicts import required

LEAST, MOST = 30, 40
# No value is more than this share of the places that its capability fills.
SHARE = 0.05
# The rules of the page's gold, as its own configuration says them.
CONFIG = Config(durations="optional", times=False, approximators="outside", nested=True)


def problems(capability: Capability, cases: Sequence[StressCase]) -> Iterator[str]:
    """What is wrong with a capability, a sentence each."""
    yield from (f"accepts {code}: unknown rule" for code in capability.accept if code not in rules())
    size = len(capability.templates)
    if not LEAST <= size <= MOST:
        yield f"{counted(size, 'template')}, expected {LEAST} to {MOST}"
    kinds = Counter(template.kind for template in capability.templates)
    for kind in CaseKind:
        if not kinds[kind]:
            yield f"no template of the kind {kind}"
    for name, made in Counter(case.template for case in cases).items():
        if made < 2:
            yield f"template {name!r} makes {made} text: it needs slots with more values"
    for template in capability.templates:
        answers = [[_answer(text) for text in case.texts] for case in cases if case.template == template.id]
        if template.kind is CaseKind.INVARIANCE and any(one != other for one, other in answers):
            yield f"template {template.id!r}: the expected spans change, but it is an invariance"
        if template.kind is CaseKind.DIRECTIONAL and any(one == other for one, other in answers):
            yield f"template {template.id!r}: the expected spans do not change, but it is directional"
        if template.kind is not CaseKind.MFT and not all(any(pair) for pair in answers):
            yield f"template {template.id!r}: no span is required, so predicting nothing would pass"
    used = Counter(value for case in cases for value in case.fills.values())
    total = sum(used.values())
    for value, times in used.most_common():
        if times > max(2, SHARE * total):
            yield f"{value!r} fills {times} of {total} slots, more than {SHARE:.0%}"


def findings(capability: Capability, cases: Sequence[StressCase]) -> list[Finding]:
    """What the consistency check finds in the labels, text by text: rules of structure and of expressions.

    Rules that the capability accepts are left out.
    """
    texts = [Text(f"{capability.name}.toml", None, text) for case in cases for text in case.texts]
    loaded = Loaded(f"{capability.name}.toml", "gold", tuple(texts), (), len(texts))
    found = run([loaded], CONFIG, Plan(Level.EXPRESSION, chosen((), ()))).findings
    return [finding for finding in found if finding.code not in capability.accept]


def _answer(text: Document) -> Counter[tuple[str, str, str]]:
    return Counter((entity.text, entity.type, str(entity.value)) for entity in required(text))
