"""Label maps: those that come with the package, detection, and files of one's own."""

import re
from pathlib import Path

import pytest

from tyez_bench.gold.label_sets import shipped
from tyez_bench.io.label_maps import LabelMap, choose, load_map, map_names
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.labels import Label, LabelSet

GUIDELINES = Path(__file__).parents[2] / "annotations" / "GUIDELINES.md"


@pytest.mark.parametrize("name", map_names())
def test_a_map_says_what_it_is(name: str) -> None:
    """Name, title and source; a note for no label that it lacks; and only rules that the guidelines have."""
    found = load_map(name)
    assert found.name == name
    assert found.title
    assert found.source
    assert found.notes.keys() <= found.labels.keys()
    assert set(found.expresses) == {label for label in found.labels.values() if label is not None}
    rules = set(re.findall(r"^\*\*([GPOMDBRV][0-9])\.", GUIDELINES.read_text("utf-8"), flags=re.M))
    assert set(re.findall(r"\b([GPOMDBRV][0-9])\b", " ".join(found.notes.values()))) <= rules


def test_the_maps_are_these() -> None:
    assert map_names() == (
        "cluener",
        "conll03",
        "hanlp",
        "jionlp",
        "lac",
        "ltp",
        "msra",
        "ontonotes5",
        "pku",
        "stanza",
        "thulac",
        "tyez",
        "values",
        "weibo",
    )


def test_our_own_is_the_identity() -> None:
    assert load_map("tyez").labels == {label: label for label in ("PLACE", "ORG", "MONEY", "DATE")}


@pytest.mark.parametrize(
    ("name", "expressed"),
    [
        ("msra", "PLACE ORG"),
        ("pku", "PLACE ORG"),
        ("thulac", "PLACE ORG"),
        ("lac", "PLACE ORG DATE"),
        ("jionlp", "PLACE MONEY DATE"),
        ("ontonotes5", "PLACE ORG MONEY DATE"),
    ],
)
def test_what_a_scheme_can_express(name: str, expressed: str) -> None:
    assert list(load_map(name).expresses) == expressed.split()


@pytest.mark.parametrize(
    ("name", "label"),
    [("ontonotes5", "FAC"), ("ontonotes5", "NORP"), ("pku", "nz"), ("pku", "j"), ("pku", "t"), ("thulac", "t")],
)
def test_an_ambiguous_label_has_a_note(name: str, label: str) -> None:
    assert load_map(name).notes[label]


@pytest.mark.parametrize(
    ("observed", "name"),
    [
        ([], "tyez"),
        (["ORG", "DATE"], "tyez"),
        (["GPE", "ORG", "PERSON"], "ontonotes5"),
        (["NR", "NS", "NT"], "msra"),
        (["PERSON", "LOCATION", "DURATION"], "hanlp"),
        (["address", "name"], "cluener"),
        (["Nh", "Ni"], "ltp"),
        (["PER.NAM", "GPE.NAM"], "weibo"),
        (["ns", "ni", "np"], "thulac"),
        (["PER", "LOC", "ORG", "MISC"], "conll03"),
        (["location", "time_point"], "jionlp"),
        (["ns", "nt", "nrfg"], "pku"),
        (["LOC", "TIME", "nw"], "lac"),
    ],
)
def test_detection(observed: list[str], name: str) -> None:
    for labels in (observed, list(reversed(observed))):
        assert choose(labels, shipped("tyez"), closed=True).name == name
        assert choose(labels, shipped("tyez"), closed=False).name == name


def test_maps_that_read_the_labels_alike_are_no_ambiguity() -> None:
    """The one that expresses the least is taken: LAC's DATE may be absent because a model has none."""
    found = choose(["PER", "LOC", "ORG"], shipped("tyez"), closed=True)
    assert (found.name, found.alike, found.expresses) == ("conll03", ("msra", "lac"), ("PLACE", "ORG"))
    assert choose(["GPE", "ORG", "PERSON"], shipped("tyez"), closed=True).alike == ("stanza",)


def test_maps_that_read_the_labels_otherwise_are_named() -> None:
    """A t is a word of time, of no one type, in PKU's tags and in THULAC's, and a date for LAC."""
    with pytest.raises(UsageError, match=r"fit several label maps, which read .*: lac, pku, thulac; choose one with"):
        choose(["ns", "t"], shipped("tyez"), closed=True)


def test_the_golds_own_labels_need_no_map() -> None:
    gold = shipped("uner")
    found = choose(["PER", "LOC"], gold, closed=True)
    assert (found.labels, found.expresses) == ({"LOC": "LOC", "ORG": "ORG", "PER": "PER"}, ("LOC", "ORG", "PER"))


def test_labels_that_only_predictions_have_are_read_as_they_are_unless_the_set_is_closed() -> None:
    gold = LabelSet("own", (Label("disease"), Label("drug")))
    found = choose(["drug", "gene"], gold, closed=False)
    assert (found.target("drug"), found.target("gene"), found.unknown_to_gold) == ("drug", "gene", ("gene",))
    with pytest.raises(
        UsageError,
        match=r"unknown label 'gene', expected disease, drug \(the gold's label set own\).*ignore_labels=\['gene'\]",
    ):
        choose(["drug", "gene"], gold, closed=True)


