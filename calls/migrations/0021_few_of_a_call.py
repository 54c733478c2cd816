from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0020_wordings_of_the_programme'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['call', 'state', 'number', 'id'], name='submission_of_state'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['call', 'structure', 'id'], name='submission_of_one'),
        ),
        migrations.RemoveIndex(
            model_name='submission',
            name='submission_of_call',
        ),
        migrations.RemoveIndex(
            model_name='submission',
            name='submission_of_structure',
        ),
    ]
