"""Scored by Spark and by Ray: the report of one process, to the last digit; and what they refuse, by its id."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

import tyez_bench
from sharded import corpus, lines, said, shards
from tyez_bench import InputError, Settings, score_shards
from tyez_bench.engines.score import Engine

# They warn of files that they leave open, and the like.
pytestmark = pytest.mark.filterwarnings("ignore")
ROOT = Path(__file__).parent.parent.parent
# How many sentences the large test has; .ci/run asks for more.
SENTENCES = int(os.environ.get("TYEZ_SENTENCES", "20000"))


@pytest.fixture(scope="session")
def _spark() -> Iterator[None]:
    """A session that lasts for all tests: starting one takes longer than they do."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2,4]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "8").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield
    session.stop()


@pytest.fixture(scope="session")
def _ray() -> Iterator[None]:
    import ray

    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()


@pytest.fixture(params=["spark", "ray"])
def engine(request: pytest.FixtureRequest) -> str:
    """The name of an engine that runs."""
    request.getfixturevalue(f"_{request.param}")
    return str(request.param)


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the large corpus: in order, and in shards of both kinds in another order."""
    folder = tmp_path_factory.mktemp("large")
    gold, predicted = corpus(SENTENCES)
    lines(folder / "gold.jsonl", gold)
    lines(folder / "predictions.jsonl", predicted)
    shards(folder / "gold", gold, 5, seed=1)
    shards(folder / "predictions", predicted, 4, seed=2, as_columns=True)
    return folder


@pytest.fixture(scope="session")
def whole(large: Path) -> tyez_bench.Report:
    """The report of one process that has everything in memory."""
    return tyez_bench.score_files(large / "gold.jsonl", large / "predictions.jsonl")


def test_many_sentences_in_shards_of_any_order(engine: Engine, large: Path, whole: tyez_bench.Report) -> None:
    report = score_shards(large / "gold", large / "predictions", engine=engine)
    assert said(report) == said(whole)
    one = score_shards(large / "gold.jsonl", large / "predictions.jsonl")
    assert (report.gold.fingerprint, report.settings, report.labels) == (one.gold.fingerprint, one.settings, one.labels)
    assert report.missing == tuple(sorted(whole.missing)) != ()


def dying(flag: Path, count: Callable[..., Any], *args: Any) -> Any:
    """What ``count`` returns; the first process of all that gets here is killed instead."""
    try:
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return count(*args)
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def test_a_worker_that_is_killed_changes_nothing(
    engine: Engine, large: Path, whole: tyez_bench.Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module(f"tyez_bench.engines.{engine}")
    pickle = import_module("pyspark.cloudpickle" if engine == "spark" else "ray.cloudpickle")
    # Workers know nothing of this file.
    pickle.register_pickle_by_value(sys.modules[__name__])
    flag = tmp_path / "killed"
    monkeypatch.setattr(module, "_counts", partial(dying, flag, module._counts))
    assert said(score_shards(large / "gold", large / "predictions", engine=engine)) == said(whole)
    assert flag.exists()


def test_a_session_that_is_there_is_not_stopped(engine: Engine, tmp_path: Path) -> None:
    """Nor where another thread began it."""
    gold, predicted = corpus(20)
    paths = lines(tmp_path / "g.jsonl", gold), lines(tmp_path / "p.jsonl", predicted)
    found: list[tyez_bench.Report] = []
    for _ in range(2):
        thread = threading.Thread(target=lambda: found.append(score_shards(*paths, engine=engine)))
        thread.start()
        thread.join()
    assert said(found[0]) == said(found[1])


def test_nested_optional_and_normalised(engine: Engine) -> None:
    settings = Settings(layer="all", unit="document", optional="require")
    gold, path = ROOT / "data" / "gold.jsonl", ROOT / "data" / "predictions" / "jionlp.jsonl"
    whole = tyez_bench.score_files(None, path, labels="jionlp", settings=settings)
    report = score_shards(gold, path, engine=engine, labels="jionlp", settings=settings, label_set="tyez")
    assert said(report) == said(whole)


@pytest.mark.parametrize(
    ("gold", "predicted", "reason"),
    [
        ("abc", "az", "p: document id 'z' is not in the gold"),
        ("cabca", "ab", "g: document id 'a' occurs twice"),
        ("abc", "acbca", "p: document id 'a' occurs twice"),
    ],
)
def test_ids_that_are_unknown_or_twice(engine: Engine, tmp_path: Path, gold: str, predicted: str, reason: str) -> None:
    spans = [{"start": 0, "end": 2, "type": "PLACE"}]
    sides = (
        [{"id": id_, "text": "甲市", "entities": spans} for id_ in gold],
        [{"id": i, "entities": spans} for i in predicted],
    )
    paths = shards(tmp_path / "g", sides[0], 2), shards(tmp_path / "p", sides[1], 2, as_columns=True)
    with pytest.raises(InputError) as refused:
        score_shards(*paths, engine=engine)
    assert str(refused.value) == f"{tmp_path}/{reason}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id":"z","entities":[{"start":2,"end":1,"type":"PLACE"}]}', "entity offsets 2–1 are empty or reversed"),
        (b'{"id":"\xff","entities":[]}', "is not valid UTF-8"),
    ],
)
def test_lines_that_are_wrong(engine: Engine, tmp_path: Path, line: bytes, reason: str) -> None:
    gold, predicted = corpus(30)
    path = lines(tmp_path / "p.jsonl", predicted)
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(InputError) as refused:
        score_shards(lines(tmp_path / "g.jsonl", gold), path, engine=engine)
    assert str(refused.value).startswith(f"{path}:")
    assert reason in str(refused.value)


def test_the_counts_by_sentence_stay_where_the_engine_is(engine: Engine, tmp_path: Path) -> None:
    gold, predicted = corpus(300)
    paths = shards(tmp_path / "g", gold, 2), shards(tmp_path / "p", predicted, 2)
    report = score_shards(*paths, engine=engine, units=tmp_path / "units")
    table = parquet.read_table(tmp_path / "units")
    assert len(set(table["id"].to_pylist())) <= 300
    whole = score_shards(*paths, units=tmp_path / "own")
    keys = [("id", "ascending"), ("type", "ascending")]
    own = parquet.read_table(tmp_path / "own").sort_by(keys)
    assert table.select(own.schema.names).cast(own.schema).sort_by(keys) == own
    assert said(report) == said(whole)


def test_paths_of_another_file_system(engine: Engine, tmp_path: Path) -> None:
    gold, predicted = corpus(100)
    paths = lines(tmp_path / "g.jsonl", gold), lines(tmp_path / "p.jsonl", predicted)
    report = score_shards(*(f"file://{path}" for path in paths), engine=engine)
    assert said(report) == said(score_shards(*paths))


@pytest.mark.parametrize("engine", ["spark", "ray"])
def test_the_command(engine: str, tmp_path: Path) -> None:
    """In a process of its own, on a session of its own."""
    gold, predicted = corpus(200)
    paths = shards(tmp_path / "g", gold, 2, as_columns=True), shards(tmp_path / "p", predicted, 2)
    command = [sys.executable, "-m", "tyez_bench", "score", "--gold", f"{paths[0]}/*", str(paths[1]), "-f", "json"]
    done = subprocess.run([*command, "--engine", engine, "--jobs", "2"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    report = score_shards(paths[0] / "*", paths[1])
    assert (data["signature"], data["schemes"]) == (str(report.signature), report.to_dict()["schemes"])
