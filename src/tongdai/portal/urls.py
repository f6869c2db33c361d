"""The citizens' addresses, in Vietnamese: they are read out and printed."""

from django.urls import path

from tongdai.shell.headers import public, secret

from . import proof
from .answers import views as answers
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
    path("t/<str:link>/", public(answers.short), name="short"),
    path("t/<str:link>", answers.short),
    path("tim/", answers.search, name="search"),
    path("tim/goi-y/", public(answers.suggest), name="suggest"),
    path("tim/hoi-nguoi/", answers.ask_a_person, name="ask_a_person"),
    path("tim/co-ich/", answers.useful, name="useful"),
    path("thu-tuc/<str:code>/", public(answers.procedure), name="procedure"),
    path("thu-tuc/<str:code>/in/", public(answers.sheet), name="sheet"),
    path("hoi-dap/", public(answers.questions), name="questions"),
    path("hoi-dap/<int:number>/", public(answers.article), name="article"),
    path("ho-so/", answers.dossier, name="dossier"),
    path("tra-loi/", public(answers.browse), name="answers"),
    path("bang/<slug:slug>/", public(answers.table), name="table"),
    path("diem/<int:number>/", public(answers.row), name="row"),
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
