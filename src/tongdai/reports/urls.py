from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("", views.summary, name="summary"),
    path("phieu/", views.behind, name="behind"),
    path("tong-ket/<slug:form>/", views.document, name="document"),
]
