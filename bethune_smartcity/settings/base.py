"""What never varies from one installation to another, and the builders the three others call."""

from pathlib import Path
from typing import Any

import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .town import DRAWN, MAP_CENTRE, MAP_DRAWING, MAP_LANDMARKS, SITE_NAME  # noqa: F401 (settings of their own)

BASE_DIR = Path(__file__).resolve().parents[2]


def database(url: str) -> dict[str, Any]:
    """Return Django's DATABASES for one address, tuned for its engine.

    Args:
        url: `sqlite:///path` or `postgres://user:password@host:port/name`.
    """
    config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    config["CONN_MAX_AGE"] = 60
    if config["ENGINE"].endswith("sqlite3"):
        # Readers never wait for the writer, and a writer queues instead of failing half-way. What is acknowledged is on
        # the disk: one flush of the log a transaction.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    else:
        config["CONN_HEALTH_CHECKS"] = True
    return {"default": config}


def caches(redis_url: str | None, prefix: str = "") -> dict[str, Any]:
    """Return Django's CACHES: Redis when an address is given, this process's memory otherwise.

    `pages` holds answers kept for everyone; without a server of its own it stays small. `default` counts against
    limits: it has room for what a crowd leaves there, or a count would be dropped for the next.

    Args:
        redis_url: address of a Redis server, or None.
        prefix: what this portal's keys begin with on a server that several share.
    """
    if redis_url:
        redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url, "KEY_PREFIX": prefix}
        hurried = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
        return {"default": redis, "pages": redis | {"OPTIONS": hurried}}
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    counts = memory | {"OPTIONS": {"MAX_ENTRIES": 50_000}}
    return {"default": counts, "pages": memory | {"LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 200}}}


def broker(redis_url: str | None, data_dir: Path, prefix: str = "") -> tuple[str, dict[str, Any]]:
    """Return the worker's broker address and its transport options.

    Args:
        redis_url: address of a Redis server, or None for the embedded broker.
        data_dir: folder under which the embedded broker keeps its messages.
        prefix: what this portal's keys begin with on a server that several share.
    """
    if redis_url:
        waits = {"visibility_timeout": 600, "socket_connect_timeout": 3, "socket_timeout": 10}
        return redis_url, waits | ({"global_keyprefix": f"{prefix}:broker:"} if prefix else {})
    messages, control = data_dir / "broker" / "messages", data_dir / "broker" / "control"
    for folder in (messages, control):
        folder.mkdir(parents=True, exist_ok=True)
    return "filesystem://", {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.2,
    }


def storages(files: dict[str, Any], static: str) -> dict[str, Any]:
    """Return Django's STORAGES from the backend of applicants' files and that of static files."""
    return {"default": files, "staticfiles": {"BACKEND": static}}


def file_storage(folder: Path) -> dict[str, Any]:
    """Return the backend that keeps applicants' files in a folder of this machine."""
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(folder), "file_permissions_mode": 0o600},
    }


