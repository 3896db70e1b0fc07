"""`script/bench [core] [lint] [pages] [pdf] [evening] [kill]`."""

import os
import sys
import tempfile
from pathlib import Path

PARTS = ("core", "lint", "pages", "pdf", "evening")
ON_DEMAND = ("kill",)


def main() -> int:
    """Set Django up on a database of its own, then run the parts that were asked for."""
    wanted = sys.argv[1:] or list(PARTS)
    unknown = [part for part in wanted if part not in (*PARTS, *ON_DEMAND)]
    if unknown:
        known = ", ".join((*PARTS, *ON_DEMAND))
        print(f"script/bench: unknown part {unknown[0]!r}; there are: {known}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpitrack.settings")
        # Production settings, as far as a machine without a certificate can have them.
        os.environ |= {
            "KPITRACK_DEBUG": "0",
            "KPITRACK_HTTPS": "0",
            "KPITRACK_ALLOWED_HOSTS": "127.0.0.1",
            "KPITRACK_SECRET_KEY": "only-for-this-benchmark-and-never-for-a-hospital-0123456789",
            "KPITRACK_TODAY": "2017-04-15",
            "KPITRACK_EVIDENCE": str(Path(folder) / "evidence"),
        }
        import django

        django.setup()
        for part in wanted:
            module = __import__(f"script.benchmark.{part}", fromlist=["run"])
            module.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
