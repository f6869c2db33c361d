from django.urls import path

from . import photos, views
from .actions import ACTIONS

urlpatterns = [
    path("phieu/<str:code>/", views.case, name="case"),
    path("phieu/<str:code>/hien-so/", views.phone, name="phone"),
    path("phieu/<str:code>/dang-mo/", views.open_now, name="open_now"),
    path("phieu/<str:code>/hoan-tac/<int:seq>/", views.take_back, name="undo"),
    path("anh/<int:attachment_id>/", photos.photo, name="photo"),
    path("anh/du-thao/<int:file_id>/", photos.draft_file, name="draft_file"),
    *(
        path(f"phieu/<str:code>/{action.path}/", views.view_of(action), name=action.name)
        for action in ACTIONS.values()
        if action.do
    ),
]
