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
