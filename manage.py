#!/usr/bin/env python
"""Run one of the portal's management commands."""

import os
import sys


def main() -> None:
    """Hand the command line over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
