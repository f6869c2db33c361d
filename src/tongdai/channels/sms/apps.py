"""The room's name in Django."""

from django.apps import AppConfig


class SmsConfig(AppConfig):
    name = "tongdai.channels.sms"
    label = "sms"
    default_auto_field = "django.db.models.BigAutoField"
