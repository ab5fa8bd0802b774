"""The codes and names of GB/T 2260-2007, from the package GB2260."""

from generated.maker import ROOT, Files

EDITION = 2007
TARGET = ROOT / "src" / "tyez_bench" / "zh" / f"gb2260-{EDITION}.tsv"


def make() -> Files:
    """Code and name, one a line, by code."""
    from gb2260.data import data

    return {TARGET: "".join(f"{code}\t{name}\n" for code, name in sorted(data[EDITION].items())).encode("utf-8")}
