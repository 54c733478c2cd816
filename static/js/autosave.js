// A form with data-autosave="<address>" saves each field when it changes.
//
// Sent, as a form: csrfmiddlewaretoken, field (its name), the field's own value or values, version (data-version of the
// field's [data-field], else of the form).
// Answered, as JSON:
//   200 {"saved_at": "14:03", "version": 12}              saved; the version goes back where it was read, and into the
//                                                         form's own <name>-version; "errors" beside it are shown too,
//                                                         and what the application still lacks is for standing.js;
//                                                         "control", of a document, takes the place of the field's own;
//                                                         "note" is said beside the time, "kept" {name: [values]} are the
//                                                         ticks as they were kept, where that is not as they were sent,
//                                                         "versions" {name: version} those of other fields it changed
//   409 {"who": "Camille", "at": "14:02", "value": "…", "version": 13}   someone changed it meanwhile: both texts are shown
//                                                         ("shown" is theirs as people read it); of rows, "control" holds
//                                                         theirs, and "both" theirs with one's own, where there is room
//   409 {"errors": ["…"], "control": "…", "version": 13}  someone replaced the document meanwhile, or took it off: the
//                                                         control of the one that is kept takes the place of the field's
//   400 or 422 {"errors": ["…"]}                          refused: the sentences are shown at the field; of documents chosen
//                                                         at once, those after the one refused go on, and all that was
//                                                         refused stays said
//   401, 403, 404, or a way to sign in                    the page is asked for again: if it still opens its new token is
//                                                         taken and the field sent again; else it says what to do, and
//                                                         looks again when one comes back from another tab
// Anything else (no network, 5xx) is tried again, a little later each time; what was typed stays in the page, and in this
// browser for whoever data-person says (kept.js), so that a reload brings it back. Until the server holds it, leaving the
// page asks first.
import { knock } from "./door.js";
import { guard, isChanged } from "./guard.js";
import { Kept } from "./kept.js";
import { icon, lineOf, say, status } from "./words.js";

const PAUSE = 800;
const RETRIES = [2000, 5000, 15000, 30000];
const LEAVING = 10_000;

function boxOf(control) {
  return control.closest("[data-field]");
}

