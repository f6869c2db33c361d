"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "tongdai.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.platform.processes.registry import preloaded, warm_ups

        from . import snapshot

        preloaded.register("holidays", lambda: ["holidays.countries.vietnam"])
        warm_ups.register("directory", snapshot.warm_up)
