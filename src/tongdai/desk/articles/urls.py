from django.urls import path

from . import views

urlpatterns = [
    path("kho/", views.room, name="kho"),
    path("kho/hoi-dap/moi/", views.new_article, name="kho_new"),
    path("kho/tim-khong-ra/", views.settle, name="kho_settle"),
    path("kho/<slug:kind>/<int:number>/", views.edit, name="kho_edit"),
    path("kho/<slug:kind>/<int:number>/viec/", views.deed, name="kho_deed"),
]
