"""Shared fixtures."""

import atexit
import contextlib
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import tyez_bench
from tyez_bench.gold.build.page import Layout, build_documents, read_layout, read_page
from tyez_bench.model import hints
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import TyezBenchError

# An option of a command, as ``--labels``.
OPTION = re.compile(r"(?<![\w-])--[a-z]")
ROOT = Path(__file__).parent.parent
LAYOUT = ROOT / "annotations" / "documents.toml"

# The same examples in every run, and no clock: timings belong in benchmarks.
settings.register_profile("tyez", deadline=None, derandomize=True)
settings.load_profile("tyez")

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # The programs that tests start find the package compiled, as anywhere else, in a folder that goes with the session:
    # else each start compiles all that it loads.
    os.environ["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp(prefix="tyez-bench-pycache-")
    atexit.register(shutil.rmtree, os.environ["PYTHONPYCACHEPREFIX"], ignore_errors=True)

# Sentences of the page, cut by hand; pkuseg needs at least ten to train.
CUT = """\
阳曲县 做好 招商引资 “ 排头兵 ”
太原 一体化 经济 区域 建设 启动 后 , 该县 在 全市 率先 行动
建设 太原 一体化 经济 区域 , 是 省委 、 省政府 的 重大 举措
市委 、 市政府 高度 重视
将 太原 一体化 经济 区域 建设 作为 重大 政治 任务 和 头号 工程
产业 发展 撬动 资源 集聚
今日 , 本报 推出 专题 报道
反映 我市 项目 建设 取得 的 新 进展
太原 酒厂 搭上 太原 一体化 发展 的 快车道
万柏林区 发改局 局长 向 记者 介绍
我们 以 产业 发展 撬动 资源 集聚
展现 我市 高质量 发展 新 成效
"""


@pytest.fixture(autouse=True)
def _no_option_in_the_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever is raised in a public function, in any test, says nothing of options of the command line."""
    found: list[str] = []
    make = TyezBenchError.__init__

    def watched(self: TyezBenchError, *args: Any, **more: Any) -> None:
        make(self, *args, **more)
        if hints._command is None and hints._asker.get() is not None and OPTION.search(str(self)):
            found.append(str(self))

    monkeypatch.setattr(TyezBenchError, "__init__", watched)
    yield
    assert found == []


@pytest.fixture(scope="session")
def pkuseg_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a small pkuseg model, trained on words of the page's own text."""
    import spacy_pkuseg

    folder = tmp_path_factory.mktemp("pkuseg")
    (folder / "words.txt").write_text(CUT, "utf-8")
    model = folder / "model"
    with contextlib.redirect_stdout(io.StringIO()):
        spacy_pkuseg.train(str(folder / "words.txt"), str(folder / "words.txt"), str(model), train_iter=1)
    return model


@pytest.fixture(scope="session")
def gold() -> tyez_bench.Gold:
    """The built-in gold set."""
    return tyez_bench.load()


@pytest.fixture(scope="session")
def layout() -> Layout:
    """The hand-written description of the page."""
    return read_layout(LAYOUT)


@pytest.fixture(scope="session")
def page(layout: Layout) -> str:
    """The page as received."""
    return read_page(LAYOUT, layout)


@pytest.fixture(scope="session")
def blank(page: str, layout: Layout) -> tuple[Document, ...]:
    """The documents without entities."""
    return build_documents(page, layout, LAYOUT)
