"""A photograph is sent, looked at, shown or not; its files open to nobody before."""

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from projects.models import Photo, Project
from projects.operations import photos
from tests.factories import projects as make

pytestmark = pytest.mark.django_db
TELLERS = {"owner", "editor", "mentor", "agent"}


@pytest.fixture
def scene():
    return make.cast()


def file_of(client, photo, user):
    client.logout()
    if user:
        client.force_login(user)
    return client.get(reverse("files:download", args=[photo.medium_id]))


def test_who_tells_the_news_sends_photographs_and_the_agent_s_own_is_shown_at_once(scene):
    for name, user in scene.people.items():
        if name not in TELLERS:
            if user:
                with pytest.raises(Forbidden):
                    photos.send_photo(scene.project, make.picture(), alt="Une sonde", by=user)
            continue
        sent = photos.send_photo(scene.project, make.picture(), alt="Une sonde", by=user)
        assert sent.state == ("accepted" if name == "agent" else "proposed")
    told = Message.objects.filter(kind="projects.photo_proposed").values_list("recipient", flat=True)
    assert set(told) == {scene["agent"].pk}


def test_a_photograph_opens_to_the_public_only_while_it_is_shown(client, scene):
    photo = photos.send_photo(scene.project, make.picture(), alt="Une sonde", by=scene["owner"])
    page = scene.project.get_absolute_url()
    inside = {"owner", "editor", "reader", "mentor", "partner", "agent", "conflicted agent"}
    answers = {name: file_of(client, photo, user).status_code for name, user in scene.people.items()}
    assert {name for name, status in answers.items() if status == 200} == inside
    assert set(answers.values()) == {200, 404}
    photos.show_photo(photo, by=scene["agent"])
    shown = file_of(client, photo, None)
    assert shown.status_code == 200
    assert "attachment" in shown["Content-Disposition"]
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["Cache-Control"] == "public, max-age=3600"
    text = client.get(page).content.decode()
    assert 'alt="Une sonde"' in text
    assert f'width="{photo.width}" height="{photo.height}"' in text
    photos.hide_photo(photo, reason="Floue.", by=scene["agent"])
    assert file_of(client, photo, None).status_code == 404
    assert "Une sonde" not in client.get(page).content.decode()
    assert "Floue." in Message.objects.filter(kind="projects.photo_judged").latest("pk").body


def test_the_photographs_of_a_hidden_project_are_hidden(client, scene):
    photo = make.photo(scene.project)
    assert file_of(client, photo, None).status_code == 200
    Project.objects.update(is_public=False)
    assert file_of(client, photo, None).status_code == 404


def test_nothing_is_kept_of_a_photograph_that_is_refused(scene):
    before = StoredFile.objects.count()
    folders = default_storage.listdir("files") if default_storage.exists("files") else ([], [])
    for upload, alt, kind in ((make.picture(100, 100), "Une sonde", Invalid), (make.picture(), "  ", Invalid)):
        with pytest.raises(kind):
            photos.send_photo(scene.project, upload, alt=alt, by=scene["owner"])
    assert StoredFile.objects.count() == before
    assert (default_storage.listdir("files") if default_storage.exists("files") else ([], [])) == folders


def test_there_is_an_end_to_photographs(scene, monkeypatch):
    monkeypatch.setattr(photos, "MOST", 1)
    make.photo(scene.project)
    with pytest.raises(Conflict):
        photos.send_photo(scene.project, make.picture(), alt="Une sonde", by=scene["owner"])


def test_no_photograph_goes_without_words(scene):
    photo = make.photo(scene.project)
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(alt_fr="")


def test_it_is_judged_once_at_a_time_and_written_down(scene):
    photo = photos.send_photo(scene.project, make.picture(), alt="Une sonde", by=scene["owner"])
    with pytest.raises(Forbidden):
        photos.show_photo(photo, by=scene["owner"])
    photos.show_photo(photo, by=scene["agent"])
    with pytest.raises(Conflict):
        photos.show_photo(photo, by=scene["agent"])
    with pytest.raises(Invalid):
        photos.hide_photo(photo, reason=" ", by=scene["agent"])
    verbs = JournalEntry.objects.filter(subject_id=str(photo.pk), subject_type__model="photo").values_list(
        "verb", flat=True
    )
    assert set(verbs) == {"propose", "show"}


def test_a_team_sends_one_from_the_follow_up_and_an_agent_shows_it(client, scene):
    client.force_login(scene["owner"])
    address = reverse("projects:send-photo", args=[scene.project.slug])
    assert 'enctype="multipart/form-data"' in client.get(address).content.decode()
    refused = client.post(address, {"file": make.picture(), "alt_fr": ""})
    assert refused.status_code == 422
    assert client.post(address, {"file": make.picture(50, 50), "alt_fr": "Une sonde"}).status_code == 400
    assert client.post(address, {"file": make.picture(), "alt_fr": "Une sonde"}).status_code == 302
    photo = Photo.objects.get()
    client.force_login(scene["agent"])
    assert "Une sonde" in client.get(reverse("projects:board")).content.decode()
    client.post(reverse("projects:photo", args=[scene.project.slug, photo.pk, "show"]))
    photo.refresh_from_db()
    assert photo.state == "accepted"
