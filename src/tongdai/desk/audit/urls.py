from django.urls import path

from . import views

urlpatterns = [
    path("nhat-ky/", views.page, name="audit"),
    path("nhat-ky/xuat.csv", views.export, name="audit_export"),
]
