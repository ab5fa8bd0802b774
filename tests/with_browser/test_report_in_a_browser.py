"""The page of a report in a real browser: seen, filtered, walked by keyboard, printed, and attacked."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, browser
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

import hostile_files as hostile
from tyez_bench.cli import main
from tyez_bench.report.html.elements import shown
from tyez_bench.report.html.marks import LETTERS

ROOT = Path(__file__).parents[2]
COMMITTED = [str(ROOT / "data" / "predictions" / f"{name}.jsonl") for name in ("jieba", "jionlp", "thulac")]
STRESS = [
    str(ROOT / "data" / "predictions" / "stress" / f"{name}.jsonl.gz") for name in ("jieba", "rules", "perceptron")
]
THEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
PAGES = pytest.mark.parametrize("name", ["real", "hostile", "many"])


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The committed predictions, hostile files, and as many systems as a report shows."""
    folder = tmp_path_factory.mktemp("pages")
    for number in range(len(LETTERS)):
        lines = Path(COMMITTED[number % len(COMMITTED)]).read_bytes()
        (folder / f"a-model-with-quite-a-long-name-{number}.jsonl").write_bytes(lines)
    # The label maps are told apart by their labels, but all the files of a run are read alike.
    same = [str(path) for path in sorted(folder.glob("*.jsonl"))]
    found = {name: folder / f"{name}.html" for name in ("real", "hostile", "many")}
    assert main(["report", *COMMITTED, "--stress", *STRESS, "--html", str(found["real"])]) == 0
    assert main(["report", *same, "--html", str(found["many"])]) == 0
    (folder / "hostile").mkdir()
    assert main(["report", *hostile.arguments(folder / "hostile"), "--html", str(found["hostile"])]) == 0
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with browser() as found:
        yield found


def seen(chromium: Browser, selector: str) -> list[bool]:
    """Whether each element that a selector finds takes any room."""
    found: list[bool] = chromium.ask(
        "return [...document.querySelectorAll(arguments[0])].map((e) => e.checkVisibility() && e.offsetHeight > 0)",
        selector,
    )
    return found


def unfold(chromium: Browser) -> None:
    """Open everything that is folded, by its own button for the documents."""
    chromium.ask("document.querySelector('#filters details').open = true")
    chromium.one("#unfold").click()
    chromium.ask("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")


def focused(chromium: Browser) -> dict[str, Any]:
    """Where the keyboard is: lane, start, document, and the note that is seen."""
    found: dict[str, Any] = chromium.ask(
        """const mark = document.activeElement;
        const note = mark.matches('button.m') ? mark.nextElementSibling : null;
        return {
          mark: mark.matches('button.m'), lane: mark.dataset.lane, start: Number(mark.dataset.start),
          document: mark.closest('article')?.getAttribute('aria-labelledby'),
          note: note && note.checkVisibility() ? note.innerText : '', expanded: mark.getAttribute('aria-expanded'),
        }"""
    )
    return found


