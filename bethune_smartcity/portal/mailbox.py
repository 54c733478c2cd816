"""The demonstration's letter box: the mails the portal wrote to a folder instead of sending them."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings

from bethune_smartcity.notifications.delivery import key_in
from bethune_smartcity.notifications.models import Message

# Mails of one connection share a file, separated by a line of dashes.
SEPARATOR = re.compile(rb"^-{79}\n", re.MULTILINE)
NAME = re.compile(r"[\w.-]{1,80}\.log")


@dataclass(frozen=True)
class Mail:
    """A mail as it would have arrived."""

    name: str
    at: datetime
    to: str
    subject: str
    text: str
    message_id: str = ""
    html: str = ""


def names(limit: int, offset: int = 0) -> list[str]:
    """The names of the mail files, newest first."""
    files = sorted(_folder().glob("*.log"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return [path.name for path in files[offset : offset + limit]]


def read(name: str) -> list[Mail]:
    """The mails of the file `name`; none when there is no such file."""
    path = _folder() / name
    if not NAME.fullmatch(name) or not path.is_file():
        return []
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    parts = SEPARATOR.split(path.read_bytes())
    return [_mail(name, at, part) for part in parts if part.strip()]


def _folder() -> Path:
    return Path(getattr(settings, "EMAIL_FILE_PATH", "") or settings.DATA_DIR / "mails")


def _mail(name: str, at: datetime, raw: bytes) -> Mail:
    message = message_from_bytes(raw, policy=policy.default)
    return Mail(
        name,
        at,
        str(message["to"] or ""),
        str(message["subject"] or ""),
        _part(message, "plain").strip(),
        str(message["message-id"] or ""),
        _part(message, "html"),
    )


def _part(message: Any, kind: str) -> str:
    """The words of a mail in that form; nothing where it has none."""
    body = message.get_body((kind,)) if isinstance(message, EmailMessage) else None
    return str(body.get_content()) if body else ""


def as_the_portal_dates(mails: list[Mail]) -> list[Mail]:
    """`mails` dated by the portal's clock, which may be ahead of the machine's, where it knows them. One statement."""
    keys = {mail.message_id: key_in(mail.message_id) for mail in mails}
    sent = dict(Message.objects.filter(pk__in=filter(None, keys.values())).values_list("pk", "sent_at"))
    return [replace(mail, at=sent.get(keys[mail.message_id]) or mail.at) for mail in mails]
