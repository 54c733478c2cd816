"""A newcomer applies from the call's public page to the receipt, in a real browser, with the keyboard alone."""

import re
from email import message_from_bytes, policy

import pytest

from tests.factories.calls import PDF

from .demo import browser, chromium_path, demo_server
from .stage import delivered

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        chromium_path() is None, reason="no chromium on this machine (on Debian: apt-get install chromium)"
    ),
]
PASSWORD = "Neuf-Moulins-1928"
CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)
SAVED = {"fr": re.compile(r"Enregistré à \d"), "en": re.compile(r"Saved at \d")}
# By country: what its number is called, one, and as the portal writes it.
NUMBERS = {
    "FR": ("SIRET", "12345678200010", "123 456 782 00010"),
    "GB": ("Company number", "1234567", "01234567"),
    "DE": ("Handelsregister", "HRB 12345 Amtsgericht Köln", "HRB 12345 Amtsgericht Köln"),
    "BE": ("BCE/KBO", "0123456749", "0123.456.749"),
    "US": ("EIN", "911144442", "91-1144442"),
}
WORDS = {
    "fr": {
        "apply": "Déposer une candidature",
        "sign up": "Créer un compte",
        "started": "Commencer le brouillon",
        "next": "Suivant",
        "check": "Vérifier et déposer",
        "submit": "Déposer ma candidature",
        "received": "est déposée, le",
        "draft": "Brouillon",
    },
    "en": {
        "apply": "Submit an application",
        "sign up": "Create an account",
        "started": "Start the draft",
        "next": "Next",
        "check": "Check and submit",
        "submit": "Submit my application",
        "received": "is submitted, on",
        "draft": "Draft",
    },
}
# Those in which every page is looked at as a telephone shows it too; the others, as they are walked.
CLOSELY = {("DE", "fr"), ("US", "en")}
SHORT = {("FR", "fr"), ("GB", "en")}
WALKS = [
    pytest.param(country, language, marks=[] if (country, language) in SHORT else pytest.mark.long)
    for language in WORDS
    for country in NUMBERS
]
# Whether the control that has the focus says so, by itself, by its label or by what is drawn in its place.
SHOWS = """one => [one, one.closest("label"), one.nextElementSibling].filter(Boolean)
  .map((each) => getComputedStyle(each))
  .some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none")"""
WALKED, NARROW = (1280, 900), (390, 844)


def axe_on(page):
    """What axe finds on a page, into which its script is put once."""
    from axe_playwright_python.sync_playwright import Axe, AxeResults

    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    return AxeResults(page.evaluate("axe.run({resultTypes: ['violations']})"))