@PAGES
def test_it_opens_without_complaint_and_asks_for_nothing(chromium: Browser, pages: dict[str, Path], name: str) -> None:
    """No line on the console, nothing stopped by the policy, no request but for the file itself."""
    chromium.open(pages[name])
    assert chromium.driver.get_log("browser") == []
    assert chromium.ask("return violations") == []
    assert chromium.ask("return performance.getEntriesByType('resource').length") == 0
    events = [json.loads(entry["message"])["message"] for entry in chromium.driver.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert asked == [pages[name].as_uri()]


def test_the_policy_stops_other_scripts_and_styles(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["real"])
    chromium.ask(
        """const script = document.createElement('script');
        script.textContent = 'window.injected = 1';
        document.body.append(script);
        document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="color: red" onclick="injected = 2">x</p>');
        document.getElementById('styled').click();
        document.body.append(Object.assign(new Image(), {src: 'https://example.org/x.png'}));"""
    )
    assert chromium.ask("return window.injected ?? null") is None
    assert chromium.ask("return getComputedStyle(document.getElementById('styled')).color") != "rgb(255, 0, 0)"
    stopped = chromium.driver.execute_async_script("setTimeout(() => arguments[0](violations), 200)")
    assert set(stopped) == {"script-src-elem", "script-src-attr", "style-src-attr", "img-src"}


@PAGES
@THEMES
def test_every_mark_covers_its_characters(chromium: Browser, pages: dict[str, Path], name: str, dark: bool) -> None:
    """What is drawn under or over some characters begins and ends with them, to a pixel and a half."""
    chromium.open(pages[name], dark=dark)
    unfold(chromium)
    far = chromium.ask(
        """const found = [];
        for (const piece of document.querySelectorAll('.piece')) {
          const cells = [...piece.querySelectorAll('.cells i')].map((cell) => cell.textContent.length);
          for (const mark of piece.querySelectorAll('.m')) {
            const place = (letter) => Number(mark.className.match(`(?:^| )${letter}([0-9]+)`)[1]);
            const upTo = (column) => cells.slice(0, column - 1).reduce((sum, size) => sum + size, 0);
            const range = document.createRange();
            range.setStart(piece.firstChild, upTo(place('x')));
            range.setEnd(piece.firstChild, upTo(place('x') + place('w')));
            const [text, box] = [range.getBoundingClientRect(), mark.getBoundingClientRect()];
            const off = Math.max(Math.abs(text.left - box.left), Math.abs(text.right - box.right));
            const over = mark.classList.contains('gold') ? box.bottom - text.top : text.bottom - box.top;
            if (off > 1.5 || over > 6) found.push([mark.className, range.toString(), off, over]);
          }
        }
        return found"""
    )
    assert far == []


CONTRAST = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const colour = (words) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = words;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
};
const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
const behind = (element) => {
  const around = [];
  for (let e = element; e; e = e.parentElement) around.push(colour(getComputedStyle(e).backgroundColor));
  return around.reverse().reduce((below, top) => over(top, below), colour('white'));
};
const light = (c) => {
  const [r, g, b] = c.slice(0, 3).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (one, other) => {
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};
"""

# Text against what is behind it, 4.5 to 1, or 3 to 1 where it is large; borders that tell something, 3 to 1.
PAIRS = (
    CONTRAST
    + """
const found = {};
for (const element of document.body.querySelectorAll('*')) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (!own || !element.checkVisibility({visibilityProperty: true}) || element.matches('script, style')) continue;
  const style = getComputedStyle(element);
  const ink = element.closest('svg') ? style.fill : style.color;
  const back = behind(element);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const value = ratio(over(colour(ink), back), back);
  const pair = `${ink} on ${back.map((part) => part.toFixed(3))}`;
  found[pair] = [value, large ? 3 : 4.5, element.tagName + '.' + element.className];
}
for (const mark of document.querySelectorAll('article .m.gold, article .m.wrong')) {
  const style = getComputedStyle(mark);
  const back = behind(mark.parentElement);
  found[`border ${style.borderBottomColor}`] = [ratio(colour(style.borderBottomColor), back), 3, mark.className];
}
return Object.entries(found).map(([pair, told]) => [pair, ...told])"""
)


@PAGES
@THEMES
def test_contrasts_reach_aa(chromium: Browser, pages: dict[str, Path], name: str, dark: bool) -> None:
    chromium.open(pages[name], dark=dark)
    # Notes and filters are looked at as well.
    unfold(chromium)
    chromium.ask("document.querySelectorAll('.tip').forEach((tip) => tip.classList.add('open'))")
    pairs = chromium.ask(PAIRS)
    assert len(pairs) > 10
    assert [pair for pair in pairs if pair[1] < pair[2]] == []


def test_the_theme_follows_the_system_and_the_button(chromium: Browser, pages: dict[str, Path]) -> None:
    def background() -> str:
        return str(chromium.ask("return getComputedStyle(document.body).backgroundColor"))

    chromium.open(pages["real"])
    white = background()
    chromium.media("screen", dark=True)
    black = background()
    assert white != black
    button = chromium.one("#theme")
    assert button.text == "Theme: automatic"
    found = []
    for _ in range(3):
        button.click()
        found.append((button.text, background()))
    assert found == [("Theme: light", white), ("Theme: dark", black), ("Theme: automatic", black)]
    chromium.media("screen")
    assert background() == white


def choose(chromium: Browser, **boxes: bool) -> None:
    """Click boxes of the filters by name and value: ``lane_A=False``."""
    chromium.ask("document.querySelector('#filters details').open = true")
    for box, wanted in boxes.items():
        name, _, value = box.partition("_")
        element = chromium.one(f"input[name={name}][value={value.replace('_', '-')}]")
        if element.is_selected() != wanted:
            element.click()


def outcomes(chromium: Browser) -> set[str]:
    """Lanes and outcomes of the marks of the systems that are seen."""
    return set(
        chromium.ask(
            """return [...document.querySelectorAll('article button.m')].filter((m) => m.checkVisibility())
            .map((m) => m.dataset.lane === 'gold' ? 'gold' : m.dataset.outcomes)"""
        )
    )


def test_filters_choose_marks_and_say_how_many_are_left(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["real"])
    unfold(chromium)
    status = chromium.one("#counted")
    total = len(chromium.all("article button.m"))
    assert status.get_attribute("role") == "status"
    assert status.text == f"{total} of {total} marks"
    choose(chromium, lane_B=False, lane_C=False, outcome_right=False)
    assert "A:right" not in outcomes(chromium)
    assert {told.partition(":")[0] for told in outcomes(chromium)} == {"gold", "A"}
    shown_marks = sum(seen(chromium, "article button.m"))
    assert 0 < shown_marks < total
    assert status.text == f"{shown_marks} of {total} marks"
    choose(chromium, type_PLACE=False, type_MONEY=False, type_DATE=False)
    types = chromium.ask(
        """return [...document.querySelectorAll('article .m')].filter((m) => m.checkVisibility())
        .map((m) => m.dataset.type)"""
    )
    assert set(types) == {"ORG"}
    chromium.one("button[type=reset]").click()
    chromium.driver.execute_async_script("setTimeout(arguments[0], 50)")
    assert status.text == f"{total} of {total} marks"
    assert all(seen(chromium, "article .m"))


def test_one_kind_of_error_of_one_system_alone(chromium: Browser, pages: dict[str, Path]) -> None:
    """With the gold spans that it is about, and only the sentences that have any."""
    chromium.open(pages["real"])
    others = {f"outcome_{box.get_attribute('value')}": False for box in chromium.all("input[name=outcome]")}
    others["outcome_split"] = True
    choose(chromium, lane_A=False, lane_C=False, matching_yes=True, **others)
    assert outcomes(chromium) == {"gold", "B:split"}
    gold = chromium.ask(
        """return [...document.querySelectorAll('article button.gold')].filter((m) => m.checkVisibility())
        .map((m) => m.dataset.outcomes)"""
    )
    assert len(gold) == 2
    assert all("B:split" in told for told in gold)
    assert sum(seen(chromium, ".row")) == 2


def test_without_lanes_the_text_is_plain_and_can_be_searched(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["real"])
    unfold(chromium)
    choose(chromium, **{f"lane_{lane}": False for lane in ("gold", "A", "B", "C")})
    assert not any(seen(chromium, "article .m"))
    assert chromium.ask("return window.find('万柏林区发改局局长胡滨')")


def test_what_is_copied_is_the_text(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["real"])
    copied = chromium.ask(
        """const range = document.createRange();
        range.selectNodeContents(document.querySelectorAll('article')[2].querySelectorAll('.row .words')[3]);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        const event = new ClipboardEvent('copy', {clipboardData: new DataTransfer(), bubbles: true, cancelable: true});
        document.querySelector('.text').dispatchEvent(event);
        return event.clipboardData.getData('text/plain')"""
    )
    assert copied.startswith("万柏林区发改局局长胡滨向记者介绍,")


def test_the_keyboard_alone_reaches_marks_and_their_notes(chromium: Browser, pages: dict[str, Path]) -> None:
    """Tab and Enter over the skip link, Tab to a document, arrows within it, Enter to hold a note, Escape to close."""
    chromium.open(pages["real"])
    chromium.keys(Keys.TAB)
    assert chromium.ask("return document.activeElement.textContent") == "Skip to the answer"
    chromium.keys(Keys.ENTER)
    assert chromium.ask("return document.activeElement.id") == "main"
    for _ in range(60):
        chromium.keys(Keys.TAB)
        if focused(chromium)["mark"]:
            break
    first = focused(chromium)
    assert (first["lane"], first["start"], first["document"]) == ("gold", 1, "d1")
    assert "太原一体化经济区域" in first["note"]
    assert "rule P2" in first["note"]
    chromium.keys(Keys.ARROW_DOWN)
    assert (focused(chromium)["lane"], focused(chromium)["start"]) == ("A", 1)
    assert "outcome short" in focused(chromium)["note"]
    chromium.keys(Keys.TAB)
    assert focused(chromium)["document"] == "d2"
    chromium.keys(*[Keys.ARROW_RIGHT] * 4, Keys.ARROW_LEFT)
    second = focused(chromium)
    chromium.keys(Keys.HOME)
    assert focused(chromium)["start"] < second["start"]
    chromium.keys(Keys.END)
    assert focused(chromium)["start"] > second["start"]
    chromium.keys(Keys.ENTER)
    assert (focused(chromium)["expanded"], bool(focused(chromium)["note"])) == ("true", True)
    chromium.keys(Keys.ESCAPE)
    assert (focused(chromium)["expanded"], focused(chromium)["note"]) == (None, "")
    assert len(chromium.all("article button.m[tabindex='0']")) == len(chromium.all("article"))


def test_focus_is_seen_and_not_covered(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["real"])
    unfold(chromium)
    chromium.ask("document.querySelector('#filters details').open = false")
    chromium.ask("document.querySelector('article button.m').focus({focusVisible: true})")
    for _ in range(30):
        chromium.keys(Keys.ARROW_RIGHT)
        if not focused(chromium)["mark"]:
            break
    for _ in range(4):
        # From a document's marks to the summary of the next, and to its marks.
        for _ in range(2):
            chromium.keys(Keys.TAB)
            if focused(chromium)["mark"]:
                break
        chromium.keys(Keys.END)
        told = chromium.ask(
            """const mark = document.activeElement, box = mark.getBoundingClientRect();
            const style = getComputedStyle(mark);
            const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            return [style.outlineStyle, parseFloat(style.outlineWidth), mark.contains(top)]"""
        )
        assert told == ["solid", 2, True]


def test_the_pointer_shows_the_note_and_the_other_marks_of_the_error(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["real"])
    mark = chromium.one("article[aria-labelledby=d2] button.wrong[data-lane=B]")
    chromium.ask("arguments[0].scrollIntoView({block: 'center'})", mark)
    # A note goes when the page scrolls under the pointer, and the page tells so a moment later.
    chromium.driver.execute_async_script("setTimeout(arguments[0], 200)")
    chromium.point(mark)
    note = chromium.one(f"#{mark.get_attribute('aria-describedby')}")
    # How soon it comes hangs on the machine.
    WebDriverWait(chromium.driver, 10).until(lambda _: note.is_displayed())
    box = chromium.ask("return arguments[0].getBoundingClientRect().toJSON()", note)
    assert box["left"] >= 0
    assert box["right"] <= 1200
    linked = chromium.all(".m.linked")
    errors = mark.get_attribute("data-errors")
    assert [errors in one.get_attribute("data-errors").split() for one in linked] == [True] * len(linked)
    # The note stays while the pointer is on it.
    chromium.point(note)
    chromium.driver.execute_async_script("setTimeout(arguments[0], 400)")
    assert note.is_displayed()


def test_a_note_that_is_held_stays_at_its_mark(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["real"])
    mark = chromium.one("article[aria-labelledby=d2] button.wrong[data-lane=B]")
    chromium.ask("arguments[0].scrollIntoView({block: 'center'})", mark)
    mark.click()
    chromium.point(chromium.one("#filters summary"))
    chromium.ask("scrollBy(0, 90)")
    chromium.driver.execute_async_script("setTimeout(arguments[0], 400)")
    distance = chromium.ask(
        """const note = arguments[0].nextElementSibling.getBoundingClientRect();
        return note.top - arguments[0].getBoundingClientRect().bottom""",
        mark,
    )
    assert distance == pytest.approx(6, abs=1)


@THEMES
def test_on_paper_everything_is_shown_and_no_control(chromium: Browser, pages: dict[str, Path], dark: bool) -> None:
    """Whatever was filtered away, and light on whatever screen."""
    chromium.open(pages["real"], dark=dark)
    choose(chromium, lane_A=False, lane_B=False, lane_C=False, lane_gold=False, matching_yes=True)
    assert not any(seen(chromium, "article .m"))
    if dark:
        chromium.one("#theme").click()
        chromium.one("#theme").click()
    chromium.media("print", dark=dark)
    assert all(seen(chromium, "article, .row, article .m, figure, table"))
    for control in ("#filters", "#theme", "nav", ".skip", ".tip", ".help"):
        assert not any(seen(chromium, control))
    assert chromium.ask("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert [pair for pair in chromium.ask(PAIRS) if pair[1] < pair[2]] == []
    assert chromium.command("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"].startswith("JVBERi")


def test_hostile_words_stay_words(chromium: Browser, pages: dict[str, Path]) -> None:
    """No element, no dialog, no attribute of theirs; and they are read as they were written."""
    chromium.open(pages["hostile"])
    for mark in chromium.all("article button.m"):
        mark.send_keys(Keys.ENTER)
    assert chromium.ask("return dialogs") == []
    assert chromium.ask("return document.querySelectorAll('img, u, s, #injected, [onerror], [onfocus]').length") == 0
    assert chromium.ask("return document.querySelectorAll('script, style').length") == 2
    assert chromium.driver.title == shown(f"{hostile.NAME}: report on <u>gold&")
    words = chromium.ask(
        """return [...document.querySelectorAll('.row .words')].map((row) => {
          const copy = row.cloneNode(true);
          copy.querySelectorAll('.lanes').forEach((lanes) => lanes.remove());
          return copy.textContent;
        }).join('')"""
    )
    assert words == shown(hostile.TEXT.replace("\n", ""))
    assert chromium.driver.get_log("browser") == []


@pytest.mark.parametrize("width", [320, 375])
@PAGES
def test_a_narrow_screen_need_not_be_scrolled_sideways(
    chromium: Browser, pages: dict[str, Path], name: str, width: int
) -> None:
    chromium.open(pages[name], width=width)
    unfold(chromium)
    assert chromium.ask("return document.documentElement.scrollWidth") <= width
    outside = chromium.ask(
        """return [...document.querySelectorAll('article *, figure *, header *, form *')]
        .filter((e) => !e.closest('.scroll, .tip, .skip, .cells') && e.checkVisibility())
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert outside == []


