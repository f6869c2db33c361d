from django.urls import path

from . import views

urlpatterns = [
    path("loi-may/", views.menu, name="menu"),
    path("loi-may/buoc/<slug:code>/", views.switch, name="menu_switch"),
    path("loi-may/loi/<int:prompt_id>/", views.prompt, name="menu_prompt"),
]
