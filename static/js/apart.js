// Boxes with data-apart="<name>" offer what may be chosen beside the one choice of that name: what is chosen there is not
// offered here.
function refresh() {
  for (const box of document.querySelectorAll("[data-apart]")) {
    const chosen = box.form?.querySelector(`[name="${box.dataset.apart}"]:checked`);
    box.closest("label").hidden = chosen?.value === box.value;
  }
}

document.addEventListener("change", refresh);
document.addEventListener("saved", refresh);
refresh();
