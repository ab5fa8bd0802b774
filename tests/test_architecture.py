"""The rules of the house: imports go one way, the core stays light, and the public names are listed."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import tyez_bench

PACKAGE = Path(tyez_bench.__file__).parent

# From the top down: a module may import from its own layer and from the layers behind it.
LAYERS = (
    ("cli", "__main__"),
    ("integrations",),
    ("engines",),
    ("report",),
    ("leaderboard",),
    ("stress",),
    ("checks",),
    ("dataset",),
    ("systems",),
    ("scoring",),
    ("io",),
    ("zh",),
    ("gold",),
    ("files",),
    ("model",),
)


def layer_of(module: str) -> int:
    """The number of a module's layer, from the top."""
    part = module.split(".")[1]
    return next(number for number, names in enumerate(LAYERS) if part in names)


def test_no_import_goes_up() -> None:
    upward = []
    for path in PACKAGE.rglob("*.py"):
        module = ".".join(["tyez_bench", *path.relative_to(PACKAGE).with_suffix("").parts])
        if module == "tyez_bench.__init__":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{module}: a relative import"
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                inside = name.startswith("tyez_bench.") and name != "tyez_bench.__version__"
                if inside and layer_of(name) < layer_of(module):
                    upward.append(f"{module} imports {name}")
    assert upward == []


def test_public_names_are_listed_in_order_and_exist() -> None:
    assert sorted(tyez_bench.__all__) == tyez_bench.__all__
    for name in tyez_bench.__all__:
        assert hasattr(tyez_bench, name)


def test_loading_and_scoring_import_nothing_heavy() -> None:
    heavy = {"datasets", "pandas", "spacy", "sklearn", "rich", "jieba", "thulac", "jionlp", "onnxruntime"}
    heavy |= {"pyarrow", "concurrent.futures"}
    code = (
        "import sys, tyez_bench; repr(tyez_bench.score_files(None, sys.argv[1])); import tyez_bench.cli; "
        f"print({heavy} & sys.modules.keys())"
    )
    predictions = Path(__file__).parent.parent / "data" / "predictions" / "jionlp.jsonl"
    command = [sys.executable, "-c", code, str(predictions)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_command_score_imports_nothing_that_it_does_not_use() -> None:
    unused = {"html", "tyez_bench.checks", "tyez_bench.report.html"}
    code = (
        "import sys\nfrom tyez_bench.cli import main\nmain(['score', sys.argv[1]])\n"
        f"print({unused} & sys.modules.keys(), file=sys.stderr)"
    )
    predictions = Path(__file__).parent.parent / "data" / "predictions" / "jionlp.jsonl"
    command = [sys.executable, "-c", code, str(predictions)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "set()"


@pytest.mark.parametrize("words", [["--help"], ["scroe"]])
def test_the_help_imports_neither_the_library_nor_numpy(words: list[str]) -> None:
    code = (
        "import sys\nfrom tyez_bench.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sorted(n for n in sys.modules if n.startswith(('tyez_bench.', 'numpy', 'msgspec'))), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    cli = ["tyez_bench.cli", *(f"tyez_bench.cli.{name}" for name in ("commands", "output", "parser"))]
    model = ["tyez_bench.model", "tyez_bench.model.errors", "tyez_bench.model.hints"]
    assert done.stderr.splitlines()[-1].split() == [*cli, *model]


def test_versions_are_one() -> None:
    import tomllib

    root = Path(__file__).parent.parent
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == tyez_bench.__version__
    citation = (root / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {tyez_bench.__version__}\n" in citation
    # The version of the format, which is not ours.
    assert citation.startswith("cff-version: 1.2.0\n")
    assert f"## {tyez_bench.__version__}" in (root / "CHANGELOG.md").read_text("utf-8")


def test_every_folder_with_modules_is_a_package_that_git_knows() -> None:
    """A pattern of .gitignore such as build/ would take a package out of the wheel, too."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []
    root = Path(__file__).parent.parent
    inits = [str(folder / "__init__.py") for folder in sorted(folders)]
    done = subprocess.run(["git", "check-ignore", "--no-index", *inits], cwd=root, capture_output=True, text=True)
    assert done.stdout == ""


def imported(path: Path) -> set[str]:
    """The modules that a module names in its imports, wherever they stand in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_no_modules_import_one_another() -> None:
    """Within a room, too, imports go one way: those for the types alone and those of a function among them."""
    paths = [path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    names = {".".join(["tyez_bench", *path.relative_to(PACKAGE).with_suffix("").parts]): path for path in paths}
    graph = {name: imported(path) & names.keys() - {name} for name, path in names.items()}
    circle: list[str] = []
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert circle == []
