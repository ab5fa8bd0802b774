"""Token classifiers of transformers as systems, with models that are saved and loaded as any other."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tiny

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.io.formats.hf_pipeline import spans_of
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.systems import load_system, request
from tyez_bench.systems.adapters.huggingface import LoadedModel, TokenizedPassage, _limit
from tyez_bench.systems.models import fingerprint
from tyez_bench.systems.runner import journal_of, run
from tyez_bench.systems.system import Passage, RunOptions, System, passages

# Sentences, lines, white space, characters beyond the Basic Multilingual Plane, and one long sentence.
TEXT = (
    "太原 市。😀太𠀀。省府在太原!\n原来\u3000省府😀的太原,\n\n西太原。"
    + "无人知道太原在省府与西边太原之间,而省府在太原的原野上看见省府😀和太𠀀原" * 3
    + "。省 府\u200b😀在\t西原。太"
)


def expected(text: str) -> list[tuple[int, int, str]]:
    """What the classifier of ``tiny.TAGS`` finds, by plain code: white space is passed over, a line ends all."""
    found: list[tuple[int, int, str]] = []
    before = "O"
    for place, character in enumerate(text):
        tag = tiny.TAGS.get(character, "O")
        if character == "\n":
            before = "O"
        elif not character.isspace() and character != "\u200b":
            if tag[0] == "I" and before[2:] == tag[2:]:
                found[-1] = (found[-1][0], place + 1, tag[2:])
            elif tag != "O":
                found.append((place, place + 1, tag[2:]))
            before = tag
    return found


def system(folder: Path, **told: Any) -> System:
    """The model in a directory as a system; its labels are those of several maps."""
    return load_system(request(f"hf:{folder}"), tyez_bench.load(), RunOptions(**{"labels": "conll03", **told}))


def answers(found: System, texts: list[str]) -> list[list[tuple[int, int, str]]]:
    """The spans of texts, after checking that ids and surfaces are those of the texts."""
    given = [Passage(f"p{number}", "a", text) for number, text in enumerate(texts)]
    records = list(found.predict(given))
    assert [record["id"] for record in records] == [passage.id for passage in given]
    for text, record in zip(texts, records, strict=True):
        assert all(text[e["start"] : e["end"]] == e["text"] for e in record["entities"])
    return [[(e["start"], e["end"], e["type"]) for e in record["entities"]] for record in records]


@pytest.fixture(scope="module")
def sure(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT that knows the tag of each character."""
    return tiny.sure(tmp_path_factory.mktemp("sure") / "sure", tiny.TAGS)