def test_tables_that_scroll_say_so_and_are_stops_of_the_keyboard(chromium: Browser, pages: dict[str, Path]) -> None:
    def stops() -> list[list[bool]]:
        unfold(chromium)
        # Folds tell that they were opened a moment later.
        chromium.driver.execute_async_script("setTimeout(arguments[0], 100)")
        found: list[list[bool]] = chromium.ask(
            """return [...document.querySelectorAll('.scroll')]
            .map((e) => [e, e.previousElementSibling])
            .map(([e, hint]) => [e.tabIndex === 0, e.scrollWidth > e.clientWidth, hint.checkVisibility()])"""
        )
        return found

    for width in (1200, 375):
        chromium.open(pages["real"], width=width)
        assert all(stop == scrolls == hint for stop, scrolls, hint in stops())
    assert any(stop for stop, _, _ in stops())


@pytest.mark.parametrize("width", [1280, 375])
def test_the_legend_stays_in_sight(chromium: Browser, pages: dict[str, Path], width: int) -> None:
    """With and without scripts, in a part of the screen that leaves room for the text."""
    for script in (True, False):
        chromium.open(pages["real"], width=width, script=script)
        chromium.ask("document.querySelectorAll('article .row')[4].scrollIntoView({block: 'center'})")
        box = chromium.ask("return document.querySelector('.keys').getBoundingClientRect().toJSON()")
        assert 0 <= box["top"] < box["bottom"] < 120


