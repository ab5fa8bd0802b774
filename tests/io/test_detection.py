"""Which format a file is in: an example of each is taken by its own reader, and by no other."""

import pytest

from tyez_bench.io import columns
from tyez_bench.io.detect import detect_format
from tyez_bench.io.field_maps import OWN
from tyez_bench.io.formats.conll import read as read_columns
from tyez_bench.io.record import Options, Sample
from tyez_bench.io.registry import DIRECTORIES, FORMATS, MAPS, READ_ONLY, load_format
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span

SAMPLES = [Sample("a", "太原市在山西。", (Span(0, 3, "LOC"), Span(4, 6, "LOC"))), Sample("b", "好。", ())]
WRITTEN = [name for name in FORMATS if name not in (*DIRECTORIES, *READ_ONLY)]
UNER = (
    "# sent_id = a\n# text = 太原市\n1\t太原\tB-LOC\t-\tann\n2\t市\tI-LOC\t-\tann\n\n1\t好\tO\t-\t-\n2\t。\tO\t-\t-\n"
)
CONLLU = "# text = 太原\n1\t太原\t太原\tPROPN\tNNP\t_\t0\troot\t_\tSpaceAfter=No|NER=S-LOC\n"
HIPE = "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tMISC\n# document_id = a\nBerlin\tB-loc\t_\t_\nist\tO\t_\tEndOfLine\n"
EXAMPLES = {
    "conll": [
        UNER,
        "太 B-LOC\n原 E-LOC\n",
        "太\tB_LOC\n原\tI_LOC\n",
        "太 LOC-B\n原 O\n",
        "太 b-LOC\n原 o\n",
        "太 B\n原 I\n市 O\n",
        "1 太 NN B-LOC\n2 原 NN I-LOC\n",
        "-DOCSTART- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n",
        "太0\tB-GPE.NAM\n原1\tI-GPE.NAM\n",
    ],
    "conllu": [CONLLU, CONLLU.replace("NER=S-LOC", "NE=O")],
    "hipe": [HIPE, HIPE.replace("B-loc", "O")],
    "hanlp": [
        '{"tok/fine": [["太原", "好"]], "ner/msra": [[["太原", "LOCATION", 0, 1]]]}\n',
        '[{"tok": ["太原"], "ner": []}]\n',
        '{\n "tok/fine": [["太原"]],\n "pos/ctb": [["NR"]],\n "ner/msra": [[]]\n}\n',
    ],
    "ltp": [
        '{"cws": [["太原"]], "pos": [["ns"]], "ner": [[["Ns", "太原", 0, 0]]]}\n',
        '{"cws": ["太原"], "ner": ["O"]}\n',
    ],
    "lac": [
        '[["太原", "好"], ["LOC", "a"]]\n',
        '[["太原", "LOC"], ["好", "a"]]\n',
        '[[["太原"], ["LOC"]], [["好"], ["a"]]]\n',
    ],
    "azure": [
        '{"documents": [{"id": "a", "entities": [{"text": "太原", "category": "X", "offset": 0, "length": 2}]}]}\n',
        '{"id": "a", "text": "太原好", "entities": [{"offset": 0, "length": 2, "type": "LOC"}]}\n',
    ],
    "ccks": ['{"originalText": "太原好", "entities": [{"label_type": "LOC", "start_pos": 0, "end_pos": 2}]}\n'],
    "cmeee": [
        '[{"text": "太原好", "entities": [{"start_idx": 0, "end_idx": 1, "type": "LOC", "entity": "太原"}]}]\n',
        '{"text": "好", "entities": []}\n'
        '{"text": "太原好", "entities": [{"start_idx": 0, "end_idx": 1, "type": "LOC", "entity": "太原"}]}\n',
    ],
    "gliner": [
        '[[{"start": 0, "end": 2, "text": "太原", "label": "LOC", "score": 0.9}], []]\n',
        '[[], [{"start": 0, "end": 2, "text": "太原", "label": "LOC", "score": 0.9}]]\n',
        '[{"start": 0, "end": 2, "text": "太原", "label": "LOC", "score": 0.9}]\n',
        '{"text": "太原好", "entities": [{"start": 0, "end": 2, "text": "太原", "label": "LOC", "score": 1.0}]}\n',
    ],
    "gliner2": [
        '{"text": "太原好", "entities": {"LOC": [{"text": "太原", "start": 0, "end": 2, "confidence": 0.9}]}}\n',
    ],
    "gliner-train": ['{"tokenized_text": ["太原", "市", "好"], "ner": [[0, 1, "LOC"]]}\n'],
    "spert": [
        '{"tokens": ["太原", "市", "好"], "entities": [{"start": 0, "end": 2, "type": "LOC"}], "relations": []}\n'
    ],
    "langextract": [
        '{"document_id": "a", "text": "太原好", "extractions": [{"extraction_class": "LOC", "extraction_text": "太原", '
        '"char_interval": {"start_pos": 0, "end_pos": 2}, "extraction_index": 1}]}\n',
    ],
    "modelscope": ['{"output": [{"type": "LOC", "start": 0, "end": 2, "prob": 0.9, "span": "太原"}]}\n'],
    "offsets": [
        '{"id": "a", "text": "太原好", "entities": [{"begin": 0, "end": 2, "type": "LOC", "text": "太原"}]}\n',
        '{"id": "a", "text": "太原好", "entities": [{"position": [0, 1], "type": "LOC", "text": "太原"}]}\n',
        '{"text": "太原好", "mentions": [{"start": 0, "end": 2, "type": "LOC", "name": "太原"}]}\n',
    ],
    "prodigy": [
        '{"text": "太原好", "spans": [{"start": 0, "end": 2, "label": "LOC", "token_start": 0, "token_end": 1}], '
        '"answer": "accept", "_task_hash": 1}\n',
        '{"text": "好", "answer": "reject", "_task_hash": 1}\n'
        '{"text": "太原好", "spans": [{"start": 0, "end": 2, "label": "LOC"}], "answer": "accept"}\n',
        '{"text": "太原好", "spans": [{"start": 0, "end": 2, "label": "LOC"}]}\n',
        '{"text": "太原好", "answer": "accept"}\n',
    ],
    "spacy-json": [
        '{"text": "太原好", "ents": [{"start": 0, "end": 2, "label": "LOC"}], "tokens": [{"id": 0, "start": 0}]}\n',
    ],
    "spacy-train": [
        '[["太原好", {"entities": [[0, 2, "LOC"]]}]]\n',
        '["好", {"entities": []}]\n["太原好", {"entities": [[0, 2, "LOC"]]}]\n',
        '{"classes": ["LOC"], "annotations": [["太原好", {"entities": [[0, 2, "LOC"]]}], null]}\n',
    ],
    "tags": [
        '{"id": "a", "tokens": ["太", "原", "好"], "ner_tags": ["B-LOC", "I-LOC", "O"]}\n',
        '{"words": ["太", "原", "好"], "tags": ["B-LOC", "E-LOC", "O"]}\n',
        '{"text": "太原好", "labels": ["B-LOC", "I-LOC", "O"]}\n',
        '{"tokens": ["好"], "ner_tags": ["O"]}\n{"tokens": ["太原"], "ner_tags": ["B-LOC"]}\n',
    ],
    "uie": ['[{"LOC": [{"text": "太原", "start": 0, "end": 2, "probability": 0.9}]}, {}]\n'],
    "w2ner": ['[{"sentence": ["太", "原", "好"], "ner": [{"index": [0, 1], "type": "LOC"}], "word": []}]\n'],
}


