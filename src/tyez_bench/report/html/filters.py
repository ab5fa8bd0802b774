"""The legend, and the form that chooses which marks are shown."""

from collections.abc import Iterable, Mapping, Sequence

from tyez_bench.report.html.elements import Html, element
from tyez_bench.report.html.marks import LETTERS
from tyez_bench.report.html.outcomes import NOT_COUNTED, OUTCOMES, RIGHT, slug
from tyez_bench.report.html.tables import fold


def key(types: Mapping[str, str]) -> Html:
    """Types, with the classes that colour them, and signs in a line or two that stay in sight."""
    kinds = [
        element("li", element("span", type_[0], class_=f"m {colour} gold"), f" {type_}")
        for type_, colour in types.items()
    ]
    signs = [
        element("li", element("b", outcome.sign), f" {outcome.word if name == RIGHT else name}")
        for name, outcome in OUTCOMES.items()
    ]
    return element(
        "div",
        element("ul", *kinds, *signs, class_="key", aria_label="types and outcomes"),
        class_="keys",
        tabindex=0,
        role="group",
        aria_label="legend",
    )


def legend(systems: int, types: Mapping[str, str]) -> Html:
    """What the marks, letters and signs mean; ``types`` with the classes that colour them."""
    lanes = "lane below it" if systems == 1 else "lanes below it, always in this order"
    # An example in the colour of the first type.
    letter, colour = next(((type_[0], colour) for type_, colour in types.items()), ("P", ""))
    gold = [
        element("li", element("span", letter, class_=f"m {colour} gold"), " required"),
        element("li", element("span", f"{letter}?", class_=f"m {colour} gold optional"), " optional"),
        element("li", element("span", letter, class_=f"m {colour} gold uncounted"), " not counted"),
    ]
    outcomes = [
        element(
            "li",
            element("span", f"{LETTERS[0]} {letter}{outcome.sign}", class_=f"m {colour} {_state(name)}"),
            element("span", element("b", name), f": {outcome.meaning}"),
        )
        for name, outcome in OUTCOMES.items()
    ]
    where = element("p", f"The gold's spans stand above the text, the systems' predictions in the {lanes}.")
    how = element(
        "p",
        "The pointer or the keyboard on a mark shows what is known of it: Tab goes to the marks of a document, "
        "← and → to the next in the lane, ↑ and ↓ to the other lanes, Enter holds the note, Escape closes it.",
        class_="help",
    )
    gold_key = element("ul", *gold, class_="key", aria_label="gold spans")
    outcome_key = element("ul", *outcomes, class_="key outcomes", aria_label="predictions")
    return element("div", where, fold("What the marks mean", how, gold_key, outcome_key), class_="legend")


def _state(outcome: str) -> str:
    return {RIGHT: "right", NOT_COUNTED: "uncounted", "missed": "gap"}.get(outcome, "wrong")


def filters(systems: Sequence[str], types: Sequence[str]) -> Html:
    """The form, hidden until the script of the page is there to answer it."""
    lanes = [("gold", "gold"), *((letter, f"{letter} {name}") for letter, name in zip(LETTERS, systems, strict=False))]
    return element(
        "form",
        element(
            "details",
            element("summary", "Filters ", element("span", id="counted", role="status")),
            element(
                "div",
                _choices("Lanes", "lane", lanes),
                _choices("Types", "type", [(type_, type_) for type_ in types]),
                _choices("Outcomes", "outcome", [(slug(name), name) for name in OUTCOMES]),
                element(
                    "p",
                    "Without any lane the text is plain, and can be searched.",
                    class_="facts",
                ),
                element(
                    "div",
                    _choice("matching", "yes", "only sentences with a mark that is shown", checked=False),
                    element("button", "Show all", type="reset"),
                    element("button", "Open all", type="button", id="unfold"),
                    element("button", "Fold all", type="button", id="fold"),
                    class_="boxes",
                ),
                class_="choices",
            ),
        ),
        id="filters",
        aria_label="marks shown",
        autocomplete="off",
        hidden=True,
    )


def _choices(title: str, name: str, choices: Iterable[tuple[str, str]]) -> Html:
    boxes = element("div", *(_choice(name, value, words) for value, words in choices), class_="boxes")
    return element("fieldset", element("legend", title), boxes)


def _choice(name: str, value: str, words: str, *, checked: bool = True) -> Html:
    box = element("input", type="checkbox", name=name, value=value, checked=checked)
    return element("label", box, f" {words}")
