// A juror's sheet, form data-marks="<address>": each mark and comment is sent alone, kept in the browser from the first
// letter until the server has it, and never sent twice for nothing. The form itself goes last, after those on their way.
//
// Sent, as a form: csrfmiddlewaretoken, field, value, version (data-version of the form), seen (each value of the field that
// this page read, or sent without knowing what became of it).
// Answered, as JSON: 200 {"saved_at": "14:03", "version": 5, "total": "14,8"} · 409 {"message": "…"} (closed), with "value"
// where another device wrote that in the field: given again, one's own replaces it · 400 or 422 {"errors": ["…"]}.
// 403 {"code": "form_expired"}: one signed in again elsewhere; the page's new token is taken and the mark sent again. A way to
// sign in: it says so and tries again, at once when one comes back from another tab. Any other 403, and 404: the application
// is closed to the juror, and leaves the screen and the browser with all that was typed about it.
// Anything else stays in the queue and is tried again.
// What was sent as a whole and not received stands in the fields that data-late names: not the server's, nor sent unasked.
// In the page: [data-criterion] around each criterion (its radios, its [data-anchor] sentence, its [data-save] line),
// [data-total] wherever the juror's own total is shown, [data-net] for the connection's state.
import { knock } from "./door.js";
import { Shelf } from "./kept.js";
import { icon, say, status } from "./words.js";

const WAIT = 4000;
const PAUSE = 800;
const PATIENCE = 8000;
const MOST_SEEN = 40;
// How long a digit waits for the next, where both together may be a mark.
const DIGITS = 500;

class Sheet {
  constructor(form) {
    this.form = form;
    this.shelf = new Shelf(`marks:${form.dataset.marks}`, form.dataset.person);
    this.queue = this.shelf.fields; // {value, seen, refusal} by field
    this.late = new Set(form.dataset.late?.split(" "));
    this.seen = {}; // what the server last said of a field
    this.busy = false;
    this.pause = 0;
    this.later = 0;
    this.told = null; // the digits of a mark being typed: {group, text, radio, timer}
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("change", (event) => this.changed(event.target));
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("keydown", (event) => this.pressed(event));
    window.addEventListener("online", () => this.send());
    window.addEventListener("focus", () => { if (this.isSignedOut) this.send(); });
    this.restore();
    // Marked or written before this script came: what differs from the page as the server wrote it.
    form.querySelectorAll("input[type=radio]").forEach((radio) => {
      if (radio.checked && !radio.defaultChecked && !this.queue[radio.name]) this.changed(radio);
    });
    form.querySelectorAll("textarea").forEach((text) => {
      if (text.value !== text.defaultValue && !this.queue[text.name]) this.typed(text);
    });
    this.send();
  }

  keep() {
    this.shelf.write(this.queue);
  }

  get waiting() {
    return Object.entries(this.queue).filter(([, entry]) => !entry.refusal);
  }

  get isEmpty() {
    return this.waiting.length === 0;
  }

  // What was marked without network before a reload comes back into the page, unless the server has it already.
  restore() {
    for (const [field, { value, refusal }] of Object.entries(this.queue)) {
      const control = this.form.elements.namedItem(field);
      if (!control) continue;
      if (value === this.known(control) && !this.late.has(field)) {
        delete this.queue[field];
        continue;
      }
      control.value = value;
      this.anchor(field);
      if (refusal && this.lineOf(field)) status(this.lineOf(field), "stop", refusal);
    }
    this.keep();
  }

  // What the page said of a field when the server wrote it.
  known(control) {
    if (!(control instanceof RadioNodeList)) return control.defaultValue;
    return [...control].find((radio) => radio.defaultChecked)?.value ?? "";
  }

  seenOf(field) {
    return this.queue[field]?.seen ?? [this.seen[field] ?? this.known(this.form.elements.namedItem(field))];
  }

