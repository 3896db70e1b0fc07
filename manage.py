#!/usr/bin/env python
"""Django's command line for kpitrack."""

import os
import sys

# Any one of them says that this is an installation; then all that it needs must be there.
OF_AN_INSTALLATION = ("KPITRACK_DEBUG", "KPITRACK_SECRET_KEY", "KPITRACK_ALLOWED_HOSTS")


def main() -> None:
    """Run a command. On a machine where nothing is configured it runs as for development: it serves nobody."""
    if not any(name in os.environ for name in OF_AN_INSTALLATION):
        os.environ["KPITRACK_DEBUG"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpitrack.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
