"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class ChannelsConfig(AppConfig):
    name = "tongdai.channels"
    label = "channels"

    def ready(self) -> None:
        jobs.declared_in("tongdai.channels.notifications.notify", "tongdai.channels.notifications.undelivered")