class Newcomer:
    """Someone nobody knows yet, at a keyboard.

    `sizes` are those at which each page is looked at.
    """

    def __init__(self, chromium, address, folder, country, language):
        self.address, self.folder, self.country, self.language = address, folder, country, language
        self.words = WORDS[language]
        self.mail = f"{country}-{language}@startup.example".lower()
        self.sizes = (NARROW, WALKED) if (country, language) in CLOSELY else (WALKED,)
        locale = {"fr": "fr-FR", "en": "en-GB"}[language]
        self.context = chromium.new_context(
            locale=locale, reduced_motion="reduce", viewport=dict(zip(("width", "height"), WALKED, strict=True))
        )
        self.context.set_default_timeout(30_000)
        self.page, self.faults = self.context.new_page(), []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self.hear)

    def hear(self, message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(message.text)

    def opens(self, path):
        prefix = "" if self.language == "fr" else f"/{self.language}"
        self.page.goto(f"{self.address}{prefix}{path}")

    def looks(self):
        """Axe finds nothing, nothing scrolls sideways, no script complains."""
        where = self.page.url.removeprefix(self.address)
        for width, height in self.sizes:
            if len(self.sizes) > 1:
                self.page.set_viewport_size({"width": width, "height": height})
            found = axe_on(self.page)
            assert found.violations_count == 0, f"{where} at {width}: {found.generate_report()}"
            beyond = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert beyond <= 0, f"{where} is {beyond} px too wide at {width}"
        assert not self.faults, f"{where}: {self.faults}"

    def reach(self, control, key="Tab"):
        """Go on by the keyboard until `control` has the focus, which shows."""
        control.wait_for()
        for _ in range(200):
            if control.evaluate("one => one === document.activeElement"):
                break
            self.page.keyboard.press(key)
        else:
            raise AssertionError(f"The keyboard does not reach {control}")
        shown = control.evaluate(SHOWS)
        assert shown, f"{control} does not show that it has the focus"

    def writes(self, control, text):
        self.reach(control)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def ticks(self, control):
        self.reach(control)
        self.page.keyboard.press("Space")

    def follows(self, control):
        """Press Enter on what leads to another page; it is looked at."""
        self.reach(control)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")
        self.looks()

    def button(self, name):
        return self.page.locator("main").get_by_role("button", name=name, exact=True)

    def field(self, name):
        return self.page.locator(f"[name={name}]")

    def signs_up(self):
        self.opens("/appels/mobilite/")
        self.looks()
        self.follows(self.page.get_by_role("link", name=self.words["apply"]))
        self.follows(self.page.get_by_role("link", name=self.words["sign up"]))
        self.writes(self.field("email"), self.mail)
        self.writes(self.field("password1"), PASSWORD)
        self.follows(self.button(re.compile(".")))
        self.writes(self.field("code"), self.code())
        with self.page.expect_navigation(url="**/candidater/", wait_until="load"):
            self.page.keyboard.press("Enter")
        self.looks()

    def code(self):
        """The code in the mail that came."""
        for _ in range(600):
            for path in (self.folder / "mails").glob("*.log"):
                mail = message_from_bytes(path.read_bytes(), policy=policy.default)
                if self.mail in str(mail["to"]):
                    return CODE.search(mail.get_body(["plain"]).get_content())[0]
            self.page.wait_for_timeout(100)
        raise AssertionError("No mail came")

    def founds_and_starts(self):
        label, typed, _kept = NUMBERS[self.country]
        self.ticks(self.field("new-kind").first)
        self.writes(self.field("new-name"), f"Newcomer {self.country} {self.language}")
        self.chooses_country()
        number = self.field("new-registration_number")
        assert label in self.page.locator(f"label[for={number.get_attribute('id')}]").inner_text()
        self.writes(number, typed)
        self.writes(self.field("new-city"), "Lille")
        self.writes(self.field("title"), f"Shuttle {self.country} {self.language}")
        self.ticks(self.field("pillar").first)
        self.follows(self.button(self.words["started"]))

    def chooses_country(self):
        choice = self.field("new-country")
        self.reach(choice)
        name = choice.locator(f"option[value={self.country}]").inner_text()
        if name.isascii():
            self.page.keyboard.type(name)
        else:
            self.page.keyboard.press("Home")
        for _ in range(250):
            if choice.input_value() == self.country:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The keyboard does not choose {name}")

    def answers(self, place):
        """Every field of a section, each of which says that it is saved once one leaves it; then all of it as it is."""
        boxes = self.page.locator("form[data-autosave] [data-field]:visible")
        for n in range(boxes.count()):
            self.answers_one(boxes.nth(n), place, n)
        self.looks()

    def answers_one(self, box, place, n):
        control = box.locator("input:visible, textarea, select").first
        kind = control.get_attribute("type") or "text"
        if kind == "file":
            self.sends(box, control)
        elif kind in {"radio", "checkbox"}:
            if box.locator(":checked").count() or box.get_attribute("data-field") == "other_pillars":
                return
            self.ticks(control)
        elif control.get_attribute("inputmode") == "url":
            self.writes(control, "https://startup.example/")
        elif control.get_attribute("inputmode"):
            self.writes(control, "800")
        elif not control.input_value():
            self.writes(control, f"Section {place}, answer {n}, from {self.country}.")
        else:
            return
        self.page.keyboard.press("Tab")
        box.locator("[data-save]").filter(has_text=SAVED[self.language]).wait_for()

    def sends(self, box, control):
        self.reach(control)
        self.chooser().set_files({"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF})
        box.get_by_role("link", name="plan.pdf").wait_for()

    def chooser(self):
        """What the browser opens to choose a file; a busy one may let a key pass unheard."""
        heard = []

        def hear(chooser):
            heard.append(chooser)

        self.page.on("filechooser", hear)
        for _ in range(3):
            self.page.keyboard.press("Space")
            for _moment in range(30):
                if heard:
                    return heard[0]
                self.page.wait_for_timeout(100)
        raise AssertionError("The keyboard opens no choice of file")

    def hands_in(self):
        self.follows(self.button(self.words["check"]))
        for box in self.page.locator("main form input[type=checkbox]").all():
            self.ticks(box)
        self.follows(self.button(self.words["submit"]))


@pytest.fixture(scope="module")
def served(tmp_path_factory, shared):
    folder = tmp_path_factory.mktemp("portal")
    with demo_server(folder, shared) as address, delivered(folder), browser() as chromium:
        yield chromium, address, folder


@pytest.mark.parametrize(("country", "language"), WALKS)
def test_from_the_public_page_to_the_receipt(served, country, language):
    newcomer = Newcomer(*served, country, language)
    page, words = newcomer.page, newcomer.words
    newcomer.signs_up()
    newcomer.founds_and_starts()
    assert words["draft"] in page.locator(".draft-banner").inner_text()
    for place in range(4):
        newcomer.answers(place)
        if place < 3:
            newcomer.follows(newcomer.button(words["next"]))
    newcomer.hands_in()
    assert page.url.endswith("/recepisse/")
    told = page.locator(".receipt").inner_text()
    assert words["received"] in told
    assert f"Shuttle {country} {language}" in told
    newcomer.follows(page.get_by_role("link", name=re.compile("Où en est|Where my application")))
    shown = page.locator("main").inner_text()
    assert "plan.pdf" in shown
    assert f"from {country}." in shown
    newcomer.context.close()


def test_no_country_s_number_is_needed_to_apply_nor_a_wrong_one_taken(served):
    """A wrong one is refused at its field, with all that was typed; none at all is fine."""
    newcomer = Newcomer(*served, "NL", "fr")
    newcomer.signs_up()
    page = newcomer.page
    newcomer.ticks(newcomer.field("new-kind").first)
    newcomer.writes(newcomer.field("new-name"), "Zonder nummer")
    newcomer.chooses_country()
    newcomer.writes(newcomer.field("new-registration_number"), "12")
    newcomer.writes(newcomer.field("title"), "Sans numéro")
    newcomer.follows(newcomer.button(newcomer.words["started"]))
    number = newcomer.field("new-registration_number")
    assert page.locator(".field--error").filter(has=number).count() == 1
    assert newcomer.field("title").input_value() == "Sans numéro"
    newcomer.reach(number)
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    newcomer.follows(newcomer.button(newcomer.words["started"]))
    assert newcomer.words["draft"] in page.locator(".draft-banner").inner_text()
    newcomer.context.close()
