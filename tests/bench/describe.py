"""Run inside the portal: prints, as JSON, the jobs of a filled database with their statements and rows."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")
django.setup()

from tests.bench import counting, scene  # noqa: E402


def main() -> None:
    sessions = scene.sessions()
    found = []
    for job in scene.jobs():
        statements, rows = counting.measure(job, sessions.get(job.who))
        found.append(vars(job) | {"statements": statements, "rows": rows})
    json.dump({"jobs": found, "sessions": sessions}, sys.stdout)


if __name__ == "__main__":
    main()
