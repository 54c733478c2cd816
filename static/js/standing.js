// What an application still lacks, in its list of sections and at its fields, after each field that is saved: missing (of
// that field), summary, steps [{place, lacks, words}].
import { icon, say } from "./words.js";

function mark(box, missing) {
  const label = box.querySelector(":scope > .field__label");
  const badge = label?.querySelector(".badge");
  if (!label || missing === Boolean(badge)) return;
  if (badge) return badge.remove();
  const made = document.createElement("span");
  made.className = "badge badge--warn";
  made.append(icon("exclamation-triangle-fill"), say("missing"));
  label.append(" ", made);
}

function show({ place, lacks, words }) {
  const line = document.querySelector(`[data-step="${place}"]`);
  if (!line) return;
  line.className = lacks ? "is-lacking" : "is-done";
  line.querySelector("small").textContent = words;
  const here = line.querySelector("[aria-current]") !== null;
  line.querySelector(".sections__dot").replaceChildren(lacks || here ? place + 1 : icon("check-lg"));
}

document.addEventListener("saved", ({ target, detail }) => {
  if (!detail.steps) return;
  mark(target, detail.missing);
  document.querySelectorAll("[data-summary]").forEach((line) => { line.textContent = detail.summary; });
  detail.steps.forEach(show);
});
