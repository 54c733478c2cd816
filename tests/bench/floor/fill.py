"""Fill the floor with as many items as the portal has submissions. Run as a module with the number."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.floor.settings"
django.setup()

from django.db import connection, transaction  # noqa: E402

from tests.bench.floor.models import Item, Owner, Sheet  # noqa: E402


@transaction.atomic
def fill(count: int) -> None:
    """`count` items with five sheets each."""
    owners = Owner.objects.bulk_create(Owner(name=f"Structure {n}", country="FR") for n in range(count))
    items = Item.objects.bulk_create(
        Item(
            owner=owner,
            number=f"V-{n:05d}",
            title=f"Candidature {n}",
            one_line="Une proposition de mesure.",
            state="admissible" if n % 2 else "submitted",
            score=(n * 7919) % 2000 / 100,
        )
        for n, owner in enumerate(owners)
    )
    Sheet.objects.bulk_create(
        (Sheet(item=item, juror=f"Juror {n}", total=12.5, comment="Text.") for item in items for n in range(5)),
        batch_size=2000,
    )


if __name__ == "__main__":
    with connection.schema_editor() as editor:
        for model in (Owner, Item, Sheet):
            editor.create_model(model)
    fill(int(sys.argv[1]))
