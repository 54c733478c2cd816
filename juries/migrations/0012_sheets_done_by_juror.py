"""A juror's sheets that were handed in are counted from the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0015_description_versions"),
        ("juries", "0011_substitutes"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="sheet",
            name="juries_sheet_done",
        ),
        migrations.AddIndex(
            model_name="sheet",
            index=models.Index(fields=["juror", "state", "submission"], name="juries_sheet_done"),
        ),
    ]
