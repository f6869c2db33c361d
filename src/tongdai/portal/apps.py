from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tongdai.portal"
    label = "portal"
