// Asks before leaving a page while its form holds what the server does not. A form with data-guard is one that is saved as a
// whole: it does from the first change, or when it came back refused, until it is sent.

// What differs from the page as the server wrote it: typed before this script came, or put back by the browser.
export function isChanged(control) {
  if (control instanceof HTMLSelectElement) return [...control.options].some((option) => option.selected !== option.defaultSelected);
  if (["checkbox", "radio"].includes(control.type)) return control.checked !== control.defaultChecked;
  return control.type !== "hidden" && control.defaultValue !== undefined && control.value !== control.defaultValue;
}

export function guard(form, holds) {
  let sent = false;
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("pageshow", () => { sent = false; }); // back from the page it was sent to
  window.addEventListener("beforeunload", (event) => {
    if (!sent && holds()) event.preventDefault();
  });
}

for (const form of document.querySelectorAll("form[data-guard]")) {
  const cameBack = form.querySelector(".field--error, .conflict:not(.conflict--late), #errors") !== null;
  guard(form, () => cameBack || [...form.elements].some((control) => control.name && isChanged(control)));
}
