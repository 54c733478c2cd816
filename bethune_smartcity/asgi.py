"""The portal as a ASGI application."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")

application = get_asgi_application()
