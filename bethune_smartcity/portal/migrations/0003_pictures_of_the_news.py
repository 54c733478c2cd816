import bethune_smartcity.core.text
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0005_search_of_calls'),
        ('files', '0001_initial'),
        ('pillars', '0002_seven_pillars'),
        ('portal', '0002_search_of_news'),
        ('projects', '0008_four_languages'),
    ]

    operations = [
        migrations.AddField(
            model_name='article',
            name='alt',
            field=models.CharField(blank=True, help_text='For those who do not see it: who or what, doing what, where. One sentence.', max_length=250, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='what the picture shows'),
        ),
        migrations.AddField(
            model_name='article',
            name='alt_de',
            field=models.CharField(blank=True, help_text='For those who do not see it: who or what, doing what, where. One sentence.', max_length=250, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='what the picture shows'),
        ),
        migrations.AddField(
            model_name='article',
            name='alt_en',
            field=models.CharField(blank=True, help_text='For those who do not see it: who or what, doing what, where. One sentence.', max_length=250, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='what the picture shows'),
        ),
        migrations.AddField(
            model_name='article',
            name='alt_fr',
            field=models.CharField(blank=True, help_text='For those who do not see it: who or what, doing what, where. One sentence.', max_length=250, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='what the picture shows'),
        ),
        migrations.AddField(
            model_name='article',
            name='alt_nl',
            field=models.CharField(blank=True, help_text='For those who do not see it: who or what, doing what, where. One sentence.', max_length=250, null=True, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='what the picture shows'),
        ),
        migrations.AddField(
            model_name='article',
            name='credit',
            field=models.CharField(blank=True, max_length=120, validators=[bethune_smartcity.core.text.validate_single_line], verbose_name='credit'),
        ),
        migrations.AddField(
            model_name='article',
            name='height',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name='height'),
        ),
        migrations.AddField(
            model_name='article',
            name='large',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='large size'),
        ),
        migrations.AddField(
            model_name='article',
            name='medium',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='medium size'),
        ),
        migrations.AddField(
            model_name='article',
            name='small',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='small size'),
        ),
        migrations.AddField(
            model_name='article',
            name='width',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name='width'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('height__isnull', True), ('large__isnull', True), ('medium__isnull', True), ('small__isnull', True), ('width__isnull', True)), models.Q(('alt_de__isnull', False), ('alt_en__isnull', False), ('alt_fr__isnull', False), ('alt_nl__isnull', False), ('height__isnull', False), ('large__isnull', False), ('medium__isnull', False), ('small__isnull', False), ('width__isnull', False), models.Q(('alt_fr', ''), _negated=True), models.Q(('alt_en', ''), _negated=True), models.Q(('alt_de', ''), _negated=True), models.Q(('alt_nl', ''), _negated=True)), _connector='OR'), name='portal_article_picture_is_whole'),
        ),
    ]
