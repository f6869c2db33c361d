"""Everything under /ban/."""

from django.urls import include, path

app_name = "desk"
urlpatterns = [
    path("", include("tongdai.desk.entry.urls")),
    path("", include("tongdai.desk.inbox.urls")),
    path("", include("tongdai.desk.case.urls")),
    path("", include("tongdai.desk.calls.urls")),
    path("", include("tongdai.desk.answers.urls")),
    path("", include("tongdai.desk.articles.urls")),
    path("", include("tongdai.desk.phone.urls")),
    path("", include("tongdai.desk.room.urls")),
    path("", include("tongdai.desk.menu.urls")),
    path("", include("tongdai.desk.duty.urls")),
    path("", include("tongdai.desk.gateway.urls")),
    path("", include("tongdai.desk.calendar.urls")),
    path("", include("tongdai.desk.privacy.urls")),
    path("", include("tongdai.desk.people.urls")),
    path("", include("tongdai.desk.city.urls")),
    path("", include("tongdai.desk.settings.urls")),
    path("", include("tongdai.desk.audit.urls")),
]
