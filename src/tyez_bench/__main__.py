"""``python -m tyez_bench``, and the command ``tyez-bench``."""

import sys


def entry_point() -> None:
    """Run as the ``tyez-bench`` command, and end the process."""
    try:
        # Interrupted while these load, it is told as at any other time.
        from tyez_bench.cli import main
        from tyez_bench.cli.output import settle

        settle()
        code = main()
    except KeyboardInterrupt as interruption:
        from tyez_bench.cli.output import failed

        code = failed(interruption, everything=False)
    sys.exit(code)


if __name__ == "__main__":
    entry_point()
