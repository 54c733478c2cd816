// A form with data-confirm asks before it is sent, in the <dialog> whose id it names; without script the server asks.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  const dialog = document.getElementById(form.dataset.confirm);
  if (!(dialog instanceof HTMLDialogElement)) continue;
  let agreed = false;
  let pressed = null;
  form.addEventListener("submit", (event) => {
    if (agreed) return;
    event.preventDefault();
    pressed = event.submitter;
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") {
      pressed?.focus();
      return;
    }
    agreed = true;
    form.requestSubmit(pressed ?? undefined);
    agreed = false;
  });
}
