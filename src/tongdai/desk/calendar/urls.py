from django.urls import path

from . import views

urlpatterns = [
    path("lich/", views.calendar, name="calendar"),
    path("lich/gio/", views.hours, name="calendar_hours"),
    path("lich/ngay/", views.day, name="calendar_day"),
]
