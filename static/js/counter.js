// Words or characters written so far, under the field they belong to.
import { count } from "./words.js";

for (const counter of document.querySelectorAll("[data-counter]")) {
  const control = counter.closest("[data-field]")?.querySelector("textarea, input");
  if (!control) continue;
  const max = Number(counter.dataset.max);
  const refresh = () => {
    const text = control.value.trim();
    const n = counter.dataset.counter === "words" ? (text ? text.split(/\s+/).length : 0) : [...text].length;
    counter.textContent = count(counter.dataset.counter, { n, max });
    counter.classList.toggle("counter--over", n > max);
  };
  control.addEventListener("input", refresh);
  refresh();
}
