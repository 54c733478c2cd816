from django.conf import settings
from django.db import migrations, models


def of_the_demonstration(apps, schema_editor):
    """Its first call was told loosely by what it is; it is now by what its record says."""
    if settings.DEMO:
        calls = apps.get_model("calls", "Call").objects.filter(slug="smart-city-2017", kept_as_archive=True)
        calls.update(opening_is_approximate=True)


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0022_renderings'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='opening_is_approximate',
            field=models.BooleanField(default=False, help_text='For a call of the past. What is public then tells about when in its month it opened, and machines the month alone.', verbose_name='the day of the opening is not known'),
        ),
        migrations.RunPython(of_the_demonstration, migrations.RunPython.noop),
    ]
