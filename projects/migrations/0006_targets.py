import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pillars', '0002_seven_pillars'),
        ('projects', '0005_photographs_and_replication'),
    ]

    operations = [
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('baseline', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='value before the project')),
                ('goal', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='value aimed at')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pillars.indicator', verbose_name='indicator')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='projects.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'target',
                'verbose_name_plural': 'targets',
                'ordering': ['project', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('project', 'indicator'), name='projects_one_target_an_indicator'), models.CheckConstraint(condition=models.Q(('baseline', models.F('goal')), _negated=True), name='projects_target_changes')],
            },
        ),
    ]
