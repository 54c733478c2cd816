// Side lists are open where there is room beside the page, and folded on small screens.
const small = matchMedia("(max-width: 62rem)");
const fold = () => document.querySelectorAll("details[data-fold]").forEach((list) => { list.open = !small.matches; });
small.addEventListener("change", fold);
fold();
