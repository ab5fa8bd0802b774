"""Colours of labels: no two alike, readable, and no label in the place of a class."""

import re
from collections.abc import Iterator
from colorsys import hls_to_rgb
from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.gold.label_sets import shipped
from tyez_bench.model.display import background, classes_of, rules, strong
from tyez_bench.model.labels import Kind, Label, LabelSet

STYLE = (Path(tyez_bench.__file__).parent / "report" / "html" / "style.css").read_text("utf-8")
HSL = re.compile(r"hsl\((\d+) (\d+)% (\d+)%\)")


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance, as WCAG has it."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Contrast of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def hexed(text: str) -> tuple[float, ...]:
    """A colour as three shares."""
    return tuple(int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))


def of_rules(css: str) -> Iterator[tuple[tuple[float, ...], ...]]:
    """Of each rule: text light and dark, tint light and dark."""
    for line in css.splitlines():
        yield tuple(
            hls_to_rgb(int(hue) / 360, int(light) / 100, int(full) / 100) for hue, full, light in HSL.findall(line)
        )


def test_many_labels_have_colours_that_can_be_read_and_told_apart() -> None:
    labels = [f"label {number}" for number in range(60)]
    classes = classes_of(labels, LabelSet("own", tuple(map(Label, labels))))
    assert len(set(classes.values())) == 60
    assert all(re.fullmatch(r"label-\d+", name) for name in classes.values())
    found = list(of_rules(rules(classes.values())))
    assert len(set(found)) == 60
    for light, dark, tint, dark_tint in found:
        assert contrast(light, tint) >= 4.5
        assert contrast(dark, dark_tint) >= 4.5
    # A CSS class that a page could have in mind for something else.
    assert len({strong(number) for number in range(30)}) == 30
    assert all(contrast((0, 0, 0), hexed(background(label))) >= 7 for label in (*labels, "人名", "\ud800"))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_colour_that_can_be_read(kind: Kind) -> None:
    assert f".kind-{kind} {{ --type: var(--{kind}); --tint: var(--{kind}-soft); }}" in STYLE
    pairs = [re.search(rf"--{kind}{end}: light-dark\((#\w+), (#\w+)\);", STYLE) for end in ("", "-soft")]
    assert all(pairs)
    text, tint = ([hexed(one) for one in pair.groups()] for pair in pairs if pair is not None)
    for theme in (0, 1):
        assert contrast(text[theme], tint[theme]) >= 4.5


def test_the_first_label_of_a_kind_has_its_colour() -> None:
    weibo = shipped("weibo")
    classes = classes_of(weibo.names, weibo)
    assert classes["GPE.NAM"] == "kind-place"
    assert classes["LOC.NAM"] == "label-2"
    assert len(set(classes.values())) == len(weibo.names) == 8
