"""The portal as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")

application = get_wsgi_application()
