// A form with data-preview="<id>" shows in that element what the page would show for what is typed, a moment after each
// change: the form is sent as its preview button would send it, and the element of the answer takes the place of the
// page's. Nothing is saved. Without an answer what was shown stays; the button still works.
const PAUSE = 400;

for (const form of document.querySelectorAll("form[data-preview]")) {
  const id = form.dataset.preview;
  let timer = 0;
  let asked = null;

  async function refresh() {
    asked?.abort();
    asked = new AbortController();
    const data = new FormData(form);
    data.set("act", "preview");
    try {
      const answer = await fetch(location.href, { method: "POST", body: data, signal: asked.signal });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const drawn = page.getElementById(id);
      if (drawn) document.getElementById(id)?.replaceWith(drawn);
    } catch {
      // No network, or typed on meanwhile: the next change asks again.
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
}
