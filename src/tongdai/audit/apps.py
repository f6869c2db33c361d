"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "tongdai.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.platform.processes.registry import command_on_record

        from .operator import on_record

        command_on_record.register(on_record)
