"""A task for inspect_ai: ``inspect eval tyez_bench/tyez_ner --model PROVIDER/MODEL -T shots=3``.

Inspect asks, retries and keeps its log; prompts, the reading of answers and the counts are this package's.
"""

from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, metric, scorer
from inspect_ai.solver import TaskState, generate

from tyez_bench.integrations.harness import Asked, counted, figures, samples
from tyez_bench.systems.llm.options import Asking

_MESSAGES = {"system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant}
# What Inspect calls the reasons that endpoints call otherwise.
_FINISH = {"max_tokens": "length", "model_length": "length"}


@task  # type: ignore[untyped-decorator]  # without inspect_ai there are no types
def tyez_ner(
    by: str = "document",
    prompt: str = "definitions",
    language: str = "zh",
    paraphrase: int = 1,
    shots: int = 0,
    answer: str = "tags",
) -> Task:
    """Named entities of the page, a document or a sentence at a time; the arguments are those of ``tyez-bench run``."""
    asking = Asking(level=prompt, language=language, paraphrase=paraphrase, shots=shots, answer=answer)
    dataset = MemoryDataset([_sample(one) for one in samples(asking, by)], name=f"tyez-{by}s")
    return Task(dataset=dataset, solver=generate(), scorer=strict_spans(by))


def _sample(one: Asked) -> Sample:
    return Sample(
        id=one.passage.id,
        input=[_MESSAGES[message["role"]](content=message["content"]) for message in one.messages],
        metadata={"document": one.passage.document, "text": one.passage.text},
    )


@metric  # type: ignore[untyped-decorator]
def micro() -> Metric:
    """Strict micro precision, recall and F1 over all samples, and the answers that could not be read."""

    def compute(scores: list[SampleScore]) -> Any:
        # A figure that is undefined is left out.
        return figures(score.score.as_dict() for score in scores)

    return compute


@scorer(metrics=[micro()])  # type: ignore[untyped-decorator]
def strict_spans(by: str) -> Scorer:
    """What each answer counts: gold spans, predictions, right ones, and whether it could be read."""

    async def count(state: TaskState, target: Target) -> Score:
        finish = str(state.output.stop_reason)
        found = counted(str(state.sample_id), state.output.completion, by, _FINISH.get(finish, finish))
        return Score(
            value=found, answer=state.output.completion, reason="invalid_response_format" if found["failed"] else None
        )

    return count
