"""The portal as a WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")

application = get_wsgi_application()
# What the portal is made of lasts as long as the process. Looked through again at each full collection, every
# hundredth page would wait 130 ms for it; set apart, 20.
gc.collect()
gc.freeze()
