from django.urls import path

from . import views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("danh-sach/", views.rows, name="rows"),
    path("tim/", views.search, name="search"),
    path("tim/danh-sach/", views.search_rows, name="search_rows"),
]