def height(chromium: Browser) -> int:
    """How tall the page is, in pixels."""
    return int(chromium.ask("return document.documentElement.scrollHeight"))


@pytest.mark.parametrize(
    ("name", "width", "most"), [("real", 1280, 6000), ("real", 375, 10_000), ("many", 375, 34_000)]
)
def test_the_page_is_not_tall(chromium: Browser, pages: dict[str, Path], name: str, width: int, most: int) -> None:
    """Before it was folded it had 21,500, 34,000 and 64,000 pixels; the answer is on the first screen."""
    chromium.open(pages[name], width=width)
    assert height(chromium) < most
    assert chromium.ask("return document.querySelector('.lead').getBoundingClientRect().bottom") < 900


def test_folds_open_and_close_by_the_buttons_and_by_the_filter(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["real"])
    before = height(chromium)
    assert not all(seen(chromium, "article"))
    chromium.ask("document.querySelector('#filters details').open = true")
    chromium.one("#unfold").click()
    assert all(seen(chromium, "article"))
    assert height(chromium) > 2 * before
    chromium.one("#fold").click()
    assert not any(seen(chromium, "article"))
    # Sentences that a filter leaves are not looked for in folds.
    choose(chromium, matching_yes=True)
    assert all(seen(chromium, "article"))


