"""What left before, or never will, keeps no link that opens what its reader follows."""

import re
from typing import Any

from django.db import migrations

CONFIRM = "notifications.confirm"
MARK = ":key-of-its-reader:"
OVER = ("sent", "shown", "cancelled", "expired")
KEY = re.compile(r"/suivi/(?P<key>[0-9a-f]{40}:[\w-]+)/")
BATCH = 500


def take_keys_out(apps: Any, _schema: Any) -> None:
    """Empty the mails that asked to confirm, and put what stands for a key in those to followers."""
    messages = apps.get_model("notifications", "Message").objects.filter(state__in=OVER)
    messages.filter(kind=CONFIRM).update(subject="", body="")
    changed = []
    for row in messages.exclude(stop_path="").only("body", "stop_path").order_by("pk").iterator(BATCH):
        if found := KEY.search(row.stop_path):
            row.body, row.stop_path = (text.replace(found["key"], MARK) for text in (row.body, row.stop_path))
            changed.append(row)
        if len(changed) >= BATCH:
            messages.bulk_update(changed, ["body", "stop_path"])
            changed = []
    messages.bulk_update(changed, ["body", "stop_path"])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0012_held_broadcasts")]

    operations = [migrations.RunPython(take_keys_out, migrations.RunPython.noop)]
