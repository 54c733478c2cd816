"""The portal under test: nothing is read from the machine but the two servers one may lend."""

import os
import tempfile
from pathlib import Path

import structlog

from .base import *  # noqa: F403
from .base import MIDDLEWARE, SITE_NAME, broker, caches, database, logging_config, storages

# One folder per process: two test runs, or two workers of one run, never meet.
_folder = tempfile.TemporaryDirectory(prefix="bethune-test-")
DATA_DIR = Path(_folder.name)
REDIS_URL = os.environ.get("TEST_REDIS_URL", "")

DEBUG = False
DEMO = False
# A component drawn without something it needs stops the test instead of leaving a hole in the page.
STRICT_COMPONENTS = True
SECRET_KEY = "only-for-tests-" + "x" * 50
SITE_URL = "https://portail.example"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost", "portail.example"]

DATABASES = database(os.environ.get("TEST_DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and the browser's server must see one database.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0

CACHES = caches(REDIS_URL)
for _cache in CACHES.values():
    _cache["KEY_PREFIX"] = DATA_DIR.name
    if REDIS_URL:
        _cache["BACKEND"] = "tests.caches.OwnKeys"
# What a test changes it sees at once; those of the kept pages ask for them.
PAGES_KEPT_FOR = 0
# Apart from the database and its backups: with both, one could tell who voted for what.
VOTE_PEPPERS_DIR = DATA_DIR / "peppers"
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker(REDIS_URL, DATA_DIR)
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

DEFAULT_FROM_EMAIL = f"{SITE_NAME} <ne-pas-repondre@smartcity.example>"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = storages(
    {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "django.contrib.staticfiles.storage.StaticFilesStorage",
)
# Static files are Django's business in tests; looking for a folder at each request is not.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]

LOGGING = logging_config(level="ERROR", renderer=structlog.dev.ConsoleRenderer(colors=False))
