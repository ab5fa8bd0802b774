"""Plain records are read many lines at a time, and what is found is what the reader of single records finds."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tyez_bench.checks import plain, read
from tyez_bench.checks.config import Config
from tyez_bench.checks.read import Loaded, load_file

ENTITIES = st.fixed_dictionaries(
    {"start": st.integers(0, 5), "end": st.integers(0, 6), "type": st.sampled_from(("A", "B", ""))},
    optional={"text": st.sampled_from(("太", "太原", "原市")), "id": st.just("x"), "status": st.just("optional")},
)
IN_ORDER: st.SearchStrategy[Any] = st.lists(ENTITIES, max_size=3).map(
    lambda found: sorted(found, key=lambda one: str(one["start"]))
)
RECORDS = st.fixed_dictionaries(
    {"text": st.sampled_from(("太原市的太原", "太", "")), "entities": IN_ORDER},
    optional={"id": st.sampled_from(("a", "b", "", 7, None)), "title": st.just("t")},
)
LINES = st.one_of(
    RECORDS.map(lambda record: json.dumps(record, ensure_ascii=False)),
    st.sampled_from(
        (
            "",
            "{",
            "[]",
            '{"id": "c", "id": "d", "text": "太原", "entities": []}',
            '{"id": "e", "text": "太原", "entities": [{"start": 0, "end": 2, "end": 1, "type": "A"}]}',
            '{"id": "f", "text": "太原", "entities": [{"start": 0.0, "end": 1, "type": "A"}]}\r',
        )
    ),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file for all examples."""
    return tmp_path_factory.mktemp("sets") / "gold.jsonl"


def _facts(loaded: Loaded) -> tuple[object, ...]:
    texts = [(text.path, text.line, text.document, text.set, text.aside, text.unsaid) for text in loaded.texts]
    more = loaded.records, loaded.out_of_scope, loaded.ids, loaded.refused, loaded.labels
    return texts, sorted(map(repr, loaded.findings)), loaded.reason, *more


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(LINES, min_size=1, max_size=8).filter(any),
    end=st.sampled_from(("", "\n", "\n\n")),
    size=st.sampled_from((1, 99)),
)
def test_what_is_plain_is_read_as_each_record_is(path: Path, lines: list[str], end: str, size: int) -> None:
    path.write_text("\n".join(lines) + end, "utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "CHUNK", size)
        by_parts = _facts(load_file(path, "gold.jsonl", Config(format="gold")))
        patch.setattr(plain, "CHUNK", 1 << 20)
        patch.setattr(read, "plain_records", lambda part: None)
        assert _facts(load_file(path, "gold.jsonl", Config(format="gold"))) == by_parts


def test_a_surface_is_in_memory_once(path: Path) -> None:
    record = {"text": "太原的太原", "entities": [{"start": s, "end": s + 2, "type": "A"} for s in (0, 3)]}
    path.write_text("".join(json.dumps({"id": id_, **record}) + "\n" for id_ in "ab"), "utf-8")
    loaded = load_file(path, "gold.jsonl", Config())
    assert all(text.plain for text in loaded.texts)
    assert len({id(entity.text) for text in loaded.texts for entity in text.document.entities}) == 1
