from django.urls import path

from . import first_admin, views

urlpatterns = [
    path("ra/", views.sign_out, name="sign_out"),
    path("ngon-ngu/", views.language, name="language"),
    path("con-day/", views.here, name="here"),
    path("khoi-dau/<str:token>/", first_admin.first_admin, name="first_admin"),
]
