"""Searches find a text whichever apostrophe it is written or asked with."""

from django.db import migrations

from bethune_smartcity.core.refolding import fold_apostrophes


class Migration(migrations.Migration):
    dependencies = [("calls", "0024_attended_steps")]

    operations = [fold_apostrophes("calls", "Call", "Submission", "Clarification")]
