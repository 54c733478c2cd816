// Rows of cells, data-rows at most: the button adds one in place, and the first cell of that one takes the focus. Without script
// it saves, and the page that follows shows one more. data-row-label is what a cell is called, {column} and {n} in it.

function addRow(block) {
  const rows = block.querySelectorAll("tbody tr");
  if (!rows.length || rows.length >= Number(block.dataset.rows)) return null;
  const row = rows[rows.length - 1].cloneNode(true);
  const n = rows.length + 1;
  for (const input of row.querySelectorAll("input")) {
    const column = input.closest("[data-label]").dataset.label;
    input.removeAttribute("value");
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    input.setAttribute("aria-label", block.dataset.rowLabel.replace(/\{(column|n)\}/g, (_whole, name) => (name === "n" ? n : column)));
  }
  const first = row.querySelector("input");
  first.id = `id_${first.name}_row${n}`;
  rows[rows.length - 1].after(row);
  block.querySelector("[data-add-row]").hidden = n >= Number(block.dataset.rows);
  return first;
}

// As many rows as hold so many cells of a field: what was typed in rows added before comes back into as many.
export function makeRoom(form, name, cells) {
  const count = () => [...form.elements].filter((control) => control.name === name).length;
  const block = form.querySelector(`[data-field="${name}"] [data-rows]`);
  while (block && count() < cells && addRow(block)) continue;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  const first = button && addRow(button.closest("[data-rows]"));
  if (!button) return;
  event.preventDefault();
  first?.focus();
});
