// A button with data-copy puts that text on the clipboard and says so; it is hidden until this script can.
import { say } from "./words.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  const before = button.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = say("copied");
    setTimeout(() => { button.textContent = before; }, 3000);
  });
}
