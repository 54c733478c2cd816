"""People at the portal, each with a page of their own: every page they open is looked at closely."""

from .demo import sign_in
from .stage import stage

NARROW, SMALL, WIDE = 320, 390, 1280
# What moved on the page since it was asked for.
SHIFTS = """() => new Promise((done) => {
  const seen = [];
  new PerformanceObserver((list) => seen.push(...list.getEntries().map((one) =>
    [one.value, ...one.sources.map((moved) => moved.node?.className)])))
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => done(seen), 100));
})"""


class Visit:
    """The demonstration served, its browser, and one signed-in page for each person who has come."""

    def __init__(self, folder, address, chromium):
        self.folder, self.address, self.chromium = folder, address, chromium
        self.pages, self.faults = {}, []
        self.keys = stage(folder, "where")

    def context(self, **options):
        return self.chromium.new_context(
            **{
                "locale": "fr-FR",
                "timezone_id": "Europe/Paris",
                "reduced_motion": "reduce",
                "viewport": {"width": WIDE, "height": 900},
                **options,
            }
        )

    def page_of(self, person="", **options):
        """The page of a person of the demonstration, signed in on its first use."""
        key = (person, *options)
        if key not in self.pages:
            page = self.context(**options).new_page()
            page.on("console", self.hear)
            page.on("pageerror", lambda error: self.faults.append(str(error)))
            page.on("request", self.heed)
            page.on("response", self.weigh)
            if person:
                sign_in(page, self.address, f"{person}@demo.example")
            self.pages[key] = page
        return self.pages[key]

    def hear(self, message):
        """Nothing is complained of: no violation of the content policy, no broken script."""
        # What the server refuses is weighed by its status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(message.text)

    def weigh(self, response):
        """Whatever a page is made of is there."""
        if response.status >= 400 and response.request.resource_type != "document":
            self.faults.append(f"{response.status}: {response.url}")

    def heed(self, request):
        """No page asks anything of anyone else."""
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"third party: {request.url}")

    def opens(self, person, path, status=200):
        """Open a page and look at it closely."""
        page = self.page_of(person)
        answer = page.goto(self.address + path)
        assert answer.status == status, f"{path} answers {answer.status}"
        self.looks(page)
        return page

    def looks(self, page):
        """Axe finds nothing at both widths, nothing scrolls sideways, and the console stays empty."""
        from axe_playwright_python.sync_playwright import Axe

        where = page.url.removeprefix(self.address)
        for width in (WIDE, SMALL):
            page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(page)
            assert found.violations_count == 0, f"{where} at {width}: {found.generate_report()}"
        for width in (SMALL, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert beyond <= 0, f"{where} is {beyond} px too wide at {width}"
        page.set_viewport_size({"width": WIDE, "height": 900})
        faults, self.faults = self.faults, []
        assert not faults, f"{where}: {faults}"
