"""`make run` prepares what is missing, once, and says clearly what it cannot do."""

import gzip
import socket
import subprocess
import sys

import pytest
from django.core.management.base import CommandError

from bethune_smartcity import probe
from bethune_smartcity.portal.management.commands import serve


@pytest.fixture
def loaded(monkeypatch):
    """The commands that were called instead of run."""
    called = []
    monkeypatch.setattr(serve, "call_command", called.append)
    return called


def test_the_demonstration_is_loaded_once(tmp_path, settings, loaded):
    settings.DEMO = True
    for _ in range(2):
        serve.Command().load_demo_once(tmp_path / "started")
    assert loaded == ["load_demo"]


def test_a_portal_begun_empty_stays_empty(tmp_path, settings, loaded):
    settings.DEMO = False
    serve.Command().load_demo_once(tmp_path / "started")
    settings.DEMO = True
    serve.Command().load_demo_once(tmp_path / "started")
    assert loaded == []
    assert (tmp_path / "started").read_text() == "0"


def test_an_interrupted_first_start_begins_again(tmp_path, settings, monkeypatch):
    settings.DEMO = True

    def interrupted(name, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(serve, "call_command", interrupted)
    with pytest.raises(KeyboardInterrupt):
        serve.Command().load_demo_once(tmp_path / "started")
    assert not (tmp_path / "started").exists()


def test_static_files_are_packed_anew_at_each_start(tmp_path):
    source, packed = tmp_path / "static", tmp_path / "packed"
    (source / "css").mkdir(parents=True)
    (packed / "gone").mkdir(parents=True)
    (source / "css" / "base.css").write_text("a { color: red }\n" * 200)
    serve.pack_static(source, packed)
    assert not (packed / "gone").exists()
    twin = packed / "css" / "base.css.gz"
    assert gzip.decompress(twin.read_bytes()) == (source / "css" / "base.css").read_bytes()
    (source / "css" / "base.css").write_text("b { color: blue }\n" * 200)
    serve.pack_static(source, packed)
    assert gzip.decompress(twin.read_bytes()).startswith(b"b {")


def test_a_taken_port_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="cannot be used"):
            serve.require_free(taken.getsockname()[1])


@pytest.mark.parametrize("process", ["web", "worker", "beat"])
def test_the_probe_tells_of_a_dead_process(tmp_path, process):
    done = subprocess.run(
        [sys.executable, probe.__file__, process],
        env={"DATA_DIR": str(tmp_path), "TMPDIR": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"{process}: ")
