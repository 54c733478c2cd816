"""What several processes of one test run need, made by the first who asks and copied by all."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests import lent

ROOT = Path(__file__).resolve().parents[1]


def made_once(shared: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The path `name` in `shared`, a folder of all the processes of a run, which `make` made whole."""
    made, whole = shared / name, shared / f"{name}.whole"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(made, ignore_errors=True)
            make(made)
            whole.touch()
    return made


def environment(folder: Path) -> dict[str, str]:
    """What the processes of a portal that lives in `folder`, and on the servers of this run, are started with."""
    return {
        **os.environ,
        **lent.addresses(folder),
        "DJANGO_SETTINGS_MODULE": "bethune_smartcity.settings.dev",
        "DATA_DIR": str(folder),
        "EMAIL_URL": "",
        "DEMO": "1",
    }


def manage(folder: Path, *command: str) -> None:
    """Run a command of the portal that lives in `folder`."""
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment(folder), check=True)


def empty_portal(shared: Path) -> Path:
    """The data folder of a portal whose tables are made and which holds nothing else."""
    return made_once(shared, "empty", _migrate)


def demonstration(shared: Path) -> Path:
    """The data folder of a portal that holds the demonstration."""

    def load(folder: Path) -> None:
        copy_portal(empty_portal(shared), folder)
        manage(folder, "load_demo")

    return made_once(shared, "demonstration", load)


def copy_portal(portal: Path, folder: Path) -> None:
    """Make the portal that lives in `folder` a copy of another, whose processes have ended."""
    shutil.copytree(portal, folder, dirs_exist_ok=True)
    lent.make_database(folder, like=portal)


def _migrate(folder: Path) -> None:
    folder.mkdir()
    lent.make_database(folder)
    manage(folder, "migrate", "--no-input", "--verbosity", "0")
