"""Several acts at one instant, each on its own connection."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from bethune_smartcity.core.errors import Conflict

# What such tests write is committed, and the tables are emptied after each; `left_as_found` fills them again.
racing = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("left_as_found")]


def together(*acts):
    """Run the acts at once. Returns what each came to: a result or a Conflict."""

    def run(act):
        try:
            return act()
        except Conflict as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
