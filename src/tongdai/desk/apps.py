from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tongdai.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.cases import queries
        from tongdai.platform.live.registry import known_to
        from tongdai.shell.staff import Frame, draw_in

        draw_in(Frame(template="desk/base.html", start="desk:inbox", refusals_into="#next"))
        known_to.register("opened", queries.visible_ids)
