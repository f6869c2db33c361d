"""Every address of the house: each face under its own door."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path("ban/", include("tongdai.desk.account.urls")),
    path("ban/", include("tongdai.desk.urls")),
    *(
        path(prefix, include(f"tongdai.{urls}"))
        for prefix, urls in (("bao-cao/", "reports.urls"), ("thu/", "peers.handset.urls"))
        if find_spec(f"tongdai.{urls.rsplit('.', 1)[0]}") and find_spec(f"tongdai.{urls}")
    ),
    path("", include("tongdai.portal.urls")),
]

handler400 = "tongdai.shell.errors.bad_request"
handler403 = "tongdai.shell.errors.forbidden"
handler404 = "tongdai.shell.errors.not_found"
handler500 = "tongdai.shell.errors.broken"