def drop_personal_data(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep network addresses, browsers and account numbers out of the logs."""
    for key in ("ip", "user_agent", "user_id"):
        event.pop(key, None)
    return event


def logging_config(*, level: str, renderer: Any) -> dict[str, Any]:
    """Return Django's LOGGING: every record through structlog, one line each, to standard error.

    Args:
        level: least severity shown.
        renderer: structlog processor that writes the line.
    """
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        drop_personal_data,
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    renderer,
                ],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"level": level, "propagate": True, "handlers": []},
            # Scanners send forged hosts all day: that is no fault of ours.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # The embedded broker has no host to name.
            "kombu.connection": {"level": "ERROR"},
            # Answers to HEAD are cut by the server, as they should be.
            "gunicorn.http.wsgi": {"level": "ERROR"},
        },
    }


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        drop_personal_data,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

# --- Applications ---
INSTALLED_APPS = [
    # modeltranslation patches the admin's fields, hence before it.
    "modeltranslation",
    "bethune_smartcity.portal.back_office.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "rules.apps.AutodiscoverRulesConfig",
    "simple_history",
    "csp",
    "django_countries",
    "django_structlog",
    "bethune_smartcity.core",
    "bethune_smartcity.lifecycle",
    "bethune_smartcity.files",
    "bethune_smartcity.notifications",
    "bethune_smartcity.accounts",
    "pillars",
    "calls",
    "juries",
    "projects",
    "bethune_smartcity.portal",
]

MIDDLEWARE = [
    "bethune_smartcity.core.middleware.ArrivalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bethune_smartcity.core.middleware.DemoClockMiddleware",
    "bethune_smartcity.core.packed.PackedMiddleware",
    "bethune_smartcity.core.kept.KeptPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "bethune_smartcity.core.middleware.OddInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "bethune_smartcity.core.refusals.WordsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "bethune_smartcity.files.middleware.AnnouncedSizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "juries.link_sessions.LinkSessionMiddleware",
    "bethune_smartcity.core.unreceived.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "bethune_smartcity.urls"
WSGI_APPLICATION = "bethune_smartcity.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "NAME": "django",
        "BACKEND": "bethune_smartcity.core.engine.Templates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bethune_smartcity.core.context.portal",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Tests set it: a component drawn without an input it needs stops the page.
STRICT_COMPONENTS = False

# --- People ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}]
# Names, not addresses: each language has its own.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:space"
LOGOUT_REDIRECT_URL = "portal:home"

ACCOUNT_ADAPTER = "bethune_smartcity.accounts.adapter.PortalAccountAdapter"
_PASSWORD_FORMS = {"signup": "Signup", "change_password": "ChangePassword", "set_password": "SetPassword"}
_PASSWORD_FORMS["reset_password_from_key"] = "ResetPasswordKey"  # noqa: S105 (the name of a form)
ACCOUNT_FORMS = {act: f"bethune_smartcity.accounts.password_forms.{n}Form" for act, n in _PASSWORD_FORMS.items()}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# How many proxies of ours stand before the portal; their word on the client address is taken.
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES = 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = SITE_NAME

# --- Languages and time ---
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English")), ("de", _("German")), ("nl", _("Dutch"))]
MODELTRANSLATION_DEFAULT_LANGUAGE = "fr"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("fr", "en", "de", "nl")
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "bethune_smartcity.formats"
LANGUAGE_COOKIE_SECURE = False
USE_I18N = True
FORMS_URLFIELD_ASSUME_HTTPS = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# How many seconds the answer to a visitor without a session may be shown to the next one; 0 keeps none.
PAGES_KEPT_FOR = 60
# --- Static files and uploads ---
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# Empty controls count: fifteen questions a section, ten documents each and one more to add.
DATA_UPLOAD_MAX_NUMBER_FILES = 165
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
CLAMD_URL = ""  # where the antivirus listens; none: documents are not checked for viruses
FILE_UPLOAD_HANDLERS = ["bethune_smartcity.files.handlers.LimitedUpload"] + [
    f"django.core.files.uploadhandler.{kind}FileUploadHandler" for kind in ("Memory", "Temporary")
]

# --- Security ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}
SENSORS = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
)
PERMISSIONS_POLICY: dict[str, list[str]] = {feature: [] for feature in (*SENSORS, "payment", "usb")}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# What an act says to its author goes with the session: no cookie of its own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "bethune_smartcity.core.unreceived.expired"
# Where the source code of this portal is published; the foot of each page links it.
SOURCE_URL = ""
# The demonstration, its clock and its readable mail box: never beside real data.
DEMO = False

# --- Mail ---
EMAIL_TIMEOUT = 15
# How many messages leave in a minute at most; 0 sets no limit.
MAILS_PER_MINUTE = 0
EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "

# --- Background work: messages only wake a worker, rows say what is to do ---
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 8
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_TIME_LIMIT = 300
# The hour in Paris at which the day's mail leaves, for who wants one mail a day.
DAY_MAIL_HOUR = 7

# --- API ---
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": SITE_NAME,
    "DESCRIPTION": "The public data of the city's calls for projects, read-only.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "ProjectStage": "projects.workflow.ProjectState",
        "JuryStage": "calls.models.Criterion.Stage",
    },
}

# --- History and logs ---
SIMPLE_HISTORY_REVERT_DISABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20
