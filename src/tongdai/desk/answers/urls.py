from django.urls import path

from . import views

urlpatterns = [
    path("goi-y/", views.beside_the_call, name="answers_beside"),
    path("goi-y/gui/", views.send, name="answer_send"),
    path("goi-y/phieu/<str:code>/", views.beside_the_case, name="answers_of_case"),
]
