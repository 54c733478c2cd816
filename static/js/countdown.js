// Time left by the server's clock, refreshed each minute: data-until and data-now are instants, data-pattern the sentence.
import { count, say } from "./words.js";

const loaded = Date.now();

function length(milliseconds) {
  const minutes = Math.max(Math.floor(milliseconds / 60000), 0);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  const parts = [];
  if (days) parts.push(count("days", { n: days }));
  if (hours) parts.push(say("hours", { n: hours }));
  if (!days && (minutes % 60 || !hours)) parts.push(say("minutes", { n: minutes % 60 }));
  return parts.join(" ");
}

function refresh() {
  for (const element of document.querySelectorAll("[data-until]")) {
    const now = Date.parse(element.dataset.now) + (Date.now() - loaded);
    const left = Date.parse(element.dataset.until) - now;
    const words = left > 0 ? element.dataset.pattern.replace("%(length)s", length(left)) : say("over");
    // The same words written anew would be laid out anew.
    if (element.textContent !== words) element.textContent = words;
  }
}

refresh();
setInterval(refresh, 60000);
