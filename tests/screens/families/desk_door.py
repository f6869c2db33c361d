"""The staff's door, and the pages of one's own account."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpResponse
from django.urls import reverse

from tests.screens.states import There, state
from tests.screens.world import LONG_AGENCY, LONG_NAME
from tongdai.accounts import invitations
from tongdai.platform.clock import now

PASSWORD = "mật khẩu thử 1022"
SECRET = "JBSWY3DPEHPK3PXP"


@state(":account_login", "empty")
def sign_in(there: There) -> str:
    return reverse("account_login")


@state(":account_login", "wrong password", status=422)
def wrong_password(there: There) -> HttpResponse:
    return there.client.post(reverse("account_login"), {"username": "nghemay1", "password": "sai"})


@state(":account_login", "the session ended by itself")
def idle(there: There) -> str:
    there.set(IDLE_MINUTES=30)
    return reverse("account_login") + "?het=1&next=/ban/phieu/73041859261/"


@state(":account_login", "the session ended while something was typed", status=401)
def ended(there: There) -> HttpResponse:
    address = reverse("desk:reject", args=[there.rows["new"].code])
    return there.client.post(address, {"reason": "Chữ đang gõ"})


@state(":mfa_authenticate", "asked")
def second_factor(there: There) -> str:
    _with_codes(there, "coordinator")
    _password(there, "coordinator")
    return reverse("mfa_authenticate")


@state(":mfa_authenticate", "wrong code", status=422)
def wrong_second_factor(there: There) -> HttpResponse:
    return there.client.post(second_factor(there), {"code": "000000"})


@state(":account_reset_password", "with mail")
def forgotten(there: There) -> str:
    there.set(SMTP=object())
    return reverse("account_reset_password")


@state(":account_reset_password", "without mail")
def forgotten_without_mail(there: There) -> str:
    there.set(SMTP=None)
    return reverse("account_reset_password")


@state(":account_reset_password_done", "as it is")
def forgotten_sent(there: There) -> str:
    return reverse("account_reset_password_done")


@state(":account_reset_password_from_key", "spent")
def reset_spent(there: There) -> str:
    return reverse("account_reset_password_from_key", args=["x", "y"])


@state(":account_reset_password_from_key_done", "as it is")
def reset_done(there: There) -> str:
    return reverse("account_reset_password_from_key_done")


@state("desk:first_admin", "first administrator")
def first_admin(there: There) -> str:
    return reverse("desk:first_admin", args=[invitations.issue(None, expires_at=None)])


@state("desk:first_admin", "invited, password too short", status=422)
def invited(there: There) -> HttpResponse:
    token = invitations.invite(there.people["officer"], at=now())
    return there.client.post(reverse("desk:first_admin", args=[token]), {"password": "1"})


@state("desk:first_admin", "spent", status=410)
def spent(there: There) -> str:
    return reverse("desk:first_admin", args=["x" * 12])


@state(":mfa_index", "nothing set up")
def account(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("mfa_index")


@state(":mfa_index", "second factor demanded")
def demanded(there: There) -> str:
    there.set(SECOND_FACTOR=True)
    there.sign_in("coordinator")
    return reverse("mfa_index")


@state(":mfa_index", "everything set up")
def everything(there: There) -> str:
    _with_codes(there, "coordinator")
    there.sign_in("coordinator")
    return reverse("mfa_index")


@state(":account_change_password", "empty")
def password(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("account_change_password")


@state(":account_reauthenticate", "asked")
def again(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("account_reauthenticate")


@state(":mfa_reauthenticate", "asked")
def again_by_code(there: There) -> str:
    _with_codes(there, "coordinator")
    there.sign_in("coordinator")
    return reverse("mfa_reauthenticate")


@state(":mfa_activate_totp", "empty")
def add_codes(there: There) -> str:
    _proven(there)
    return reverse("mfa_activate_totp")


@state(":mfa_activate_totp", "wrong code", status=422)
def add_codes_wrong(there: There) -> HttpResponse:
    return there.client.post(add_codes(there), {"code": "000000"})


@state(":mfa_deactivate_totp", "asked")
def remove_codes(there: There) -> str:
    _with_codes(there, "coordinator")
    _proven(there)
    return reverse("mfa_deactivate_totp")


@state(":mfa_add_webauthn", "empty")
def add_passkey(there: There) -> str:
    _proven(there)
    return reverse("mfa_add_webauthn")


@state(":mfa_remove_webauthn", "asked")
def remove_passkey(there: There) -> str:
    made = _with_passkey(there, "coordinator")
    _proven(there)
    return reverse("mfa_remove_webauthn", args=[made.pk])


@state(":mfa_reauthenticate_webauthn", "asked")
def again_by_passkey(there: There) -> str:
    _with_passkey(there, "coordinator")
    there.sign_in("coordinator")
    return reverse("mfa_reauthenticate_webauthn")


@state(":mfa_view_recovery_codes", "shown")
def codes(there: There) -> str:
    _with_codes(there, "coordinator")
    _proven(there)
    return reverse("mfa_view_recovery_codes")


@state(":mfa_generate_recovery_codes", "asked")
def new_codes(there: There) -> str:
    _with_codes(there, "coordinator")
    _proven(there)
    return reverse("mfa_generate_recovery_codes")


@state(":rights", "all")
def rights(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("rights")


def _with_codes(there: There, who: str) -> None:
    user = there.people[who]
    totp.TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def _with_passkey(there: There, who: str) -> Authenticator:
    there.patch.setattr(webauthn, "get_credentials", lambda user: [])
    return Authenticator.objects.create(
        user=there.people[who],
        type=Authenticator.Type.WEBAUTHN,
        data={"name": f"{LONG_NAME} · {LONG_AGENCY}"[:100], "credential": {}},
    )


def _password(there: There, who: str) -> HttpResponse:
    return there.client.post(reverse("account_login"), {"username": there.people[who].username, "password": PASSWORD})


def _proven(there: There) -> None:
    """Has just said the password again."""
    there.sign_in("coordinator")
    there.client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
