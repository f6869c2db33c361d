from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "tongdai.scenarios"
    label = "scenarios"
