"""Every public name is called twice: in any order, whatever part of the package was imported first."""

import ast
import json
import pkgutil
import random
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import public_names
import public_packages
import tyez_bench

PACKAGE = Path(tyez_bench.__file__).parent
# Run, and not import, the program; the task needs a harness that is not among the extras of these tests.
NOT_IMPORTED = ("tyez_bench.__main__", "tyez_bench.integrations.inspect_task")
MODULES = [
    module.name
    for module in pkgutil.walk_packages([str(PACKAGE)], "tyez_bench.")
    if module.name not in NOT_IMPORTED and ".data." not in module.name
]


def fresh(*lines: str) -> dict[str, list[str]]:
    """What goes wrong when every name is called twice, for each order with the modules that are imported before."""
    command = [sys.executable, "-W", "error::SyntaxWarning", public_names.__file__]
    given = "".join(f"{line}\n" for line in lines)
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return dict(zip(lines, json.loads(done.stdout), strict=True))


def test_every_public_name_has_a_call() -> None:
    assert sorted(public_names.CALLS) == sorted(tyez_bench.__all__)


def _classes(hint: Any, found: set[type]) -> set[type]:
    """The classes of this package in a type, and in the fields of those."""
    for part in get_args(hint):
        _classes(part, found)
    if isinstance(hint, type) and hint.__module__.startswith("tyez_bench.") and hint not in found:
        found.add(hint)
        # What a report is made of is its own matter.
        for field in () if hint is tyez_bench.Report else get_type_hints(hint).values():
            _classes(field, found)
    return found


OF_SCORES = sorted(
    name for name, module in tyez_bench._MODULES.items() if name.islower() and module.startswith("tyez_bench.scoring.")
)


@pytest.mark.parametrize("name", OF_SCORES)
def test_what_scores_and_comparisons_return_is_public(name: str) -> None:
    held = _classes(get_type_hints(getattr(tyez_bench, name))["return"], set())
    assert held
    # What a document or an entity holds, which some of these have as fields, is described with them.
    named = {one.__name__ for one in held if one.__module__.startswith("tyez_bench.scoring.")}
    assert named <= set(tyez_bench.__all__)


def packages() -> dict[str, Path]:
    """Every package inside, by its name."""
    found = sorted(PACKAGE.rglob("__init__.py"))
    return {".".join(["tyez_bench", *path.parent.relative_to(PACKAGE).parts]): path for path in found}


def test_every_package_says_what_is_for_others() -> None:
    """What it binds is in its list, but for what begins with an underscore and what it imports for itself alone."""
    listed = {}
    for name, path in packages().items():
        module, tree = import_module(name), ast.parse(path.read_text("utf-8"))
        own = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        for node in tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                own |= {target.id for target in targets if isinstance(target, ast.Name)}
        listed[name] = set(getattr(module, "__all__", ()))
        assert {one for one in own if not one.startswith("_")} <= listed[name], name
        assert all(hasattr(module, one) for one in listed[name]), name
    named = {"tyez_bench": sorted(public_names.CALLS)} | {
        package: sorted(calls) for package, calls in public_packages.PACKAGES.items()
    }
    assert {name: sorted(names) for name, names in listed.items() if names} == named


@pytest.mark.parametrize("package", sorted(public_packages.PACKAGES))
def test_every_name_of_a_package_is_called(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    calls = public_packages.PACKAGES[package]
    assert public_names.wrong(list(calls), calls) == []


def test_every_name_is_called_twice_in_any_order() -> None:
    for seed in range(3):
        names = sorted(tyez_bench.__all__ * 2)
        random.Random(seed).shuffle(names)
        assert public_names.wrong(names) == []


def test_after_every_module_was_imported() -> None:
    assert len(MODULES) > 200
    lines = [" ".join([order, *MODULES]) for order in ("forward", "backward")]
    assert fresh(*lines) == {line: [] for line in lines}


# Of functions: what a module of a class binds is the class.
OF_FUNCTIONS = sorted({module for name, module in tyez_bench._MODULES.items() if name.islower()})


def test_after_the_module_of_a_name_was_imported() -> None:
    assert fresh(*(f"forward {module}" for module in OF_FUNCTIONS)) == {f"forward {m}": [] for m in OF_FUNCTIONS}


def test_what_goes_wrong_in_a_fresh_process_is_told() -> None:
    (told,) = fresh("forward tyez_bench.nosuch").values()
    assert told == ["ModuleNotFoundError(\"No module named 'tyez_bench.nosuch'\")"]


def test_a_call_that_fails_is_told() -> None:
    """The test above can fail: a module in the place of a function, as an import of the same name puts it there."""
    code = (
        "import sys, types, tyez_bench, public_names; tyez_bench.differences = types.ModuleType('differences'); "
        "print(public_names.wrong(['differences', 'load']))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)
    assert "'module' object is not callable" in done.stdout
    assert "load" not in done.stdout.replace("differences", "")


def bound_elsewhere(tree: ast.Module, package: str) -> set[str]:
    """The names that an ``__init__`` binds to something else than its own modules."""
    found = set()
    statements = [*tree.body, *(inner for node in tree.body if isinstance(node, ast.If) for inner in node.body)]
    for node in statements:
        if isinstance(node, ast.ImportFrom) and node.module != package:
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def test_no_name_of_a_package_is_that_of_a_module_in_it() -> None:
    """Importing the module would put it in the name's place."""
    for init in PACKAGE.rglob("__init__.py"):
        package = ".".join(["tyez_bench", *init.parent.relative_to(PACKAGE).parts])
        modules = {module.name for module in pkgutil.iter_modules([str(init.parent)])}
        bound = bound_elsewhere(ast.parse(init.read_text("utf-8")), package)
        if package == "tyez_bench":
            bound |= set(tyez_bench.__all__)
        assert bound & modules == set(), package


@pytest.mark.parametrize("name", sorted(tyez_bench._MODULES))
def test_a_name_stays_what_it_is(name: str) -> None:
    first = getattr(tyez_bench, name)
    import_module(tyez_bench._MODULES[name])
    assert getattr(tyez_bench, name) is first
    assert callable(first)
