"""The demonstration served as in production: files named by their content, packed, kept by browsers."""

from bethune_smartcity.settings.dev import *  # noqa: F403
from bethune_smartcity.settings.dev import DATA_DIR, STORAGES

STATIC_ROOT = DATA_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = False
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
