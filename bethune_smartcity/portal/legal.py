"""The pages every public service owes its visitors."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class LegalPage:
    slug: str
    template: str
    title: Any
    description: Any


PAGES = {
    page.slug: page
    for page in (
        LegalPage(
            "accessibilite",
            "portal/legal/accessibility.html",
            _("Accessibility statement"),
            _("How far the portal is accessible to everyone, what was checked, and whom to write to."),
        ),
        LegalPage(
            "mentions-legales",
            "portal/legal/notice.html",
            _("Legal notice"),
            _("Who publishes and hosts the portal, and under which terms its contents may be used."),
        ),
        LegalPage(
            "donnees-personnelles",
            "portal/legal/privacy.html",
            _("Personal data"),
            _("Which personal data the portal holds, why, for how long, and your rights over them."),
        ),
        LegalPage(
            "cookies",
            "portal/legal/cookies.html",
            _("Cookies"),
            _("The two cookies of the portal: session and form protection."),
        ),
        LegalPage(
            "plan-du-site",
            "portal/legal/sitemap.html",
            _("Site map"),
            _("Every page of the portal that is open to all."),
        ),
    )
}
SLUGS = tuple(PAGES)
