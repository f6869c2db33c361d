"""What django-allauth asks for by name, at our addresses and with our pages. Included beside the desk's, without a namespace."""

from typing import Any

from allauth.account.views import (
    PasswordChangeView,
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    ReauthenticateView,
)
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCode
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import DeactivateTOTPView
from django.urls import path, re_path, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from tongdai.shell.headers import secret

from ..entry import views as entry
from . import views


def page(view: Any, template: str = "", **given: Any) -> Any:
    """One of allauth's views with a page of ours; nobody keeps a copy of it."""
    return never_cache(view.as_view(**({"template_name": f"desk/{template}.html"} if template else {}), **given))


urlpatterns = [
    path("vao/", entry.sign_in, name="account_login"),
    path("vao/khoa/", page(entry.PasskeySignIn), name="mfa_login_webauthn"),
    path("vao/ma/", page(entry.SecondFactor), name="mfa_authenticate"),
    path("vao/quen/", page(entry.Forgotten), name="account_reset_password"),
    path("vao/quen/da-gui/", page(PasswordResetDoneView, "entry/forgotten_sent"), name="account_reset_password_done"),
    path(
        "vao/quen/xong/",
        page(PasswordResetFromKeyDoneView, "entry/new_password_done"),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^vao/quen/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",  # the key holds hyphens, too
        secret(page(entry.NewPassword)),
        name="account_reset_password_from_key",
    ),
    path("tai-khoan/", page(views.Account), name="mfa_index"),
    path("tai-khoan/mat-khau/", page(PasswordChangeView, "account/password"), name="account_change_password"),
    path("tai-khoan/xac-nhan/", page(ReauthenticateView, "account/again"), name="account_reauthenticate"),
    path("tai-khoan/xac-nhan/ma/", page(ReauthenticateByCode, "account/again"), name="mfa_reauthenticate"),
    path(
        "tai-khoan/xac-nhan/khoa/",
        page(views.AgainByPasskey, "account/again_passkey"),
        name="mfa_reauthenticate_webauthn",
    ),
    path("tai-khoan/ung-dung/", page(views.AddCodes, "account/add_codes"), name="mfa_activate_totp"),
    path("tai-khoan/ung-dung/bo/", page(DeactivateTOTPView, "account/remove"), name="mfa_deactivate_totp"),
    path("tai-khoan/khoa/", RedirectView.as_view(url=reverse_lazy("mfa_index")), name="mfa_list_webauthn"),
    path("tai-khoan/khoa/them/", page(views.AddPasskey, "account/add_passkey"), name="mfa_add_webauthn"),
    path("tai-khoan/khoa/<int:pk>/bo/", page(views.RemovePasskey, "account/remove"), name="mfa_remove_webauthn"),
    path("tai-khoan/du-phong/", page(ViewRecoveryCodesView, "account/codes"), name="mfa_view_recovery_codes"),
    path(
        "tai-khoan/du-phong/lap/",
        page(GenerateRecoveryCodesView, "account/make_codes"),
        name="mfa_generate_recovery_codes",
    ),
    path("tai-khoan/phien/ra/", views.end_others, name="usersessions_list"),
    path("tai-khoan/phien/<int:pk>/ra/", views.end_one, name="usersession_end"),
    path("vai-tro/", views.rights, name="rights"),
]
