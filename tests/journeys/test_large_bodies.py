"""What is too large, does not say how large it is or is cut on its way, as it reaches the server over the wire."""

import json
import re
import socket
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from tests import lent
from tests.bench.servers import serving
from tests.factories.calls import COMPLETE
from tests.once import copy_portal, empty_portal, environment

from .portal import Portal

# How the draft answers a question of its first section.
ANSWER = COMPLETE["long"]
TOKEN, BOUNDARY = "a" * 32, "edge"
MEGABYTE, GIGABYTE = 10**6, 10**9
# What the sockets of both sides and the server hold of a body that nobody reads, the most a document may fill beyond
# its limit, and by how much a server that reads one may grow.
ON_ITS_WAY, BEYOND, GROWTH = 16 * MEGABYTE, MEGABYTE, 64 * MEGABYTE
PATIENCE = 30


class Server:
    """gunicorn with two workers; temporary files in a folder of its own. `most` is the largest that this one held."""

    def __init__(self, port, desk, temporary):
        self.port, self.desk, self.temporary, self.most = port, desk, temporary, 0

    def held(self):
        """The octets of temporary files, those that have no name any more among them."""
        paths = [path for pid in self.pids() for path in Path(f"/proc/{pid}/fd").iterdir()]
        found = {}
        for path in [*paths, *self.temporary.iterdir()]:
            with suppress(OSError):
                if str(path.readlink() if path.is_symlink() else path).startswith(str(self.temporary)):
                    kept = path.stat()
                    found[kept.st_ino] = kept.st_size
        return sum(found.values())

    def pids(self):
        here = re.compile(rf"--bind\0127\.0\.0\.1:{self.port}\0")
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if here.search((folder / "cmdline").read_text()):
                    found.append(int(folder.name))
        return found

    def memory(self):
        """The octets of memory that its processes took at most so far."""
        kept = [Path(f"/proc/{pid}/status").read_text() for pid in self.pids()]
        return sum(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1000 for status in kept)

    def empties(self):
        """Nothing temporary stays: an answer is read before its request is put away."""
        limit = time.monotonic() + PATIENCE
        while held := self.held():
            assert time.monotonic() < limit, f"{held} octets stay"
            time.sleep(0.05)

    @contextmanager
    def watched(self):
        """Whatever comes meanwhile, neither memory nor disk fills; nothing is left, and the next is served."""
        before, over = self.memory(), Event()

        def watch():
            while not over.wait(0.01):
                self.most = max(self.most, self.held())

        watcher = Thread(target=watch)
        watcher.start()
        try:
            yield
            self.empties()
            assert self.most < 20 * 1024 * 1024 + BEYOND
            assert self.memory() - before < GROWTH
            assert self.talk("GET", "/healthz", {}).startswith(b"HTTP/1.1 200")
        finally:
            over.set()
            watcher.join()

    def talk(self, method, path, headers, pieces=(), *, is_cut=False):
        """Send a request, its body piece by piece while it is taken. Returns the answer; `sent` is how much left."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            told = {"Host": "127.0.0.1", "Accept-Language": "fr"} | headers
            head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
            line.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode())
            self.sent = 0
            with suppress(ConnectionError):
                for piece in pieces:
                    line.sendall(piece)
                    self.sent += len(piece)
            if is_cut:
                line.shutdown(socket.SHUT_WR)
            return heard(line)

    def told(self, accept):
        """What the browser of the draft's owner says of a form."""
        return {
            "Cookie": f"sessionid={self.desk['session']}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Accept": accept,
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }

    def post(self, size, pieces=(), accept="application/json", *, is_cut=False, **told):
        """Send a document for the draft. `size` is what is announced; None announces nothing."""
        headers = self.told(accept) | ({} if size is None else {"Content-Length": str(size)}) | told
        return self.talk("POST", f"/candidatures/{self.desk['submission']}/champ/", headers, pieces, is_cut=is_cut)

    def form(self, size):
        """The pieces of a form that sends a document of so many octets, and how many they are in all."""
        name = self.desk["file"]
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="field"\r\n\r\n{name}\r\n--{BOUNDARY}\r\n'
            f'Content-Disposition: form-data; name="{name}"; filename="plan.pdf"\r\n\r\n'
        ).encode()
        foot = f"\r\n--{BOUNDARY}--\r\n".encode()

        def pieces():
            yield head
            for start in range(0, size, MEGABYTE):
                yield bytes(min(MEGABYTE, size - start))
            yield foot

        return pieces(), len(head) + size + len(foot)


def heard(line):
    """One answer, as far as it comes."""
    got = b""
    with suppress(ConnectionError, TimeoutError):
        while piece := line.recv(65536):
            got += piece
            head, _, body = got.partition(b"\r\n\r\n")
            length = re.search(rb"Content-Length: (\d+)", head)
            if length and len(body) >= int(length[1]):
                break
    return got


