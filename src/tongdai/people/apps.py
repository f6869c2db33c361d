"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class PeopleConfig(AppConfig):
    name = "tongdai.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.platform.monitoring.registry import checks

        from . import alarm

        jobs.declared_in("tongdai.people.limits")
        checks.register("alarm", alarm.for_doctor)
