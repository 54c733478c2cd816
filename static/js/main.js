// One entry for every page. A behaviour is loaded where its data-* attribute stands; without script each page still works.
const behaviours = {
  "[data-menu]": "./menu.js",
  "[data-until], [data-zone]": "./countdown.js",
  "[data-counter]": "./counter.js",
  "[data-autosave]": "./autosave.js",
  "[data-guard]": "./guard.js",
  "[data-step]": "./standing.js",
  "[data-marks]": "./marks.js",
  "[data-confirm]": "./confirm.js",
  "[data-schemes]": "./number.js",
  "[data-copy]": "./copy.js",
  "[data-preview]": "./preview.js",
  "[data-fold]": "./fold.js",
};

for (const [selector, module] of Object.entries(behaviours)) {
  if (document.querySelector(selector)) import(module);
}

// A page that comes back with errors opens on their summary.
document.querySelector("[data-focus]")?.focus();
