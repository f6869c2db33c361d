"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class PortalConfig(AppConfig):
    name = "tongdai.portal"
    label = "portal"

    def ready(self) -> None:
        jobs.declared_in("tongdai.portal.proof")
