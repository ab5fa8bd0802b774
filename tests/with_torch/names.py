"""Invented sentences with names, cut into words, for the models that tests train."""

WORDS = (
    "昨日/nt , 长沙市/GPE 的 远山集团/ORG 签约 。",
    "东湖公司/ORG 与 成都市/GPE 谈 。",
    "远山集团/ORG 在 长沙市/GPE 。",
    "😀 无人 。",
)
# No sentence of those above; 😀 is beyond the Basic Multilingual Plane.
TEXT = "昨日,长沙市的远山集团签约。\n\n 东湖公司与 成都市谈。😀\n远山集团在长沙市。"
FOUND = [
    ("GPE", "长沙市"),
    ("ORG", "远山集团"),
    ("ORG", "东湖公司"),
    ("GPE", "成都市"),
    ("ORG", "远山集团"),
    ("GPE", "长沙市"),
]


def sentences() -> list[list[tuple[str, str | None]]]:
    """The words of each sentence, with the type of name that they are."""
    found = []
    for line in WORDS:
        words = [word.partition("/") for word in line.split()]
        found.append([(word, kind if kind in ("GPE", "ORG") else None) for word, _, kind in words])
    return found
