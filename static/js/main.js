// One entry for every page. A behaviour is loaded where its data-* attribute stands; without script each page still works.
const behaviours = {
  "[data-until]": "./countdown.js",
  "[data-counter]": "./counter.js",
  "[data-autosave]": "./autosave.js",
  "[data-here]": "./here.js",
  "[data-guard]": "./guard.js",
  "[data-keep]": "./keeping.js",
  "[data-rows]": "./rows.js",
  "[data-apart]": "./apart.js",
  "[data-step]": "./standing.js",
  "[data-marks]": "./marks.js",
  "[data-confirm]": "./confirm.js",
  "[data-schemes]": "./number.js",
  "[data-copy]": "./copy.js",
  "[data-preview]": "./preview.js",
  "[data-fold]": "./fold.js",
  "[data-forget]": "./forget.js",
  "[data-meeting]": "./meeting.js",
  "[data-clock]": "./clock.js",
};

for (const [selector, module] of Object.entries(behaviours)) {
  if (document.querySelector(selector)) import(module);
}

// What was typed in a form saved as a whole, and has now been received, is forgotten by any page it leads to.
if (location.hash === "#saved") import("./keeping.js");

// A page that comes back with errors opens on their summary.
document.querySelector("[data-focus]")?.focus();

// Menus are <details>: Escape and a click elsewhere close them, and one open menu closes the others.
const menus = [...document.querySelectorAll("details[data-menu]")];

for (const menu of menus) {
  menu.addEventListener("toggle", () => {
    if (menu.open) menus.filter((other) => other !== menu).forEach((other) => { other.open = false; });
  });
}

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && menus.find((candidate) => candidate.open);
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  menus.filter((menu) => menu.open && !menu.contains(event.target)).forEach((menu) => { menu.open = false; });
});
