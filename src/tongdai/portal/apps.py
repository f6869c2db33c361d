"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class PortalConfig(AppConfig):
    name = "tongdai.portal"
    label = "portal"

    def ready(self) -> None:
        from tongdai.platform.processes.registry import warm_ups_of_the_web

        from .report.photos import redrawing

        jobs.declared_in("tongdai.portal.report.photos.sweeping", "tongdai.portal.proof")
        warm_ups_of_the_web.register("photos", redrawing.warm_up)
