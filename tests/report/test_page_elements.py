"""Elements are made of text that is escaped, whatever it holds."""

import pytest

from tyez_bench.report.html.elements import Html, drawing, element, escaped, joined, shown


def test_text_in_an_element_is_escaped() -> None:
    made = element("p", "<script>alert('1')</script> & \"co\"")
    assert made == "<p>&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; &quot;co&quot;</p>"


def test_an_element_in_an_element_stays_one() -> None:
    assert element("p", element("b", "<"), ">") == "<p><b>&lt;</b>&gt;</p>"


def test_attributes_are_escaped_named_and_left_out() -> None:
    made = element("input", data_of='" onfocus="x', class_="a b", checked=True, hidden=False, title=None, tabindex=-1)
    assert made == '<input data-of="&quot; onfocus=&quot;x" class="a b" checked tabindex="-1">'


def test_a_drawing_closes_itself() -> None:
    assert drawing("line", x1="5%") == '<line x1="5%"/>'


def test_parts_are_joined_and_escaped() -> None:
    assert joined(["<", Html("<br>")], " & ") == "&lt; &amp; <br>"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\x00b", "a⟨U+0000⟩b"),
        ("\u202eabc\u202c", "⟨U+202E⟩abc⟨U+202C⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\ufffe\ufdd0", "⟨U+FFFE⟩⟨U+FDD0⟩"),
        ("\u2028\u200b\x85", "⟨U+2028⟩⟨U+200B⟩⟨U+0085⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("太原\u3000𠮷 é", "太原\u3000𠮷 é"),
    ],
)
def test_what_cannot_be_seen_is_written_as_its_code_point(text: str, seen: str) -> None:
    """Ideographic spaces, astral characters and accents stay as they are."""
    assert shown(text) == seen
    assert escaped(text).encode("utf-8").decode("utf-8") == seen
