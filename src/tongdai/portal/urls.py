"""The citizens' addresses, in Vietnamese: they are read out and printed."""

from django.urls import path

from tongdai.shell.headers import public, secret

from . import proof
from .answers import inquiry, listing, lookups, reading, searching
from .follow import access, number, pin, rating, reopening, replying, withdrawal
from .follow import views as follow
from .home import views as home
from .pages import views as pages
from .privacy import views as privacy
from .report import views as report
from .report.photos.views import stashed

app_name = "portal"

urlpatterns = [
    path("", public(home.home), name="home"),
    path("t/<str:link>/", public(reading.short), name="short"),
    path("t/<str:link>", reading.short),
    path("tim/", searching.search, name="search"),
    path("tim/goi-y/", public(searching.suggest), name="suggest"),
    path("tim/hoi-nguoi/", searching.ask_a_person, name="ask_a_person"),
    path("tim/co-ich/", inquiry.useful, name="useful"),
    path("thu-tuc/<str:code>/", public(reading.procedure), name="procedure"),
    path("thu-tuc/<str:code>/in/", public(reading.sheet), name="sheet"),
    path("hoi-dap/", public(listing.questions), name="questions"),
    path("hoi-dap/<int:number>/", public(reading.article), name="article"),
    path("ho-so/", lookups.dossier, name="dossier"),
    path("tra-loi/", public(listing.browse), name="answers"),
    path("bang/<slug:slug>/", public(lookups.table), name="table"),
    path("diem/<int:number>/", public(reading.row), name="row"),
    path("phan-anh/", report.report, name="report"),
    path("phan-anh/bat-dau/", report.begin, name="begin"),
    path("phan-anh/goi-y/", report.hints, name="hints"),
    path("phan-anh/da-gui/", report.sent, name="sent"),
    path("phan-anh/da-gui/hoi-them/", report.settled, name="settled"),
    path("tra-cuu/", follow.find, name="find"),
    path("p/<str:code>/", follow.case, name="case"),
    path("p/<str:code>/xac-nhan/", number.number, name="number"),
    path("p/<str:code>/pin/", pin.renew, name="pin"),
    path("p/<str:code>/du-lieu/", privacy.data, name="data"),
    path("p/<str:code>/du-lieu/ban-sao.json", privacy.copy, name="data_copy"),
    path("p/<str:code>/dong-y/", privacy.consent, name="consent"),
    path("p/<str:code>/danh-gia/", rating.rating, name="rating"),
    path("p/<str:code>/mo-lai/", reopening.reopening, name="reopening"),
    path("p/<str:code>/tra-loi/", replying.replying, name="reply"),
    path("p/<str:code>/rut/", withdrawal.withdrawal, name="withdrawal"),
    path("p/<str:code>/thu-hoi/", access.withdraw, name="withdraw"),
    path("quen/", access.forget, name="forget"),
    path("k/<str:short>", secret(follow.case_by_short_link), name="case_by_short_link"),
    path("p/<str:code>/<str:token>/", secret(follow.case_by_link), name="case_by_link"),
    path("anh/tam/<str:ticket>/", secret(stashed), name="stashed"),
    path("anh/<int:photo>/", follow.photo, name="photo"),
    path("bang-chung/", proof.challenge, name="proof"),
    path("ngon-ngu/<str:spoken>/", pages.speak, name="language"),
    path("quy-tac/", public(pages.conduct), name="conduct"),
    path("du-lieu-ca-nhan/", privacy.notice, name="privacy"),
    path("tro-nang/", public(pages.access), name="access"),
]
