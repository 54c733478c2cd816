import bethune_smartcity.core.text
from django.db import migrations, models


def add_pages(apps, schema_editor):
    """One row for each page whose words may be replaced, none replaced yet."""
    LegalText = apps.get_model("core", "LegalText")
    for page in ("accessibilite", "mentions-legales", "donnees-personnelles", "cookies"):
        LegalText.objects.get_or_create(page=page)



class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_moment_of_the_demonstration'),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(choices=[('accessibilite', 'Accessibility statement'), ('mentions-legales', 'Legal notice'), ('donnees-personnelles', 'Personal data'), ('cookies', 'Cookies')], max_length=24, unique=True, verbose_name='page')),
                ('draft', models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', max_length=20000, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='text being written')),
                ('draft_fr', models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', max_length=20000, null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='text being written')),
                ('draft_en', models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', max_length=20000, null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='text being written')),
                ('draft_de', models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', max_length=20000, null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='text being written')),
                ('draft_nl', models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', max_length=20000, null=True, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='text being written')),
                ('text', models.TextField(blank=True, editable=False, verbose_name='text published')),
                ('text_fr', models.TextField(blank=True, editable=False, null=True, verbose_name='text published')),
                ('text_en', models.TextField(blank=True, editable=False, null=True, verbose_name='text published')),
                ('text_de', models.TextField(blank=True, editable=False, null=True, verbose_name='text published')),
                ('text_nl', models.TextField(blank=True, editable=False, null=True, verbose_name='text published')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published at')),
            ],
            options={
                'verbose_name': 'legal text',
                'verbose_name_plural': 'legal texts',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='city',
            name='accessibility',
            field=models.CharField(choices=[('none', 'not compliant'), ('partial', 'partially compliant'), ('full', 'fully compliant')], default='none', max_length=8, verbose_name='accessibility declared'),
        ),
        migrations.AddField(
            model_name='city',
            name='accessibility_audited_on',
            field=models.DateField(blank=True, null=True, verbose_name='day of the accessibility audit'),
        ),
        migrations.AddField(
            model_name='city',
            name='accessibility_auditor',
            field=models.CharField(blank=True, max_length=160, verbose_name='who made the accessibility audit'),
        ),
        migrations.AddField(
            model_name='city',
            name='accessibility_contact',
            field=models.EmailField(blank=True, help_text='Empty: the contact address.', max_length=254, verbose_name='address for accessibility'),
        ),
        migrations.AddField(
            model_name='city',
            name='accessibility_declared_on',
            field=models.DateField(blank=True, null=True, verbose_name='day of the accessibility statement'),
        ),
        migrations.AddField(
            model_name='city',
            name='accessibility_exemptions',
            field=models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', max_length=5000, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='exemptions for disproportionate burden'),
        ),
        migrations.AddField(
            model_name='city',
            name='accessibility_failures',
            field=models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', max_length=5000, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='contents that do not comply'),
        ),
        migrations.AddField(
            model_name='city',
            name='accessibility_outside',
            field=models.TextField(blank=True, help_text='Markdown: titles, lists, links, bold.', max_length=5000, validators=[bethune_smartcity.core.text.validate_plain], verbose_name='content the law exempts'),
        ),
        migrations.AddField(
            model_name='city',
            name='accessibility_rate',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='share of the RGAA criteria met, in per cent'),
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=models.CheckConstraint(condition=models.Q(('accessibility', 'none'), models.Q(('accessibility_audited_on__isnull', False), ('accessibility_rate__isnull', False), models.Q(models.Q(('accessibility', 'partial'), ('accessibility_rate__gte', 50)), models.Q(('accessibility', 'full'), ('accessibility_rate', 100)), _connector='OR')), _connector='OR'), name='core_accessibility_audited'),
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=models.CheckConstraint(condition=models.Q(('accessibility_rate__isnull', True), models.Q(('accessibility_rate__gte', 0), ('accessibility_rate__lte', 100)), _connector='OR'), name='core_accessibility_rate_of_100'),
        ),
        migrations.RunPython(add_pages, migrations.RunPython.noop),
    ]
