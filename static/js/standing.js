// What an application still lacks, in its list of sections and at its fields, after each field that is saved: missing (of
// that field), summary, steps [{place, lacks, words, number}], and what the answers ask for: hidden (fields not asked),
// aside (those of them that hold an answer), unanswered (fields asked that lack one). The server alone decides.
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

function show({ place, lacks, words, number }) {
  const line = document.querySelector(`[data-step="${place}"]`);
  if (!line) return;
  line.hidden = !number;
  line.className = lacks ? "is-lacking" : "is-done";
  line.querySelector("small").textContent = words;
  const here = line.querySelector("[aria-current]") !== null;
  line.querySelector(".sections__dot").replaceChildren(lacks || here ? number : icon("check-lg"));
}

function ask({ hidden, aside, unanswered }) {
  for (const block of document.querySelectorAll("[data-asked]")) {
    const name = block.dataset.asked;
    const wasHidden = block.hidden;
    block.hidden = hidden.includes(name);
    if (wasHidden && !block.hidden) mark(block.querySelector("[data-field]"), unanswered.includes(name));
  }
  for (const line of document.querySelectorAll("[data-aside]")) line.hidden = !aside.includes(line.dataset.aside);
}

document.addEventListener("saved", ({ target, detail }) => {
  if (!detail.steps) return;
  mark(target, detail.missing);
  document.querySelectorAll("[data-summary]").forEach((line) => { line.textContent = detail.summary; });
  detail.steps.forEach(show);
  if (detail.hidden) ask(detail);
});
