"""What benchmark.py works on: made-up spans, and made-up sentences with entities, drawn with a seed.

python scripts/made_up.py DIR N    write gold.jsonl and predictions.jsonl of N sentences
"""

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

SEED = 20220809
SENTENCES, LENGTH, PER_SENTENCE = 20_000, 50, 5
TYPES = ("DATE", "MONEY", "ORG", "PLACE")
STEMS = "东西南北中上下大小新老长安平和兴庆阳泉林山水河湖海江云龙凤金银铜铁石玉清明光华文武德仁义礼信"
VERBS = ("召开会议讨论", "宣布投资建设", "正式启动", "与多方合作推进", "表示将继续支持", "完成验收")
FILLERS = ("有关负责人介绍说", "据了解", "此外", "按照安排", "项目进展顺利", "各项工作有序推进")

Span = tuple[int, int, str]
Spans = list[list[Span]]


def corpus(sentences: int = SENTENCES) -> tuple[Spans, Spans]:
    """Gold and predictions."""
    gold, predicted = zip(*sides(sentences), strict=True)
    return list(gold), list(predicted)


def sides(sentences: int) -> Iterator[tuple[list[Span], list[Span]]]:
    """Gold and predictions of one sentence after the other."""
    rng = random.Random(SEED)
    for _ in range(sentences):
        own: list[Span] = []
        found: list[Span] = []
        for slot in range(PER_SENTENCE):
            start = slot * (LENGTH // PER_SENTENCE) + rng.randrange(3)
            span = (start, start + rng.randint(2, 6), rng.choice(TYPES))
            own.append(span)
            found.extend(perturbed(rng, span))
        yield own, found


def perturbed(rng: random.Random, span: tuple[int, int, str]) -> list[tuple[int, int, str]]:
    """The span as nine of ten predictions have it; of the others a quarter is missed."""
    start, end, type_ = span
    kind = rng.randrange(40)
    if kind == 0:
        return []
    if kind == 1:
        return [(start, end - 1, type_)]
    if kind == 2:
        return [(start, end + 1, type_)]
    if kind == 3:
        return [(start, end, TYPES[TYPES.index(type_) - 1])]
    return [span]


def write(folder: Path, sentences: int) -> None:
    """Write gold and predictions as native JSON Lines, as json.dumps does, however many."""
    text = f', "text": "{"一" * LENGTH}"'
    with (
        (folder / "gold.jsonl").open("w", encoding="utf-8") as gold,
        (folder / "predictions.jsonl").open("w", encoding="utf-8") as predictions,
    ):
        for number, both in enumerate(sides(sentences)):
            for file, spans, more in zip((gold, predictions), both, (text, ""), strict=True):
                found = ", ".join([f'{{"start": {s}, "end": {e}, "type": "{t}"}}' for s, e, t in spans])
                file.write(f'{{"id": "s{number}"{more}, "entities": [{found}]}}\n')


def sentences_with_entities(number: int) -> Iterator[dict[str, object]]:
    """So many records of the file that the check reads."""
    rng = random.Random(SEED)
    return (sentence(rng, one) for one in range(number))


def sentence(rng: random.Random, number: int) -> dict[str, object]:
    """A sentence with two places, an organisation, an amount and a date."""
    parts: list[str | tuple[str, str]] = [
        (rng.choice(("今年", "去年", f"{rng.randrange(1, 13)}月{rng.randrange(1, 28)}日")), "DATE"),
        ",",
        ("".join(rng.choices(STEMS, k=2)) + rng.choice("县区镇"), "PLACE"),
        rng.choice(VERBS),
        ("".join(rng.choices(STEMS, k=3)) + rng.choice(("公司", "集团", "大学")), "ORG"),
        rng.choice(FILLERS),
        ("".join(rng.choices(STEMS, k=2)) + rng.choice(("产业园", "开发区")), "PLACE"),
        "总投资",
        (f"{rng.randrange(1, 999)}.{rng.randrange(1, 99)}亿元", "MONEY"),
        "。",
    ]
    return _record(f"s{number}", parts)


def document(entities: int) -> dict[str, object]:
    """One document with so many entities: dates, times and amounts with their values, places and organisations."""
    rng = random.Random(SEED)
    parts: list[str | tuple[str, str] | tuple[str, str, dict[str, str]]] = []
    for _ in range(entities // PER_SENTENCE):
        month, day, amount = rng.randrange(1, 13), rng.randrange(1, 28), rng.randrange(1, 999)
        date = {"type": "DATE", "value": f"2022-{month:02}-{day:02}"}
        parts += [
            (f"2022年{month}月{day}日", "DATE", date),
            (f"下午{rng.randrange(1, 6)}点", "TIME"),
            ",",
            ("".join(rng.choices(STEMS, k=2)) + rng.choice("县区镇"), "PLACE"),
            rng.choice(VERBS),
            ("".join(rng.choices(STEMS, k=3)) + rng.choice(("公司", "集团", "大学")), "ORG"),
            rng.choice(FILLERS),
            ",总投资",
            (f"{amount}万元", "MONEY", {"amount": f"{amount}0000", "currency": "CNY"}),
            "。",
        ]
    return _record("d", parts)


def _record(id_: str, parts: Sequence[str | tuple[str, str] | tuple[str, str, dict[str, str]]]) -> dict[str, object]:
    """A record of words, and of entities with their type, and with their value where they have one."""
    at = 0
    entities: list[dict[str, object]] = []
    for part in parts:
        surface = part if isinstance(part, str) else part[0]
        if not isinstance(part, str):
            entity: dict[str, object] = {"start": at, "end": at + len(surface), "text": surface, "type": part[1]}
            entities.append(entity if len(part) == 2 else {**entity, "value": part[2]})
        at += len(surface)
    text = "".join(part if isinstance(part, str) else part[0] for part in parts)
    return {"id": id_, "text": text, "entities": entities}


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
