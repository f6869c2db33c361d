"""The room's name in Django."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "tongdai.channels.duty"
    label = "duty"
    default_auto_field = "django.db.models.BigAutoField"
