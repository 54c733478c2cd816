// The page of a jury's meeting: a proposal is written without leaving the row, and what others propose appears by itself.
// Only the parts marked data-live are drawn again: what one reads or types stays where it is.
const page = document.querySelector("[data-meeting]");
const said = page.querySelector("[data-said]");
const EVERY = 20000;

function redraw(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of page.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (now && now.innerHTML !== part.innerHTML) part.replaceChildren(...now.childNodes);
  }
}

async function send(form) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
    if (!answer.ok) return form.submit(); // The page itself says what is wrong.
    redraw(await answer.text());
    said.textContent = form.dataset.done;
    const box = form.closest("details");
    box.open = false;
    box.querySelector("summary").focus();
  } catch {
    said.textContent = page.dataset.failed;
    form.submit();
  }
}

page.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-proposal]")) return;
  event.preventDefault();
  send(event.target);
});

setInterval(async () => {
  if (document.hidden) return;
  const answer = await fetch(location.pathname).catch(() => null);
  if (answer?.ok) redraw(await answer.text());
}, EVERY);
