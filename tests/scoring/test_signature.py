"""The signature: parsed back, compared, refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

import tyez_bench
from tyez_bench.scoring.settings import Settings, Signature, check_repeats, differing, parse_signature, settings_of

FIELDS = list(Signature.__struct_fields__)


@given(st.fixed_dictionaries({name: st.text(min_size=1) for name in FIELDS}))
def test_it_parses_back_whatever_it_holds(fields: dict[str, str]) -> None:
    made = Signature(**fields)
    line = str(made)
    assert "\n" not in line
    assert " " not in line
    assert parse_signature(line) == made


def test_a_report_has_one_with_everything_in_it(gold: tyez_bench.Gold) -> None:
    settings = Settings(layer="all", optional="drop", unit="document", draws=50, seed=7, types=("ORG",))
    made = tyez_bench.score(gold, {}, settings=settings).signature
    assert str(made).startswith(
        f"gold:tyez@{gold.version}#{gold.fingerprint[:12]}|layer:all|scheme:strict|optional:drop|"
    )
    assert str(made).endswith(f"|bootstrap:document/50/7|version:{tyez_bench.__version__}")
    assert made.types == "ORG"
    again = settings_of(parse_signature(str(made)), gold.labels)
    assert (again.layer, again.optional, again.unit, again.draws, again.seed) == ("all", "drop", "document", 50, 7)


def test_the_share_that_makes_an_overlap_is_written_and_read(gold: tyez_bench.Gold) -> None:
    plain = tyez_bench.score(gold, {}).signature
    assert "min-overlap" not in str(plain)
    assert settings_of(parse_signature(str(plain)), gold.labels).min_overlap == 0
    for share, said in ((0.29, "0.29"), (1, "1.0")):
        line = str(tyez_bench.score(gold, {}, settings=Settings(min_overlap=share)).signature)
        assert f"|matching:position|min-overlap:{said}|types:" in line
        assert settings_of(parse_signature(line), gold.labels).min_overlap == share
    for said in ("half", "50", "nan", "-1"):
        with pytest.raises(tyez_bench.UsageError, match="share"):
            settings_of(structs.replace(plain, min_overlap=said), gold.labels)


def test_differences_are_named(gold: tyez_bench.Gold) -> None:
    one = tyez_bench.score(gold, {}).signature
    other = tyez_bench.score(gold, {}, settings=Settings(layer="nested", seed=1)).signature
    assert differing(one, one) == []
    check_repeats(one, one)
    with pytest.raises(tyez_bench.UsageError) as refused:
        check_repeats(one, other)
    assert "layer: outermost there, nested here" in str(refused.value)
    assert "bootstrap: sentence/1000/20220809 there, sentence/1000/1 here" in str(refused.value)


def test_the_fingerprint_decides_which_gold_it_is(gold: tyez_bench.Gold) -> None:
    made = tyez_bench.score(gold, {}).signature
    fingerprint = gold.fingerprint[:12]
    for name in ("tyez@1.5.0", "tyez", "own", "a#b@2"):
        check_repeats(structs.replace(made, gold=f"{name}#{fingerprint}"), made)
    other = structs.replace(made, gold=f"tyez@{gold.version}#000000000000")
    with pytest.raises(tyez_bench.UsageError, match=f"gold: tyez@{gold.version}#000000000000 there"):
        check_repeats(other, made)
    # The version of the package is another matter, and so is gold without a fingerprint.
    with pytest.raises(tyez_bench.UsageError, match=r"version: 1\.5\.0 there"):
        check_repeats(structs.replace(made, version="1.5.0"), made)
    with pytest.raises(tyez_bench.UsageError, match="gold: a# there, b# here"):
        check_repeats(structs.replace(made, gold="a#"), structs.replace(made, gold="b#"))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "'' is not one of the fields"),
        ("layer:all", "it lacks gold, scheme, optional, matching, types, bootstrap, version"),
        ("layer:all|layer:all", "'layer' occurs twice"),
        ("nrefs:1|bs:1000", "'nrefs:1' is not one of the fields"),
    ],
)
def test_what_is_no_signature_is_refused(line: str, reason: str) -> None:
    with pytest.raises(tyez_bench.UsageError, match="not a signature") as refused:
        parse_signature(line)
    assert reason in str(refused.value)


@pytest.mark.parametrize("field", ["layer", "optional", "matching", "bootstrap"])
def test_settings_that_do_not_exist_are_refused(gold: tyez_bench.Gold, field: str) -> None:
    with pytest.raises(tyez_bench.UsageError):
        settings_of(structs.replace(tyez_bench.score(gold, {}).signature, **{field: "x/y/z"}), gold.labels)
