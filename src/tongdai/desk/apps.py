from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tongdai.desk"
    label = "desk"

    def ready(self) -> None:
        from tongdai.shell.staff import Frame, draw_in

        draw_in(Frame(template="desk/base.html", start="desk:inbox", refusals_into="#next"))
