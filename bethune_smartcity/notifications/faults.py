"""What a fault on the way to the mail server tells: something of the mail it was met with, or of the server alone."""

import re
from smtplib import (
    SMTP,
    SMTPConnectError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from traceback import walk_tb

from .post import Away

# So many strikes in a row, and the server takes nothing: the others need not be tried now.
ENOUGH = 10
# From this code on, a server will not change its mind (RFC 5321).
PERMANENT = 500
# The server itself is closing, or wants to be entered otherwise: whatever the mail.
CLOSING, LOCKED = 421, 530
# Answers for a while that RFC 5321 gives to the server's own trouble, where nothing closer is said.
TROUBLED = frozenset({451, 452})
TOO_LARGE = 552
# The closer code of an answer (RFC 3463), and what it is about: addresses, mailboxes, the text; else the server, the
# network or its rules.
CLOSER = re.compile(r"\s*[245]\.(?P<subject>[0-9]{1,3})\.[0-9]{1,3}\b")
OF_THE_MAIL = frozenset({"1", "2", "6"})

Answer = tuple[int, bytes | str]


def strikes_of(fault: BaseException) -> int:
    """How far a fault tells that the server takes nothing at all: 0 where it is about this mail, ENOUGH for certain."""
    if isinstance(fault, Away):
        return ENOUGH
    if _is_about_mail(fault):
        return 0
    # A silence costs the time one waits in it: the second in a row is enough.
    return 1 if _answers_of(fault) else ENOUGH // 2


def was_offered(fault: BaseException) -> bool:
    """Whether the connection failed once the text was on its way: the server may have taken it."""
    frames = (frame.f_code for frame, _line in walk_tb(fault.__traceback__))
    return not _answers_of(fault) and SMTP.data.__code__ in frames


def refusal_of(fault: BaseException) -> str:
    """What the server said of an address that it will never take; empty for a fault that may pass."""
    said = _answers_of(fault) if isinstance(fault, SMTPRecipientsRefused) else []
    if not said or any(code < PERMANENT or code == LOCKED for code, _words in said):
        return ""
    code, words = said[0]
    return f"{code} {_text(words)}"


def _answers_of(fault: BaseException) -> list[Answer]:
    if isinstance(fault, SMTPRecipientsRefused):
        return list(fault.recipients.values())
    return [(fault.smtp_code, fault.smtp_error)] if isinstance(fault, SMTPResponseException) else []


def _is_about_mail(fault: BaseException) -> bool:
    answers = _answers_of(fault)
    if not answers:
        # Every fault of smtplib is an OSError, as those of sockets are.
        return isinstance(fault, SMTPNotSupportedError) or not isinstance(fault, OSError)
    if isinstance(fault, SMTPSenderRefused):
        # The sender is the portal, in every mail.
        return fault.smtp_code == TOO_LARGE
    return not isinstance(fault, SMTPConnectError | SMTPHeloError) and all(map(_tells_of_mail, answers))


def _tells_of_mail(answer: Answer) -> bool:
    code, words = answer
    if code in {CLOSING, LOCKED}:
        return False
    closer = CLOSER.match(_text(words))
    if code >= PERMANENT or closer is None:
        return code not in TROUBLED
    return closer["subject"] in OF_THE_MAIL


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
