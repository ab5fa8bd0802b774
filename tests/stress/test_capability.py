"""Files of templates: what they hold, and what is refused with its line."""

from pathlib import Path

import made
import pytest

from tyez_bench.cli import main
from tyez_bench.model.errors import InputError
from tyez_bench.stress.capability import CaseKind, filled, slots
from tyez_bench.stress.cases import cases, labelled
from tyez_bench.stress.validity import problems


def test_slots_are_named_and_numbered() -> None:
    template = made.small().templates[0]
    assert slots(template) == (("area", 1), ("amount", 1), ("area", 2))


def test_options_set_a_key_of_the_outermost_mark_or_take_the_marks_off() -> None:
    values = {("a", 1): "⟦ORG rule=O1|⟦PLACE|昆山⟧银行⟧"}
    assert filled("{a rule=O2}", values) == "⟦ORG rule=O2|⟦PLACE|昆山⟧银行⟧"
    assert filled("{a mod=APPROX}", values) == "⟦ORG rule=O1 mod=APPROX|⟦PLACE|昆山⟧银行⟧"
    assert filled("{a plain}", values) == "昆山银行"
    with pytest.raises(ValueError, match="does not take 'mod=APPROX'"):
        filled("{a mod=APPROX}", {("a", 1): "昆山"})


def test_kinds_and_sides() -> None:
    gets, about, *_ = made.small().templates
    assert (gets.kind, len(gets.sides)) == (CaseKind.MFT, 1)
    assert (about.kind, [reference for _, reference in about.sides]) == (CaseKind.DIRECTIONAL, ["2022-08-09"] * 2)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "about"', 'id = "gets"', "small.toml:20: template id 'gets' occurs twice"),
        ('id = "gets"', 'id = "Gets"', "small.toml:16: template 1: "),
        ('change = "约"\n', "", "small.toml:20: template 2: template 'about': expected before, after and change"),
        ('text = "{area}获', 'before = "{area}获', "small.toml:16: template 1: template 'gets': expected text"),
        ("{area}获", "{town}获", "small.toml:16: template 'gets': unknown fill 'town'"),
        ("{area}获", "{area#9}获", "small.toml:16: template 'gets': fill 'area' is too short"),
        ("{area}获", "{Area}获", "small.toml:16: template 'gets': a brace outside of slots"),
        ('kind = "invariance"', 'kind = "other"', "small.toml:34: template 4: Invalid enum value 'other'"),
        (
            "[fills.area]",
            '[fills.none]\nsource = "x"\nvalues = ["x"]\n[fills.area]',
            "no template uses the fill 'none'",
        ),
        ('"⟦PLACE|丰县⟧", "⟦PLACE|沛县⟧"', '"⟦PLACE|丰县⟧", "⟦PLACE|丰县⟧"', "fill 'area' has a value twice"),
        ('about = "For tests."', "", "missing required field `about`"),
        ('title = "Small"', 'title = "Small', "small.toml:1: not valid TOML"),
        ("[[template]]", "[[templates]]", "has no [[template]]"),
    ],
)
def test_what_is_refused(old: str, new: str, said: str) -> None:
    assert old in made.TEXT
    with pytest.raises(InputError) as caught:
        made.small(made.TEXT.replace(old, new))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("⟦PLACE|昆山", "⟦ without ⟧"),
        ("昆山⟧", "⟧ without ⟦"),
        ("⟦CITY|昆山⟧", "is not a mark"),
        ("⟦PLACE town=1|昆山⟧", "unknown key 'town'"),
        ("⟦MONEY amount=x currency=CNY|3元⟧", "not a decimal amount"),
        ("⟦PLACE|⟦PLACE|昆山⟧⟧", "occurs twice"),
    ],
)
def test_labels_that_don_t_parse(marked: str, said: str) -> None:
    with pytest.raises((InputError, ValueError)) as caught:
        labelled("a", marked, "2022-08-09")
    assert said in str(caught.value)


def test_labels_and_values_come_from_the_marks() -> None:
    (case,) = [case for case in cases(made.small(), 4, 1) if case.template == "about"]
    before, after = case.texts
    assert before.text[1:] == after.text[1:]
    (one,), (other,) = before.entities, after.entities
    assert (one.start, one.end, one.text) == (other.start, other.end, other.text)
    assert one.value != other.value
    assert str(getattr(other.value, "modifier", None)) == "APPROX"
    (office,) = [case for case in cases(made.small(), 4, 1) if case.template == "office"]
    outer, inner = office.texts[1].entities
    assert (outer.type, inner.type, inner.parent) == ("ORG", "PLACE", outer.id)


def test_check_says_what_is_wrong_and_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "small.toml"
    path.write_text(made.TEXT, "utf-8")
    assert main(["stress", "--check", str(path), "--show", "2"]) == 1
    shown = capsys.readouterr()
    assert "4 templates, expected 30 to 40" in shown.err
    assert "more than 5%" in shown.err
    assert "⟦MONEY|" in shown.out
    path.write_text(made.TEXT.replace("⟦PLACE|丰县⟧", "⟦ORG|丰县⟧"), "utf-8")
    assert main(["stress", "--check", str(path)]) == 1
    assert "ORG '丰县'" in capsys.readouterr().err
    assert main(["stress", "--check", str(tmp_path / "none.toml")]) == 2
    assert "none.toml: no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('after = "{amount}在{area}。"', 'after = "{amount}在{area#2}。"', "'order': the expected spans change"),
        ('"约{amount mod=APPROX}。"', '"约{amount}。"', "'about': the expected spans do not change"),
        (
            'before = "{area}今有{amount}。"\nafter = "{amount}在{area}。"',
            'before = "{area plain}"\nafter = "{area plain}。"',
            "'order': no span is required",
        ),
    ],
)
def test_a_pair_must_be_what_its_kind_says(old: str, new: str, said: str) -> None:
    assert old in made.TEXT
    capability = made.small(made.TEXT.replace(old, new))
    assert [line for line in problems(capability, cases(capability, 8, 1)) if said in line]
