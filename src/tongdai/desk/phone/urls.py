from django.urls import path

from . import views

urlpatterns = [
    path("may/", views.strip, name="phone"),
    path("may/duong-day/", views.line, name="phone_line"),
    path("may/kiem-tra/", views.check, name="phone_check"),
    path("may/loai-may/", views.use, name="phone_use"),
    path("may/noi-chuyen/", views.targets, name="phone_targets"),
    path("may/trang-thai/", views.state, name="phone_state"),
    path("may/dang-ghi/", views.writing, name="phone_writing"),
    path("may/mic/", views.mute, name="phone_mute"),
    path("may/hang-cho/", views.queues, name="phone_queues"),
    path("may/lenh/", views.order, name="phone_order"),
    path("may/ket-qua/", views.outcome, name="phone_outcome"),
    path("may/da-ro/", views.notice, name="phone_notice"),
    path("may/goi/", views.call_out, name="phone_call_out"),
]
