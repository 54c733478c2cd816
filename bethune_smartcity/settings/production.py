"""The portal in service: all comes from the environment, and anything missing or odd stops the start."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ
import structlog

from .base import *  # noqa: F403
from .base import BASE_DIR, SITE_NAME, broker, caches, database, file_storage, logging_config, storages


def refuse(name: str, reason: str) -> SystemExit:
    """Return the exit that names the variable and what is wrong with it, in one line."""
    return SystemExit(f"Refusing to start: {name} {reason}.")


def required(name: str) -> str:
    """Return a variable that must be set.

    Raises:
        SystemExit: it is missing or empty.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        raise refuse(name, "is not set")
    return value


def address(name: str, *schemes: str) -> str:
    """Return a variable holding an address of one of the given kinds.

    Raises:
        SystemExit: it is missing, or of another kind.
    """
    value = required(name)
    if urlsplit(value).scheme not in schemes:
        raise refuse(name, f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value


def secret_key() -> str:
    """Return the signing key, long enough not to be guessed."""
    key = required("SECRET_KEY")
    if len(key) < 50 or len(set(key)) < 10:
        raise refuse("SECRET_KEY", "must hold at least 50 characters, drawn at random")
    return key


def site_url() -> str:
    """Return the portal's public address, the one written in mails."""
    value = address("SITE_URL", "https").rstrip("/")
    if not urlsplit(value).hostname or urlsplit(value).path:
        raise refuse("SITE_URL", "must be an address without a path, such as https://portail.example")
    return value


def allowed_hosts() -> list[str]:
    """Return the host names answered for, separated by commas in the environment."""
    hosts = [host.strip() for host in required("ALLOWED_HOSTS").split(",") if host.strip()]
    if "*" in hosts or not hosts:
        raise refuse("ALLOWED_HOSTS", "must name each host, separated by commas")
    return hosts


def trusted_proxies() -> int:
    """Return how many proxies of ours stand before the portal."""
    value = os.environ.get("TRUSTED_PROXIES", "0").strip() or "0"
    if not value.isdigit() or int(value) > 5:
        raise refuse("TRUSTED_PROXIES", "must be the number of proxies before the portal, 0 to 5")
    return int(value)


def day_mail_hour() -> int:
    """Return the hour in Paris at which the day's mail leaves."""
    value = os.environ.get("DAY_MAIL_HOUR", "").strip() or "7"
    if not (value.isascii() and value.isdigit()) or int(value) > 23:
        raise refuse("DAY_MAIL_HOUR", "must be an hour of the day in Paris, 0 to 23")
    return int(value)


def stored_files() -> dict[str, Any]:
    """Return the backend of applicants' files: a folder, or a bucket of an S3 service.

    `file:///files`, or `s3://bucket?endpoint_url=https://…&region_name=…` with the
    keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    """
    parts = urlsplit(address("STORAGE_URL", "file", "s3"))
    if parts.scheme == "file":
        if not Path(parts.path).is_absolute():
            raise refuse("STORAGE_URL", "must hold an absolute folder, such as file:///files")
        return file_storage(Path(parts.path))
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {**options, "bucket_name": parts.netloc, "default_acl": "private"},
    }


def mails_per_minute() -> int:
    """Return how many messages may leave in a minute, 0 for as many as the mail server takes."""
    value = os.environ.get("MAILS_PER_MINUTE", "0").strip() or "0"
    if not value.isascii() or not value.isdigit():
        raise refuse("MAILS_PER_MINUTE", "must be a number of messages, 0 for no limit")
    return int(value)


if os.environ.get("DEMO", "0").strip().lower() not in ("", "0", "false", "no", "off"):
    raise refuse("DEMO", "must not be set beside real data")

SECRET_KEY = secret_key()
SITE_URL = site_url()
SOURCE_URL = address("SOURCE_URL", "https", "http") if os.environ.get("SOURCE_URL", "").strip() else ""
ALLOWED_HOSTS = allowed_hosts()
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DATABASES = database(address("DATABASE_URL", "postgres", "postgresql"))
REDIS_URL = address("REDIS_URL", "redis", "rediss")
REDIS_PREFIX = os.environ.get("REDIS_PREFIX", "").strip()
CACHES = caches(REDIS_URL, REDIS_PREFIX)
DATA_DIR = Path(os.environ.get("DATA_DIR", "").strip() or BASE_DIR / "var").resolve()
# Apart from the database and its backups: with both, one could tell who voted for what.
VOTE_PEPPERS_DIR = DATA_DIR / "peppers"
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker(REDIS_URL, DATA_DIR, REDIS_PREFIX)
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
vars().update(environ.Env.email_url_config(address("EMAIL_URL", "smtp", "smtps", "smtp+tls", "smtp+ssl")))
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "").strip() or (
    f"{SITE_NAME} <ne-pas-repondre@{urlsplit(SITE_URL).hostname}>"
)
CLAMD_URL = address("CLAMD_URL", "tcp", "unix") if os.environ.get("CLAMD_URL", "").strip() else ""
MAILS_PER_MINUTE = mails_per_minute()
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = storages(stored_files(), "whitenoise.storage.CompressedManifestStaticFilesStorage")

DAY_MAIL_HOUR = day_mail_hour()
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES = trusted_proxies()
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# Asked on the inside, by the container's own health check.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

DEBUG = False
LOGGING = logging_config(
    level=os.environ.get("LOG_LEVEL", "INFO"), renderer=structlog.processors.JSONRenderer(ensure_ascii=False)
)

if os.environ.get("SENTRY_DSN", "").strip():
    SENTRY_DSN = address("SENTRY_DSN", "https")
    import sentry_sdk

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False, include_local_variables=False)
