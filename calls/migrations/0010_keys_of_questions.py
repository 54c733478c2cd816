from django.db import migrations
from django.utils.text import slugify


def give_keys(apps, schema_editor):
    """The key a question is given when it is made: that of its words."""
    questions = apps.get_model("calls", "Question").objects.using(schema_editor.connection.alias)
    for question in questions.iterator():
        question.key = slugify(question.label_fr or question.label or "")[:60] or "question"
        question.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0009_conditions_and_kinds_of_questions"),
    ]

    operations = [
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
