"""The room's name in Django."""

from django.apps import AppConfig


class LanguageConfig(AppConfig):
    name = "tongdai.language"
    label = "language"
