import bethune_smartcity.core.text
from django.db import migrations, models

from bethune_smartcity.core.search import folded
from bethune_smartcity.core.trigrams import trigram_indexes


def fold(apps, schema_editor):
    """Write the search column of the prizes that were given."""
    Award = apps.get_model("juries", "Award")
    for award in Award.objects.select_related("submission__structure", "prize", "call").iterator():
        won = award.submission
        text = folded(won.title, won.structure.name, won.one_line, award.prize.name, award.support, award.call.title)
        Award.objects.filter(pk=award.pk).update(search_text=text)



class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0005_search_of_calls'),
        ('juries', '0006_withheld_prizes'),
    ]

    operations = [
        migrations.AddField(
            model_name='award',
            name='search_text',
            field=models.TextField(blank=True, editable=False, verbose_name='search text'),
        ),
        migrations.AddField(
            model_name='panel',
            name='access',
            field=models.TextField(blank=True, help_text='Transport, entrance without steps, hearing loop, interpreters, whom to ask. Markdown.', max_length=3000, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='how to come and get in'),
        ),
        migrations.AddField(
            model_name='panel',
            name='held_from',
            field=models.DateField(blank=True, null=True, verbose_name='first day of the finale'),
        ),
        migrations.AddField(
            model_name='panel',
            name='held_until',
            field=models.DateField(blank=True, null=True, verbose_name='last day of the finale'),
        ),
        migrations.AddField(
            model_name='panel',
            name='occasion',
            field=models.CharField(blank=True, max_length=160, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='event at which the finale is held'),
        ),
        migrations.AddField(
            model_name='panel',
            name='place',
            field=models.CharField(blank=True, max_length=250, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='place and address'),
        ),
        migrations.AddConstraint(
            model_name='panel',
            constraint=models.CheckConstraint(condition=models.Q(('held_until__isnull', True), models.Q(('held_from__isnull', False), ('held_until__gte', models.F('held_from'))), _connector='OR'), name='juries_finale_days_in_order', violation_error_message='The last day comes after the first.'),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
        trigram_indexes("juries_award", "search_text"),
    ]
