"""Read a pass in the inline notation against the page, and say in one line what is wrong with it.

    python scripts/check_pass.py annotations/passes/A.txt
    python scripts/check_pass.py --blank > pass.txt    the documents without marks, to start from
    python scripts/check_pass.py --jsonl pass.txt      the pass in the gold's schema, to compare it

Without --jsonl it prints counts only, never labels: an annotator may run it on a pass in the making.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from tyez_bench.corpus.inline import read_pass
from tyez_bench.corpus.page import build_documents, read_layout, read_page
from tyez_bench.errors import TyezBenchError
from tyez_bench.jsonl import encode_lines

LAYOUT = Path(__file__).parent.parent / "annotations" / "documents.toml"


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, nargs="?", help="the pass")
    parser.add_argument("--blank", action="store_true", help="print the documents without marks")
    parser.add_argument("--jsonl", action="store_true", help="print the pass in the gold's schema")
    args = parser.parse_args()
    try:
        layout = read_layout(LAYOUT)
        documents = build_documents(read_page(LAYOUT, layout), layout, LAYOUT)
        if args.blank:
            for document in documents:
                print(f"=== {document.id}\n{document.text}")
            return 0
        if args.file is None:
            parser.error("expected a file, or --blank")
        annotated = read_pass(args.file, documents)
    except TyezBenchError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if args.jsonl:
        sys.stdout.write(encode_lines(annotated).decode("utf-8"))
        return 0
    counts = Counter(entity.type for document in annotated for entity in document.entities)
    print(
        f"{args.file}: well-formed;",
        ", ".join(f"{n} {label}" for label, n in sorted(counts.items())),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
