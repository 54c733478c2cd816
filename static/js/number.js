// The number asked for is the one of the country and kind chosen. Its field's data-schemes holds, for "<country>",
// "<country>:<kind>" and "" (elsewhere), how it is called there and the help beside it.
const field = document.querySelector("[data-schemes]");
const schemes = JSON.parse(field.dataset.schemes);
const label = document.querySelector(`label[for="${field.id}"]`);
const help = document.getElementById(`${field.id}_helptext`);

// Where the structure is founded within another form, its fields bear a prefix.
const prefix = field.name.replace(/registration_number$/, "");

function follow() {
  const [country, kind] = ["country", "kind"].map((name) => field.form.elements[prefix + name]);
  const [name, words] = schemes[`${country.value}:${kind.value}`] ?? schemes[country.value] ?? schemes[""];
  label.firstChild.textContent = `${name} `;
  help.textContent = words;
}

field.form.addEventListener("change", follow);
