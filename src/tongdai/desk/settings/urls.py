from django.urls import path

from . import views

urlpatterns = [
    path("cai-dat/", views.settings_page, name="settings"),
    path("cai-dat/nhap/", views.bring_in, name="settings_import"),
    path("cai-dat/xuat/<str:kind>.csv", views.take_out, name="settings_export"),
    path("cai-dat/co-quan-to-cao/", views.handlers, name="settings_handlers"),
]
