from django.urls import path

from tongdai.shell.headers import connects

from . import views

app_name = "handset"
urlpatterns = [
    path("", connects(views.handset), name="handset"),
    path("may/", views.thread, name="thread"),
    path("goi/", views.line, name="line"),
]