  // A text being written is kept at every letter and sent at the first pause.
  typed(control) {
    if (control.type === "radio" || !this.hold(control)) return;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.flush(), PAUSE);
  }

  changed(control) {
    if (control.type !== "radio" && !this.pause) return; // sent when it was written
    if (!this.hold(control)) return;
    this.anchor(control.name);
    this.flush();
  }

  hold(control) {
    if (!control.name || control.type === "hidden") return false;
    this.queue[control.name] = { value: control.value, seen: this.seenOf(control.name) };
    this.keep();
    return true;
  }

  flush() {
    clearTimeout(this.pause);
    this.pause = 0;
    return this.send();
  }

  // The whole sheet follows what is on its way and carries the version it leaves, or the server would take it for
  // another device's. Without an answer it goes all the same: the server says what differs.
  async submitted(event) {
    this.tell();
    if (this.isLast || (Object.keys(this.queue).length === 0 && !this.busy)) return;
    event.preventDefault();
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.flush();
    for (const end = Date.now() + PATIENCE; (this.busy || !this.isEmpty) && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (this.isSignedOut && !this.busy) break; // the page that comes leads to sign in, then back with what was sent
    }
    this.isWaiting = false;
    if (!this.form.isConnected) return;
    this.isLast = true;
    this.queue = Object.fromEntries(this.waiting); // refused texts go with the whole
    this.keep();
    this.form.requestSubmit(event.submitter);
    this.isLast = false;
  }

  // Digits set a whole mark, a comma or a point adds the half; arrows are the radios' own. A digit that may begin a
  // longer mark ("1" of "12") is no mark yet: it waits for the next one, or for any other key.
  pressed(event) {
    const group = event.target.closest("[data-criterion]");
    if (!group || event.target.type !== "radio" || event.ctrlKey || event.metaKey || event.altKey) return;
    const radios = [...group.querySelectorAll("input[type=radio]")];
    if (/^\d$/.test(event.key)) {
      if (this.digit(group, radios, event.key)) event.preventDefault();
      return;
    }
    const told = this.told?.group === group ? Number(this.told.text) : Number(event.target.value);
    if (!/^[.,]$/.test(event.key)) return this.tell();
    const radio = radios.find((candidate) => Number(candidate.value) === Math.floor(told) + 0.5);
    this.tell(!radio);
    if (!radio) return;
    event.preventDefault();
    this.mark(group, radio);
  }

  // Returns whether the digit is of a mark.
  digit(group, radios, key) {
    const before = this.told?.group === group ? this.told.text : "";
    const exact = (text) => radios.find((radio) => Number(radio.value) === Number(text));
    const leads = (text) => radios.some((radio) => /^\d+$/.test(radio.value) && radio.value.length > text.length && radio.value.startsWith(text));
    let text = before + key;
    if (before && !exact(text) && !leads(text)) {
      this.tell();
      text = key;
    }
    if (!exact(text) && !leads(text)) return false;
    clearTimeout(this.told?.timer);
    this.told = { group, text, radio: exact(text) };
    if (leads(text)) this.told.timer = setTimeout(() => this.tell(), DIGITS);
    else this.tell();
    return true;
  }

  // What the digits typed so far come to becomes the mark; without `kept` they are forgotten.
  tell(kept = true) {
    const { group, radio, timer } = this.told ?? {};
    clearTimeout(timer);
    this.told = null;
    if (kept && radio) this.mark(group, radio);
  }

  mark(group, radio) {
    if (radio.disabled) return;
    radio.checked = true;
    if (group.contains(document.activeElement)) radio.focus();
    this.changed(radio);
  }

  anchor(field) {
    const group = [...this.form.querySelectorAll("[data-criterion]")].find((box) => box.dataset.criterion === field);
    const line = group?.querySelector("[data-anchor]");
    const chosen = group?.querySelector("input[type=radio]:checked");
    if (!line || !chosen) return;
    line.classList.remove("anchor--none");
    line.querySelector("b").textContent = chosen.nextElementSibling.textContent;
    line.querySelector("span").textContent = chosen.dataset.sentence;
  }

  lineOf(field) {
    const control = this.form.elements.namedItem(field);
    const element = control instanceof RadioNodeList ? control[0] : control;
    return element?.closest("[data-criterion], [data-field]")?.querySelector("[data-save]");
  }

  net(kind, text) {
    document.querySelectorAll("[data-net]").forEach((line) => status(line, kind, text));
  }

  async send() {
    const [field, entry] = this.waiting[0] ?? [];
    if (!field || this.busy) return;
    this.busy = true;
    clearTimeout(this.later);
    // Where the answer gets lost, the server may hold this from now on.
    entry.seen = [...new Set([...entry.seen, entry.value])].slice(-MOST_SEEN);
    this.keep();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", new FormData(this.form).get("csrfmiddlewaretoken"));
    for (const [name, value] of Object.entries({ field, value: entry.value, version: this.form.dataset.version ?? "" })) body.set(name, value);
    entry.seen.forEach((value) => body.append("seen", value));
    let settled = false;
    try {
      const answer = await fetch(this.form.dataset.marks, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      settled = await this.read(answer, field, entry);
    } catch {
      this.net("wait", say("queue", { n: this.waiting.length }));
    }
    this.busy = false;
    if (settled && !this.pause) this.send();
    else if (!settled) this.later = setTimeout(() => this.send(), WAIT);
  }

  async read(answer, field, entry) {
    const line = this.lineOf(field);
    this.isSignedOut = answer.type === "opaqueredirect" || answer.status === 401;
    if (this.isSignedOut) return this.leftOut();
    if (answer.status >= 500 || answer.status === 429) {
      this.net("wait", say("queue", { n: this.waiting.length }));
      return false;
    }
    const data = await answer.json().catch(() => ({}));
    if (answer.status === 403 && data.code === "form_expired") return this.recover();
    if ([403, 404].includes(answer.status)) {
      this.shut();
      return true;
    }
    this.isRenewed = false;
    const refusal = answer.ok ? "" : data.message ?? data.errors?.[0] ?? say("refused");
    this.settle(field, entry, answer.ok ? entry.value : data.value, refusal);
    if (answer.ok) {
      this.follow(data.version);
      const text = say("saved", { time: data.saved_at });
      if (line) status(line, "ok", text);
      this.net("ok", text);
      if (data.total) document.querySelectorAll("[data-total]").forEach((element) => { element.textContent = data.total; });
    } else {
      if (line) status(line, "stop", refusal);
      this.net("stop", refusal);
    }
    return true;
  }

  leftOut() {
    this.isSignedOut = true;
    this.net("stop", say("signedOut"));
    return false;
  }

  // Returns whether the same may go again at once: not where a new token was just taken in vain.
  async recover() {
    const state = await knock(this.form);
    if (state === "signedOut") return this.leftOut();
    if (state === "closed") {
      this.shut();
      return true;
    }
    const isFirst = !this.isRenewed;
    this.isRenewed = true;
    return isFirst;
  }

  // A recusal in another tab, a reading given to someone else: nothing of the application stays here.
  shut() {
    this.tell(false);
    clearTimeout(this.pause);
    this.pause = 0;
    this.queue = {};
    this.keep();
    const told = document.createElement("div");
    told.className = "card stack";
    told.tabIndex = -1;
    told.setAttribute("role", "alert");
    told.append(document.createElement("p"), document.createElement("p"));
    told.firstChild.append(icon("exclamation-circle-fill"), ` ${say("shut")}`);
    const way = document.createElement("a");
    way.className = "btn btn--main";
    way.href = this.form.dataset.room;
    way.textContent = say("room");
    told.lastChild.append(way);
    this.net("stop", say("shut"));
    document.title = say("shut");
    document.querySelectorAll("[data-ends]").forEach((bar) => bar.remove());
    (this.form.closest("[data-sheet]") ?? this.form).replaceWith(told);
    told.focus();
  }

  // `held`: what the server now has in the field, where it says so. A text that it refused for that stays here, and goes
  // once it is written on; a mark is shown as it is kept, to be chosen again.
  settle(field, entry, held, refusal) {
    const isNewest = this.queue[field] === entry;
    if (held !== undefined) this.seen[field] = held;
    if (!refusal && this.late.delete(field) && this.late.size === 0) this.form.querySelector(".conflict--late")?.remove();
    if (isNewest) delete this.queue[field];
    else if (held !== undefined && this.queue[field]) this.queue[field].seen = [held];
    if (isNewest && held !== undefined && held !== entry.value) {
      const control = this.form.elements.namedItem(field);
      if (control instanceof RadioNodeList) this.choose(control, held);
      else this.queue[field] = { value: entry.value, seen: [held], refusal };
    }
    this.keep();
  }

  choose(radios, value) {
    radios.forEach((radio) => { radio.checked = radio.value === value; });
    this.anchor(radios[0].name);
  }

  // The next version is this page's own save. A later one holds what this page never showed: the whole sheet, when it
  // goes, says the version it knows, and the server what differs.
  follow(version) {
    if (version !== Number(this.form.dataset.version) + 1) return;
    this.form.dataset.version = version;
    const carried = this.form.elements.namedItem("version");
    if (carried) carried.value = version;
  }
}

document.querySelectorAll("form[data-marks]").forEach((form) => new Sheet(form));
