"""A call of every public name, for tests in this process and in fresh ones: ``python public_names.py``.

Each line of the standard input is ``forward`` or ``backward``, the order of the calls, and the modules to import first.
It is done in a process of its own, forked from one with packages of others and no more of this one than is imported
here. What goes wrong is printed as a list for each line, in JSON.
"""

import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import tyez_bench

TEXT = "太原市和太钢"
LINE = '{"id":"a","text":"太原市和太钢","entities":[{"start":0,"end":3,"type":"PLACE"}]}\n'
TYPES = {"PLACE", "ORG", "MONEY", "DATE"}


def _own(line: str = LINE) -> tyez_bench.Gold:
    with TemporaryDirectory() as folder:
        path = Path(folder, "own.jsonl")
        path.write_text(line, "utf-8")
        return tyez_bench.load(path)


def _read() -> bool:
    with TemporaryDirectory() as folder:
        path = Path(folder, "p.jsonl")
        path.write_text('{"id":"a","entities":[{"start":4,"end":6,"type":"ORG"}]}\n', "utf-8")
        return [e.type for e in tyez_bench.read_predictions(path, _own())["a"].entities] == ["ORG"]


def _checked() -> bool:
    with TemporaryDirectory() as folder:
        path = Path(folder, "own.jsonl")
        path.write_text(LINE.replace('"end":3', '"end":9'), "utf-8")
        return tyez_bench.check(path).errors > 0


def _raised(error: type[tyez_bench.TyezBenchError], call: Callable[[], object]) -> bool:
    try:
        call()
    except tyez_bench.TyezBenchError as raised:
        return isinstance(raised, error)
    return False


def _span() -> tyez_bench.PredictedEntity:
    return tyez_bench.PredictedEntity(start=0, end=3, type="PLACE")


def _document() -> tyez_bench.Document:
    entity = tyez_bench.Entity(id="a:0-3", start=0, end=3, text="太原市", type="PLACE")
    return tyez_bench.Document(id="a", text=TEXT, entities=(entity,))


def _evaluated() -> float | None:
    return tyez_bench.evaluate(lambda text: [(text.index("太原市"), 3, "PLACE")], _own()).f1


def _versions() -> tyez_bench.Differences:
    return tyez_bench.differences(_own(), _own(LINE.replace("PLACE", "ORG")))


def _predictions() -> dict[str, tyez_bench.Prediction]:
    return {"a": tyez_bench.Prediction(id="a", entities=(_span(),))}


def _limited(size: int) -> bool:
    with tyez_bench.reading_at_most(size):
        return not _raised(tyez_bench.InputError, _own)


def _report(system: str = "mine", predictions: dict[str, tyez_bench.Prediction] | None = None) -> tyez_bench.Report:
    return tyez_bench.score(_own(), predictions or {}, system=system)


def _from_files(score: Callable[[Path, Path], tyez_bench.Report]) -> bool:
    with TemporaryDirectory() as folder:
        gold, mine = Path(folder, "own.jsonl"), Path(folder, "mine.jsonl")
        gold.write_text(LINE, "utf-8")
        mine.write_text(LINE.replace("PLACE", "ORG"), "utf-8")
        report = score(gold, mine)
        return (report.system, report["strict"].fp, report["exact"].tp) == ("mine", 1, 1)


def _two() -> list[tyez_bench.Report]:
    return [_report(), _report("b", _predictions())]


def _diagnosis() -> tyez_bench.Diagnosis:
    return tyez_bench.diagnose(_report(), _own(), {})


def _parts() -> list[tuple[str, int]]:
    report = _report("mine", _predictions())
    return [(part.value, part.support) for part in tyez_bench.slices(report, _own(), _predictions(), ["type"])]


def _structure() -> tyez_bench.Structure:
    settings = tyez_bench.Settings(layer="all")
    report = tyez_bench.score(_own(), {}, settings=settings)
    return tyez_bench.structure(report, _own(), {})


