"""A pytest fixture for projects that keep a gold set: their own tests say that it is clean.

``def test_gold(tyez_check): tyez_check("gold.jsonl")``. Found by pytest where the package is installed.
"""

from collections.abc import Callable, Iterable
from os import PathLike
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tyez_bench.checks.engine import CheckResult
    from tyez_bench.io.record import Options

Check = Callable[..., "CheckResult"]


@pytest.fixture
def tyez_check(request: pytest.FixtureRequest) -> Check:
    """Check gold sets; the test fails with the findings, one a line.

    The fixture is a function of the paths, relative to pytest's root (none: what the project's configuration names),
    and of ``level``, ``select``, ``ignore``, ``base``, ``warnings_ok`` and ``config`` as on the command line, and of
    ``format``, ``labels`` (a label map), ``label_set``, ``ignore_labels`` and ``options`` as for ``tyez_bench.check``.
    It returns what was found. The test fails, too, where there is nothing to check or a file can't be read.
    """
    root = request.config.rootpath

    def check(
        *paths: str | PathLike[str],
        level: int = 6,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        base: str | None = None,
        warnings_ok: bool = False,
        config: str | PathLike[str] | None = None,
        format: str | None = None,
        labels: str | None = None,
        label_set: str | None = None,
        ignore_labels: Iterable[str] = (),
        options: "Options | None" = None,
    ) -> "CheckResult":
        # Imported here: the plugin is loaded in every run of pytest, whether it is used or not.
        from tyez_bench.checks.project import check_project, open_project, reading_of
        from tyez_bench.checks.rule import Level
        from tyez_bench.model.errors import TyezBenchError
        from tyez_bench.model.hints import Arguments, asked_by
        from tyez_bench.report.tables.findings import concise

        try:
            with asked_by(Arguments.of(check)):
                project = open_project(
                    [root / path for path in paths],
                    root=root,
                    config=None if config is None else root / config,
                    base=base,
                    reading=reading_of(ignore_labels, options, format=format, labels=labels, label_set=label_set),
                )
                outcome = check_project(project, level=Level(level), select=list(select), ignore=list(ignore))
        except TyezBenchError as error:
            pytest.fail(str(error), pytrace=False)
        if outcome.errors or (outcome.warnings and not warnings_ok):
            pytest.fail(concise(outcome), pytrace=False)
        return outcome

    return check