// Errors as the server writes them (templates/components/field.html): above the control, which names them.
// A list that says the same already stays: a reader who stands on it keeps their place.
function showErrors(box, errors) {
  const name = box.dataset.field;
  const shown = [...box.querySelectorAll(".errorlist li")].map((item) => item.textContent.trim());
  if (errors.length && shown.length === errors.length && shown.every((said, place) => said === errors[place])) return;
  box.querySelector(".errorlist")?.remove();
  box.classList.toggle("field--error", errors.length > 0);
  for (const control of box.querySelectorAll(`[name="${name}"]`)) {
    if (errors.length) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
  const help = box.querySelector(":scope > .help");
  describe(box, [help && help.id, errors.length && `id_${name}_error`]);
  if (errors.length) (help ?? box.querySelector(":scope > .field__label")).after(listOf(errors, `id_${name}_error`));
}

function describe(box, ids) {
  const described = box.matches("fieldset") ? box : box.querySelector(`[name="${box.dataset.field}"]`);
  const stated = ids.filter(Boolean).join(" ");
  if (stated) described?.setAttribute("aria-describedby", stated);
  else described?.removeAttribute("aria-describedby");
}

function listOf(errors, id) {
  const list = document.createElement("ul");
  list.className = "errorlist";
  list.id = id;
  for (const error of errors) {
    const item = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = error;
    item.append(icon("exclamation-circle-fill"), words);
    list.append(item);
  }
  return list;
}

// The two texts with the words that differ marked.
function marked(text, other) {
  const known = new Set(other.split(/\s+/));
  const paragraph = document.createElement("p");
  for (const piece of text.split(/(\s+)/)) {
    if (!piece.trim() || known.has(piece)) {
      paragraph.append(piece);
    } else {
      const mark = document.createElement("mark");
      mark.textContent = piece;
      paragraph.append(mark);
    }
  }
  return paragraph;
}

function side(title, keep, act) {
  const block = document.createElement("div");
  block.className = "conflict__text";
  const heading = document.createElement("h3");
  heading.textContent = title;
  block.append(heading, document.createElement("p"), button(keep, act));
  return block;
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

// The box in which one chooses, still without its two texts.
function clashOf(box, theirs) {
  const block = document.createElement("div");
  block.className = "conflict";
  block.setAttribute("role", "group");
  const title = document.createElement("p");
  title.id = `clash-${box.dataset.field}`;
  block.setAttribute("aria-labelledby", title.id);
  const strong = document.createElement("strong");
  strong.append(icon("people-fill"), ` ${theirs}`);
  title.append(strong, ` ${say("choose")}`);
  const pair = document.createElement("div");
  pair.className = "conflict__pair";
  block.append(title, pair);
  return block;
}

// The control by which a document, or one more, is sent; null where a question has all it takes.
function adding(box) {
  return box.querySelector(`input[type="file"][name="${box.dataset.field}"]`);
}

// Of several documents chosen at once each goes alone: the others wait in the control that takes more.
function holdRest(box, files) {
  const control = adding(box);
  if (!control) return null;
  const rest = new DataTransfer();
  files.forEach((file) => rest.items.add(file));
  control.files = rest.files;
  return files.length ? control : null;
}

// A document that was sent shows its name and the way to take it off, and its control is empty: it is not sent twice.
function replace(box, markup) {
  const former = [...box.querySelectorAll(":scope > .file, :scope > .files, :scope > input")];
  const focused = former.some((element) => element.contains(document.activeElement));
  const holder = document.createElement("template");
  holder.innerHTML = markup;
  former[0].before(holder.content);
  former.forEach((element) => element.remove());
  if (focused) (adding(box) ?? box.querySelector(".files summary"))?.focus();
}

const isTicked = (control) => ["radio", "checkbox"].includes(control.type);

function dayOf(control) {
  const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
  return control.valueAsDate ? words.format(control.valueAsDate) : "";
}

// What a field holds as people read it: its text, what is ticked, its rows.
function readable(box, control) {
  const said = [...box.querySelectorAll("label:has(:checked)")].map((label) => label.textContent.trim());
  const rows = [...box.querySelectorAll("tbody tr")].map((row) =>
    [...row.querySelectorAll("input")].map((cell) => cell.value.trim()).filter(Boolean).join(" – "));
  const text = control.type === "date" ? dayOf(control) : control.value;
  const lines = isTicked(control) ? said : rows.length ? rows.filter(Boolean) : [text];
  return lines.join("\n") || "–";
}

// Puts an answer in its field: as text, as ticks, or, for rows, as the control that the server wrote. Returns a control.
function hold(box, control, value, markup) {
  if (markup) {
    const holder = document.createElement("template");
    holder.innerHTML = markup;
    box.querySelector("[data-rows]").replaceWith(holder.content);
  } else if (isTicked(control)) {
    const values = value.split(/\s+/);
    const among = [...box.querySelectorAll(`[name="${control.name}"]`)];
    for (const one of among) one.checked = among.length > 1 || one.type === "radio" ? values.includes(one.value) : value !== "";
  } else {
    control.value = value;
  }
  return box.querySelector(`[name="${control.name}"]`);
}

// What the server would say of a document that is too large, said before it is sent; nothing when it is not.
function tooLarge(control, file) {
  if (!file || file.size <= Number(control.dataset.bytesMax)) return "";
  const sentence = control.dataset.tooLarge;
  return control.multiple ? say("named", { name: file.name, sentence }) : sentence;
}

function isWritten(control) {
  return !["hidden", "file", "submit"].includes(control.type) && !control.name.endsWith("-clear");
}

function post(address, body) {
  return fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
}

// A document goes by the one way that tells how much of it has left: a bar in its line follows. Answers as post does.
function upload(address, body, line) {
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", say("saving"));
  status(line, "wait", say("saving"));
  line.append(bar);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (lengthComputable) bar.value = loaded / total;
    });
    request.addEventListener("load", () => {
      const isElsewhere = request.responseURL !== new URL(address, location).href;
      resolve({
        type: isElsewhere ? "opaqueredirect" : "basic",
        status: request.status,
        json: async () => JSON.parse(request.responseText),
      });
    });
    request.addEventListener("error", reject);
    request.addEventListener("abort", reject);
    request.send(body);
  });
}

