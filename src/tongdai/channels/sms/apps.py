"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class SmsConfig(AppConfig):
    name = "tongdai.channels.sms"
    label = "sms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.platform.monitoring.registry import checks
        from tongdai.platform.monitoring.registry import metrics as all_metrics
        from tongdai.platform.processes.registry import preloaded, services

        from ..length import lengths as lengths_of_texts
        from . import metrics, processes, status
        from .encoding.lengths import lengths

        jobs.declared_in("tongdai.channels.sms.conversation.answers", "tongdai.channels.sms.inbound.retention")
        lengths_of_texts.register(lengths)
        services.register("sms", processes.services)
        preloaded.register("sms", lambda: ["tongdai.channels.sms.smsc"])
        checks.register("sms", status.for_doctor)
        all_metrics.register("sms", metrics.gather)
