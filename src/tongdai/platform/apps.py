"""The room's name in Django, and what it says of itself."""

from django.apps import AppConfig

from tongdai.platform import jobs


class PlatformConfig(AppConfig):
    name = "tongdai.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .backups import freshness
        from .monitoring import metrics, registry, running_checks
        from .processes.registry import notes_when_up

        jobs.declared_in(
            "tongdai.platform.web.rate_limits",
            "tongdai.platform.processes.worker",
            "tongdai.platform.backups.schedule",
        )
        notes_when_up.register("backups", freshness.notes_when_up)
        registry.checks.register("running", running_checks.for_doctor)
        registry.checks.register("backups", freshness.for_doctor)
        registry.metrics.register("jobs", metrics.of_the_jobs)
        registry.metrics.register("backups", metrics.of_the_backups)