class Saver {
  constructor(form) {
    this.form = form;
    this.address = form.dataset.autosave;
    this.timers = new Map();
    this.running = new Set();
    this.unsaved = new Map(); // the controls whose value the server does not hold, by name
    this.clashes = new Map(); // what redraws an open conflict, by name: nothing is sent until one has chosen
    this.refused = new Map(); // what was said of documents chosen at once with others, by field
    this.leftAt = -Infinity;
    this.voice = document.createElement("p");
    this.voice.className = "vh";
    this.voice.setAttribute("role", "status");
    document.body.append(this.voice);
    this.kept = new Kept(form);
    form.addEventListener("input", (event) => this.later(event.target, PAUSE));
    form.addEventListener("change", (event) => {
      this.refused.delete(event.target.name);
      this.later(event.target, 0);
    });
    form.addEventListener("keydown", (event) => this.stay(event));
    this.bringBack();
    this.catchUp();
    window.addEventListener("online", () => this.flush());
    window.addEventListener("focus", () => this.comeBack());
    window.addEventListener("beforeunload", () => { this.leftAt = Date.now(); });
    form.addEventListener("submit", () => {
      this.timers.forEach(({ id }) => clearTimeout(id));
      this.timers.clear();
    });
    guard(form, () => this.unsaved.size > 0);
  }

  // Enter in a line saves it; left to the browser, it would send the form and lose one's place.
  stay(event) {
    const control = event.target;
    if (event.key !== "Enter" || event.isComposing || !(control instanceof HTMLInputElement) || control.type === "file") return;
    event.preventDefault();
    if (this.unsaved.has(control.name)) this.later(control, 0);
  }

  // What this browser kept of this page, unless the server has it already: sent upon the version it was written on, so that
  // what someone else wrote meanwhile is shown beside it.
  bringBack() {
    for (const [name, { values, version }] of this.kept.entries()) {
      const control = this.kept.restore(name, values);
      if (control === null) this.kept.drop(name);
      if (!control) continue;
      if (version !== undefined) this.restate(name, version);
      if (boxOf(control)) status(lineOf(boxOf(control)), "wait", say("waiting"));
      this.later(control, 0);
    }
  }

  // What the page holds that the server may not: typed before this script came, or come back with errors.
  catchUp() {
    const refused = this.form.querySelector(".field--error") !== null;
    for (const control of [...this.form.elements].filter((element) => element.name && boxOf(element))) {
      if (boxOf(control).previousElementSibling?.matches(".conflict:not(.conflict--late)")) this.unsaved.set(control.name, control);
      else if (isChanged(control) || (refused && isWritten(control))) this.later(control, 0);
    }
  }

  later(control, delay, attempt = 0) {
    if (!control.name || control.name === "csrfmiddlewaretoken" || !boxOf(control)) return;
    const name = control.name;
    this.unsaved.set(name, control);
    this.kept.keep(name, boxOf(control).dataset.version);
    if (this.clashes.has(name)) return this.clashes.get(name)();
    clearTimeout(this.timers.get(name)?.id);
    const id = setTimeout(() => this.send(control, attempt), delay);
    this.timers.set(name, { id, control });
  }

  // The page that follows may have been drawn before this one's last save: what that was stays kept until it compares.
  isLeaving() {
    return Date.now() - this.leftAt < LEAVING;
  }

  flush() {
    for (const { control } of [...this.timers.values()]) this.later(control, 0);
  }

  async send(control, attempt) {
    const name = control.name;
    if (this.running.has(name)) return this.later(control, 300, attempt);
    this.timers.delete(name);
    const box = boxOf(control);
    const line = lineOf(box);
    const holder = box.dataset.version ? box : this.form;
    const [first, ...rest] = control.type === "file" ? control.files : [];
    const refusal = tooLarge(control, first);
    if (refusal) return this.refuse([refusal], { box, line, control, rest });
    const whole = new FormData(this.form);
    const body = new FormData();
    body.set("csrfmiddlewaretoken", whole.get("csrfmiddlewaretoken"));
    body.set("field", name);
    body.set("version", holder.dataset.version ?? "");
    (first ? [first] : whole.getAll(name)).forEach((value) => body.append(name, value));
    this.running.add(name);
    try {
      const answer = await (control.type === "file" ? upload : post)(this.address, body, line);
      await this.read(answer, { box, line, holder, control, attempt, rest });
    } catch {
      this.retry(control, line, attempt);
    } finally {
      this.running.delete(name);
    }
  }

  retry(control, line, attempt) {
    status(line, "wait", say("waiting"));
    this.later(control, RETRIES[Math.min(attempt, RETRIES.length - 1)], attempt + 1);
  }

  // Refused at the door: this page's token may be old, the session over, or the application no longer one's own.
  async recover(control, line, attempt) {
    const state = await knock(this.form);
    if (state === "open") return this.retry(control, line, attempt);
    this.outside = true;
    status(line, "stop", say(state));
  }

