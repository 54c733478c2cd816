"""What several processes of one test run need, made by the first who asks and copied by all."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def made_once(shared: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The path `name` in `shared`, a folder of all the processes of a run, which `make` made whole."""
    made = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make(begun := shared / f"{name}.begun")
            begun.rename(made)
    return made


def environment(folder: Path) -> dict[str, str]:
    """What the processes of a demonstration that lives in `folder` are started with."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bethune_smartcity.settings.dev",
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "REDIS_URL": "",
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
        shutil.copytree(empty_portal(shared), folder)
        manage(folder, "load_demo")

    return made_once(shared, "demonstration", load)


def _migrate(folder: Path) -> None:
    folder.mkdir()
    manage(folder, "migrate", "--no-input", "--verbosity", "0")
