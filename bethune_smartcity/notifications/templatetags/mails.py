"""{% late_mails as words %}  what pages that announce a mail say while mails leave late; empty otherwise"""

from django import template
from django.utils.translation import gettext as _

from bethune_smartcity.notifications.pulse import leave_late

register = template.Library()


@register.simple_tag
def late_mails() -> str:
    if not leave_late():
        return ""
    return _(
        "Mails are leaving late at the moment: yours will follow as soon as it can. If it is not there in a quarter of "
        "an hour, ask for another one."
    )
