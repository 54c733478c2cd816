"""Searches find a text whichever apostrophe it is written or asked with."""

from django.db import migrations

from bethune_smartcity.core.refolding import fold_apostrophes


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_renderings")]

    operations = [fold_apostrophes("projects", "Project", "Update")]
