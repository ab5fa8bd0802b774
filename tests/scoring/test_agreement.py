"""Agreement: symmetric, right by hand, and equal to scikit-learn's kappa."""

import random
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score

import tyez_bench
from tyez_bench.scoring.agreement import Share, agreement, kappa
from tyez_bench.scoring.schemes import f1

PASSES = Path(__file__).parent.parent.parent / "data" / "passes"


def one(tmp_path: Path, name: str, entities: str, text: str = "甲市乙局丙县") -> tyez_bench.Gold:
    """A pass of one document."""
    path = tmp_path / f"{name}.jsonl"
    path.write_text(f'{{"id":"d","text":"{text}","entities":[{entities}]}}\n', "utf-8")
    return tyez_bench.load(path)


def test_by_hand(tmp_path: Path) -> None:
    a = one(
        tmp_path,
        "a",
        '{"start":0,"end":4,"type":"ORG"},{"start":0,"end":2,"type":"PLACE","role":"location"},'
        '{"start":4,"end":6,"type":"PLACE","role":"actor"}',
    )
    b = one(
        tmp_path,
        "b",
        '{"start":0,"end":2,"type":"PLACE","status":"optional","role":"location"},{"start":4,"end":6,"type":"ORG"}',
    )
    found = agreement(a, b)
    assert f1(found.exact["all"]["micro"]) == pytest.approx(2 * 1 / 5)
    assert f1(found.boundary["all"]["micro"]) == pytest.approx(2 * 2 / 5)
    assert f1(found.exact["outermost"]["micro"]) == 0
    assert f1(found.boundary["outermost"]["micro"]) == pytest.approx(2 * 1 / 4)
    # The place and the authority around it share characters, but no type: one pair of three and two overlaps in type.
    assert f1(found.overlap["all"]["micro"]) == pytest.approx(2 * 1 / 5)
    assert found.attributes["status"] == Share(0, 1)
    assert found.attributes["role"] == Share(1, 1)
    assert found.attributes["value"].value is None
    assert found.kappa == pytest.approx(
        cohen_kappa_score(["ORG", "ORG", "ORG", "ORG", "PLACE", "PLACE"], ["PLACE", "PLACE", "O", "O", "ORG", "ORG"])
    )


def test_it_is_symmetric_on_the_released_passes() -> None:
    a, b = tyez_bench.load(PASSES / "A.jsonl"), tyez_bench.load(PASSES / "B.jsonl")
    there, back = agreement(a, b).to_dict(), agreement(b, a).to_dict()
    assert {**there, "a": 0, "b": 0} == {**back, "a": 0, "b": 0}
    same = agreement(a, a).to_dict()
    assert set(same["exact_f1"]["all"].values()) == {1.0}
    assert same["kappa_characters"] == 1


def test_an_overlap_is_one_to_one_and_of_one_type(tmp_path: Path) -> None:
    a = one(tmp_path, "a", '{"start":0,"end":2,"type":"PLACE"},{"start":2,"end":4,"type":"ORG"}')
    b = one(tmp_path, "b", '{"start":1,"end":4,"type":"ORG"},{"start":0,"end":1,"type":"PLACE"}')
    found = agreement(a, b)
    assert f1(found.exact["all"]["micro"]) == 0
    assert found.to_dict()["overlap_f1"]["all"] == {"PLACE": 1.0, "ORG": 1.0, "micro": 1.0}
    # One span over both is right once.
    both = one(tmp_path, "c", '{"start":0,"end":4,"type":"ORG"}')
    assert f1(agreement(a, both).overlap["all"]["micro"]) == pytest.approx(2 / 3)


def test_kappa_equals_scikit_learn() -> None:
    rng = random.Random(7)
    for _ in range(20):
        one_side = [rng.choice("ABCO") for _ in range(60)]
        other = [label if rng.random() < 0.7 else rng.choice("ABCO") for label in one_side]
        assert kappa(one_side, other) == pytest.approx(cohen_kappa_score(one_side, other), abs=1e-12)


def test_kappa_is_undefined_when_there_is_nothing_to_agree_on() -> None:
    assert kappa([], []) is None
    assert kappa(["O", "O"], ["O", "O"]) is None


def test_passes_over_other_texts_are_refused(tmp_path: Path) -> None:
    a = one(tmp_path, "a", "")
    with pytest.raises(tyez_bench.InputError, match="b: the text of 'd' differs from that of a"):
        agreement(a, one(tmp_path, "b", "", text="甲"))
    other = tmp_path / "c.jsonl"
    other.write_text('{"id":"e","text":"甲"}\n', "utf-8")
    with pytest.raises(tyez_bench.InputError, match="a and c have no document in common"):
        agreement(a, tyez_bench.load(other))