  comeBack() {
    if (!this.outside) return;
    this.outside = false;
    this.unsaved.forEach((control) => this.later(control, 0));
  }

  async read(answer, { box, line, holder, control, attempt, rest }) {
    if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return this.recover(control, line, attempt);
    if (![200, 400, 409, 422].includes(answer.status)) return this.retry(control, line, attempt);
    const data = await answer.json();
    const isTold = data.version !== undefined && data.value === undefined; // of a document, whatever became of it
    if (isTold) {
      holder.dataset.version = data.version;
      this.restate(box.dataset.field, data.version);
    }
    if (answer.status === 200) {
      if (!this.isLeaving()) this.kept.drop(control.name);
      if (this.timers.has(control.name)) this.kept.keep(control.name, box.dataset.version);
      else this.unsaved.delete(control.name);
      if (data.control) replace(box, data.control);
      showErrors(box, [...(this.refused.get(control.name) ?? []), ...(data.errors ?? [])]);
      Object.entries(data.kept ?? {}).forEach(([name, values]) => this.tick(name, values));
      Object.entries(data.versions ?? {}).forEach(([name, version]) => this.restate(name, version));
      status(line, "ok", [say("saved", { time: data.saved_at }), data.note].filter(Boolean).join(" – "));
      box.dispatchEvent(new CustomEvent("saved", { detail: data, bubbles: true }));
      if (data.control && rest.length) this.goOn(box, rest);
    } else if (answer.status === 409 && data.value !== undefined) {
      this.conflict(box, line, holder, control, data);
    } else {
      if (data.control) {
        replace(box, data.control);
        this.unsaved.delete(control.name);
      }
      const errors = data.errors ?? [data.message ?? say("refused")];
      if (answer.status === 422) return this.refuse(errors, { box, line, control, rest });
      showErrors(box, errors);
      status(line, "stop", say("refused"));
    }
  }

  // Says why. Of documents chosen at once the one refused is dropped, and the others go on.
  refuse(errors, { box, line, control, rest }) {
    const all = control.multiple ? [...new Set([...(this.refused.get(control.name) ?? []), ...errors])] : errors;
    if (control.multiple) this.refused.set(control.name, all);
    showErrors(box, all);
    status(line, "stop", say("refused"));
    if (!control.multiple) return;
    this.unsaved.delete(control.name);
    this.goOn(box, rest);
  }

  goOn(box, rest) {
    const control = holdRest(box, rest);
    if (control) this.later(control, 0);
  }

  // The version of a field as the next save states it, and the form itself, were it sent.
  restate(name, version) {
    const box = this.form.querySelector(`[data-field="${name}"]`);
    if (box?.dataset.version) box.dataset.version = version;
    const stated = this.form.elements[`${name}-version`];
    if (stated) stated.value = version;
  }

  tick(name, values) {
    for (const box of this.form.querySelectorAll(`[name="${name}"]`)) box.checked = values.includes(box.value);
  }

  conflict(box, line, holder, control, data) {
    const theirs = say("theirs", { who: data.who, time: data.at });
    const settle = (kept) => {
      this.clashes.delete(control.name);
      block.remove();
      holder.dataset.version = data.version;
      this.kept.drop(control.name);
      kept.focus();
      this.later(kept, 0);
    };
    const keep = (value, markup) => settle(hold(box, control, value, markup));
    const block = clashOf(box, theirs);
    const mine = side(say("myText"), say("keepMine"), () => settle(box.querySelector(`[name="${control.name}"]`)));
    const other = side(say("theirText"), say("keepTheirs"), () => keep(data.value, data.control));
    block.querySelector(".conflict__pair").append(mine, other);
    if (data.both) block.append(button(say("keepBoth"), () => keep("", data.both)));
    else if (control instanceof HTMLTextAreaElement) block.append(button(say("keepBoth"), () => keep(`${control.value}\n\n${data.value}`)));
    const redraw = () => {
      const [own, shown] = [readable(box, control), data.shown ?? data.value];
      mine.querySelector("p").replaceWith(marked(own, shown));
      other.querySelector("p").replaceWith(marked(shown, own));
    };
    redraw();
    clearTimeout(this.timers.get(control.name)?.id);
    this.timers.delete(control.name);
    this.clashes.set(control.name, redraw);
    line.parentElement.before(block);
    status(line, "stop", say("refused"));
    this.voice.textContent = `${theirs} ${say("choose")}`;
  }
}

document.querySelectorAll("form[data-autosave]").forEach((form) => new Saver(form));
