"""Both engines, on this machine: two cores, and a number of sentences that the environment may raise."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# How many sentences the large test has; .ci/run asks for more.
SENTENCES = int(os.environ.get("TYEZ_SENTENCES", "20000"))


@pytest.fixture(scope="session")
def _spark() -> Iterator[None]:
    """A session that lasts for all tests: starting one takes longer than they do."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    import sys

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
    from sharded import corpus, lines, shards

    folder = tmp_path_factory.mktemp("large")
    gold, predicted = corpus(SENTENCES)
    lines(folder / "gold.jsonl", gold)
    lines(folder / "predictions.jsonl", predicted)
    shards(folder / "gold", gold, 5, seed=1)
    shards(folder / "predictions", predicted, 4, seed=2, as_columns=True)
    return folder