@pytest.fixture(scope="module")
def random(gold: tyez_bench.Gold, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A BERT with random weights whose answers depend on everything around, and its pipeline."""
    folder = tmp_path_factory.mktemp("random") / "random"
    return folder, tiny.pipeline(gold, folder, "simple")


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 8, 16, 31, 64, 1000])
def test_the_spans_are_the_same_in_windows_of_any_size(sure: Path, tmp_path: Path, limit: int) -> None:
    """Of a model that looks at nothing but the character itself; two tokens go to [CLS] and [SEP]."""
    folder = tmp_path / "cut"
    shutil.copytree(sure, folder)
    told = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    (folder / "tokenizer_config.json").write_text(json.dumps({**told, "model_max_length": limit + 2}), "utf-8")
    found = system(folder, batch_size=7)
    assert found.settings["window"] == limit
    texts = ["", TEXT, "太", " \n", TEXT[5:]]
    if limit > 10:
        texts += [document.text for document in tyez_bench.load()]
    assert answers(found, texts) == [expected(text) for text in texts]


def test_batches_change_nothing(sure: Path) -> None:
    texts = [TEXT[n:] for n in range(0, len(TEXT), 7)]
    assert answers(system(sure, batch_size=1), texts) == answers(system(sure, batch_size=50), texts)


def test_the_spans_of_sentences_are_those_of_the_pipeline(gold: tyez_bench.Gold, random: tuple[Path, Any]) -> None:
    folder, pipeline = random
    by_sentence = system(folder, by="sentence", batch_size=16)
    for passage, record in zip(
        passages(gold, "sentence"), by_sentence.predict(passages(gold, "sentence")), strict=True
    ):
        own = spans_of(pipeline(passage.text), passage.text, passage.id)
        assert [(e["start"], e["end"], e["type"]) for e in record["entities"]] == [
            (span.start, span.end, span.label) for span in own
        ]


def test_what_stands_around_a_token_is_that_of_its_window(gold: tyez_bench.Gold, random: tuple[Path, Any]) -> None:
    """Documents of this model are longer than its 512 positions, and the windows' context changes what it says."""
    folder, _ = random
    longest = max(gold, key=lambda document: len(document.text))
    found = system(folder)
    assert found.settings["window"] == 510
    assert len(longest.text) > 512
    (whole,) = answers(found, [longest.text])
    parts = [sentence for sentence in passages(gold, "sentence") if sentence.document == longest.id]
    apart = answers(found, [sentence.text for sentence in parts])
    assert whole
    assert len(whole) != sum(map(len, apart))


def test_positions_of_roberta_begin_behind_the_padding_token(tmp_path: Path) -> None:
    tokenizer = tiny.bert_tokenizer(tmp_path / "roberta", "".join(tiny.TAGS))
    folder = tiny.sure(tmp_path / "roberta", tiny.TAGS, kind="Roberta", limit=20, tokenizer=tokenizer)
    found = system(folder)
    # 20 positions, of which RoBERTa leaves the first two unused (its padding token is the second); [CLS] and [SEP].
    assert found.settings["window"] == 16
    assert answers(found, [TEXT]) == [expected(TEXT)]


@pytest.mark.parametrize(
    ("kind", "told", "limit"),
    [
        ("Bert", {"max_position_embeddings": 40}, 40),
        ("Roberta", {"max_position_embeddings": 40, "pad_token_id": 1}, 38),
        ("MPNet", {"max_position_embeddings": 40, "pad_token_id": 1}, 38),
        ("Electra", {"max_position_embeddings": 40, "embedding_size": 8}, 40),
    ],
)
def test_the_limit_is_what_the_model_can_take(kind: str, told: dict[str, Any], limit: int) -> None:
    import torch
    import transformers

    config = getattr(transformers, f"{kind}Config")(
        vocab_size=10, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, **told
    )
    model = getattr(transformers, f"{kind}ForTokenClassification")(config).eval()
    endless = SimpleNamespace(model_max_length=int(1e30))
    assert _limit(model, endless) == limit
    model(input_ids=torch.full((1, limit), 5))
    with pytest.raises((IndexError, RuntimeError)):
        model(input_ids=torch.full((1, limit + 1), 5))
    endless.model_max_length = 12
    assert _limit(model, endless) == 12


def test_the_run_is_quiet_and_names_no_path(sure: Path, tmp_path: Path) -> None:
    """In a process of its own, as a user runs it: one line on standard error."""
    out = tmp_path / "sure.jsonl"
    command = [
        sys.executable,
        "-m",
        "tyez_bench",
        "run",
        f"hf:{sure}",
        "--labels",
        "conll03",
        "--output",
        str(out),
        "--score",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.startswith("hf:sure: 8 documents in ")
    assert done.stderr.count("\n") == 1
    assert "labels:conll03" in done.stdout
    facts = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert facts["system"] == "hf:sure"
    assert set(facts["packages"]) == {"transformers", "tokenizers", "torch"}
    assert facts["settings"] == {
        "model": "sure",
        "sha256": fingerprint(sure),
        "encoding": "bio",
        "window": tiny.ENOUGH - 2,
        "device": "cpu",
    }
    assert str(sure.parent) not in out.with_suffix(".json").read_text("utf-8")
    spans = {json.loads(line)["id"]: json.loads(line)["entities"] for line in out.read_text("utf-8").splitlines()}
    for document in tyez_bench.load():
        assert [(e["start"], e["end"], e["type"]) for e in spans[document.id]] == expected(document.text)


def test_an_interrupted_run_goes_on_with_the_same_model_only(
    random: tuple[Path, Any], sure: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, folder, out = tyez_bench.load(), tmp_path / "model", tmp_path / "cut.jsonl"
    shutil.copytree(random[0], folder)
    asked = request(f"hf:{folder}")

    def stop(done: int, total: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(asked, system(folder, by="sentence"), gold, journal=journal_of(out), progress=stop)
    command = ["run", f"hf:{folder}", "--labels", "conll03", "--by", "sentence", "--output"]
    shutil.rmtree(folder)
    shutil.copytree(sure, folder)
    assert main([*command, str(out)]) == 2
    assert "is of a run with another settings" in capsys.readouterr().err
    shutil.rmtree(folder)
    shutil.copytree(random[0], folder)
    assert main([*command, str(out)]) == 0
    assert main([*command, str(tmp_path / "whole.jsonl")]) == 0
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_texts_are_given_before_all_are_read(sure: Path) -> None:
    """So that an interruption loses no more than a batch."""
    read: list[int] = []

    class Given(list[Passage]):
        def __iter__(self) -> Iterator[Passage]:
            for number in range(20):
                read.append(number)
                yield Passage(f"p{number}", "a", TEXT)

    records = iter(system(sure, batch_size=2).predict(Given()))
    assert next(records)["id"] == "p0"
    assert len(read) == 2


def rewritten(sure: Path, tmp_path: Path, **changes: Any) -> Path:
    """The model with another config.json."""
    folder = tmp_path / "other"
    shutil.copytree(sure, folder)
    config = {**json.loads((folder / "config.json").read_text("utf-8")), **changes}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder


def test_plain_labels_and_a_label_map_of_ones_own(tmp_path: Path) -> None:
    plain = {"太": "CITY", "原": "CITY", "省": "FIRM"}
    folder = tiny.sure(tmp_path / "plain", plain)
    with pytest.raises(UsageError, match=r"hf:.*plain: unknown labels CITY, FIRM, expected PLACE, .*no label map fits"):
        system(folder, labels=None)
    own = tmp_path / "own.toml"
    own.write_text('[labels]\nCITY = "PLACE"\nFIRM = ""\n', "utf-8")
    found = system(folder, labels=str(own))
    assert found.settings["encoding"] == "none"
    assert answers(found, ["在太原省太"]) == [[(1, 3, "CITY"), (3, 4, "FIRM"), (4, 5, "CITY")]]


def test_labels_that_maps_read_otherwise_want_one_named(tmp_path: Path) -> None:
    """A t is no type of ours in PKU's tags, and a date for LAC."""
    folder = tiny.sure(tmp_path / "words", {"太": "ns", "原": "ns", "省": "t"})
    with pytest.raises(UsageError, match=r"hf:.*fit several label maps"):
        system(folder, labels=None)


def test_labels_that_maps_read_alike_need_no_choice(random: tuple[Path, Any]) -> None:
    assert system(random[0], labels=None).labels == "conll03"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"architectures": ["BertForMaskedLM"]},
            "is not a token-classification model: its config.json names BertForMaskedLM",
        ),
        ({"architectures": None}, "is not a token-classification model: its config.json names no architecture"),
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}, r"its labels have no names \(LABEL_0, LABEL_1, …\)"),
        ({"model_type": "no-such-model"}, "can't be loaded: ValueError"),
        ({"vocab_size": 7}, "can't be loaded: RuntimeError"),
    ],
)
def test_configs_that_are_not_a_token_classifier_s(
    sure: Path, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises((UsageError, InputError), match=said):
        system(rewritten(sure, tmp_path, **changes))


def test_weights_that_were_never_trained_to_classify_are_refused(sure: Path, tmp_path: Path) -> None:
    import transformers

    folder = rewritten(sure, tmp_path)
    transformers.BertModel.from_pretrained(folder).save_pretrained(folder)
    config = json.loads((sure / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(
        InputError, match=r"the model's file lacks 'classifier.bias': it was not trained to classify tokens"
    ):
        system(folder)


def test_a_tokenizer_without_offsets_is_refused(tmp_path: Path) -> None:
    import transformers

    config = transformers.CanineConfig(
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        id2label=dict(enumerate(tiny.LABELS)),
    )
    transformers.CanineForTokenClassification(config).save_pretrained(tmp_path)
    transformers.CanineTokenizer().save_pretrained(tmp_path)
    with pytest.raises(
        UsageError, match=r"its tokenizer \(CanineTokenizer\) is not a fast one, so it gives no offsets"
    ):
        system(tmp_path)


def test_a_model_that_takes_no_text_is_refused(sure: Path, tmp_path: Path) -> None:
    folder = rewritten(sure, tmp_path)
    told = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    (folder / "tokenizer_config.json").write_text(json.dumps({**told, "model_max_length": 2}), "utf-8")
    with pytest.raises(UsageError, match="takes no text: 2 tokens at a time"):
        system(folder)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("./absent", "hf:./absent: no such directory"),
        ("owner/absent", "hf:owner/absent: no such directory, and no such model is available: "),
        ("owner/absent@v1", "hf:owner/absent: no such directory, and no such model is available: "),
    ],
)
def test_models_that_are_not_there(name: str, said: str) -> None:
    command = [sys.executable, "-m", "tyez_bench", "run", f"hf:{name}", "--score"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    assert done.returncode == 2
    assert done.stderr.startswith(f"tyez-bench: {said}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("device", ["cuda", "nothing", "cuda:7", "meta"])
def test_devices_that_are_not_there(sure: Path, device: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", f"hf:{sure}", "--device", device, "--score"]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(f"tyez-bench: device '{device}': torch can't use it: ")
    assert printed.err.count("\n") == 1


def test_a_model_that_fails_is_named_with_its_texts(sure: Path, tmp_path: Path) -> None:
    """A tokenizer with more words than the model has."""
    folder = rewritten(sure, tmp_path)
    tiny.bert_tokenizer(folder, "".join(tiny.TAGS) + "新来的")
    found = system(folder, batch_size=1)
    records = iter(found.predict([Passage("a", "a", "太"), Passage("b", "b", "西"), Passage("c", "c", "新")]))
    assert next(records)["id"] == "a"
    with pytest.raises(InputError, match=r"'[bc]': the model failed: IndexError: index out of range"):
        list(records)


PIECES = "太 原１２㎡😀\n\u3000𠀀…Ａb "


def test_tokens_of_sentencepiece_stand_for_their_characters(tmp_path: Path) -> None:
    """With NFKC, one character is two tokens (㎡, …); tokens have their spaces with them; ▁ stands alone."""
    import transformers
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    words = ["<unk>", "▁", "▁太", "太", "原", "1", "2", "12", "m", "😀", "▁𠀀", "𠀀", ".", "..", "A", "b", "\n"]
    tokenizer = Tokenizer(models.Unigram([(word, -float(number)) for number, word in enumerate(words)], 0, False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<unk>")
    assert stood_for(fast, PIECES) == ["太", "原", "１２", "㎡", "😀", "𠀀", "…", "Ａ", "b"]
    assert stood_for(fast, "原太") == ["原", "太"]


def test_tokens_of_bytes_stand_for_their_characters(tmp_path: Path) -> None:
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers

    for prefix in (False, True):
        vocabulary = {byte: number for number, byte in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
        tokenizer = Tokenizer(models.BPE(vocabulary, []))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
        fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer)
        assert stood_for(fast, PIECES) == [c for c in PIECES if not c.isspace()]


def stood_for(tokenizer: Any, text: str) -> list[str]:
    """What the tokens of a text stand for."""
    loaded = LoadedModel(None, tokenizer, tags=None, prefix=[], suffix=[], limit=5)  # type: ignore[arg-type]
    return [text[piece.start : piece.end] for piece in TokenizedPassage(Passage("a", "a", text), loaded).pieces]


def test_a_model_of_bytes_finds_whole_characters(tmp_path: Path) -> None:
    """The first byte of a character has its tag; the others, which say something else, are not asked."""
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {byte: number for number, byte in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    vocabulary["<unk>"] = len(vocabulary)
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<unk>")
    # ð is the first byte of characters beyond the Basic Multilingual Plane.
    others = dict.fromkeys((fast.tokenize("太原。 ")), "O")
    folder = tiny.sure(tmp_path / "bytes", {**others, "ð": "B-LOC", "a": "I-LOC"}, tokenizer=fast)
    assert answers(system(folder), ["太😀a原 𠀀aa。a"]) == [[(1, 3, "LOC"), (5, 8, "LOC"), (9, 10, "LOC")]]
