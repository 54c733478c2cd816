"""The W3C's checker of HTML, where this machine has it: Java, and the jar of tests/quality/package.json."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from .reading import Page

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
LACKING = "Java or the W3C's checker is missing (make quality installs the second)"


# Safari reads a list without bullets as a list only when it is told so.
MEANT = ("The “list” role is unnecessary",)


def is_here() -> bool:
    return JAR.exists() and shutil.which("java") is not None


def errors_of(pages: list[Page]) -> list[str]:
    """What the checker finds wrong in `pages`, warnings included."""
    with tempfile.TemporaryDirectory(prefix="vnu-") as name:
        files = {}
        for number, page in enumerate(pages):
            path = Path(name) / f"{number}.html"
            path.write_text(page.source, encoding="utf-8")
            files[path.name] = page.address
        command = ["java", "-Xss1m", "-jar", str(JAR), "--format", "json", "--exit-zero-always", name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = json.loads(done.stderr or '{"messages": []}')["messages"]
    return [
        f"{files.get(one.get('url', '').rsplit('/', 1)[-1])}: {one['message']} ({one.get('extract', '')[:120]!r})"
        for one in found
        if (one["type"] != "info" or one.get("subType") == "warning") and not one["message"].startswith(MEANT)
    ]
