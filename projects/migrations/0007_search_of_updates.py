from django.db import migrations, models

from bethune_smartcity.core.search import folded
from bethune_smartcity.core.trigrams import trigram_indexes


def fold(apps, schema_editor):
    """Write the search columns of the news and projects that are there, titles apart from the rest."""
    Project, Update = apps.get_model("projects", "Project"), apps.get_model("projects", "Update")
    for update in Update.objects.iterator():
        Update.objects.filter(pk=update.pk).update(search_text=folded(update.title, update.body))
    for project in Project.objects.select_related("structure").iterator():
        owner = project.structure.name if project.structure else ""
        text = folded(project.name, project.one_line, project.story, project.place, owner)
        Project.objects.filter(pk=project.pk).update(search_text=text)



class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0006_targets'),
    ]

    operations = [
        migrations.AddField(
            model_name='update',
            name='search_text',
            field=models.TextField(blank=True, editable=False, verbose_name='search text'),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
        trigram_indexes("projects_project", "search_text"),
        trigram_indexes("projects_update", "search_text"),
    ]
