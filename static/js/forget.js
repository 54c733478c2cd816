// At sign-out, nothing that was typed stays on this device.
import { forgetAll } from "./kept.js";

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-forget]")) forgetAll();
});
