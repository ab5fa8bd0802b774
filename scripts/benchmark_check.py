"""How fast the consistency check is, and how much memory it takes: sentences with entities, made with a seed.

python scripts/benchmark_check.py                    100,000 sentences, 500,000 entities
python scripts/benchmark_check.py --sentences N      another number, five entities each
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tyez_bench.jsonl import encode

SEED = 20220809
STEMS = "东西南北中上下大小新老长安平和兴庆阳泉林山水河湖海江云龙凤金银铜铁石玉清明光华文武德仁义礼信"
VERBS = ("召开会议讨论", "宣布投资建设", "正式启动", "与多方合作推进", "表示将继续支持", "完成验收")
FILLERS = ("有关负责人介绍说", "据了解", "此外", "按照安排", "项目进展顺利", "各项工作有序推进")


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
    text, entities = "", []
    for part in parts:
        if isinstance(part, tuple):
            start, end = len(text), len(text) + len(part[0])
            entities.append({"start": start, "end": end, "text": part[0], "type": part[1]})
        text += part if isinstance(part, str) else part[0]
    return {"id": f"s{number}", "text": text, "entities": entities}


def main() -> int:
    """Make the file, check it in a process of its own, and print time and memory."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=100_000)
    args = parser.parse_args()
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        with path.open("wb") as file:
            for number in range(args.sentences):
                file.write(encode(sentence(rng, number)) + b"\n")
        started = time.perf_counter()
        command = [sys.executable, "-m", "tyez_bench", "check", path.name, "--format", "concise", "--statistics"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - started
    print("\n".join(done.stdout.splitlines()[-16:]))
    print(done.stderr, end="", file=sys.stderr)
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{args.sentences} sentences, {5 * args.sentences} entities: {seconds:.1f} s, {megabytes:.0f} MB")
    return int(done.returncode > 1)


if __name__ == "__main__":
    sys.exit(main())
