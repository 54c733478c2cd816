"""Serve the portal on this machine: database, demonstration on a first start, then its processes."""

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from whitenoise import compress

CONFIGURATION = settings.BASE_DIR / "bethune_smartcity" / "supervisord.conf"


def require_free(port: int) -> None:
    """Check that nobody listens where the portal is about to.

    Raises:
        CommandError: the port is taken, or not ours to take.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"Port {port} cannot be used ({error}). Try: make run PORT=8001") from error


def supervisor_command() -> list[str]:
    """Return the command line that keeps web and worker alive in the foreground."""
    command = [sys.executable, "-m", "supervisor.supervisord", "--configuration", str(CONFIGURATION)]
    return [*command, "--user", "root"] if os.geteuid() == 0 else command


def pack_static(source: Path, packed: Path) -> None:
    """Copy the static files of the folder `source` to `packed`, each beside its compressed twin, in place of what was
    there: a page weighs here what it weighs in production.
    """
    shutil.rmtree(packed, ignore_errors=True)
    shutil.copytree(source, packed)
    # Fonts for documents are drawn from, never sent.
    compress.main([str(packed), *compress.Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf", "--quiet"])


class Command(BaseCommand):
    """Serve the portal on 127.0.0.1 until Ctrl-C."""

    help = __doc__

    def handle(self, **options: Any) -> None:
        """Prepare the data folder, then become the supervisor."""
        if not hasattr(settings, "PORT"):
            raise CommandError("In production run gunicorn and celery instead: see docs/operators.md.")
        require_free(settings.PORT)
        call_command("migrate", interactive=False, verbosity=0)
        self.load_demo_once(settings.DATA_DIR / "started")
        pack_static(settings.BASE_DIR / "static", settings.PACKED_STATIC)
        self.stdout.write(f"The portal opens on {settings.SITE_URL}/ (Ctrl-C stops it).")
        self.stdout.flush()
        os.environ.update(
            PORT=str(settings.PORT),
            DATA_DIR=str(settings.DATA_DIR),
            DEMO=str(int(settings.DEMO)),
            PORTAL_BIN=str(Path(sys.executable).parent),
        )
        os.chdir(settings.BASE_DIR)
        command = supervisor_command()
        os.execv(command[0], command)  # noqa: S606 - our own interpreter and file

    def load_demo_once(self, marker: Path) -> None:
        """Load the demonstration on a first start; what was chosen then is kept.

        Args:
            marker: file written once the first start is complete.
        """
        if marker.exists():
            return
        if settings.DEMO:
            self.stdout.write("First start: replaying the 2017 call, this takes a minute…")
            self.stdout.flush()
            call_command("load_demo")
        marker.write_text(str(int(settings.DEMO)))
