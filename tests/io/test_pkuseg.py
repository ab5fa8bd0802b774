"""spacy-pkuseg through spaCy's tokenizer: a model in a directory, one that is downloaded, and what goes wrong."""

import hashlib
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import spacy_pkuseg

import tyez_bench
from tyez_bench.dataset.statistics import ceilings
from tyez_bench.io.export.words import load_segmenter, pkuseg_pipeline, place_words
from tyez_bench.model.errors import InputError, UsageError

TEXT = "建设太原一体化经济区域,是省委、省政府的重大举措。\u3000好"


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that logs nothing."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server of the files in ``tmp_path / "served"``."""
    (tmp_path / "served").mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "served"))) as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()
        thread.join()


def test_words_of_a_model_in_a_directory(pkuseg_model: Path) -> None:
    segment = load_segmenter(f"pkuseg:{pkuseg_model}")
    words = list(segment(TEXT))
    assert "".join(words) == TEXT
    assert 1 < len(words) < len(TEXT)
    # The words are those that pkuseg itself gives, and not spaCy's default of characters.
    assert [w for w in words if w.strip()] == spacy_pkuseg.pkuseg(str(pkuseg_model)).cut(TEXT)
    assert place_words(TEXT, words)


def test_the_tokenizer_is_spacys(pkuseg_model: Path) -> None:
    nlp = pkuseg_pipeline(str(pkuseg_model))
    assert str(nlp.tokenizer.segmenter) == "pkuseg"  # type: ignore[union-attr]
    assert nlp.config["nlp"]["tokenizer"]["segmenter"] == "pkuseg"
    assert nlp.make_doc(TEXT).text == TEXT


def test_the_ceiling_of_a_model(pkuseg_model: Path, gold: tyez_bench.Gold) -> None:
    name = f"pkuseg:{pkuseg_model}"
    (found,) = ceilings(gold, {name: load_segmenter(name)})
    share = found.share()
    assert share is not None
    assert 0 < share < 1
    assert len(found.cut) == round((1 - share) * found.gold.total())


@pytest.mark.parametrize("how", ["expand", "contract", "drop"])
def test_export_on_its_words(how: str, pkuseg_model: Path, gold: tyez_bench.Gold) -> None:
    words = f"pkuseg:{pkuseg_model}"
    with pytest.raises(
        UsageError,
        match=r"[0-9]+ entities have an edge inside a word, first .*; pass on_misaligned='expand', 'contract' or",
    ):
        tyez_bench.export(gold, "conll", words=words)
    found = tyez_bench.export(gold, "conll", words=words, on_misaligned=how)
    dropped = [one for one in found.misaligned if one.to is None]
    required = sum(entity.outermost and entity.required for _, entity in gold.entities())
    assert found.spans + len(dropped) == required
    assert len(found.misaligned) > 0
    assert (len(dropped) == len(found.misaligned)) is (how == "drop")


def test_a_model_that_is_downloaded(
    server: str, pkuseg_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code that downloads, with another address: to the home of pkuseg, checked against a hash."""
    archive = Path(shutil.make_archive(str(tmp_path / "served" / "mixed"), "zip", pkuseg_model))
    config = spacy_pkuseg.config
    monkeypatch.setitem(config.model_urls, "mixed", f"{server}/mixed.zip")
    monkeypatch.setitem(config.model_hash, "mixed", hashlib.sha256(archive.read_bytes()).hexdigest())
    monkeypatch.setattr(config, "pkuseg_home", str(tmp_path / "home"))
    words = list(load_segmenter("pkuseg:mixed")(TEXT))
    assert words == list(load_segmenter(f"pkuseg:{pkuseg_model}")(TEXT))
    assert (tmp_path / "home" / "mixed" / "weights.npz").is_file()
    # The second time there is nothing to download.
    monkeypatch.setitem(config.model_urls, "mixed", "http://127.0.0.1:1/mixed.zip")
    assert list(load_segmenter("pkuseg:mixed")(TEXT)) == words


def test_a_download_that_fails_is_one_line(
    server: str, pkuseg_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.make_archive(str(tmp_path / "served" / "news"), "zip", pkuseg_model)
    config = spacy_pkuseg.config
    monkeypatch.setattr(config, "pkuseg_home", str(tmp_path / "home"))
    monkeypatch.setitem(config.model_urls, "news", f"{server}/news.zip")
    with pytest.raises(InputError, match=r"the pkuseg model 'news' can't be loaded: RuntimeError: invalid hash value"):
        load_segmenter("pkuseg:news")
    monkeypatch.setitem(config.model_urls, "news", "http://127.0.0.1:1/news.zip")
    with pytest.raises(InputError, match="the pkuseg model 'news' can't be loaded: ConnectionError"):
        load_segmenter("pkuseg:news")


def test_no_model(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pkuseg needs a model"):
        load_segmenter("pkuseg")
    with pytest.raises(InputError, match="is not a directory of a pkuseg model"):
        load_segmenter(f"pkuseg:{tmp_path}")
    for name in ("weights.npz", "features.msgpack"):
        (tmp_path / name).write_bytes(b"no model")
    with pytest.raises(InputError, match="can't be loaded"):
        load_segmenter(f"pkuseg:{tmp_path}")
