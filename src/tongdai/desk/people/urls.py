from django.urls import path

from . import views

urlpatterns = [
    path("can-bo/", views.people_page, name="people"),
    path("can-bo/moi/", views.new, name="person_new"),
    path("can-bo/<int:pk>/", views.person, name="person"),
    path("can-bo/<int:pk>/<str:action>/", views.do, name="person_do"),
]
