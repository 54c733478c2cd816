"""One client over one kept connection, with its session."""

import http.client
import re
import time
from urllib.parse import urlencode

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """Opens pages of one server and says how long each took, in milliseconds, and how many bytes came."""

    def __init__(self, port: int, session: str | None = None, token: str = "", token_cookie: str = "") -> None:
        self.port, self.session = port, session
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token, self.token_cookie = token, token_cookie

    def _headers(self) -> dict[str, str]:
        cookies = [f"sessionid={self.session}"] if self.session else []
        if self.token_cookie:
            cookies.append(f"csrftoken={self.token_cookie}")
        return {"Cookie": "; ".join(cookies), "Accept-Language": "fr"}

    def learn_token(self, path: str) -> None:
        """Read the form token from a page, as a browser would before posting."""
        self.connection.request("GET", path, headers=self._headers())
        response = self.connection.getresponse()
        body = response.read()
        for header in response.headers.get_all("Set-Cookie") or []:
            if header.startswith("csrftoken="):
                self.token_cookie = header.split(";")[0].split("=", 1)[1]
        found = TOKEN.search(body)
        self.token = found.group(1).decode() if found else ""

    def visit(self, path: str, fields: dict[str, str] | None = None) -> tuple[float, int]:
        """(milliseconds, bytes) of one request. Raises on an answer that is not a success."""
        headers, body = self._headers(), None
        if fields is not None:
            body = urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.token}
        begins = time.perf_counter()
        self.connection.request("GET" if fields is None else "POST", path, body=body, headers=headers)
        response = self.connection.getresponse()
        size = len(response.read())
        took = (time.perf_counter() - begins) * 1000
        if response.status not in {200, 204}:
            raise SystemExit(f"{path} answers {response.status}")
        return took, size
