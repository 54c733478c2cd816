/* Names the search boxes that replace long lists: their label is the field's own. */
const name = () => {
  for (const list of document.querySelectorAll("select.admin-autocomplete[id]")) {
    const label = document.querySelector(`label[for="${list.id}"]`);
    if (!label) continue;
    label.id ||= `${list.id}_label`;
    for (const part of list.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox]") ?? []) {
      part.setAttribute("aria-labelledby", label.id);
    }
  }
};
// After the boxes are made: both wait for the same signal, in the order they asked.
globalThis.django?.jQuery?.(() => name());
document.addEventListener("formset:added", () => setTimeout(name));
