from django.urls import path

from . import skills, views

urlpatterns = [
    path("phong/", views.wallboard, name="wallboard"),
    path("phong/so/", views.figures, name="wallboard_figures"),
    path("phong/xuat/", views.export, name="room_export"),
    path("phong/hang-cho/", skills.skills_page, name="skills"),
    path("phong/lich-su/", views.history, name="room_history"),
]
