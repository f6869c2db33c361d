from django.urls import path

from . import photos, secrecy, views

urlpatterns = [
    path("phieu/<str:code>/", views.case, name="case"),
    path("phieu/<str:code>/chuyen/", views.assign, name="assign"),
    path("phieu/<str:code>/phan-loai/", views.classify, name="classify"),
    path("phieu/<str:code>/nhan-truc/", views.take_duty, name="take_duty"),
    path("phieu/<str:code>/nhan/", views.accept, name="accept"),
    path("phieu/<str:code>/tra-lai/", views.hand_back, name="hand_back"),
    path("phieu/<str:code>/tu-choi/", views.reject, name="reject"),
    path("phieu/<str:code>/tra-loi/", views.answer, name="answer"),
    path("phieu/<str:code>/ket-thuc/", views.close, name="close"),
    path("phieu/<str:code>/thu-hoi/", views.withdraw_links, name="withdraw_links"),
    path("phieu/<str:code>/hien-so/", views.phone, name="phone"),
    path("phieu/<str:code>/danh-dau/", secrecy.mark_denunciation, name="mark_denunciation"),
    path("phieu/<str:code>/bo-dau/", secrecy.unmark_denunciation, name="unmark_denunciation"),
    path("phieu/<str:code>/da-xem/", secrecy.clear_doubt, name="clear_doubt"),
    path("phieu/<str:code>/lien-quan/", secrecy.name_denounced, name="name_denounced"),
    path("phieu/<str:code>/lay-lai/", secrecy.recall, name="recall"),
    path("anh/<int:attachment_id>/", photos.photo, name="photo"),
]
