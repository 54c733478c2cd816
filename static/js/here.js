// Who else has this application open, and what they saved last: asked for again while the page is looked at. data-here is
// the address, which also tells the server that one is still here. Answered as JSON: {"people": the list as the server
// writes it, "together": who is in the same section, or nothing}. Without an answer, what was known stays.
import { icon } from "./words.js";

const EVERY = 25_000;
const block = document.querySelector("[data-here]");
const line = document.querySelector("[data-together]");

function tell(sentence) {
  if (!line || line.textContent.trim() === sentence) return;
  line.replaceChildren(...(sentence ? [icon("people-fill"), ` ${sentence}`] : []));
}

async function look() {
  if (document.hidden) return;
  const answer = await fetch(block.dataset.here, { headers: { Accept: "application/json" }, redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const { people, together } = await answer.json();
  block.querySelector(".people").outerHTML = people;
  tell(together);
}

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
