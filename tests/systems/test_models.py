"""Other libraries inside a system."""

import logging
import sys
import warnings

import pytest

from tyez_bench.systems.models import quiet, unwarned


def test_other_libraries_are_quiet_inside_only(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("tyez_test")
    with quiet():
        print("out")
        print("bar", file=sys.stderr)
        log.error("inside")
        warnings.warn("inside", stacklevel=1)
    with unwarned():
        print("bar of the command", file=sys.stderr)
        log.error("inside")
        warnings.warn("inside", stacklevel=1)
    log.error("outside")
    assert capsys.readouterr() == ("", "bar of the command\n")
    assert caplog.messages == ["outside"]
    with pytest.warns(UserWarning, match="outside"):
        warnings.warn("outside", stacklevel=1)
