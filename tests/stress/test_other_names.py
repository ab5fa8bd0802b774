"""Other names: of the same kind, the same for the same name, and areas that belong together."""

import pytest
from page_cases import SEEDS, of, sentences

from tyez_bench.stress.cases import StressCase
from tyez_bench.stress.transformations.base import table
from tyez_bench.stress.transformations.names import Area, areas, fill, kinds
from tyez_bench.zh.areas import areas as table_of_codes

CLASSES = {"districts": "区", "cities": "市", "counties": "县"}


def put_in(case: StressCase) -> dict[str, str]:
    """By a name of the page, what stands in its place in a case."""
    before, after = (text.text for text in case.texts)
    found: dict[str, str] = {}
    for change in case.changes:
        old, new = before[change.source_start : change.source_end], after[change.start : change.end]
        assert found.setdefault(old, new) == new, case.id
    return found


@pytest.mark.parametrize("kind", [kind for kind in sorted(set(kinds().values())) if kind in table("names")["fills"]])
def test_every_kind_has_names_enough_and_none_twice_or_of_the_page(kind: str) -> None:
    names = fill(kind)
    assert len(names) == len(set(names)) >= 25
    assert table("names")["fills"][kind]["source"]
    written = "".join(text.text for text in sentences())
    assert [name for name in names if name in written] == []


@pytest.mark.parametrize("kind", ["city", "province", *CLASSES])
def test_areas_have_names_enough_of_every_kind(kind: str) -> None:
    names = {name for area in areas() for name in area.of(kind)}
    assert len(names) >= 25
    assert all(2 <= len(name) <= 4 for name in names)


@pytest.mark.parametrize("area", areas(), ids=lambda area: area.city)
def test_what_belongs_to_a_city_does_so_by_its_code(area: Area) -> None:
    codes = table_of_codes().codes
    names = table_of_codes().names
    (city,) = [code for code in codes[area.city] if names[code] == f"{area.city}市" and code.endswith("00")]
    assert names[f"{city[:2]}0000"].startswith(area.province)
    for kind, noun in CLASSES.items():
        for name in area.of(kind):
            assert any(code.startswith(city[:4]) for code in codes.get(name + noun, ())), name


def test_a_name_stands_for_one_area_of_its_kind() -> None:
    for kind in ("city", *CLASSES):
        names = [name for area in areas() for name in area.of(kind)]
        assert len(names) == len(set(names)), kind


@pytest.mark.parametrize("seed", SEEDS)
def test_a_name_is_replaced_by_another_of_its_kind_everywhere_in_the_sentence(seed: int) -> None:
    for case in of("names", seed=seed):
        found = put_in(case)
        assert len(set(found.values())) == len(found), case.id
        for old, new in found.items():
            kind = kinds()[old]
            within = kind in ("city", "province", *CLASSES)
            assert any(new in area.of(kind) for area in areas()) if within else new in fill(kind), case.id
            assert old not in case.texts[1].text, case.id


@pytest.mark.parametrize("seed", SEEDS)
def test_the_areas_of_a_sentence_belong_together(seed: int) -> None:
    for case in of("names", seed=seed):
        found = {kinds()[old]: new for old, new in put_in(case).items()}
        within = {kind: new for kind, new in found.items() if kind in ("city", "province", *CLASSES)}
        assert any(all(new in area.of(kind) for kind, new in within.items()) for area in areas()), case.id


@pytest.mark.parametrize("seed", SEEDS)
def test_no_autonomous_region_has_a_provincial_government(seed: int) -> None:
    regions = {area.city for area in areas() if area.province in ("内蒙古", "广西", "西藏", "宁夏", "新疆")}
    for case in of("names", seed=seed):
        if "省" in case.texts[0].text:
            assert regions.isdisjoint(put_in(case).values()), case.id


def test_four_cases_of_every_sentence_that_has_a_name_to_replace() -> None:
    with_names = [text for text in sentences() if any(n in e.text for e in text.entities for n in kinds())]
    assert len(with_names) > 50
    for text in with_names:
        assert len(of("names", sentence=text.id.removeprefix("page/"))) == 4, text.id


def test_nested_names_stems_and_accepted_boundaries_follow() -> None:
    for case in of("names", sentence="wanbolin.s09"):
        new = put_in(case)["万柏林"]
        text = case.texts[1]
        surfaces = [entity.text for entity in text.entities]
        assert surfaces.count(f"{new}区") == surfaces.count(new) == 1
        (stem,) = [entity for entity in text.entities if entity.text == new]
        assert [text.text[start:end] for start, end in stem.alternatives] == [f"{new}区"]
    for case in of("names", sentence="xinghualing.s15"):
        city, surfaces = put_in(case)["太原"], [entity.text for entity in case.texts[1].entities]
        assert {f"{city}市", f"老{city}酒楼", city} <= set(surfaces)
    for case in of("names", sentence="wanbolin.s06"):
        brand = put_in(case)["卡莫夫"]
        firm = case.texts[1].entities[2]
        assert firm.text == f"俄直{brand}"
        assert {case.texts[1].text[start:end] for start, end in firm.alternatives} == {brand, f"俄直{brand}直升机"}


@pytest.mark.parametrize(
    "name", ["京津冀", "华北", "哈工大", "并州饭店", "晋酒庄", "中北高新区", "全球速通", "酿造特色小镇"]
)
def test_what_cannot_be_replaced_stays(name: str) -> None:
    with_it = [case for case in of("names") if name in case.texts[0].text]
    assert with_it
    assert all(name in case.texts[1].text for case in with_it)


def test_names_that_are_made_up_hold_no_name_or_abbreviation_of_an_area() -> None:
    """Or it would be nested in them, and the labels don't say so."""
    abbreviations = set("京津冀晋蒙辽吉黑沪申苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新台港澳中俄")
    known = {name for name in table_of_codes().codes if len(name) > 1}
    for kind in ("steel", "brand", "foreign-brand", "mall", "firm"):
        for name in fill(kind):
            assert not any(area in name for area in known), name
            # 川 and 云 begin no name: inside of one they are fused (G3b).
            assert name[0] not in abbreviations - set("云"), name
