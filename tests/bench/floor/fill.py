"""Fill the floor with as many items as the portal has submissions. Run as a module with the number."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.floor.settings"
django.setup()

from django.db import connection, transaction  # noqa: E402

from tests.bench.floor.models import Answer, Item, Owner, Question, Sheet  # noqa: E402

SIXTY = 2
KINDS = ("short", "long", "long", "short", "short", "choice", "choices", "choice", "short", "short", "choices", "table")
KINDS += ("file", "file", "long")


@transaction.atomic
def fill(count: int) -> None:
    """`count` items with five answers to a form of eleven questions and five sheets each, as in the portal."""
    questions = Question.objects.bulk_create(
        Question(section=f"Section {n // 4}", label=f"Question {n}, as people read it") for n in range(11)
    )
    sixty = Question.objects.bulk_create(
        Question(form=SIXTY, section=f"Part {n // 15}", label=f"Question {n}, as people read it", kind=KINDS[n % 15])
        for n in range(60)
    )
    owners = Owner.objects.bulk_create(Owner(name=f"Structure {n}", country="FR") for n in range(count))
    items = Item.objects.bulk_create(
        Item(
            owner=owner,
            number=f"V-{n:05d}",
            title=f"Candidature {n}",
            one_line="Une proposition de mesure.",
            state="admissible" if n % 5 else "submitted",
            score=(n * 7919) % 2000 / 100,
        )
        for n, owner in enumerate(owners)
    )
    Answer.objects.bulk_create(
        (Answer(item=item, question=q, value="Réponse de mesure.") for item in items for q in questions[:5]),
        batch_size=2000,
    )
    Answer.objects.bulk_create(
        Answer(item=items[0], question=q, value="A" if q.kind.startswith("choice") else "Réponse de mesure. " * 20)
        for n, q in enumerate(sixty)
        if n % 15 not in {0, 5, 13}
    )
    Sheet.objects.bulk_create(
        (Sheet(item=item, juror=f"Juror {n}", total=12.5, comment="Text.") for item in items for n in range(5)),
        batch_size=2000,
    )


if __name__ == "__main__":
    with connection.schema_editor() as editor:
        for model in (Owner, Item, Sheet, Question, Answer):
            editor.create_model(model)
    fill(int(sys.argv[1]))
