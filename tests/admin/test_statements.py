"""Pages of the back office ask the database the same whatever they show."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.accounts.models import Structure, User
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.portal.models import Article
from calls.models import Answer, Call, Clarification, Submission, SubmissionVersion
from calls.operations import clarifications
from juries.models import Assignment, Juror, Mark, Panel, Sheet, StandingLine
from projects.models import Milestone, Payment, Project
from tests.admin.screens import address
from tests.factories import projects as made
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory
from tests.factories.calls import CallFactory, draft, give_rights, submitted
from tests.factories.juries import disclosed
from tests.factories.news import article

pytestmark = pytest.mark.django_db

LISTS = (
    *(User, Structure, Message, JournalEntry, Call, Submission, Answer, SubmissionVersion, Clarification),
    *(Panel, Juror, Assignment, Sheet, Mark, StandingLine, Project, Milestone, Payment, Article),
)
# The first page reads what will leave within thirty days from the plan itself, as the page that tells it does.
LIST_BUDGET, PAGE_BUDGET, FORM_BUDGET, INDEX_BUDGET = 12, 12, 16, 30


def statements(client, path):
    ContentType.objects.clear_cache()
    ContentType.objects.get_for_models(*LISTS)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(asked)


def grow(agent):
    """One more of everything an agent may see."""
    jury = disclosed(jurors=2, applications=2)
    project = made.project()
    call = CallFactory()
    for each in (jury.call, project.award.call, call):
        give_rights(each, agent)
    submitted(call, StructureFactory())
    draft(call)
    clarifications.ask(call, "May we apply?", by=UserFactory())
    made.milestone(project)
    made.payment(project, state="requested")
    made.photo(project)
    made.dossier(project)
    made.asked(project)
    article("mobilite", "culture")


def test_lists_and_the_first_page_ask_no_more_with_more_rows(signed_in):
    agent = AgentFactory(is_administrator=True)
    client = signed_in(agent)
    pages = ["/admin/", *(address(model, "list") for model in LISTS)]
    grow(agent)
    once = {page: statements(client, page) for page in pages}
    grow(agent)
    grow(agent)
    thrice = {page: statements(client, page) for page in pages}
    assert thrice == once
    assert once.pop("/admin/") <= INDEX_BUDGET
    assert not {page: count for page, count in once.items() if count > LIST_BUDGET}


def test_pages_of_one_row_stay_within_their_budget(signed_in):
    agent = AgentFactory(is_administrator=True)
    client = signed_in(agent)
    grow(agent)
    call = Call.objects.filter(agent_rights__user=agent, submissions__state="submitted").first()
    rows = [StructureFactory(), UserFactory(), Panel.objects.first(), Project.objects.first()]
    rows.append(Submission.objects.filter(call=call, state="submitted").first())
    read = {type(row): statements(client, address(type(row), "change", row.pk)) for row in rows}
    assert not {model: count for model, count in read.items() if count > PAGE_BUDGET}
    assert statements(client, address(Call, "change", call.pk)) <= FORM_BUDGET
