"""Every setting, read from the environment; README.md has the table of its variables."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from tracker.serving import environment

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()


def _count(name: str) -> int:
    """Return a whole number from the environment, nought where it is not given."""
    given = env.str(name, "") or "0"
    if not given.isascii() or not given.isdigit():
        raise ImproperlyConfigured(f"{name}: must be a whole number, not {given!r}")
    return int(given)


def _number(name: str, default: int) -> int:
    """Return a whole number above zero from the environment."""
    given = env.str(name, "")
    if given and (not given.isascii() or not given.isdigit() or int(given) == 0):
        raise ImproperlyConfigured(f"{name}: must be a whole number above zero, not {given!r}")
    return int(given or default)


# Where things are --------------------------------------------------------------------------------

DATA_DIR = environment.open_data_dir(Path(env.str("DATA_DIR", "") or BASE_DIR / "var"))
FILES_DIR = DATA_DIR / "files"
HOST = env.str("HOST", "") or "127.0.0.1"
PORT = _number("PORT", 8000)
if PORT > 65535:
    raise ImproperlyConfigured(f"PORT: must be at most 65535, not {PORT}")

# The address in e-mails. A site that has been given one is a real site, not a demo.
_GIVEN_SITE_URL = env.str("SITE_URL", "").rstrip("/")
_WILDCARD_HOSTS = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)
SITE_URL = _GIVEN_SITE_URL or (f"http://{'127.0.0.1' if HOST in _WILDCARD_HOSTS else HOST}:{PORT}")
if not SITE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("SITE_URL: must start with http:// or https://")

DEMO_SITE = env.bool("DEMO_SITE", not _GIVEN_SITE_URL)
DEBUG = env.bool("DEBUG", False)

# Beat and worker write a sign of life every so many seconds; silent for over two, they are dead.
HEARTBEAT_SECONDS = _number("HEARTBEAT_SECONDS", 10)

# Security ----------------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", "") or environment.secret_key(DATA_DIR)
# Keys of before, which still open what was signed and locked with them.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
# Signs the packages of papers that leave the site; its public half is made known.
SEAL_KEY = environment.seal_key(env.str("SEAL_KEY", ""), DATA_DIR)

_SITE_HOST = environ.urlparse(SITE_URL).hostname or ""
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[]) or (
    # Somebody shows a demo to the phones in the room: their name for this machine is not known.
    ["*"]
    if DEMO_SITE and HOST in _WILDCARD_HOSTS
    else sorted({"localhost", "127.0.0.1", "[::1]", HOST, _SITE_HOST} - {*_WILDCARD_HOSTS, ""})
)
_SCHEME = SITE_URL.partition("://")[0]
CSRF_TRUSTED_ORIGINS = (
    [
        _GIVEN_SITE_URL,
        *(f"{_SCHEME}://{host}" for host in ALLOWED_HOSTS if host != "*"),
    ]
    if _GIVEN_SITE_URL
    else []
)
# So many proxies of ours stand in front; what they say of the visitor's address is believed.
TRUSTED_PROXIES = _count("TRUSTED_PROXIES")
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if _SCHEME == "https":
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
# Whoever stands in front for https sends people there, too, and other names of the domain, which a
# browser would hold to https with ours, are not ours to speak for.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tracker.web.views.errors.csrf_failed"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tracker.accounts.passwords.LongEnough"},
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ),
]
AUTH_USER_MODEL = "plants.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

# Signing in is allauth's; what it may do here is in tracker/web/adapter.py.
ACCOUNT_ADAPTER = "tracker.web.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# An administrator vouches for the address; only a changed one has to be confirmed.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
# A whole bureau may share one address on the network.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/5m/key"}
PASSWORD_RESET_TIMEOUT = 2 * 3600
ACCOUNT_REAUTHENTICATION_METHODS = ("password",)

# Second factors; what they may do here is in tracker/web/second_factor.py.
SECOND_FACTOR_FOR: list[str] = env.list("SECOND_FACTOR_FOR", default=[])
MFA_ADAPTER = "tracker.web.second_factor.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "ULE"
MFA_TOTP_TOLERANCE = 1
# Nobody signs up with an address that isn't hers, which this would be against.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Signing in at a provider of OpenID Connect; what it may do here is in tracker/web/provider.py.
OIDC_ISSUER = environment.oidc_issuer(env.str("OIDC_ISSUER", ""))
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
OIDC_NAME = env.str("OIDC_NAME", "")
SOCIALACCOUNT_ADAPTER = "tracker.web.provider.ProviderAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# Seconds, for each question that is put to the provider.
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

# Apps and middleware -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "plants",
    "tracker",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracker.web.compress.CompressPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tracker.web.gate.gate",
    "tracker.web.upward.upward",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tracker.web.second_factor.AskForFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Data --------------------------------------------------------------------------------------------

DATABASES = {"default": environment.database(env.str("DATABASE_URL", ""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_GIVEN_BROKER_URL = env.str("CELERY_BROKER_URL", "")
CACHES = {"default": environment.cache(_GIVEN_BROKER_URL)}
# A cache inside of each process would keep a session that was ended in another.
_SHARED_CACHE = not CACHES["default"]["BACKEND"].endswith("LocMemCache")
SESSION_ENGINE = f"django.contrib.sessions.backends.{'cached_db' if _SHARED_CACHE else 'db'}"

UPLOAD_LIMIT_MB = _number("UPLOAD_LIMIT_MB", 50)
UPLOAD_LIMIT_BYTES = UPLOAD_LIMIT_MB * 1024 * 1024
VIDEO_LIMIT_MB = max(UPLOAD_LIMIT_MB, _number("VIDEO_LIMIT_MB", 200))
VIDEO_LIMIT_BYTES = VIDEO_LIMIT_MB * 1024 * 1024
PLANT_QUOTA_MB = _number("PLANT_QUOTA_MB", 0)
# So long a broken upload waits to be taken up again, from the last byte that came.
UNFINISHED_UPLOAD_HOURS = _number("UNFINISHED_UPLOAD_HOURS", 48)
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = ["tracker.web.uploads.StreamingUploadHandler"]

# A virus scanner's daemon (clamd); without one files are "not scanned".
CLAMD_URL = environment.clamd_url(env.str("CLAMD_URL", ""))

# Languages and time ------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"  # the legal day; instants are stored in UTC
USE_TZ = True

# Static files ------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
# `serve` collects, hashes and compresses (and says so to collectstatic by STATIC_HASHED); until
# it has done so the files come from their sources.
_HASHED = not DEBUG and env.bool("STATIC_HASHED", (STATIC_ROOT / "staticfiles.json").exists())
WHITENOISE_USE_FINDERS = not _HASHED
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = FILES_DIR

# Mail --------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"ule-tracker@{_SITE_HOST or 'localhost'}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
vars().update(environment.email(env.str("EMAIL_URL", ""), DATA_DIR))

# Where delivery reports come to; without one nobody reads them.
BOUNCE_MAILBOX = environment.bounce_mailbox(env.str("BOUNCE_MAILBOX", ""))

# Lets mail providers report what came back; without it their addresses here aren't there.
BOUNCE_WEBHOOK_SECRET = environment.webhook_secret(env.str("BOUNCE_WEBHOOK_SECRET", ""))
ANYMAIL = {"WEBHOOK_SECRET": BOUNCE_WEBHOOK_SECRET}

# Channels may lead into the networks of their own that authorities have.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", False)

# Background work ---------------------------------------------------------------------------------

CELERY_BROKER_URL = environment.broker_url(_GIVEN_BROKER_URL, DATA_DIR)
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "data_folder_in": str(DATA_DIR / "queue"),
        "data_folder_out": str(DATA_DIR / "queue"),
        "control_folder": str(DATA_DIR / "queue-control"),
        "polling_interval": 0.05,
    }
    if CELERY_BROKER_URL.startswith("filesystem://")
    else {"global_keyprefix": "ule-"}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULER = "tracker.serving.beat:HeartbeatScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = min(HEARTBEAT_SECONDS, 5)

# Logging -----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    # /healthz answers 503 by design, and says why in its answer.
    "filters": {
        "no_503": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(record, "status_code", 0) != 503,
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["no_503"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
