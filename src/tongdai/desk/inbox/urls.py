from django.urls import path

from . import views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("danh-sach/", views.rows, name="rows"),
    path("tim/", views.search, name="search"),
    path("tim/danh-sach/", views.search_rows, name="search_rows"),
    path("danh-sach-luu/", views.views, name="views"),
    path("danh-sach-luu/luu/", views.view_save, name="view_save"),
    path("danh-sach-luu/<int:number>/", views.view_change, name="view_change"),
]