# By name: whether a call gives what it should.
CALLS: dict[str, Callable[[], bool]] = {
    "Agreement": lambda: isinstance(tyez_bench.agreement(_own(), _own()), tyez_bench.Agreement),
    "AnnotationError": lambda: str(tyez_bench.AnnotationError("bad", path="f", line=2)) == "f:2: bad",
    "Answers": lambda: tyez_bench.Answers(4, 1, {}).rate == 0.75,
    "Comparison": lambda: isinstance(tyez_bench.compare(_two())[0], tyez_bench.Comparison),
    "Counts": lambda: tyez_bench.score(_own(), {}).counts() == tyez_bench.Counts(gold=1),
    "Depth": lambda: isinstance(_structure().depths[1], tyez_bench.Depth),
    "DiagnosedError": lambda: isinstance(_diagnosis().errors[0], tyez_bench.DiagnosedError),
    "Diagnosis": lambda: isinstance(_diagnosis(), tyez_bench.Diagnosis),
    "Difference": lambda: isinstance(_versions().entities[0], tyez_bench.Difference),
    "Differences": lambda: isinstance(_versions(), tyez_bench.Differences),
    "Document": lambda: [e.text for e in _document().outermost()] == ["太原市"],
    "Edges": lambda: isinstance(_structure().edges["strict"], tyez_bench.Edges),
    "AlignedRecords": lambda: not tyez_bench.AlignedRecords() and bool(tyez_bench.AlignedRecords(1, 2, 1)),
    "EditedDocument": lambda: tyez_bench.EditedDocument("a", ("title",)).changed == ("title",),
    "Entity": lambda: tyez_bench.Entity(id="e", start=0, end=1, text="太", type="ORG").required,
    "ErrorKind": lambda: _diagnosis().kinds["missed"] == tyez_bench.ErrorKind(1, 1, 0, 1),
    "Gold": lambda: tyez_bench.Gold("g", None, "", (_document(),))["a"].text == TEXT,
    "InputError": lambda: _raised(tyez_bench.InputError, lambda: tyez_bench.load("/nonexistent")),
    "Interval": lambda: tyez_bench.Interval(0.25, 0.5).high == 0.5,
    "Kind": lambda: tyez_bench.Kind("place") is tyez_bench.Kind.PLACE,
    "Label": lambda: tyez_bench.Label("LOC", tyez_bench.Kind.PLACE).name == "LOC",
    "LabelSet": lambda: tyez_bench.LabelSet("own", (tyez_bench.Label("LOC"),)).names == ("LOC",),
    "MissingExtraError": lambda: "krippendorff" in str(tyez_bench.MissingExtraError("krippendorff", "agree")),
    "Money": lambda: tyez_bench.Money(amount="3", currency="CNY").amount == "3",
    "MucCounts": lambda: _report().outcome() == tyez_bench.MucCounts(0, 0, 0, 1, 0),
    "Options": lambda: tyez_bench.Options(column=2).told() == {"column": "2"},
    "Power": lambda: isinstance(tyez_bench.power(_two())[0], tyez_bench.Power),
    "PredictedEntity": lambda: _span().end == 3,
    "Prediction": lambda: tyez_bench.Prediction(id="a", entities=(_span(),)).entities[0].start == 0,
    "Report": lambda: isinstance(tyez_bench.score(_own(), {}), tyez_bench.Report),
    "Role": lambda: tyez_bench.Role("actor") == "actor",
    "Score": lambda: isinstance(_report()["strict"], tyez_bench.Score),
    "Settings": lambda: tyez_bench.Settings(layer="all").layer == "all",
    "Share": lambda: tyez_bench.agreement(_own(), _own()).attributes["role"] == tyez_bench.Share(0, 0),
    "Slice": lambda: isinstance(tyez_bench.slices(_report(), _own(), {}, ["type"])[0], tyez_bench.Slice),
    "Status": lambda: tyez_bench.Status("optional") == "optional",
    "Structure": lambda: isinstance(_structure(), tyez_bench.Structure),
    "Timex": lambda: tyez_bench.Timex(type=tyez_bench.model.values.TimexType.DATE, value="2022").value == "2022",
    "TypedSpan": lambda: _diagnosis().errors[0].gold == (tyez_bench.TypedSpan(0, 3, "PLACE"),),
    "TyezBenchError": lambda: str(tyez_bench.TyezBenchError("a\nb")) == "a\\nb",
    "UsageError": lambda: _raised(tyez_bench.UsageError, lambda: tyez_bench.export(_own(), "none")),
    "__version__": lambda: tyez_bench.__version__.count(".") == 2,
    "agreement": lambda: tyez_bench.agreement(_own(), _own()).exact["all"]["PLACE"].gold == 1,
    "check": _checked,
    "compare": lambda: tyez_bench.compare(_two())[0].difference == 1,
    "diagnose": lambda: [error.kind for error in _diagnosis().errors] == ["missed"],
    "diff": lambda: not tyez_bench.diff(_own(), _own()),
    "differences": lambda: [one.kind for one in _versions().entities] == ["relabelled"],
    "evaluate": lambda: _evaluated() == 1,
    "export": lambda: tyez_bench.export(_own(), "inline").spans == 1,
    "lm_eval_path": lambda: Path(tyez_bench.lm_eval_path(), "tyez_ner.yaml").is_file(),
    "load": lambda: len(tyez_bench.load()) > 1,
    "load_dataset": lambda: len(tyez_bench.load_dataset("documents", split="test")) == len(tyez_bench.load()),
    "metric_path": lambda: Path(tyez_bench.metric_path()).is_file(),
    "power": lambda: tyez_bench.power([_report(), _report("b")])[0].differing == 0,
    "read_predictions": _read,
    "reading_at_most": lambda: _limited(2 << 20) and not _limited(10),
    "score": lambda: tyez_bench.score(_own(), {}).counts().gold == 1,
    "structure": lambda: _structure().depths[1].counts.gold == 1,
    "structure_spans": lambda: tyez_bench.structure_spans([[(0, 9, "A")]], [[]]).depths[1].counts.gold == 1,
    "score_files": lambda: _from_files(tyez_bench.score_files),
    "score_shards": lambda: _from_files(tyez_bench.score_shards),
    "score_stream": lambda: _from_files(tyez_bench.score_stream),
    "slices": lambda: _parts() == [("PLACE", 1)],
    "score_spans": lambda: tyez_bench.score_spans([[(0, 2, "PER")]], [[(0, 2, "PER")]]).f1 == 1,
    "to_dataset": lambda: tyez_bench.to_dataset(_own(), "documents")["id"] == ["a"],
    "to_pandas": lambda: list(tyez_bench.to_pandas(_own())["text"]) == ["太原市"],
    "to_spacy": lambda: [e.text for e in tyez_bench.to_spacy(_own())[0].ents] == ["太原市"],
}


