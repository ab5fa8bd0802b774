"""``python -m tyez_bench``."""

from tyez_bench.cli import entry_point

entry_point()