def test_labels_of_which_the_gold_has_none_are_refused() -> None:
    gold = LabelSet("own", (Label("disease"), Label("drug")))
    with pytest.raises(UsageError, match=r"unknown labels LOC, PER, expected disease, drug .*labels=FILE"):
        choose(["LOC", "PER"], gold, closed=False)


def test_labels_that_no_map_knows_are_listed() -> None:
    with pytest.raises(
        UsageError, match=r"the closest, ontonotes5, lacks DISEASE, GENE; .*ignore_labels=\['DISEASE', 'GENE'\]"
    ):
        choose(["GPE", "GENE", "DISEASE", "NORP"], shipped("tyez"), closed=True)


def test_a_map_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[labels]\n"地名" = "PLACE"\n"时间" = "DATE"\n"人名" = ""\n', "utf-8")
    found = load_map(path)
    assert found == LabelMap(
        "mine",
        "mine",
        "",
        ("PLACE", "DATE"),
        {"地名": "PLACE", "时间": "DATE", "人名": None},
    )
    assert found.unknown(["地名", "机构"]) == ["机构"]


def test_the_hash_is_of_what_decides_the_score(tmp_path: Path) -> None:
    """Order, title and notes are not; a label and what is expressed are."""
    texts = {
        "one": '[labels]\nA = "PLACE"\nB = ""\n',
        "two": 'title = "other"\n[labels]\nB = ""\nA = "PLACE"\n[notes]\nA = "why"\n',
        "three": '[labels]\nA = "ORG"\nB = ""\n',
    }
    hashes = []
    for name, text in texts.items():
        path = tmp_path / f"{name}.toml"
        path.write_text(text, "utf-8")
        hashes.append(load_map(path).sha256)
    assert hashes[0] == hashes[1] != hashes[2]
    assert load_map("tyez").fingerprint == load_map("tyez").sha256[:12]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("labels = 3\n", "labels is int, expected a table"),
        ("\n\n[labels\n", "bad.toml:3: not valid TOML"),
        ("name = 'x'\n", r"has no \[labels\]"),
        ("label = 'x'\n", "unknown key 'label'"),
        ("[labels]\nA = 3\n", "label 'A' maps to 3, expected a label"),
        ("[labels]\nA = ['PLACE']\n", "label 'A' maps to"),
        ("[labels]\nA.B = ''\n", "label 'A' is a table"),
        ("expresses = 'PLACE'\n[labels]\nA = 'PLACE'\n", "expresses is 'PLACE', expected a list"),
        ("expresses = [1]\n[labels]\nA = 'PLACE'\n", "expresses is"),
        ("expresses = ['ORG']\n[labels]\nA = 'ORG'\nB = 'DATE'\n", "DATE has a label, but is not in expresses"),
        ("expresses = ['ORG', 'DATE']\n[labels]\nA = 'ORG'\n", "DATE is in expresses, but no label maps to it"),
        ("title = 3\n[labels]\nA = 'ORG'\n", "title is int, expected text"),
        ("[labels]\nA = 'ORG'\n[notes]\nA = 3\n", "A is int, expected text"),
        ("x = " + "[" * 5000, "not valid TOML"),
        ("", "is empty"),
    ],
)
def test_a_bad_map_is_refused(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=says):
        load_map(path)


def test_a_map_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown label map 'msr', expected one of cluener, .*, or a TOML file"):
        load_map("msr")
    with pytest.raises(InputError, match="no such file"):
        load_map(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("present", "observed", "name"),
    [
        # ORG is said by both sides: LOC is not called PLACE for a gold that has no PLACE, and PER is not set aside.
        (["ORG"], ["LOC", "ORG", "PER"], "tyez"),
        (["DATE", "ORG"], ["LOC", "ORG", "PER"], "tyez"),
        (["DATE", "ORG"], ["DATE", "GPE", "ORG", "PERSON"], "tyez"),
        (["ORG", "PLACE"], ["LOC", "ORG", "PLACE"], "tyez"),
        (["ORG", "PLACE"], ["LOC", "ORG", "PER"], "conll03"),
        (["PLACE"], ["LOC", "ORG", "PER"], "conll03"),
        (["ORG"], ["ns", "nt", "nrfg"], "pku"),
        (["DATE", "PLACE"], ["DATE", "GPE", "ORG", "PERSON"], "ontonotes5"),
    ],
)
def test_a_map_of_the_package_must_lead_to_a_label_that_the_gold_has(
    present: list[str], observed: list[str], name: str
) -> None:
    found = choose(observed, shipped("tyez"), closed=False, present=present)
    assert found.name == name
    read = {label: found.target(label) for label in observed}
    assert (read == {label: label for label in observed}) is (name == "tyez")


def test_labels_that_lead_to_nothing_the_gold_has_are_refused() -> None:
    with pytest.raises(UsageError, match=r"unknown labels LOC, PER, expected DATE \(the gold"):
        choose(["LOC", "PER"], shipped("tyez"), closed=False, present=["DATE"])


def test_a_gold_without_entities_says_nothing_of_labels() -> None:
    """Persons are false positives then, and not out of scope; a set that was named says what is."""
    found = choose(["LOC", "PER"], shipped("tyez"), closed=False, present=[])
    assert {label: found.target(label) for label in ("LOC", "PER")} == {"LOC": "LOC", "PER": "PER"}
    assert choose(["LOC", "PER"], shipped("tyez"), closed=True, present=[]).labels["PER"] is None
