"""The messages of the portal, each in its own words with invented data, in one language at a time."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bethune_smartcity.core.views import GuardedPage
from bethune_smartcity.notifications.groups import AUDIENCES
from bethune_smartcity.notifications.kinds import Audience, kinds
from bethune_smartcity.portal.message_samples import samples_of


class MessageKinds(GuardedPage):
    """By audience, what each kind says, as plain text and as it is laid out."""

    permission = "accounts.use_back_office"
    template_name = "portal/message_kinds.html"

    @property
    def language(self) -> str:
        """The language asked for; that of the page where it is none of the portal's."""
        asked = self.request.GET.get("langue", "")
        return asked if asked in dict(settings.LANGUAGES) else str(self.request.LANGUAGE_CODE)  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = self.language
        order = (*AUDIENCES, *(one for one in Audience if one not in AUDIENCES))
        told = [(one, [kind for kind in kinds() if kind.audience == one]) for one in order]
        return super().get_context_data(
            audiences=[
                (one.label, one.value, [(kind, list(samples_of(kind, language))) for kind in found])
                for one, found in told
                if found
            ],
            language=language,
            languages=settings.LANGUAGES,
            crumbs=[(_("Messages of the portal"), "")],
            **kwargs,
        )
