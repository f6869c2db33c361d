from django.urls import path

from tongdai.shell.headers import secret

from . import first_admin, views

urlpatterns = [
    path("ra/", views.sign_out, name="sign_out"),
    path("ngon-ngu/", views.language, name="language"),
    path("con-day/", views.here, name="here"),
    path("khoi-dau/<str:token>/", secret(first_admin.first_admin), name="first_admin"),
]
