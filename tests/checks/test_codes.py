"""What codes of areas say of one another, and which codes a name has."""

import json
from pathlib import Path

import pytest

from checks_run import check_text


def message(folder: Path, surface: str, code: str) -> str:
    """What is said of a place with a code."""
    entity = {"start": 1, "end": 1 + len(surface), "text": surface, "type": "PLACE", "code": code}
    line = json.dumps({"id": "a", "text": f"在{surface}", "entities": [entity]}, ensure_ascii=False)
    (finding,) = check_text(folder, line, select=["P301"]).findings
    return finding.message


@pytest.mark.parametrize(
    ("surface", "code", "expected"),
    [
        ("北京市朝阳区", "220104", "110105"),
        ("晋", "110000", "140000"),
        ("太原市", "110000", "140100"),
        ("太原新城", "140100", "none"),
    ],
)
def test_the_codes_of_a_name_are_named(tmp_path: Path, surface: str, code: str, expected: str) -> None:
    assert message(tmp_path, surface, code).endswith(f"codes of {surface!r}: {expected}")
