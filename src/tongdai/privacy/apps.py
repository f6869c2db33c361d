"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class PrivacyConfig(AppConfig):
    name = "tongdai.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.channels.sms.consents import consents
        from tongdai.directory.registry import topic_effects

        from . import by_text
        from .consents import effects

        jobs.declared_in("tongdai.privacy.retention")
        consents.register(lambda: by_text)
        topic_effects.register("privacy", effects)
