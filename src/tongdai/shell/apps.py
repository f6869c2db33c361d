from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "tongdai.shell"
    label = "shell"

    def ready(self) -> None:
        from . import sign_ins

        sign_ins.connect()
