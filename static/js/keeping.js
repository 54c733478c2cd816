// A form with data-keep is saved as a whole, by its button. What is typed meanwhile stays in this browser for whoever
// data-person says (kept.js): it comes back after a reload, an ended session, a lost network or the back button, upon the
// version it was written on, so that what someone else wrote meanwhile is shown beside it once it is sent.
//
// The page to which a form that was saved leads says so by its fragment, #saved; whatever else comes after it was sent, nothing
// was received.
import { isChanged } from "./guard.js";
import { forgetSent, Kept } from "./kept.js";
import { lineOf, say, status } from "./words.js";

const boxOf = (control) => control.closest("[data-field]");

class Keeper {
  constructor(form) {
    this.form = form;
    this.kept = new Kept(form);
    this.kept.note(this.kept.entries().map(([name]) => name), { sent: undefined });
    const cameBack = form.querySelector(".field--error, .conflict:not(.conflict--late), #errors") !== null;
    if (!cameBack) this.bringBack();
    form.addEventListener("input", (event) => this.keep(event.target));
    form.addEventListener("change", (event) => this.keep(event.target));
    form.addEventListener("submit", () => this.mark(location.pathname));
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.mark(undefined); });
    // Typed before this script came, or put back by the browser.
    [...form.elements].filter((control) => control.name && isChanged(control)).forEach((control) => this.keep(control));
  }

  keep(control) {
    if (!control.name || control.type === "file" || control.name.endsWith("-clear") || !boxOf(control)) return;
    this.kept.keep(control.name, this.form.elements[`${control.name}-version`]?.value);
  }

  // Where the fields of this page are being sent from, undefined for nowhere.
  mark(path) {
    this.kept.note([...this.form.elements].map((control) => control.name), { sent: path });
  }

  bringBack() {
    for (const [name, { values, version }] of this.kept.entries()) {
      const control = this.kept.restore(name, values);
      if (control === null) this.kept.drop(name);
      if (!control) continue;
      const stated = this.form.elements[`${name}-version`];
      if (stated && version !== undefined) stated.value = version;
      if (boxOf(control)) status(lineOf(boxOf(control)), "wait", say("broughtBack"));
    }
  }
}

if (location.hash === "#saved") {
  forgetSent(location.pathname);
  history.replaceState(history.state, "", location.pathname + location.search);
}
document.querySelectorAll("form[data-keep]").forEach((form) => new Keeper(form));