def wrong(names: list[str], calls: dict[str, Callable[[], bool]] = CALLS) -> list[str]:
    """The names, of these, whose call fails or gives something else."""
    found = []
    for name in names:
        try:
            right = calls[name]()
        except Exception as error:
            found.append(f"{name}: {type(error).__name__}: {error}")
        else:
            found += [] if right else [name]
    return found


def _after(order: str, modules: list[str]) -> list[str]:
    """What goes wrong when every name is called twice after these modules were imported."""
    for module in modules:
        import_module(module)
    once = sorted(CALLS, reverse=order == "backward")
    return wrong([*once, *once])


def _apart(order: str, *modules: str) -> object:
    """The same, in a process that ends with it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            told = _after(order, list(modules))
        except BaseException as error:
            told = [repr(error)]
        with open(writing, "w", encoding="utf-8") as pipe:
            json.dump(told, pipe)
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        line = pipe.read()
    ended = os.waitpid(child, 0)[1]
    return [f"ended with {ended}"] if ended else json.loads(line)


# What takes longest to load of what the calls need.
HEAVY = ("datasets", "pandas", "spacy")

if __name__ == "__main__":
    before = {name for name in sys.modules if name.startswith("tyez_bench")}
    for package in HEAVY:
        import_module(package)
    assert before == {name for name in sys.modules if name.startswith("tyez_bench")}
    print(json.dumps([_apart(*line.split()) for line in sys.stdin]))
