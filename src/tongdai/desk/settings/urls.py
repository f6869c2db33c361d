from django.urls import path

from . import toll, views

urlpatterns = [
    path("cai-dat/", views.settings_page, name="settings"),
    path("cai-dat/nhap/", views.bring_in, name="settings_import"),
    path("cai-dat/xuat/<str:kind>.csv", views.take_out, name="settings_export"),
    path("cai-dat/co-quan-to-cao/", views.handlers, name="settings_handlers"),
    path("cai-dat/tin-va-cuoc-goi-ra/", toll.page, name="toll"),
    path("cai-dat/tin-va-cuoc-goi-ra/quy-dinh/", toll.decide, name="toll_decide"),
    path("cai-dat/tin-va-cuoc-goi-ra/giu-lai/", toll.settle, name="toll_settle"),
]
