"""Searches find a text whichever apostrophe it is written or asked with."""

from django.db import migrations

from bethune_smartcity.core.refolding import fold_apostrophes


class Migration(migrations.Migration):
    dependencies = [("juries", "0021_mentions_in_other_languages")]

    operations = [fold_apostrophes("juries", "Award")]
