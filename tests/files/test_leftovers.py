"""A content that no row names, left by a process killed during an upload, goes away by itself; nothing else does."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, default_storage

from bethune_smartcity.celery import app
from bethune_smartcity.core import clock
from bethune_smartcity.files import leftovers
from bethune_smartcity.files.invariants import no_orphan_file
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.files.tasks import remove_leftovers
from bethune_smartcity.files.uploads import storing

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1, minutes=1)


class Bucket(InMemoryStorage):
    """What an S3 service does otherwise than a folder: there are no folders, and none is missing."""

    def exists(self, name):
        return super().exists(name) and name in self.contents()

    def listdir(self, path):
        try:
            return super().listdir(path)
        except FileNotFoundError:
            return [], []

    def contents(self):
        return set(leftovers.names_below(InMemoryStorage.listdir.__get__(self), "files"))


@pytest.fixture(params=["memory", "folder", "bucket"])
def storage(request, monkeypatch, tmp_path):
    """Each kind of place where contents are kept."""
    kinds = {"memory": InMemoryStorage, "folder": lambda: FileSystemStorage(tmp_path), "bucket": Bucket}
    made = kinds[request.param]()
    monkeypatch.setattr(StoredFile._meta.get_field("blob"), "storage", made)
    monkeypatch.setattr(default_storage, "_wrapped", made)
    return made


def keep(content=b"a document"):
    with storing() as shelf:
        stored = shelf.keep(content, "plan.pdf", "application/pdf")
        stored.save()
        return stored


def leave(storage, name="files/ab/abcdef"):
    return storage.save(name, ContentFile(b"half an upload"))


def later(by=LATER):
    return clock.at(clock.now() + by)


def test_nothing_stored_is_nothing_to_do(storage):
    assert remove_leftovers() == 0


def test_what_no_row_names_goes_after_a_day(storage):
    kept, left = keep(), leave(storage)
    assert list(no_orphan_file()) == [f"{left} belongs to no stored file"]
    with later(timedelta(hours=23)):
        assert remove_leftovers() == 0
    assert storage.exists(left)
    with later():
        assert remove_leftovers() == 1
        assert remove_leftovers() == 0
    assert not storage.exists(left)
    assert kept.blob.read() == b"a document"
    assert not list(no_orphan_file())


def test_an_upload_in_progress_is_never_touched(storage):
    """Its content is there before its row: the age tells it from what was left."""
    keep()
    with storing() as shelf:
        shelf.keep(b"on its way", "plan.pdf", "application/pdf")
        assert remove_leftovers() == 0
    assert storage.exists(shelf.written[0].blob.name)


def test_the_clock_of_the_demonstration_makes_nothing_older(storage):
    keep()
    left = leave(storage)
    clock.shift(timedelta(days=90))
    try:
        assert remove_leftovers() == 0
    finally:
        clock.shift(timedelta(0))
    assert storage.exists(left)


def test_a_run_takes_so_many_and_the_next_goes_on(storage, monkeypatch):
    monkeypatch.setattr(leftovers, "MOST", 2)
    keep()
    for number in range(5):
        leave(storage, f"files/0{number}/{number}")
    with later():
        assert [remove_leftovers() for _run in range(4)] == [2, 2, 1, 0]


def test_an_empty_database_is_not_taken_at_its_word(storage):
    """One that was restored beside, or not yet: every content would be a leftover."""
    left = leave(storage)
    with later():
        assert remove_leftovers() == 0
    assert storage.exists(left)


def test_what_is_taken_away_meanwhile_stops_nothing(storage, monkeypatch):
    keep()
    leave(storage, "files/00/gone")
    leave(storage, "files/01/left")
    modified = storage.get_modified_time

    def vanishing(name):
        if name.endswith("gone"):
            storage.delete(name)
            raise FileNotFoundError(name)
        return modified(name)

    monkeypatch.setattr(storage, "get_modified_time", vanishing)
    with later():
        assert remove_leftovers() == 1


def test_what_lies_elsewhere_is_not_its_business(storage):
    keep()
    storage.save("cards/one", io.BytesIO(b"not a document"))
    with later():
        assert remove_leftovers() == 0


def test_many_contents_are_looked_up_together(storage, django_assert_max_num_queries):
    for _n in range(12):
        keep()
    with later(), django_assert_max_num_queries(14):
        remove_leftovers()


def test_it_runs_each_hour():
    entry = app.conf.beat_schedule["remove-leftovers"]
    assert (entry["task"], entry["schedule"]) == (remove_leftovers.name, 3600.0)
