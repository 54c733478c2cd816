"""What readings proclaimed so far keep on their reserve list is known of the applications themselves."""

from typing import Any

from django.db import migrations


def know(apps: Any, _schema: Any) -> None:
    Proposal = apps.get_model("juries", "Proposal")
    Submission = apps.get_model("calls", "Submission")
    kept = Proposal.objects.filter(
        verdict="reserve", panel__stage="reading", panel__state="proclaimed", panel__publish_at__isnull=False
    )
    for submission, public_at in kept.values_list("submission", "panel__publish_at").iterator():
        Submission.objects.filter(pk=submission, reserve_public_at__isnull=True).update(reserve_public_at=public_at)


class Migration(migrations.Migration):
    dependencies = [("juries", "0023_motions_on_one_application"), ("calls", "0027_reserve_known")]

    operations = [migrations.RunPython(know, migrations.RunPython.noop, elidable=True)]
