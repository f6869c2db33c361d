from django.urls import path

from . import views

urlpatterns = [
    path("cong-ket-noi/", views.gateway, name="gateway"),
    path("cong-ket-noi/tin/<int:kept_id>/", views.settle, name="gateway_settle"),
]
