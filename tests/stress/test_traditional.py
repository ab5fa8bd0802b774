"""Traditional characters: whole sentences as a paper prints them, and the way back."""

import pytest
from page_cases import of, sentences, texts_of

from tyez_bench.gold.gold import load
from tyez_bench.stress.transformations.base import table
from tyez_bench.stress.transformations.characters import simplified, traditional

# Written out one by one, with an eye on 後 製 準 餘 劃 徵 復/覆 台 彙/匯 遊 裝 週 係.
SENTENCES = {
    "wanbolin.s04": (
        "萬柏林區發改局局長胡濱向記者介紹,“我們以產業發展撬動資源集聚,為太原一體化經濟區域建設提供有力支撐。”"
    ),
    "yingze.s03": (
        "挖掘機、運輸車等各種工程車輛忙碌不停;焊接、挖槽等各個工種交叉作業,緊張而有序……連日來,鐘樓街片區"
        "修繕保護工程(二期)項目建設正酣,迎澤區堅持“項目為王”,精準施策保障項目建設,馳而不息跑出發展“加"
        "速度”。"
    ),
    "yingze.s06": (
        "迎澤區成立太原經濟一體化發展太原區(迎澤板塊)運營中心,下設綜合協調、招商聯絡、審批服務以及手續代辦"
        "專班,每週召開一次項目例會,調度項目進展狀況,根據項目清單考察項目建設成效,彙總土地等要素保障情況,"
        "協調項目手續辦理問題。"
    ),
    "yingze.s10": (
        "截至目前,迎澤區已開工21個新建項目、36個續建項目,經過各部門協調和積極調度,項目有序推進,其中山"
        "西迎潤迎澤區看山分散式風電已投產運營,預計到三季度末,鐘樓街片區修繕保護工程(二期)、并州飯店智慧中"
        "央廚房、雙塔匯商業街改造項目將陸續投產。"
    ),
    "xinghualing.s06": "太原酒廠有限責任公司2018年第一個入駐釀造小鎮後,逐步實現整體搬遷、轉型升級。",
    "xinghualing.s15": (
        "同時,在酒廠現址——太原市大東關街12號,將建立“晉·酒文化”創想體驗空間,實現釀酒體驗、老酒坊、晉"
        "府小劇場、晉酒莊、文創中心、老太原酒樓等功能,實現體驗和旅遊的雙向循環。"
    ),
    "jiancaoping.s03": (
        "走進天美杉杉奧特萊斯和平店項目建設現場,幾十名工人正在一棟體量龐大的建築上施工,多台機械聯合作業,高"
        "壓泵車正在輸送澆灌混凝土,工人們井然有序地忙碌着。"
    ),
    "jiancaoping.s07": (
        "在優化招商引資、項目落地工作機制過程中,尖草坪區發揮土地供給、徵拆保障職能,全面梳理出72塊、共計1"
        "1569.53畝可利用土地台賬;中北高新區發揮“承諾制+標準地+全代辦”最優營商環境、最快項目落地等"
        "優勢,在推動藍寶石二期、滬硅、大眾電子等項目落地中取得明顯成效。"
    ),
    "yangqu.s11": (
        "已簽約項目11個,簽約金額共32億元,預計實現年利稅約3600萬元,可提供1000餘個就業崗位,其中"
        ",中泰元科股份有限公司投資建設的全球速通智能裝備基地項目,面向全球客戶提供城市安全和城市應急的立體解"
        "決方案,在大型安檢設備領域處於全球領先水平。"
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_reads_as_a_paper_prints_it(sentence: str) -> None:
    assert texts_of("traditional", sentence) == [SENTENCES[sentence]]


def test_every_sentence_with_a_character_that_differs_becomes_a_case() -> None:
    same = [text.text for text in sentences() if traditional(text.text) == text.text]
    assert same == ["古交市"]
    assert len(of("traditional")) == len(sentences()) - 1


def test_the_whole_page_can_be_converted_and_brought_back() -> None:
    for document in load():
        found = traditional(document.text)
        assert found is not None
        assert len(found) == len(document.text)
        assert simplified(found) == document.text


def test_no_character_stays_simplified() -> None:
    simple = {pair[0] for pair in table("traditional")["characters"].split()}
    simple -= {pair[1] for pair in table("traditional")["characters"].split()}
    assert len(simple) > 250
    for case in of("traditional"):
        assert simple.isdisjoint(case.texts[1].text), case.id


def test_no_traditional_character_stands_for_two() -> None:
    content = table("traditional")
    pairs = [tuple(pair) for pair in content["characters"].split()]
    pairs += [pair for old, new in content["phrases"].items() for pair in zip(old, new, strict=True)]
    back: dict[str, set[str]] = {}
    for here, there in pairs:
        back.setdefault(there, set()).add(here)
    assert [there for there, here in back.items() if len(here) > 1] == []
    assert {there for here, there in pairs if here != there}.isdisjoint(content["same"])


@pytest.mark.parametrize("text", ["鑫", "制", "复兴", "准时"])
def test_what_nobody_has_looked_at_is_not_converted(text: str) -> None:
    assert traditional(text) is None
    assert traditional(f"太原{text}") is None
