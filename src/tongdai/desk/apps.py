from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tongdai.desk"
    label = "desk"
