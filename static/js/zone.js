// One's own time under a deadline, where it differs from the time in Paris: the day, the hour, and the city of the zone.
// It runs where it stands, while the page is read: what follows is drawn below it, and nothing moves afterwards. In the
// head of a page it watches for such lines instead: the first ones are told before anything of them can be drawn.
{
  // "America/Port_of_Spain" is named after its city; "Etc/GMT+5" after its offset, written the other way round.
  const cityOf = (zone, moment, language) => {
    if (zone.includes("/") && !zone.startsWith("Etc/")) return zone.split("/").pop().replaceAll("_", " ");
    const parts = new Intl.DateTimeFormat(language, { timeZoneName: "short" }).formatToParts(moment);
    return parts.find((part) => part.type === "timeZoneName").value;
  };

  const tell = (line) => {
    if (!line.hidden) return;
    const moment = new Date(line.dataset.zone);
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const offset = (timeZone) => moment.toLocaleString("sv", { timeZone });
    if (!here || offset(here) === offset("Europe/Paris")) return;
    const language = document.documentElement.lang;
    const french = language.startsWith("fr");
    const [hour, minute] = moment.toLocaleTimeString("sv", { hour: "2-digit", minute: "2-digit" }).split(":");
    const day = moment.toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
    const values = {
      day: french ? day.replace(/ 1 /, " 1er ") : day,
      hour: french ? Number(hour) : hour,
      minute,
      city: cityOf(here, moment, language),
    };
    line.textContent = line.dataset.words.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
    line.hidden = false;
  };

  const line = document.currentScript.previousElementSibling;
  if (line?.matches("[data-zone]")) tell(line);
  else {
    const watch = new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const added of addedNodes) if (added.dataset?.zone) tell(added);
    });
    watch.observe(document, { childList: true, subtree: true });
    document.addEventListener("DOMContentLoaded", () => watch.disconnect());
  }
}
