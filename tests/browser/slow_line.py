"""A line on which pages arrive in pieces, as over a telephone far from any mast."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from urllib.error import HTTPError
from urllib.request import Request, urlopen

PAUSE = 0.6  # seconds: long enough for what has come to be painted


@contextmanager
def slow_line(address, cuts):
    """The portal at `address` through such a line: a page pauses before each of `cuts`, text of the page."""

    class Line(BaseHTTPRequestHandler):
        def do_GET(self):
            asked = Request(address + self.path, headers={"Host": address.partition("//")[2]})
            try:
                answer = urlopen(asked)
            except HTTPError as refusal:
                answer = refusal
            body, kind = answer.read(), answer.headers["Content-Type"] or ""
            self.send_response(answer.status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for piece in pieces(body, cuts) if kind.startswith("text/html") else [body]:
                self.wfile.write(piece)
                self.wfile.flush()

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Line)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def pieces(body, cuts):
    """`body` up to the first place of each cut after the one before, a pause between two."""
    start = 0
    for cut in cuts:
        end = body.index(cut.encode(), start)
        yield body[start:end]
        sleep(PAUSE)
        start = end
    yield body[start:]
