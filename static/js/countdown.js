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
    element.textContent = left > 0 ? element.dataset.pattern.replace("%(length)s", length(left)) : say("over");
  }
}

// One's own time, where it differs from the time in Paris: the day, the hour, and the city of the zone.
function ownZone(element) {
  const moment = new Date(element.dataset.zone);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const offset = (timeZone) => moment.toLocaleString("sv", { timeZone });
  if (!here || offset(here) === offset("Europe/Paris")) return;
  const language = document.documentElement.lang;
  const french = language.startsWith("fr");
  const [hour, minute] = moment.toLocaleTimeString("sv", { hour: "2-digit", minute: "2-digit" }).split(":");
  const day = moment.toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  element.textContent = say("zone", {
    day: french ? day.replace(/ 1 /, " 1er ") : day,
    hour: french ? Number(hour) : hour,
    minute,
    city: cityOf(here, moment),
  });
  element.hidden = false;
}

// "America/Port_of_Spain" is named after its city; "Etc/GMT+5" after its offset, written the other way round.
function cityOf(zone, moment) {
  if (zone.includes("/") && !zone.startsWith("Etc/")) return zone.split("/").pop().replaceAll("_", " ");
  const parts = new Intl.DateTimeFormat(document.documentElement.lang, { timeZoneName: "short" }).formatToParts(moment);
  return parts.find((part) => part.type === "timeZoneName").value;
}

document.querySelectorAll("[data-zone]").forEach(ownZone);
if (document.querySelector("[data-until]")) {
  refresh();
  setInterval(refresh, 60000);
}
