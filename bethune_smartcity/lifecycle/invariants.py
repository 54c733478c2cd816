"""What must always hold between the states of things and the journal."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from .models import JournalEntry, Stateful


def _last_states(model: type[Stateful]) -> dict[str, str]:
    """By key, the state that the last move written in the journal led to."""
    lines = JournalEntry.objects.filter(subject_type=ContentType.objects.get_for_model(model)).exclude(to_state="")
    # In the order of writing: the demonstration's clock may go back.
    return dict(lines.order_by("pk").values_list("subject_id", "to_state").iterator())


def states_follow_the_journal() -> Iterator[str]:
    """A sentence for each thing whose state is not the one its last move led to."""
    for model in apps.get_models():
        if not issubclass(model, Stateful):
            continue
        written = _last_states(model)
        for key, state in model._base_manager.values_list("pk", "state").iterator():  # type: ignore[misc]
            if written.get(str(key), state) != state:
                yield f"{model._meta.label_lower} {key} is {state}, the journal says {written[str(key)]}"
