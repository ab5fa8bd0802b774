"""Every public name has a docstring whose example runs, offline, in an empty folder."""

import doctest
import inspect
import re
from pathlib import Path

import pytest

import tyez_bench

NAMES = [name for name in tyez_bench.__all__ if name != "__version__"]
FUNCTIONS = [name for name in NAMES if inspect.isfunction(getattr(tyez_bench, name))]


def docstring(name: str) -> str:
    """What help() says of it."""
    return inspect.cleandoc(getattr(tyez_bench, name).__doc__ or "")


def section(text: str, title: str) -> str:
    """What stands under a title, less the indentation; nothing without the title."""
    found = re.search(rf"^{title}:\n((?:    .*\n?|\n)*)", text, re.MULTILINE)
    return "" if found is None else inspect.cleandoc(found[1])


@pytest.mark.parametrize("name", NAMES)
def test_the_example_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Nothing is there beforehand: what is copied runs.
    example = doctest.DocTestParser().get_doctest(docstring(name), {}, name, name, 0)
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert "".join(said) == ""
    # An example that shows nothing would run whatever is done.
    assert any(one.want for one in example.examples)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_is_described(name: str) -> None:
    text = docstring(name)
    signature = inspect.signature(getattr(tyez_bench, name))
    described = re.findall(r"^\*{0,2}(\w+): .", section(text, "Args"), re.MULTILINE)
    assert described == list(signature.parameters)
    assert section(text, "Returns")


# What nothing can go wrong in.
SAFE = {"diff", "differences", "lm_eval_path", "metric_path", "reading_at_most"}


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - SAFE))
def test_errors_are_named(name: str) -> None:
    errors = re.findall(r"^(\w+): .", section(docstring(name), "Raises"), re.MULTILINE)
    assert errors
    assert all(issubclass(getattr(tyez_bench, error), tyez_bench.TyezBenchError) for error in errors)


def fields(name: str) -> tuple[str, ...]:
    """The fields of a public struct or data class."""
    type_ = getattr(tyez_bench, name)
    return getattr(type_, "__struct_fields__", tuple(getattr(type_, "__dataclass_fields__", ())))


# Their fields are described one by one, which the schemas have as well.
DESCRIBED_IN_SCHEMAS = {"Document", "Entity", "Money", "PredictedEntity", "Prediction", "Timex"}


@pytest.mark.parametrize(
    "name", [n for n in NAMES if n not in FUNCTIONS and fields(n) and n not in DESCRIBED_IN_SCHEMAS]
)
def test_every_field_is_described(name: str) -> None:
    described = re.findall(r"^([\w, ]+): .", section(docstring(name), "Attributes"), re.MULTILINE)
    assert [one for line in described for one in line.split(", ")] == list(fields(name))
