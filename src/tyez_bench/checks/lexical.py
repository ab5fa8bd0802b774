"""Level 3: what the words of a name say about its type and its edges."""

import re
from collections.abc import Iterator
from statistics import median

from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.subject import Set
from tyez_bench.model import Entity
from tyez_bench.places.areas import areas

_ORGANISATION = re.compile(
    "(公司|集团|银行|大学|学院|中学|小学|医院|法院|检察院|委员会|政府|管理局|公安局|研究院|研究所|协会|出版社|报社|事务所|合作社|俱乐部)$"
)
_AREA = re.compile("(省|自治区|自治州|市|县|区|街道|乡|镇|村|路|大街|山脉|半岛|海峡|盆地|平原)$")
# Names of teams and offices may end so: 国安市, 特区 are none. Longer ones that do are looked at.
_POINTING = re.compile(
    "(该|我|本|此|这|那|各|全|某|贵|他|其)(国|省|市|县|区|乡|镇|村|厂|公司|企业|集团|单位|校|院|局|部门|地|报|行|台|社)"
)
_GENERIC = frozenset(
    [
        "企业",
        "公司",
        "集团",
        "区域",
        "地区",
        "城市",
        "农村",
        "全国",
        "全省",
        "全市",
        "全县",
        "全区",
        "全球",
        "世界",
        "国家",
        "政府",
        "部门",
        "单位",
        "机构",
        "学校",
        "医院",
        "银行",
        "酒厂",
        "工厂",
        "园区",
        "城区",
        "市区",
        "城乡",
        "基地",
        "项目",
        "中心",
        "市级",
        "省级",
        "县级",
        "区级",
        "国内",
        "国外",
        "省内",
        "市内",
        "省外",
        "市外",
        "境内",
        "境外",
        "当地",
        "本地",
        "外地",
        "乡镇",
        "街道",
        "社区",
        "工作专班",
        "启动区",
        "起步区",
        "核心区",
    ]
)
_BEFORE = re.compile("[在位于赴由自从向往到至对为将被把给让使与和及或跟并而的了]")
_AFTER = re.compile("[的了着过和与及或等在是为将被也就于]$")
_COMPANY = re.compile("(?:有限责任公司|股份有限公司|有限公司|集团公司)")
_NOT_NAME = re.compile(r"[\s，。、；：！？,;:!?“”‘’《》「」()（）]")
# A surface is an outlier when it is this many times as long as the median, and longer by this many characters.
_TIMES, _LONGER, _ENOUGH = 4, 8, 20


def suffix_says_otherwise(texts: Set) -> Iterator[Finding]:
    """L301."""
    for text, entity in texts.entities():
        hit = None
        if entity.type == "PLACE":
            hit, other = _ORGANISATION.search(entity.text), "an organisation"
        elif entity.type == "ORG":
            hit, other = _AREA.search(entity.text), "a place"
        if hit is not None and len(entity.text) > len(hit[0]):
            yield text.of("L301", entity, f"{entity.type} {entity.text!r} ends like the name of {other} ({hit[0]})")


def area_by_another_type(texts: Set) -> Iterator[Finding]:
    """L302."""
    known = areas().codes
    for text, entity in texts.entities():
        if entity.type != "PLACE" and len(entity.text) > 1 and entity.text in known:
            name = areas().names[known[entity.text][0]]
            yield text.of(
                "L302", entity, f"{entity.type} {entity.text!r} is the name of an administrative area ({name})"
            )


def single_character(texts: Set) -> Iterator[Finding]:
    """L303."""
    for text, entity in texts.entities():
        if len(entity.text) == 1:
            yield text.of("L303", entity, f"{entity.type} {entity.text!r} has a single character")


