from django.urls import path

from . import views

urlpatterns = [
    path("du-lieu/", views.page, name="privacy"),
    path("du-lieu/yeu-cau/", views.receive, name="privacy_receive"),
    path("du-lieu/yeu-cau/<int:pk>/", views.settle, name="privacy_settle"),
    path("du-lieu/thoi-han/", views.retention, name="privacy_retention"),
    path("du-lieu/vi-pham/", views.breach, name="privacy_breach"),
    path("du-lieu/vi-pham/<int:pk>/", views.breach_step, name="privacy_breach_step"),
    path("du-lieu/lien-he/", views.contact, name="privacy_contact"),
    path("du-lieu/dang-ky.csv", views.register, name="privacy_register"),
    path("phieu/<str:code>/dong-y/", views.consent, name="privacy_consent"),
]
