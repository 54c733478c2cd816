"""Someone at a browser without script: opens pages, fills the forms they hold, presses their buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

PASSWORD = "demo-bethune-2017"


@dataclass
class Form:
    """A form as a page holds it, with what a browser would send from it untouched."""

    action: str = ""
    method: str = "get"
    identifier: str = ""
    sent: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.outside: list[tuple[str, dict[str, str]]] = []
        self.here: Form | None = None
        self.text: tuple[str, list[str]] | None = None
        self.select: str = ""
        self.options: list[tuple[str, bool]] = []
        self.feed(page)
        for owner, button in self.outside:
            self.by_id(owner).buttons.append((button.get("name", ""), button.get("value", "")))

    def by_id(self, identifier: str) -> Form:
        return next(form for form in self.found if form.identifier == identifier)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.here = Form(given.get("action", ""), given.get("method", "get").lower(), given.get("id", ""))
            self.found.append(self.here)
        elif tag == "button" and "form" in given:
            self.outside.append((given["form"], given))
        elif self.here is not None and "disabled" not in given:
            self.control(self.here, tag, given)

    def control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        form.names.add(name)
        if tag == "input" and given.get("type") in {"checkbox", "radio"}:
            if "checked" in given:
                form.sent.append((name, given.get("value", "on")))
        elif tag == "input" and given.get("type") not in {"file", "submit", "image"}:
            form.sent.append((name, given.get("value", "")))
        elif tag == "textarea":
            self.text = (name, [])
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option":
            self.options.append((given.get("value", ""), "selected" in given))
        elif tag == "button" and given.get("type", "submit") == "submit":
            form.buttons.append((name, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.text:
            self.text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.here = None
        elif tag == "textarea" and self.here is not None and self.text:
            self.here.sent.append((self.text[0], "".join(self.text[1]).removeprefix("\n")))
            self.text = None
        elif tag == "select" and self.here is not None:
            chosen = [value for value, selected in self.options if selected] or [v for v, _s in self.options[:1]]
            self.here.sent += [(self.select, value) for value in chosen]


class Person:
    """`email` is an account of the demonstration, or nothing for a visitor."""

    def __init__(self, email: str = "") -> None:
        self.client = Client(headers={"Accept-Language": "fr"})
        self.url, self.text = "", ""
        if email:
            self.opens("/connexion/")
            self.sends(login=f"{email}@demo.example", password=PASSWORD)
            assert not self.url.startswith("/connexion"), f"{email} is not let in"

    def opens(self, path: str) -> str:
        """Open a page, wherever it leads. Returns its text."""
        return self._arrive(self.client.get(path, follow=True), path)

    def sends(self, to: str = "", press: str = "", **values: Any) -> str:
        """Fill the form that has those fields, or that leads `to` an address, and press a button by its value.

        A value that is a list stands for several boxes. Returns the text of the page it leads to.
        """
        form = self.form(to, press, values)
        data: dict[str, Any] = {}
        for name, value in form.sent:
            data.setdefault(name, []).append(value)
        data |= values
        if press:
            data |= {name: value for name, value in form.buttons if value == press}
        path = form.action or self.url
        return self._arrive(self.client.post(path, data, follow=True), f"{path} {values}")

    def form(self, to: str, press: str, values: dict[str, Any]) -> Form:
        forms = [form for form in Forms(self.text).found if form.method == "post"]
        fitting = [form for form in forms if set(values) <= form.names and to in (form.action or self.url)]
        if press:
            fitting = [form for form in fitting if press in dict(map(reversed, form.buttons))]
        assert fitting, f"{self.url} has no form with {sorted(values)} {to} {press}: {[f.action for f in forms]}"
        # Header and footer have forms of their own: what a page is about comes after the header.
        return fitting[-1] if not (values or to or press) else fitting[0]

    def _arrive(self, answer: Any, what: str) -> str:
        self.text = answer.text
        assert answer.status_code == 200, f"{what} answers {answer.status_code}: {self.told()}"
        self.url = answer.redirect_chain[-1][0] if answer.redirect_chain else answer.request["PATH_INFO"]
        return self.text

    def told(self) -> str:
        """What the page says in its messages and errors."""
        from django.utils.html import strip_tags

        main = self.text.partition("<main")[2].partition("</main>")[0]
        return " ".join(strip_tags(main).split())[:600]

    def answer(self, path: str) -> int | str:
        """How an address answers this person: its status, or "in" where it leads to the sign-in page."""
        answer = self.client.get(path)
        if answer.status_code == 302 and answer["Location"].startswith("/connexion/?"):
            return "in"
        return answer.status_code
