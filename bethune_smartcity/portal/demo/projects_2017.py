"""What became of the three laureates. Milestones, dates and payments are invented."""

from datetime import date
from decimal import Decimal

from bethune_smartcity.core import clock
from bethune_smartcity.core.clock import paris
from calls.models import Call
from juries.models import Award
from projects.models import Project
from projects.operations import incubation

from .cast import Cast
from .days import midweek
from .stories import STORIES, Step, Story, told


def incubate(call: Call, cast: Cast) -> list[Project]:
    """Open one project for each jury award, and live its first months."""
    awards = Award.objects.filter(call=call, prize__kind="jury").select_related("submission")
    return [_open(award, cast) for award in awards]


def _open(award: Award, cast: Cast) -> Project:
    name = award.submission.title
    story = STORIES[name]
    texts = told("name", (name,) * 4) | told("one_line", story.line) | told("story", story.text)
    texts |= told("place", story.place)
    today = clock.today()
    with clock.at(paris(2017, 10, 2, 10)):
        project = incubation.open_incubation(award, slug=story.slug, mentors=[cast.mentor], by=cast.agent, **texts)
        for step in story.steps:
            incubation.add_milestone(project, due_on=_due(step, today), by=cast.agent, **told("title", step.title))
    _live(project, story, cast)
    if award.amount:
        _pay(project, award.amount, cast)
    return project


def _due(step: Step, today: date) -> date:
    """The day a step is due: of 2017 and 2018 for what was done then, in the months after `today` for what comes."""
    return step.due if isinstance(step.due, date) else midweek(today + step.due)


def _live(project: Project, story: Story, cast: Cast) -> None:
    owner = project.structure.people.first()
    for at, act in story.acts:
        with clock.at(at):
            incubation.advance(project, act, by=cast.agent)
    for milestone, step in zip(project.milestones.all(), story.steps, strict=True):
        if step.done is None:
            continue
        with clock.at(paris(step.done.year, step.done.month, step.done.day, 15)):
            incubation.report_milestone(milestone, "Fait, voir la photo (démo).", by=owner)
            incubation.accept_milestone(milestone, by=cast.agent)
    for news in story.news:
        with clock.at(news.at):
            texts = told("title", news.title) | told("body", news.body)
            incubation.post_update(project, by=owner, **texts)


def _pay(project: Project, amount: Decimal, cast: Cast) -> None:
    """Half at the agreement, paid; the rest with the last milestone, planned."""
    with clock.at(paris(2017, 11, 16, 10)):
        half = incubation.add_payment(
            project, "Acompte", amount / 2, milestone=project.milestones.first(), by=cast.agent
        )
        incubation.add_payment(project, "Solde", amount / 2, milestone=project.milestones.last(), by=cast.agent)
        incubation.request_payment(half, by=project.structure.people.first())
        incubation.approve_payment(half, by=cast.agent)
    with clock.at(paris(2017, 12, 4, 10)):
        incubation.pay_payment(half, by=cast.agent)
