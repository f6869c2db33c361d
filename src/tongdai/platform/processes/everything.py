"""All that processes of the house need, loaded once: imported by whom they are born of, and by nobody else."""

from __future__ import annotations

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402

from . import registry  # noqa: E402

of_rooms = [module for modules in registry.preloaded.all() for module in modules()]
for each in ("tongdai.cli", settings.ROOT_URLCONF, "tongdai.platform.processes.worker", "granian.server", *of_rooms):
    import_module(each)
MigrationLoader(None)  # each process sees by them whether the database is newer
for load in registry.warm_ups_at_birth.all():
    load()