def unusual_length(texts: Set) -> Iterator[Finding]:
    """L304."""
    lengths: dict[str, list[int]] = {}
    for surface, uses in texts.by_surface.items():
        for label in {entity.type for _, entity in uses} if len(uses) > 1 else (uses[0][1].type,):
            lengths.setdefault(label.value, []).append(len(surface))
    limits = {
        label: max(_TIMES * median(found), median(found) + _LONGER)
        for label, found in lengths.items()
        if len(found) >= _ENOUGH
    }
    for text, entity in texts.entities():
        limit = min(limits.get(entity.type.value, texts.options.longest), texts.options.longest)
        if len(entity.text) > limit:
            reason = f"{len(entity.text)} characters; {entity.type} up to {limit:g} are usual here"
            yield text.of("L304", entity, f"{entity.type} {entity.text!r} has {reason}")


def no_name(texts: Set) -> Iterator[Finding]:
    """L305."""
    for text, entity in texts.entities():
        if entity.type in ("PLACE", "ORG") and (_POINTING.fullmatch(entity.text) or entity.text in _GENERIC):
            yield text.of("L305", entity, f"{entity.type} {entity.text!r} points or describes, and names nothing")


def function_word_at_an_edge(texts: Set) -> Iterator[Finding]:
    """L306."""
    for text, entity in texts.entities():
        if entity.type not in ("PLACE", "ORG") or len(entity.text) < 2:
            continue
        if entity.text in texts.by_surface and len(texts.by_surface[entity.text]) > 2:
            # A surface that is marked again and again is a name, whatever it begins with (和平区, 自贡).
            continue
        first, last = _BEFORE.match(entity.text), _AFTER.search(entity.text)
        if first is not None and not _is_area(entity, texts):
            yield text.of("L306", entity, f"{entity.type} {entity.text!r} begins with the word {first[0]!r}")
        elif last is not None:
            yield text.of("L306", entity, f"{entity.type} {entity.text!r} ends with the word {last[0]!r}")


def _is_area(entity: Entity, texts: Set) -> bool:
    return any(entity.text[:size] in areas().codes for size in range(2, len(entity.text) + 1))


def unmarked_company(texts: Set) -> Iterator[Finding]:
    """L307."""
    if not texts.marks("ORG"):
        return
    for text in texts.texts:
        whole = text.document.text
        for match in _COMPANY.finditer(whole):
            if any(e.start < match.end() <= e.end for e in text.document.entities):
                continue
            start = match.start()
            while start > 0 and match.start() - start < 12 and not _NOT_NAME.match(whole[start - 1]):
                start -= 1
            if start < match.start():
                yield text.finding(
                    "L307", f"{match[0]} at the end of a name, and no entity ends here", start, match.end()
                )


def not_what_the_rule_says(texts: Set) -> Iterator[Finding]:
    """L308."""
    wanted = sorted(texts.options.types_of_rules.items(), key=lambda item: -len(item[0]))
    if not wanted or not any(entity.rule for _, entity in texts.entities()):
        return
    for text, entity in texts.entities():
        if entity.rule is None:
            yield text.of("L308", entity, f"{entity.type} {entity.text!r} names no rule of the guidelines")
            continue
        expected = next((what for name, what in wanted if entity.rule.startswith(name)), None)
        if expected is None:
            reason = f"names the rule {entity.rule}, by which no entity is"
        else:
            label, optional = expected.rstrip("?!"), expected[-1]
            if entity.type == label and (
                optional not in "?!" or (optional == "?") == (not entity.required) or entity.parent is not None
            ):
                continue
            status = {"?": "optional ", "!": "required "}.get(optional, "")
            reason = f"names the rule {entity.rule}, by which an entity is {status}{label}, and is {entity.status}"
        yield text.of("L308", entity, f"{entity.type} {entity.text!r} {reason}")


CHECKS = (
    Check(("L301",), suffix_says_otherwise),
    Check(("L302",), area_by_another_type),
    Check(("L303",), single_character),
    Check(("L304",), unusual_length),
    Check(("L305",), no_name),
    Check(("L306",), function_word_at_an_edge),
    Check(("L307",), unmarked_company),
    Check(("L308",), not_what_the_rule_says),
)
