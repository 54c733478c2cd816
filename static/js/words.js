// The sentences scripts say, written by the server in the page's language (templates/components/chrome/words.html).
const words = document.getElementById("words")?.dataset ?? {};

export function say(name, values = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

const language = document.documentElement.lang || "fr";
const plurals = new Intl.PluralRules(language);
const figures = new Intl.NumberFormat(language);

// The same for a sentence that counts n: its "one" and "other" are two attributes, its numbers written as people do.
export function count(name, values) {
  const form = plurals.select(values.n) === "one" ? "One" : "Other";
  const written = Object.entries(values).map(([key, value]) => [key, figures.format(value)]);
  return say(`${name}${form}`, Object.fromEntries(written));
}

const sprite = document.querySelector("svg.i use")?.getAttribute("href").split("#")[0] ?? "";

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#i-${name}`);
  svg.append(use);
  return svg;
}

// The line that tells whether something is saved: kind is "ok", "wait" or "stop".
export function status(line, kind, text) {
  const shape = { ok: "check-circle-fill", wait: "arrow-repeat", stop: "exclamation-circle-fill" }[kind];
  line.className = kind === "ok" ? "save" : `save save--${kind}`;
  line.replaceChildren(icon(shape), ` ${text}`);
}

// The line of a field that does.
export function lineOf(box) {
  let line = box.querySelector("[data-save]");
  if (line) return line;
  let foot = box.querySelector(".field__foot");
  if (!foot) {
    foot = document.createElement("div");
    foot.className = "field__foot";
    box.append(foot);
  }
  line = document.createElement("p");
  line.dataset.save = "";
  line.setAttribute("role", "status");
  foot.prepend(line);
  return line;
}
