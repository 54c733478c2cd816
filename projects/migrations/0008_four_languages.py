import bethune_smartcity.core.text
from django.db import migrations, models
from django.db.models import F

from bethune_smartcity.core.search import folded_in_each
from bethune_smartcity.core.trigrams import trigram_indexes


COLUMNS = tuple(f"search_text_{code}" for code in ("fr", "en", "de", "nl"))


def carry_over(apps, schema_editor):
    """What was written so far is French, but the words of photographs, which say their language; then fold it all."""
    Milestone, Photo = apps.get_model("projects", "Milestone"), apps.get_model("projects", "Photo")
    Project, Update = apps.get_model("projects", "Project"), apps.get_model("projects", "Update")
    Milestone.objects.update(title_fr=F("title"))
    Project.objects.update(name_fr=F("name"), one_line_fr=F("one_line"), story_fr=F("story"), place_fr=F("place"))
    Update.objects.update(title_fr=F("title"), body_fr=F("body"))
    for code in ("fr", "en", "de", "nl"):
        Photo.objects.filter(language=code).update(**{f"alt_{code}": F("alt")})
    for update in Update.objects.iterator():
        Update.objects.filter(pk=update.pk).update(**folded_in_each(update, "title", ("body",)))
    for project in Project.objects.select_related("structure").iterator():
        owner = (project.structure.name,) if project.structure else ()
        found = folded_in_each(project, "name", ("one_line", "story", "place"), *owner)
        Project.objects.filter(pk=project.pk).update(**found)


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0007_search_of_updates'),
    ]

    operations = [
        migrations.AddField(
            model_name='milestone',
            name='title_de',
            field=models.CharField(max_length=140, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='small step'),
        ),
        migrations.AddField(
            model_name='milestone',
            name='title_en',
            field=models.CharField(max_length=140, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='small step'),
        ),
        migrations.AddField(
            model_name='milestone',
            name='title_fr',
            field=models.CharField(max_length=140, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='small step'),
        ),
        migrations.AddField(
            model_name='milestone',
            name='title_nl',
            field=models.CharField(max_length=140, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='small step'),
        ),
        migrations.AddField(
            model_name='photo',
            name='alt_de',
            field=models.CharField(help_text='For those who do not see it: who or what, doing what, where. One sentence.', max_length=250, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='what it shows'),
        ),
        migrations.AddField(
            model_name='photo',
            name='alt_en',
            field=models.CharField(help_text='For those who do not see it: who or what, doing what, where. One sentence.', max_length=250, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='what it shows'),
        ),
        migrations.AddField(
            model_name='photo',
            name='alt_fr',
            field=models.CharField(help_text='For those who do not see it: who or what, doing what, where. One sentence.', max_length=250, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='what it shows'),
        ),
        migrations.AddField(
            model_name='photo',
            name='alt_nl',
            field=models.CharField(help_text='For those who do not see it: who or what, doing what, where. One sentence.', max_length=250, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='what it shows'),
        ),
        migrations.AddField(
            model_name='project',
            name='name_de',
            field=models.CharField(max_length=120, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='name'),
        ),
        migrations.AddField(
            model_name='project',
            name='name_en',
            field=models.CharField(max_length=120, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='name'),
        ),
        migrations.AddField(
            model_name='project',
            name='name_fr',
            field=models.CharField(max_length=120, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='name'),
        ),
        migrations.AddField(
            model_name='project',
            name='name_nl',
            field=models.CharField(max_length=120, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='name'),
        ),
        migrations.AddField(
            model_name='project',
            name='one_line_de',
            field=models.CharField(blank=True, max_length=200, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='in one line'),
        ),
        migrations.AddField(
            model_name='project',
            name='one_line_en',
            field=models.CharField(blank=True, max_length=200, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='in one line'),
        ),
        migrations.AddField(
            model_name='project',
            name='one_line_fr',
            field=models.CharField(blank=True, max_length=200, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='in one line'),
        ),
        migrations.AddField(
            model_name='project',
            name='one_line_nl',
            field=models.CharField(blank=True, max_length=200, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='in one line'),
        ),
        migrations.AddField(
            model_name='project',
            name='place_de',
            field=models.CharField(blank=True, max_length=160, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='place'),
        ),
        migrations.AddField(
            model_name='project',
            name='place_en',
            field=models.CharField(blank=True, max_length=160, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='place'),
        ),
        migrations.AddField(
            model_name='project',
            name='place_fr',
            field=models.CharField(blank=True, max_length=160, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='place'),
        ),
        migrations.AddField(
            model_name='project',
            name='place_nl',
            field=models.CharField(blank=True, max_length=160, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='place'),
        ),
        migrations.AddField(
            model_name='project',
            name='search_text_de',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='project',
            name='search_text_en',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='project',
            name='search_text_fr',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='project',
            name='search_text_nl',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='project',
            name='story_de',
            field=models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='story'),
        ),
        migrations.AddField(
            model_name='project',
            name='story_en',
            field=models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='story'),
        ),
        migrations.AddField(
            model_name='project',
            name='story_fr',
            field=models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='story'),
        ),
        migrations.AddField(
            model_name='project',
            name='story_nl',
            field=models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='story'),
        ),
        migrations.AddField(
            model_name='update',
            name='body_de',
            field=models.TextField(null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='text'),
        ),
        migrations.AddField(
            model_name='update',
            name='body_en',
            field=models.TextField(null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='text'),
        ),
        migrations.AddField(
            model_name='update',
            name='body_fr',
            field=models.TextField(null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='text'),
        ),
        migrations.AddField(
            model_name='update',
            name='body_nl',
            field=models.TextField(null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='text'),
        ),
        migrations.AddField(
            model_name='update',
            name='search_text_de',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='update',
            name='search_text_en',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='update',
            name='search_text_fr',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='update',
            name='search_text_nl',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='update',
            name='title_de',
            field=models.CharField(max_length=140, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='title'),
        ),
        migrations.AddField(
            model_name='update',
            name='title_en',
            field=models.CharField(max_length=140, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='title'),
        ),
        migrations.AddField(
            model_name='update',
            name='title_fr',
            field=models.CharField(max_length=140, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='title'),
        ),
        migrations.AddField(
            model_name='update',
            name='title_nl',
            field=models.CharField(max_length=140, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='title'),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        trigram_indexes("projects_project", "search_text", drop_them=True),
        trigram_indexes("projects_update", "search_text", drop_them=True),
        trigram_indexes("projects_project", *COLUMNS),
        trigram_indexes("projects_update", *COLUMNS),
        migrations.RemoveConstraint(
            model_name='photo',
            name='projects_photo_is_described',
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('alt_fr__isnull', False), models.Q(('alt_fr', ''), _negated=True)), models.Q(('alt_en__isnull', False), models.Q(('alt_en', ''), _negated=True)), models.Q(('alt_de__isnull', False), models.Q(('alt_de', ''), _negated=True)), models.Q(('alt_nl__isnull', False), models.Q(('alt_nl', ''), _negated=True)), _connector='OR'), name='projects_photo_is_described'),
        ),
        migrations.RemoveField(
            model_name='photo',
            name='language',
        ),
    ]
