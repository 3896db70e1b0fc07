// Leads to the reasons that came under a line of the dashboard; closed, they give the place back to the level.
(() => {
  "use strict";

  const close = (row) => {
    row.hidden = true;
    row.previousElementSibling?.querySelector(".level-link")?.focus();
  };

  // Who has gone on meanwhile is left alone.
  document.addEventListener("htmx:load", (event) => {
    const here = document.activeElement;
    if (here === document.body || here?.matches(".level-link")) event.detail.elt.querySelector?.(".why-box")?.focus();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-close-row]");
    if (button) close(button.closest("tr"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const row = event.target.closest(".why-row");
    if (row) close(row);
  });
})();
