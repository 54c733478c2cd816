"""The forms on which one chooses a password: what it takes is told in one sentence of ours."""

from typing import Any

from allauth.account import forms as theirs
from django.utils.translation import gettext_lazy as _

TAKES = _(
    "Twelve characters at least, not all digits: neither a common password nor one close to your name or address."
)


class OneSentence:
    """Says what a password takes in one sentence, in place of one for each rule."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password1" in self.fields:  # type: ignore[attr-defined]
            self.fields["password1"].help_text = TAKES  # type: ignore[attr-defined]


class SignupForm(OneSentence, theirs.SignupForm):
    pass


class ChangePasswordForm(OneSentence, theirs.ChangePasswordForm):
    pass


class SetPasswordForm(OneSentence, theirs.SetPasswordForm):
    pass


class ResetPasswordKeyForm(OneSentence, theirs.ResetPasswordKeyForm):
    pass
