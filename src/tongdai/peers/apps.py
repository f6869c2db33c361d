from django.apps import AppConfig


class PeersConfig(AppConfig):
    name = "tongdai.peers"
    label = "peers"
