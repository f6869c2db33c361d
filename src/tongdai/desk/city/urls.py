from django.urls import path

from . import views

TOPICS, AGENCIES = {"of": "topics"}, {"of": "agencies"}
urlpatterns = [
    path("linh-vuc/", views.page, TOPICS, name="topics"),
    path("linh-vuc/moi/", views.new, TOPICS, name="topic_new"),
    path("linh-vuc/<int:pk>/", views.one, TOPICS, name="topic"),
    path("linh-vuc/<int:pk>/<str:action>/", views.do, TOPICS, name="topic_do"),
    path("co-quan/", views.page, AGENCIES, name="agencies"),
    path("co-quan/moi/", views.new, AGENCIES, name="agency_new"),
    path("co-quan/<int:pk>/", views.one, AGENCIES, name="agency"),
    path("co-quan/<int:pk>/<str:action>/", views.do, AGENCIES, name="agency_do"),
]