def said(answer):
    """(status, what a script is told) of an answer, with plain spaces."""
    head, _, body = answer.partition(b"\r\n\r\n")
    told, _end = json.JSONDecoder().raw_decode(body.decode())
    return int(head.split()[1]), re.sub(r"\s", " ", told.get("message", ""))


def chunked(pieces):
    for piece in pieces:
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    yield b"0\r\n\r\n"


@pytest.fixture(scope="module")
def live(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("portal")
    copy_portal(empty_portal(shared), folder)
    (desk,) = Portal(folder, lent.REDIS_URL).acts("desks:1")[0]
    temporary = folder / "temporary"
    temporary.mkdir()
    try:
        with serving("bethune_smartcity.wsgi:application", environment(folder) | {"TMPDIR": str(temporary)}) as port:
            yield Server(port, desk, temporary)
    finally:
        lent.forget(folder)


@pytest.fixture
def server(live):
    """The server, each of whose workers has answered."""
    for _ in range(8):
        live.talk("GET", "/connexion/", {"Connection": "close"})
    live.most = 0
    return live


def test_a_gigabyte_is_refused_before_any_of_it_is_sent(server):
    with server.watched():
        assert said(server.post(GIGABYTE)) == (422, "Ce fichier est trop lourd : 20 Mo au plus.")
        page = re.sub("\u00a0", " ", server.post(GIGABYTE, accept="text/html").decode())
    assert page.startswith("HTTP/1.1 413")
    assert "20 Mo au plus par document. Rien n’a été enregistré." in page


@pytest.mark.parametrize("keeping", ["keep-alive", "close"])
def test_who_sends_it_all_the_same_is_cut(server, keeping):
    pieces, size = server.form(GIGABYTE)
    with server.watched():
        server.post(size, pieces, Connection=keeping)
        assert server.sent < ON_ITS_WAY
    assert server.most == 0


def test_what_does_not_say_its_size_is_refused_with_the_reason_and_cut(server):
    coming = {"Transfer-Encoding": "chunked"}
    with server.watched():
        status, sentence = said(server.post(None, **coming))
        assert (status, sentence.split(" : ")[0]) == (422, "Votre envoi n’annonçait pas sa taille")
        assert server.post(None, accept="text/html", **coming).startswith(b"HTTP/1.1 411")
        pieces, _size = server.form(GIGABYTE)
        server.post(None, chunked(pieces), **coming)
        assert server.sent < ON_ITS_WAY
    assert server.most == 0


def test_more_than_was_announced_is_not_read(server):
    pieces, _size = server.form(GIGABYTE)
    with server.watched():
        assert said(server.post(3 * MEGABYTE, pieces))[0] < 500
        assert server.sent < ON_ITS_WAY


def test_less_than_was_announced_leaves_nothing(server):
    pieces, size = server.form(20 * MEGABYTE)
    with server.watched():
        server.post(size, [next(pieces), next(pieces)], is_cut=True)


def test_a_line_cut_in_a_form_leaves_the_answers_that_were_on_their_way(server):
    """The server hands over what came: half a form, whose other half answers nothing."""
    page = f"/candidatures/{server.desk['submission']}/1/"
    kept = server.talk("GET", page, server.told("text/html") | {"Connection": "close"}).decode()
    assert ANSWER in kept
    whole = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="go"\r\n\r\ncheck\r\n--{BOUNDARY}--\r\n'.encode()
    for cut in (len(whole) // 2, len(whole) - 4):
        told = server.told("text/html") | {"Content-Length": str(len(whole))}
        answer = server.talk("POST", page, told, [whole[:cut]], is_cut=True)
        assert answer.startswith(b"HTTP/1.1 400")
        assert "pas arrivé en entier" in answer.decode()
    assert ANSWER in server.talk("GET", page, server.told("text/html") | {"Connection": "close"}).decode()
    # The control: the same form, whole, empties what it does not answer.
    told = server.told("text/html") | {"Content-Length": str(len(whole))}
    assert server.talk("POST", page, told, [whole]).startswith(b"HTTP/1.1 302")
    assert ANSWER not in server.talk("GET", page, server.told("text/html") | {"Connection": "close"}).decode()


def test_a_document_a_little_too_large_is_read_to_its_limit_and_told(server):
    pieces, size = server.form(23 * MEGABYTE)
    with server.watched():
        assert said(server.post(size, pieces)) == (422, "Ce fichier est trop lourd : 20 Mo au plus.")
    # It is the watch that sees what is written.
    assert server.most > 5 * MEGABYTE


def test_a_body_that_is_read_is_what_the_bounds_are_about(server):
    """The control: as much is taken whole where the portal's limit allows it."""
    pieces, size = server.form(19 * MEGABYTE)
    status, sentence = said(server.post(size, pieces))
    assert status == 422
    assert sentence.startswith("Envoyez un document PDF, une image (PNG")
    assert server.sent == size
    server.empties()