def test_what_is_folded_is_printed(chromium: Browser, pages: dict[str, Path]) -> None:
    """By style alone where scripts are off, and folded again behind it where they are on."""
    for script in (True, False):
        chromium.open(pages["real"], script=script, media="print")
        assert all(seen(chromium, "article, .row, article .m, figure, table, .notes code"))
    chromium.open(pages["real"])
    folded = chromium.ask("return document.querySelectorAll('details:not([open])').length")
    chromium.ask("dispatchEvent(new Event('beforeprint'))")
    assert all(seen(chromium, "article, table"))
    chromium.ask("dispatchEvent(new Event('afterprint'))")
    assert chromium.ask("return document.querySelectorAll('details:not([open])').length") == folded > 5


def test_without_scripts_everything_is_shown(chromium: Browser, pages: dict[str, Path]) -> None:
    """Folds open by themselves, a mark that has the focus shows its note, and no control would do nothing."""
    chromium.open(pages["real"], script=False)
    for summary in chromium.all("details:not([open]) > summary"):
        if summary.is_displayed():
            summary.click()
    for summary in chromium.all("details:not([open]) > summary"):
        if summary.is_displayed():
            summary.click()
    assert all(seen(chromium, "article, .row, article .m, figure, table"))
    assert not any(seen(chromium, "#filters, #theme"))
    chromium.ask("document.querySelector('article button.m').focus()")
    assert "rule P2" in focused(chromium)["note"]
    assert sum(seen(chromium, ".tip")) == 1
    chromium.keys(Keys.TAB)
    assert focused(chromium)["mark"]
