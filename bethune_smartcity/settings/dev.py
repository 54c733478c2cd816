"""The portal on one machine: SQLite, a broker made of files, mails in a folder, no secret to give."""

import os
import secrets
from pathlib import Path

import environ
import structlog

from .base import *  # noqa: F403
from .base import BASE_DIR, SITE_NAME, broker, caches, database, file_storage, logging_config, storages


def kept_secret(folder: Path) -> str:
    """Return the secret key kept in the data folder, made on the first start."""
    path = folder / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


env = environ.Env()
DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
PORT = env.int("PORT", default=8000)
REDIS_URL = env.str("REDIS_URL", default="")
REDIS_PREFIX = env.str("REDIS_PREFIX", default="")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(DATA_DIR)
SOURCE_URL = env.str("SOURCE_URL", default="")
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

DATABASES = database(env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")
CACHES = caches(REDIS_URL, REDIS_PREFIX)
# Apart from the database and its backups: with both, one could tell who voted for what.
VOTE_PEPPERS_DIR = DATA_DIR / "peppers"
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker(REDIS_URL, DATA_DIR, REDIS_PREFIX)
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

DEFAULT_FROM_EMAIL = f"{SITE_NAME} <ne-pas-repondre@smartcity.example>"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mails")
# Zero draws every page anew: what `make bench` is asked to measure so.
PAGES_KEPT_FOR = env.int("PAGES_KEPT_FOR", default=PAGES_KEPT_FOR)
CLAMD_URL = env.str("CLAMD_URL", default="")
MAILS_PER_MINUTE = env.int("MAILS_PER_MINUTE", default=0)

STORAGES = storages(file_storage(DATA_DIR / "files"), "django.contrib.staticfiles.storage.StaticFilesStorage")
# Served from where they lie, or, once `serve` packed them, from there: nothing is collected on this machine.
PACKED_STATIC = DATA_DIR / "static"
STATICFILES_DIRS = [PACKED_STATIC if PACKED_STATIC.is_dir() and not DEBUG else BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 300

LOGGING = logging_config(
    level=env.str("LOG_LEVEL", default="WARNING"), renderer=structlog.dev.ConsoleRenderer(colors=False)
)
