"""The web process's application."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from .dying import die_with_parent
from .warmth import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
die_with_parent()
application = get_wsgi_application()
warm_up(also=settings.WARMED_UP_FOR_THE_WEB)
