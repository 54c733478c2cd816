"""What must always hold of calls and applications."""

from collections.abc import Iterator

from django.db.models import F

from bethune_smartcity.core.digests import digest
from calls.models import Call, Submission, SubmissionVersion


def nobody_late_is_in() -> Iterator[str]:
    """A sentence for each application handed in when the deadline function said no: its grace and own end counted."""
    after = Submission.objects.filter(submitted_at__gte=F("call__closes_at")).select_related("call")
    for submission in after.iterator():
        if submission.submitted_at is None or submission.accepts_at(submission.submitted_at):
            continue
        yield f"submission {submission.pk} ({submission.number}) came in at {submission.submitted_at:%Y-%m-%d %H:%M:%S}"


def numbers_were_given_by_their_call() -> Iterator[str]:
    """A sentence for each number that bears another prefix, or that its call has not counted."""
    for call in Call.objects.only("number_prefix", "last_number").iterator():
        numbered = Submission.objects.filter(call=call, number__isnull=False).values_list("pk", "number")
        for pk, number in numbered.iterator():
            prefix, _, order = number.rpartition("-")
            if prefix != call.number_prefix or not order.isdecimal() or int(order) > call.last_number:
                yield f"submission {pk} bears {number}, its call {call.number_prefix} has given {call.last_number}"


def forms_handed_in_exist() -> Iterator[str]:
    """A sentence for each application said to be handed in under a form that its call never had."""
    for submission in Submission.objects.filter(form_number__gt=F("call__form_number")).iterator():
        yield f"submission {submission.pk} was handed in under form {submission.form_number}, which never was"


def versions_keep_their_digest() -> Iterator[str]:
    """A sentence for each version handed in whose content is not the one that was frozen."""
    for version in SubmissionVersion.objects.iterator():
        if digest(version.content) != version.digest:
            yield f"version {version.number} of submission {version.submission_id} was altered"
