"""A call of every name that the packages inside have for others."""

from collections.abc import Callable
from pathlib import Path

from tyez_bench import cli, integrations, load, systems
from tyez_bench.stress import transformations
from tyez_bench.systems.system import RunOptions

# By package and name: whether a call gives what it should.
PACKAGES: dict[str, dict[str, Callable[[], bool]]] = {
    "tyez_bench.cli": {
        "COMMANDS": lambda: "score" in cli.COMMANDS,
        "main": lambda: cli.main(["--version"]) == 0,
        "parsers": lambda: "--gold" in cli.parsers("score")[1]["score"].format_help(),
        "size": lambda: cli.size("4K") == 4096,
    },
    "tyez_bench.integrations": {
        "lm_eval_path": lambda: Path(integrations.lm_eval_path()).is_dir(),
        "metric_path": lambda: Path(integrations.metric_path()).is_file(),
    },
    "tyez_bench.stress.transformations": {
        "TRANSFORMATIONS": lambda: "numerals" in transformations.TRANSFORMATIONS,
        "Transformation": lambda: all(
            isinstance(one, transformations.Transformation) for one in transformations.TRANSFORMATIONS.values()
        ),
    },
    "tyez_bench.systems": {
        "DEFAULT": lambda: set(systems.DEFAULT) <= systems.SYSTEMS.keys(),
        "Family": lambda: systems.Family("m", "what").takes == (),
        "Request": lambda: systems.Request("rules", (("rules", ""),)).labels == "values",
        "SYSTEMS": lambda: all(isinstance(one, systems.Family) for one in systems.SYSTEMS.values()),
        "TRAINED": lambda: systems.SYSTEMS["perceptron"].extra == systems.TRAINED,
        "load_system": lambda: systems.load_system(systems.request("rules"), load(), RunOptions()).name == "rules",
        "request": lambda: systems.request("rules+jieba").parts == (("rules", ""), ("jieba", "")),
        "usage": lambda: systems.usage("llm") == "llm:MODEL",
        "versions": lambda: systems.versions(systems.request("rules")) == {},
    },
}
