from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tongdai.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .sign_in import on_record

        on_record.connect()
