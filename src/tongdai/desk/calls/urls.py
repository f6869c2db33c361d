from django.urls import path

from . import callbacks, recordings, views

urlpatterns = [
    path("goi/", views.call, name="call"),
    path("goi/ai/", views.who, name="who"),
    path("goi/doan/", views.guess, name="guess"),
    path("goi/xong/<str:code>/", views.saved, name="call_saved"),
    path("goi-lai/", callbacks.callbacks, name="callbacks"),
    path("goi-lai/danh-sach/", callbacks.rows, name="callback_rows"),
    path("goi-lai/<int:callback_id>/", callbacks.callback, name="callback"),
    path("goi-lai/<int:callback_id>/so/", callbacks.number, name="callback_number"),
    path("goi-lai/<int:callback_id>/ket-qua/", callbacks.result, name="callback_result"),
    path("ghi-am/<int:recording_id>/", recordings.recording, name="recording"),
    path("ghi-am/<int:recording_id>/tai/", recordings.export, name="recording_export"),
]
