"""Settings of the console and the workers: what the commands need, and the web on top."""

import os
from datetime import timedelta
from urllib.parse import urlsplit

from leadferry.ledger import keys
from leadferry.project.settings import *  # noqa: F403
from leadferry.project.settings import HOME, INSTALLED_APPS

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.admin",
    "auditlog",
    "axes",
    "django_htmx",
    *INSTALLED_APPS,
    "leadferry.console.people",
    "leadferry.console.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "leadferry.console.web.security.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "leadferry.project.urls"
WSGI_APPLICATION = "leadferry.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
STATIC_URL = "/static/"
# Files are served from the installed packages, so that there is no step between installing and serving.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

_keys = keys.derived(HOME, "leadferry.web")
SECRET_KEY, SECRET_KEY_FALLBACKS = (_keys or [""])[0], _keys[1:]

# LEADFERRY_PUBLIC_URL: where browsers find the console, when a proxy stands in front of it.
PUBLIC_URL = urlsplit(os.environ.get("LEADFERRY_PUBLIC_URL", ""))
HTTPS = PUBLIC_URL.scheme == "https"
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, [PUBLIC_URL.hostname]),
    *filter(None, os.environ.get("LEADFERRY_ALLOWED_HOSTS", "").replace(" ", "").split(",")),
]
CSRF_TRUSTED_ORIGINS = [f"{PUBLIC_URL.scheme}://{PUBLIC_URL.netloc}"] if PUBLIC_URL.netloc else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 30 * 86_400 if HTTPS else 0
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "leadferry_session", "leadferry_csrf"
SESSION_COOKIE_AGE = 12 * 3600  # seconds
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 5
LOCKED_OUT_FOR = AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "leadferry.console.web.signing_in.locked_out"
AXES_VERBOSE = False

UNFOLD = {
    "SITE_TITLE": "Leadferry",
    "SITE_HEADER": "Leadferry",
    "SITE_SUBHEADER": "Contacts into Salesforce leads",
    "SITE_SYMBOL": "directions_boat",
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {"navigation": "leadferry.console.web.navigation.sections"},
    "ACCOUNT": {"navigation": "leadferry.console.web.navigation.account"},
    "STYLES": ["/static/console/console.css"],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "/static/console/icon.svg"}],
    "COLORS": {
        "primary": {
            "50": "#eef6ff",
            "100": "#d9eaff",
            "200": "#bcdbff",
            "300": "#8ec5ff",
            "400": "#59a5ff",
            "500": "#2f80f0",
            "600": "#1d63d8",
            "700": "#1a4faf",
            "800": "#1b448d",
            "900": "#1b3b73",
            "950": "#142648",
        }
    },
}
