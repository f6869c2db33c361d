"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class AccountsConfig(AppConfig):
    name = "tongdai.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.directory.registry import agency_uses
        from tongdai.platform.live.registry import may_listen
        from tongdai.platform.processes.registry import notes_when_up

        from . import first_admin, people
        from .sign_in import on_record, sessions

        jobs.declared_in("tongdai.accounts.mails", "tongdai.accounts.sweeping")
        agency_uses.register("staff", people.at_agencies)
        may_listen.register(sessions.still_viewer)
        notes_when_up.register("first administrator", first_admin.invitation)
        on_record.connect()
