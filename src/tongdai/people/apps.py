from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tongdai.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
