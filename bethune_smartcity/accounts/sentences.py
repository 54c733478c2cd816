"""Sentences of the accounts library that German and Dutch readers would be told too familiarly.

The library's own catalogues say "du" and "je". Named here, these sentences stand in ours, which come first.
"""

from django.utils.translation import gettext_noop as _

TOLD_POLITELY = (
    _("You cannot remove your primary email address."),
    _("You cannot remove your primary email address (%(email)s)."),
    _("Please type your current password."),
    _("You cannot add more than %d email addresses."),
    _("Your primary email address must be verified."),
    _("The email address and/or password you specified are not correct."),
    _("Be patient, you are sending too many requests."),
    _("You must type the same password each time."),
    _("You must type the same email each time."),
    _("You have confirmed %(email)s."),
    _("You have signed out."),
    _("Password successfully set."),
)
