"""A spaCy ``ner`` over characters, trained from ``spacy_ner.cfg`` on the gold, each document left out.

On one machine the predictions are the same every time. They are made of 32-bit sums, which processors with other
vector units add up in another order: on such a one a training may end elsewhere.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

from tyez_bench.gold.gold import Gold
from tyez_bench.model.spans import Span
from tyez_bench.systems.system import RunOptions, System, Tagger, spans_at
from tyez_bench.systems.trained.folds import Fold, Lesson, folds_of, predicting, training_facts

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example

CONFIG = "spacy_ner.cfg"


def load(argument: str, gold: Gold, options: RunOptions) -> System:
    """The pipeline as a system of sentences. Raises UsageError for a gold that can't be trained on."""
    by = options.by or "sentence"
    folds = folds_of(gold, options, by)
    config = read_config()

    def trainer(fold: Fold) -> Tagger:
        return tagger(train(fold.lessons, config, seed=options.seed))

    settings = {**training_facts(gold, options, folds), "seed": options.seed, "config": config}
    return System(predict=predicting(folds, trainer, options.origins), by=by, settings=settings)


def read_config() -> dict[str, Any]:
    """The config of the pipeline and its training."""
    from thinc.api import Config

    return dict(Config().from_str(files("tyez_bench.systems.trained").joinpath(CONFIG).read_text("utf-8")))


def train(lessons: Sequence[Lesson], config: Mapping[str, Any], *, seed: int) -> "Language":
    """A pipeline trained on ``lessons`` for as many steps as the config says, in another order each time round."""
    with _reproducible(seed):
        from spacy.schemas import ConfigSchemaTraining
        from spacy.util import load_model_from_config, registry
        from thinc.api import Config

        # What the config leaves out is spaCy's default.
        nlp = load_model_from_config(Config(dict(config)), auto_fill=True)
        settings = registry.resolve(nlp.config.interpolate()["training"], schema=ConfigSchemaTraining)
        examples = [example(nlp, lesson) for lesson in lessons]
        optimizer: Any = nlp.initialize(lambda: examples, sgd=settings["optimizer"])
        batches = settings["batcher"](_rounds(examples, seed))
        for batch in islice(batches, settings["max_steps"]):
            nlp.update(batch, drop=settings["dropout"], sgd=optimizer)
            optimizer.step_schedules()
    return nlp


def tagger(nlp: "Language") -> Tagger:
    """A pipeline as a tagger, one text at a time: what else is in a batch must not matter."""

    def tag(text: str) -> list[Span]:
        from thinc.api import use_ops

        with use_ops("numpy"):
            doc = nlp(text)
        return spans_at(text, ((span.start_char, span.end_char, span.label_) for span in doc.ents))

    return tag


@contextmanager
def _reproducible(seed: int) -> Iterator[None]:
    """Everything seeded, on the processor alone; what others draw afterwards is as it would have been."""
    import numpy as np

    before, before_numpy = random.getstate(), np.random.get_state()
    try:
        # Some of what is imported draws, too.
        from thinc.api import fix_random_seed, use_ops

        with use_ops("numpy"):
            fix_random_seed(seed)
            yield
    finally:
        random.setstate(before)
        np.random.set_state(before_numpy)


def _rounds(examples: "Sequence[Example]", seed: int) -> "Iterator[Example]":
    chance = random.Random(seed)
    while True:
        for _, number in sorted((chance.random(), number) for number in range(len(examples))):
            yield examples[number]


def example(nlp: "Language", lesson: Lesson) -> "Example":
    """A lesson for spaCy: characters without annotation are missing there."""
    from spacy.training import Example

    reference = nlp.make_doc(lesson.text)
    # White space has no token of its own: an entity has the tokens within its boundary.
    spans = [reference.char_span(start, end, type_, alignment_mode="contract") for start, end, type_ in lesson.entities]
    unknown = [reference.char_span(start, end, alignment_mode="contract") for start, end in lesson.unknown]
    reference.set_ents([s for s in spans if s], missing=[s for s in unknown if s], default="outside")
    return Example(nlp.make_doc(lesson.text), reference)
