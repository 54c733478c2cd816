// A save refused at the door: the page's token may be old, since one signed in again in another tab, the session over, or the
// page no longer one's own.

// Ask for the page again, for the form with data-person in it. "open": it still opens for the same person, and every form here
// has its new token; "signedOut"; "closed": it does not open, or for someone else. Throws where nothing is known: try again later.
export async function knock(form) {
  const page = await fetch(location.href, { redirect: "manual" });
  if (page.type === "opaqueredirect" || page.status === 401) return "signedOut";
  if (page.status === 429 || page.status >= 500) throw new Error(`${page.status}`);
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form[data-person]");
  const token = fresh?.elements.namedItem("csrfmiddlewaretoken")?.value;
  if (!page.ok || !token || fresh.dataset.person !== form.dataset.person) return "closed";
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
  return "open";
}
