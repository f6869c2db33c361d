from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "tongdai.shell"
    label = "shell"
