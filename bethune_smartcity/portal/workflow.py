"""The acts on an article. Its date says when the public reads it: one to come is planned, not published by a task."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bethune_smartcity.lifecycle.workflow import Workflow, transition


class ArticleState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", pgettext_lazy("article", "Published or planned")
    WITHDRAWN = "withdrawn", pgettext_lazy("article", "Withdrawn")


A = ArticleState
WRITE = "portal.write_news"

ARTICLE = Workflow(
    initial=A.DRAFT,
    transitions=(
        transition(
            "publish",
            [A.DRAFT, A.WITHDRAWN],
            A.PUBLISHED,
            WRITE,
            _("Publish or plan"),
            pgettext_lazy("journal", "publishes the article"),
        ),
        transition(
            "withdraw",
            [A.PUBLISHED],
            A.WITHDRAWN,
            WRITE,
            pgettext_lazy("article", "Withdraw"),
            pgettext_lazy("journal", "withdraws the article"),
            needs_reason=True,
        ),
    ),
)
