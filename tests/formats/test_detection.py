"""Which format a file is in: an example of each is taken by its own reader, and by no other."""

import pytest

from tyez_bench.errors import InputError
from tyez_bench.formats.conll import read as read_columns
from tyez_bench.formats.detect import detect_format
from tyez_bench.formats.record import Options, RawSpan, Sample
from tyez_bench.formats.registry import DIRECTORIES, FORMATS, READ_ONLY, load_format
from tyez_bench.formats.source import Source

SAMPLES = [Sample("a", "太原市在山西。", (RawSpan(0, 3, "LOC"), RawSpan(4, 6, "LOC"))), Sample("b", "好。", ())]
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
}


def sources() -> list[tuple[str, Source]]:
    found = [(name, Source("p", text.encode())) for name, texts in EXAMPLES.items() for text in texts]
    for name in WRITTEN:
        data = load_format(name).write(SAMPLES)
        assert isinstance(data, bytes)
        found.append((name, Source("p", data)))
    return found


def test_there_is_an_example_of_every_format() -> None:
    assert {name for name, _ in sources()} == set(FORMATS) - set(DIRECTORIES)


@pytest.mark.parametrize("name", FORMATS)
def test_a_reader_takes_its_own_files_alone(name: str) -> None:
    for format_, source in sources():
        assert load_format(name).sniff(source) is (format_ == name), (format_, source.data.decode("utf-8", "replace"))


def test_examples_are_read() -> None:
    for format_, source in sources():
        assert detect_format(source) == format_
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
