"""The tutorial runs, offline, and gives what is stored in it."""

import nbformat
import tutorial


def test_it_gives_what_is_stored() -> None:
    stored = tutorial.read()
    assert tutorial.outputs(tutorial.run(stored)) == tutorial.outputs(stored)


def test_every_step_is_there() -> None:
    code = "\n".join(cell.source for cell in tutorial.read().cells if cell.cell_type == "code")
    for name in ("load", "score", "score_files", "compare", "power", "diagnose", "check"):
        assert f"tyez_bench.{name}(" in code, name


def test_another_output_is_seen() -> None:
    stored = tutorial.read()
    other = nbformat.from_dict(stored)
    cell = next(cell for cell in other.cells if cell.cell_type == "code" and "score_files(" in cell.source)
    cell.outputs[0]["data"]["text/plain"] += " "
    assert tutorial.outputs(other) != tutorial.outputs(tutorial.read())
