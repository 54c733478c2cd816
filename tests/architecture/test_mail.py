"""Nobody waits for the mail server but workers: what a request runs into never opens a connection to it."""

import ast

from .sources import ROOT, all_modules, place, tree_of

NOTIFICATIONS = ROOT / "bethune_smartcity" / "notifications"
# Who makes mails, who carries them, who reads what they run into on their way, and who wakes who carries them.
MAKERS = {NOTIFICATIONS / name for name in ("mails.py", "post.py", "faults.py", "delivery.py")}
WORKERS = {NOTIFICATIONS / name for name in ("delivery.py", "tasks.py", "management/commands/send_due.py")}
LIBRARIES = ("django.core.mail.", "smtplib.")
SENDING = {"send_one", "send_due", "Carrier", "mail_for", "mail_admins", "mail_managers", "email_user"}
TASKS = {"deliver", "drain", "sweep"}


def libraries_in(path):
    """The places where a file reaches for the mail libraries."""
    for node in ast.walk(tree_of(path)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (place(path, node.lineno) for name in names if f"{name}.".startswith(LIBRARIES))


def sendings_in(path):
    """The places where a file sends by itself, or runs a worker's task in its own process."""
    for node in ast.walk(tree_of(path)):
        name = getattr(node, "id", getattr(node, "attr", ""))
        if name in SENDING:
            yield f"{place(path, node.lineno)} {name}"
        if isinstance(node, ast.Call):
            called = node.func
            task = getattr(called, "id", "")
            if isinstance(called, ast.Attribute) and called.attr in {"run", "apply", "__call__"}:
                task = getattr(called.value, "id", getattr(called.value, "attr", ""))
            if task in TASKS:
                yield f"{place(path, node.lineno)} {task}"


def test_only_the_post_reaches_for_the_mail_libraries():
    assert not [found for path in all_modules() if path not in MAKERS for found in libraries_in(path)]


def test_only_workers_send():
    assert not [found for path in all_modules() if path not in WORKERS for found in sendings_in(path)]


def test_who_reads_finds_them_where_they_are():
    assert [*libraries_in(NOTIFICATIONS / "post.py"), *libraries_in(NOTIFICATIONS / "mails.py")]
    assert [*sendings_in(NOTIFICATIONS / "tasks.py")]
