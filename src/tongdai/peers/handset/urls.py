from django.urls import path

from . import views

app_name = "handset"
urlpatterns = [
    path("", views.handset, name="handset"),
    path("may/", views.thread, name="thread"),
    path("goi/", views.line, name="line"),
]
