"""The WSGI application that the web server's workers import."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

application = get_wsgi_application()

# What was loaded stays for the worker's whole life: the collector needn't walk it at each round.
gc.collect()
gc.freeze()
