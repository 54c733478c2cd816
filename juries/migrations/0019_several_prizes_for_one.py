from django.db import migrations, models
from django.db.models import Count, Q


def refuse_several_prizes(apps, schema_editor):
    """Nothing is chosen here among the prizes of one application: whoever goes back frees them first."""
    proposals = apps.get_model("juries", "Proposal").objects.using(schema_editor.connection.alias)
    several = proposals.order_by().values("panel", "submission").annotate(n=Count("pk")).filter(n__gt=1)
    found = ", ".join(f"{row['submission']} (panel {row['panel']})" for row in several[:10])
    if found:
        raise RuntimeError(
            f"Several prizes are proposed to one application, which the former rule cannot hold: {found}. "
            "Leave each application one proposal before going back."
        )


class Migration(migrations.Migration):
    dependencies = [("juries", "0018_special_mentions")]

    operations = [
        migrations.RemoveConstraint(model_name="proposal", name="juries_one_proposal"),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                fields=["panel", "submission"],
                condition=Q(prize__isnull=True),
                name="juries_one_proposal_without_a_prize",
            ),
        ),
        # Last here, first on the way back: refused before anything changes.
        migrations.RunPython(migrations.RunPython.noop, refuse_several_prizes, elidable=True),
    ]
