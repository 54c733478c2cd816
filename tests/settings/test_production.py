"""Production starts on a complete and sound environment, and on nothing else."""

import os
import subprocess
import sys

import pytest

SOUND = {
    "DJANGO_SETTINGS_MODULE": "bethune_smartcity.settings.production",
    "SECRET_KEY": "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "SITE_URL": "https://portail.example",
    "ALLOWED_HOSTS": "portail.example,www.portail.example",
    "DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp+tls://user:secret@127.0.0.1:587",
    "STORAGE_URL": "file:///files",
}
SHOW = """
from django.conf import settings as s
print(s.DATABASES["default"]["ENGINE"], s.EMAIL_USE_TLS, s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS, s.DEMO, s.DEBUG)
"""


def start(tmp_path, command=("-c", SHOW), **changes):
    """Load production settings in a process of their own; a None removes the variable."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **SOUND, **changes}
    return subprocess.run(
        [sys.executable, *command],
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_sound_environment_starts(tmp_path):
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (
        "django.db.backends.postgresql True ['portail.example', 'www.portail.example'] "
        "['https://portail.example'] False False"
    )


@pytest.mark.parametrize("name", [name for name in SOUND if name != "DJANGO_SETTINGS_MODULE"])
def test_each_missing_variable_is_named_in_one_line(tmp_path, name):
    done = start(tmp_path, **{name: None})
    assert done.returncode == 1
    assert done.stderr == f"Refusing to start: {name} is not set.\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 80),
        ("SITE_URL", "http://portail.example"),
        ("SITE_URL", "https://portail.example/portal"),
        ("SITE_URL", "portail.example"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", " , "),
        ("DATABASE_URL", "sqlite:///portal.sqlite3"),
        ("REDIS_URL", "filesystem://"),
        ("EMAIL_URL", "consolemail://"),
        ("STORAGE_URL", "/files"),
        ("STORAGE_URL", "file://files"),
        ("TRUSTED_PROXIES", "many"),
        ("TRUSTED_PROXIES", "-1"),
        ("DAY_MAIL_HOUR", "24"),
        ("DAY_MAIL_HOUR", "seven"),
        ("SENTRY_DSN", "no-address"),
        ("DEMO", "1"),
    ],
)
def test_each_odd_variable_is_named_in_one_line(tmp_path, name, value):
    done = start(tmp_path, **{name: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"Refusing to start: {name} ")
    assert done.stderr.count("\n") == 1


def test_deployment_checks_find_nothing(tmp_path):
    done = start(tmp_path, ("manage.py", "check", "--deploy", "--fail-level", "WARNING"))
    assert done.returncode == 0, done.stderr
