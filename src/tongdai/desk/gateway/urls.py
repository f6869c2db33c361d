from django.urls import path

from . import one_stop, views

urlpatterns = [
    path("cong-ket-noi/", views.gateway, name="gateway"),
    path("cong-ket-noi/tin/<int:text_id>/", views.settle, name="gateway_settle"),
    path("cong-ket-noi/tin-cho/<int:question_id>/", views.decide, name="gateway_decide"),
    path("cong-ket-noi/tin-giu/<int:held_id>/", views.settle_held, name="gateway_held"),
    path("cong-ket-noi/tin-giu/", views.put_away_ended, name="gateway_ended"),
    path("cong-ket-noi/bien-nhan/", views.put_away_receipts, name="gateway_receipts"),
    path("cong-ket-noi/mot-cua/", one_stop.edit, name="one_stop"),
]
