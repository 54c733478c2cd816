from django.db import migrations


def create_city(apps, schema_editor):
    apps.get_model("core", "City").objects.get_or_create(
        pk=1,
        defaults={
            "name": "Ville de Béthune",
            "department": "Pas-de-Calais, Hauts-de-France",
            "service": "Béthune Smart City",
        },
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(create_city, migrations.RunPython.noop)]
