"""Settings, from the environment (12-factor); every one has a default that runs on one machine."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from environs import Env

from .database.connection_settings import app_role, database
from .files import encryption, storage
from .home import beside_the_code, home, secret
from .network import addresses
from .network.mail import TIMEOUT, WrongAddress, mail_server

env = Env()
PACKAGE = Path(__file__).resolve().parent.parent
HOME = home()
DEBUG = False

# --- addresses --------------------------------------------------------------------------------------------------
HOST = env.str("TONGDAI_HOST", "127.0.0.1")
PORT = env.int("TONGDAI_PORT", 8022)
LIVE_PORT = env.int("TONGDAI_LIVE_PORT", PORT + 1)
PUBLIC_URL = addresses.public_url(env.str("TONGDAI_PUBLIC_URL", "") or addresses.url(HOST, PORT))
HTTPS = PUBLIC_URL.startswith("https://")
LIVE_URL = env.str("TONGDAI_LIVE_URL", f"{PUBLIC_URL}/live" if HTTPS else "")  # empty: its own port on the page's host
ALLOWED_HOSTS = env.list("TONGDAI_ALLOWED_HOSTS", [str(urlsplit(PUBLIC_URL).hostname)] if HTTPS else ["*"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = addresses.proxies(env.str("TONGDAI_BEHIND_PROXY", ""))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # ProxyMiddleware drops it unless a trusted proxy said so

# --- secrets ----------------------------------------------------------------------------------------------------
SECRET_KEY = env.str("TONGDAI_SECRET_KEY", "") or secret("key")
# what recordings are encrypted with, the newest first (channels/voice/recordings/encrypted_files.py)
RECORDING_KEYS = encryption.keys(env.list("TONGDAI_RECORDING_KEYS", []), of="TONGDAI_RECORDING_KEYS")

# --- the rooms --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_vite",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "tongdai.platform",
    "tongdai.language",
    "tongdai.audit",
    "tongdai.directory",
    "tongdai.accounts",
    "tongdai.people",
    "tongdai.knowledge",
    "tongdai.cases",
    "tongdai.channels.duty",
    "tongdai.channels.sms",
    "tongdai.channels.voice",
    "tongdai.channels",
    "tongdai.privacy",
    "tongdai.shell",
    "tongdai.portal",
    "tongdai.desk",
    "tongdai.reports",
    "tongdai.peers",
]
AUTH_USER_MODEL = "accounts.User"
ROOT_URLCONF = "tongdai.urls"
MIDDLEWARE = [
    "tongdai.platform.web.proxies.ProxyMiddleware",
    "tongdai.platform.monitoring.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tongdai.platform.web.compression.CompressionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "tongdai.shell.headers.PolicyMiddleware",
    "tongdai.shell.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tongdai.shell.renamed_cookies.RenamedCookiesMiddleware",
    "tongdai.shell.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tongdai.shell.errors.ErrorsMiddleware",
    "tongdai.shell.odd.OddRequestMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tongdai.accounts.sign_in.sessions.IdleMiddleware",
    "tongdai.desk.audit.on_record.OnRecordMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# --- the database -----------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "")  # empty: the embedded server of this home
APP_ROLE = app_role(DATABASE_URL, given=env.str("TONGDAI_APP_ROLE", ""))
AS_OWNER = env.str("TONGDAI_DATABASE_AS", "") == "owner"  # set by the commands that migrate, back up and restore
DATABASE_PATIENCE = env.float("TONGDAI_DATABASE_PATIENCE", 0.0)  # seconds; web and live set theirs
DATABASES = {
    "default": database(DATABASE_URL, as_owner=AS_OWNER, app_role=APP_ROLE, patience=DATABASE_PATIENCE),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [PACKAGE / "channels" / "locale"]
TIME_ZONE, USE_TZ, USE_I18N = "Asia/Ho_Chi_Minh", True, True

# --- files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "static"  # served from the package itself
STATICFILES_DIRS: list[Path] = [PACKAGE / "static"]
SILENCED_SYSTEM_CHECKS = ["staticfiles.E002"]  # nothing is ever collected into STATIC_ROOT
WHITENOISE_USE_FINDERS, WHITENOISE_AUTOREFRESH = True, False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/dist/assets/.+-[\w-]{8}\.\w+$"  # Vite names them after what is in them
DJANGO_VITE = {
    "default": {"manifest_path": PACKAGE / "static" / "dist" / "manifest.json", "static_url_prefix": "dist"},
}
STORAGES = {
    "default": storage.default(env.str("TONGDAI_STORAGE", ""), home=HOME),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- security ---------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # a shift
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:"],
        "connect-src": [SELF],  # and the stream's and the exchange's very hosts on the staff's pages (shell.headers)
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- staff accounts: django-allauth, with our pages, words and limits (docs/adr/0028) ------------------------------
STAFF_PATH = "/ban/"
STAFF_PATHS = [STAFF_PATH, "/bao-cao/"]
LOGIN_URL = "/ban/vao/"
SECOND_FACTOR = env.bool(
    "TONGDAI_SECOND_FACTOR", None
)  # unset: demanded, but not in a demo (accounts/sign_in/second_factor.py)
# in which whoever did a step may take it back; its citizen is told afterwards
UNDO_SECONDS = 30 if env.bool("TONGDAI_UNDO", True) else 0
IDLE_MINUTES = env.int(
    "TONGDAI_IDLE_MINUTES", 30
)  # without a hand on the keys; who stands ready at the telephone is at work
PASSWORD_RESET_TIMEOUT = 3 * 3600
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "tongdai.accounts.sign_in.passwords.NotGuessable"},
]
ACCOUNT_ADAPTER = "tongdai.desk.entry.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up: the city's administrator adds people
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"  # the administrator vouches for an address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letter leaves for an address that is nobody's here
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_RATE_LIMITS = False  # counted in PostgreSQL, by account and network together (accounts/sign_in/throttle.py)
ACCOUNT_USER_DISPLAY = "tongdai.desk.entry.adapter.display"
ACCOUNT_FORMS = {
    name: f"tongdai.desk.entry.forms.{form}"
    for name, form in {
        "login": "SignInForm",
        "change_password": "ChangePasswordForm",
        "reset_password": "ForgottenForm",
        "reset_password_from_key": "ResetForm",
        "reauthenticate": "AgainForm",
    }.items()
}
MFA_ADAPTER = "tongdai.accounts.sign_in.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # half a minute: telephones' clocks differ
MFA_RATE_LIMITS = False
MFA_FORMS = {
    name: f"tongdai.desk.entry.forms.{form}"
    for name, form in {
        "authenticate": "CodeForm",
        "reauthenticate": "CodeAgainForm",
        "activate_totp": "ActivateCodeForm",
        "add_webauthn": "AddPasskeyForm",
        "login_webauthn": "PasskeySignInForm",
        "authenticate_webauthn": "PasskeyForm",
        "reauthenticate_webauthn": "PasskeyAgainForm",
    }.items()
}

# --- mail -------------------------------------------------------------------------------------------------------
try:
    SMTP = mail_server(env.str("TONGDAI_SMTP", ""), public_host=urlsplit(PUBLIC_URL).hostname or "localhost")
except WrongAddress as wrong:
    raise SystemExit(str(wrong)) from None
if SMTP:
    EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP.host, SMTP.port, SMTP.user, SMTP.password
    EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = SMTP.tls == "starttls", SMTP.tls == "ssl", TIMEOUT
    DEFAULT_FROM_EMAIL = SMTP.sender

# hashes a browser computes before a form makes us text somebody: a second on a cheap telephone (docs/toll-fraud.md)
PROOF_OF_WORK = env.int("TONGDAI_PROOF_OF_WORK", 100_000)

# --- backups ----------------------------------------------------------------------------------------------------
BACKUP_FOLDER = env.str("TONGDAI_BACKUP_FOLDER", "")  # empty: none is made by itself
BACKUP_AT = env.str("TONGDAI_BACKUP_AT", "02:30")  # the city's time of day
BACKUP_KEPT = max(1, env.int("TONGDAI_BACKUP_KEPT", 14))
BACKUP_PROVEN = env.bool("TONGDAI_BACKUP_PROVEN", True)  # each is restored into a scratch database first
BACKUP_RECIPIENTS: list[str] = env.list("TONGDAI_BACKUP_RECIPIENTS", [])
BACKUP_PASSPHRASE_FILE = env.str("TONGDAI_BACKUP_PASSPHRASE_FILE", "")
CERTIFICATES: list[str] = env.list("TONGDAI_CERTIFICATES", [])  # files whose end doctor watches

# --- jobs -------------------------------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # each room says where its jobs are (platform.jobs.declared_in)
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 86_400}  # seconds: a night's job whose worker was away is made up for

# --- reports ----------------------------------------------------------------------------------------------------
REPORT_TEMPLATE = env.str("TONGDAI_REPORT_TEMPLATE", "")  # the final report's .docx; empty: the standard one

# --- answers ----------------------------------------------------------------------------------------------------
KNOWLEDGE_VECTORS = env.bool("TONGDAI_KNOWLEDGE_VECTORS", False)  # a little better, 25 ms a question
# hosts inside (`host`, `host:port`) that may be asked: tables, links, the one-stop system (platform/network/outgoing.py)
OUTGOING_INSIDE: list[str] = env.list("TONGDAI_OUTGOING_INSIDE", env.list("TONGDAI_KNOWLEDGE_PULL_INSIDE", []))

# --- SMS --------------------------------------------------------------------------------------------------------
SMSC = env.str("TONGDAI_SMSC", "")
SMS_ASK_ABOVE = env.int("TONGDAI_SMS_ASK_ABOVE", 50)  # waiting texts that go without asking when a carrier is joined
SMS_SENDER = env.str("TONGDAI_SMS_SENDER", "1022")
SMS_RAW_DAYS = env.int("TONGDAI_SMS_RAW_DAYS", 30)  # how long the octets of a text are kept beside its words
SMS_ALPHABET = env.str("TONGDAI_SMS_ALPHABET", "unicode")
SMS_MOST_SEGMENTS = max(2, env.int("TONGDAI_SMS_MOST_SEGMENTS", 3))  # of one text; what is longer ends with a link
SMS_SEGMENT_COST = Decimal(env.str("TONGDAI_SMS_SEGMENT_COST", "") or 0) or None  # dong; unset: no cost is shown

# --- telephone --------------------------------------------------------------------------------------------------
EXCHANGE_TREE = env.str("TONGDAI_EXCHANGE", str(beside_the_code("asterisk")))
ASTERISK = env.str("TONGDAI_ASTERISK", "")  # the city's own program instead of the unpacked one
ASTERISK_MODULES = env.str("TONGDAI_ASTERISK_MODULES", "/usr/lib/asterisk/modules")
SIP_HOST = env.str("TONGDAI_SIP_HOST", "127.0.0.1")
SIP_PORT = env.int("TONGDAI_SIP_PORT", 0)  # the carriers' own; 0: this house has no telephone
PHONES_HOST = env.str("TONGDAI_PHONES_HOST", SIP_HOST)
PHONES_PORT = env.int("TONGDAI_PHONES_PORT", SIP_PORT and SIP_PORT + 2)  # agents' plain SIP telephones; 0: none
SIP_TLS_PORT = env.int("TONGDAI_SIP_TLS_PORT", 0)  # carriers by TLS; 0: none
SIP_TLS_CERTIFICATE = env.str("TONGDAI_SIP_TLS_CERTIFICATE", "")  # with those between it and the root
SIP_TLS_KEY = env.str("TONGDAI_SIP_TLS_KEY", "")
SIP_TLS_CA = env.str("TONGDAI_SIP_TLS_CA", "/etc/ssl/certs/ca-certificates.crt")  # who vouches for the carriers
SIP_TLS_MUTUAL = env.bool("TONGDAI_SIP_TLS_MUTUAL", False)  # a carrier that calls shows a certificate, too
CERTIFICATES += [SIP_TLS_CERTIFICATE] if SIP_TLS_PORT and SIP_TLS_CERTIFICATE else []
EXCHANGE_PORT = env.int("TONGDAI_EXCHANGE_PORT", PORT + 4)  # ARI, on loopback, for our own processes alone
RTP_PORTS = env.str("TONGDAI_RTP_PORTS", "10000-19999")
# where the browsers' voice goes when it can't come straight (channels/voice/asterisk/ice.py)
STUN = addresses.relays(env.list("TONGDAI_STUN", []), ("stun", "stuns"), of="TONGDAI_STUN")
TURN = addresses.relays(env.list("TONGDAI_TURN", []), ("turn", "turns"), of="TONGDAI_TURN")
TURN_SECRET = env.str("TONGDAI_TURN_SECRET", "")
addresses.check_turn(TURN, TURN_SECRET)
RTP_ADDRESSES = addresses.translated(env.list("TONGDAI_RTP_ADDRESSES", []), of="TONGDAI_RTP_ADDRESSES")
PIPER_VOICE = env.str("TONGDAI_PIPER_VOICE", "")  # a voice file of Piper; empty: espeak-ng speaks
DUTY_STEP = env.int("TONGDAI_DUTY_STEP", 120)  # seconds in which who is on duty accepts, before the next is rung
RECORDING_DAYS = env.int("TONGDAI_RECORDING_DAYS", 180)  # how long what was said is kept
# wss://… where a proxy serves /ws; empty: the live process's own port on the page's host
SOFTPHONE_URL = env.str("TONGDAI_SOFTPHONE_URL", f"wss{PUBLIC_URL.removeprefix('https')}/ws" if HTTPS else "")

# --- metrics ----------------------------------------------------------------------------------------------------
METRICS_TOKEN = env.str("TONGDAI_METRICS_TOKEN", "")
METRICS_FROM = addresses.networks(env.str("TONGDAI_METRICS_FROM", ""), of="TONGDAI_METRICS_FROM")
