"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class ShellConfig(AppConfig):
    name = "tongdai.shell"
    label = "shell"

    def ready(self) -> None:
        from tongdai.platform.processes.registry import warm_ups_of_the_web

        from .uploads import redrawing

        jobs.declared_in("tongdai.shell.uploads.sweeping")
        warm_ups_of_the_web.register("photos", redrawing.warm_up)
