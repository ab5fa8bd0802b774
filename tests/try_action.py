"""Run the steps of action.yml as a runner does, as far as that goes without one: shell, inputs, files for the results.

python tests/try_action.py [NAME=VALUE …]       inputs of the action, and github.base_ref and github.event_name as in a
                                                pull request; prints the summary and the outputs

Exits with the code of the step that failed. Expressions other than inputs.*, github.action_path, github.base_ref and
github.event_name are refused.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def main() -> int:
    """Run the steps."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    given = dict(word.split("=", 1) for word in sys.argv[1:])
    github = {name: given.pop(name, "") for name in ("github.base_ref", "github.event_name")}
    unknown = given.keys() - action["inputs"].keys()
    if unknown:
        print(f"unknown inputs: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    values = {f"inputs.{name}": given.get(name, facts["default"]) for name, facts in action["inputs"].items()}
    values |= {"github.action_path": str(ROOT), **github}

    def filled(text: str) -> str:
        return _EXPRESSION.sub(lambda found: values[found[1]], text)

    code = 0
    with tempfile.TemporaryDirectory() as folder:
        results = {name: Path(folder) / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
        for path in results.values():
            path.touch()
        for step in action["runs"]["steps"]:
            assert step["shell"] == "bash", step
            environment = {name: filled(text) for name, text in step.get("env", {}).items()}
            environment |= {name: str(path) for name, path in results.items()}
            environment["GITHUB_EVENT_NAME"] = github["github.event_name"]
            # How a runner calls bash.
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", filled(step["run"])]
            code = subprocess.run(command, env={**os.environ, **environment}, check=False).returncode
            if code:
                break
        for name, path in results.items():
            print(f"== {name}\n{path.read_text('utf-8')}", end="")
    return code


if __name__ == "__main__":
    sys.exit(main())
