"""Write src/tyez_bench/places/gb2260-2007.tsv: the codes and names of GB/T 2260-2007, from the package GB2260.

python scripts/build_areas.py            write
python scripts/build_areas.py --check    compare byte for byte, exit 1 on a difference
"""

import argparse
import sys
from pathlib import Path

from tyez_bench.jsonl import write_atomic

EDITION = 2007
TARGET = Path(__file__).parent.parent / "src" / "tyez_bench" / "places" / f"gb2260-{EDITION}.tsv"


def table() -> bytes:
    """Code and name, one a line, by code."""
    from gb2260.data import data

    return "".join(f"{code}\t{name}\n" for code, name in sorted(data[EDITION].items())).encode("utf-8")


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    args = parser.parse_args()
    found = table()
    if args.check:
        if TARGET.read_bytes() != found:
            print(f"{TARGET.name} is not what the package GB2260 has", file=sys.stderr)
            return 1
        return 0
    write_atomic(TARGET, found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
