// What is left of a pitch, by the server's clock: data-ends and data-now are instants, data-left and data-over what to say.
// Each second; each half minute, in whole minutes, for whoever asked for less movement.
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const loaded = Date.now();

function written(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return still ? `${Math.ceil(seconds / 60)} min` : `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

function refresh() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const left = Date.parse(clock.dataset.ends) - Date.parse(clock.dataset.now) - (Date.now() - loaded);
    const text = left > 0 ? clock.dataset.left.replace("{time}", written(left)) : clock.dataset.over;
    if (clock.textContent !== text) clock.textContent = text;
  }
}

refresh();
setInterval(refresh, still ? 30000 : 1000);
