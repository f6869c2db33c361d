from django.urls import path

from . import views

urlpatterns = [
    path("truc/", views.roster, name="duty"),
    path("truc/dang-goi/", views.alarms, name="duty_alarms"),
    path("truc/thu/", views.try_it, name="duty_try"),
    path("truc/them/", views.add_weekly, name="duty_add"),
    path("truc/them-mot-lan/", views.add_once, name="duty_add_once"),
    path("truc/<int:shift_id>/", views.change, name="duty_change"),
    path("truc/<int:shift_id>/doi/", views.swap, name="duty_swap"),
    path("truc/<int:shift_id>/ket-thuc/", views.end, name="duty_end"),
]
