"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class DutyConfig(AppConfig):
    name = "tongdai.channels.duty"
    label = "duty"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.platform.live.registry import known_to
        from tongdai.platform.monitoring.registry import metrics as all_metrics

        from . import metrics, queries

        jobs.declared_in("tongdai.channels.duty.jobs")
        known_to.register("alarms", queries.alarms_shown_to)
        all_metrics.register("duty", metrics.gather)
