from django.db import migrations, models

from bethune_smartcity.core.search import folded, folded_in_each
from bethune_smartcity.core.trigrams import trigram_indexes

SEARCHED = ("summary", "audience", "purpose", "sought", "asks", "support", "jury_note", "tie_note")


def fold(apps, schema_editor):
    """Write the search columns of the calls and questions that are there."""
    Call, Clarification = apps.get_model("calls", "Call"), apps.get_model("calls", "Clarification")
    for call in Call.objects.iterator():
        Call.objects.filter(pk=call.pk).update(**folded_in_each(call, "title", SEARCHED))
    for asked in Clarification.objects.iterator():
        Clarification.objects.filter(pk=asked.pk).update(search_text=folded(asked.text, asked.answer))



class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0004_what_a_close_says'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='search_text',
            field=models.TextField(blank=True, editable=False, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='call',
            name='search_text_de',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='call',
            name='search_text_en',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='call',
            name='search_text_fr',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='call',
            name='search_text_nl',
            field=models.TextField(blank=True, editable=False, null=True, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='clarification',
            name='search_text',
            field=models.TextField(blank=True, editable=False, verbose_name='search text'),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
        trigram_indexes("calls_call", "search_text_fr", "search_text_en", "search_text_de", "search_text_nl"),
        trigram_indexes("calls_clarification", "search_text"),
    ]