def sources() -> list[tuple[str, Source]]:
    found = [(name, Source("p", text.encode())) for name, texts in EXAMPLES.items() for text in texts]
    for name in WRITTEN:
        data = load_format(name).write(SAMPLES)
        assert isinstance(data, bytes)
        found.append((name, Source("p", data)))
    return found


def test_there_is_an_example_of_every_format() -> None:
    assert {name for name, _ in sources()} == set(FORMATS) - {*DIRECTORIES, OWN}


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in MAPS or name in WRITTEN])
def test_a_reader_takes_its_own_files_alone(name: str) -> None:
    for format_, source in sources():
        if name == "llm" and format_ in MAPS:
            # Names without offsets are the weakest sign: a map that knows the offsets goes before it.
            continue
        assert load_format(name).sniff(source) is (format_ == name), (format_, source.data.decode("utf-8", "replace"))


def test_examples_are_read() -> None:
    for format_, source in sources():
        assert detect_format(source) == format_, source.data.decode("utf-8", "replace")
        assert list(load_format(format_).read(source, Options()))


@pytest.mark.parametrize("name", FORMATS)
def test_a_sniff_never_raises(name: str) -> None:
    for data in (
        b"",
        b"\n",
        b"\xff\xfe",
        b"[[]]",
        b"[]",
        b"{}",
        b"[[[]]]",
        b"#",
        b"-",
        b"1\t",
        b'{"cws": 1, "ner": 1}',
    ):
        load_format(name).sniff(Source("p", data))
        load_format(name).sniff(Source("p", data, is_directory=True))


def test_columns_of_one_format_are_no_columns_of_another() -> None:
    """Named wrongly, the file is refused, and not read as another text."""
    with pytest.raises(InputError):
        list(read_columns(Source("p", CONLLU.encode()), Options()))
    with pytest.raises(InputError):
        list(read_columns(Source("p", HIPE.encode()), Options()))


def test_a_file_that_is_no_text_is_looked_at_once_for_its_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once for each of its lines: a DocBin of megabytes has thousands."""
    looked: list[int] = []

    def look(data: bytes) -> str:
        looked.append(len(data))
        return ""

    monkeypatch.setattr(columns, "other_encoding", look)
    assert columns.first_rows(Source("p", b"\xff\n" * 1000), 100) == []
    assert looked == [2000]
