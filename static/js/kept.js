// What was typed and the server does not hold yet, kept in this browser: it outlives a reload, a session that ends, a network
// that fails. Cleared as soon as the server has it, at sign-out, and for whoever else signs in on this device.
//
// One entry for each form: person, at (milliseconds), fields {name: …}: of an application {values, version, sent}, where `sent`
// is the path of the page whose form was last sent as a whole (keeping.js); of a juror's sheet, see marks.js. Documents are
// not kept.
import { makeRoom } from "./rows.js";

const PREFIX = "draft:";
const LONGEST = 7 * 24 * 3600 * 1000;
// What other pages keep too: a juror's marks.
const PREFIXES = [PREFIX, "marks:"];

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function keys(prefixes) {
  try {
    return Object.keys(localStorage).filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));
  } catch {
    return [];
  }
}

// Clear all that pages keep here: someone signs out. A save tried again while the page is on its way out keeps nothing.
let isLeaving = false;

export function forgetAll() {
  isLeaving = true;
  setTimeout(() => { isLeaving = false; }, 10_000);
  keys(PREFIXES).forEach((key) => localStorage.removeItem(key));
}

function forgetOthers(person) {
  for (const key of keys(PREFIXES)) {
    const { person: whose, at } = read(key);
    const isOld = key.startsWith(PREFIX) && !(Date.now() - at < LONGEST);
    if (whose !== person || isOld) localStorage.removeItem(key);
  }
}

// What was sent from a page of the application whose page is at `path`: it was received.
export function forgetSent(path) {
  const [own] = path.match(/^.*?\/[0-9a-f-]{36}\//) ?? [path];
  for (const key of keys([PREFIX])) {
    const { fields = {}, ...entry } = read(key);
    const left = Object.entries(fields).filter(([, { sent }]) => !sent?.startsWith(own));
    if (left.length) localStorage.setItem(key, JSON.stringify({ ...entry, fields: Object.fromEntries(left) }));
    else localStorage.removeItem(key);
  }
}

// What is kept under one key for one person: what is kept here of anyone else goes.
export class Shelf {
  constructor(key, person) {
    this.key = key;
    this.person = person;
    forgetOthers(person);
  }

  get fields() {
    return read(this.key).fields ?? {};
  }

  write(fields) {
    try {
      if (!Object.keys(fields).length) localStorage.removeItem(this.key);
      else if (this.person && !isLeaving) localStorage.setItem(this.key, JSON.stringify({ person: this.person, at: Date.now(), fields }));
    } catch {
      // No room or no storage in this browser: the page itself still holds what was typed.
    }
  }
}

export class Kept extends Shelf {
  constructor(form) {
    super(`${PREFIX}${form.dataset.autosave ?? form.dataset.keep}`, form.dataset.person);
    this.form = form;
  }

  // What is kept of the fields of this form: [[name, {values, version, sent}], …].
  entries() {
    return Object.entries(this.fields);
  }

  keep(name, version) {
    const values = new FormData(this.form).getAll(name);
    if (values.some((value) => typeof value !== "string")) return;
    const { fields } = this;
    // The version first seen is what was written upon, however often it is written again.
    this.write({ ...fields, [name]: { values, version: fields[name]?.version ?? version } });
  }

  // Note more about what is kept of those fields.
  note(names, more) {
    const { fields } = this;
    const known = names.filter((name) => name in fields);
    if (known.length) this.write({ ...fields, ...Object.fromEntries(known.map((name) => [name, { ...fields[name], ...more }])) });
  }

  drop(name) {
    const { [name]: _gone, ...fields } = this.fields;
    this.write(fields);
  }

  // Put what is kept of a field back into its controls. Returns the control to send; null when the page says the same,
  // nothing when the field is on another page.
  restore(name, values) {
    makeRoom(this.form, name, values.length);
    const controls = [...this.form.elements].filter((control) => control.name === name && !["file", "hidden"].includes(control.type));
    if (!controls.length) return undefined;
    if (JSON.stringify(new FormData(this.form).getAll(name)) === JSON.stringify(values)) return null;
    const isTicked = (control) => ["radio", "checkbox"].includes(control.type);
    controls.forEach((control, place) => {
      if (isTicked(control)) control.checked = values.includes(control.value);
      else if (place < values.length) control.value = values[place];
    });
    // The page offers the same text where the session had ended before it was sent: it stands in its field again.
    const offered = controls[0].closest("[data-field]")?.previousElementSibling;
    if (offered?.matches(".conflict--late")) offered.remove();
    return controls[0];
  }
}
