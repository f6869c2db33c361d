from django.urls import path

from . import one_stop, views

urlpatterns = [
    path("cong-ket-noi/", views.gateway, name="gateway"),
    path("cong-ket-noi/tin/<int:kept_id>/", views.settle, name="gateway_settle"),
    path("cong-ket-noi/mot-cua/", one_stop.edit, name="one_stop"),
]
