"""Searches find a text whichever apostrophe it is written or asked with."""

from django.db import migrations

from bethune_smartcity.core.refolding import fold_apostrophes


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_renderings")]

    operations = [fold_apostrophes("portal", "Article")]
