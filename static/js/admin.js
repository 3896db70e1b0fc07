/* Django's admin names its boxes for whoever sees them. Here they are named for whoever hears them too:
   the boxes of a table by the head of their column, those that look a thing up by their label. */
"use strict";
(() => {
  const text = (element) => (element ? element.textContent.trim().replace(/[:?]$/, "") : "");

  const headOf = (box) => {
    const cell = box.closest("td");
    const table = box.closest("table");
    if (!cell || !table) return "";
    const name = [...cell.classList].find((one) => one.startsWith("field-"));
    if (name) return text(table.querySelector(`th.column-${CSS.escape(name.slice("field-".length))}`));
    return cell.classList.contains("delete") ? text(table.querySelector("thead th:last-child")) : "";
  };

  const nameOf = (box) => text(box.labels && box.labels[0]) || headOf(box);

  const nameAll = () => {
    for (const box of document.querySelectorAll("#content input:not([type=hidden]), #content select, #content textarea")) {
      if (!(box.labels && box.labels.length) && !box.hasAttribute("aria-label") && nameOf(box)) {
        box.setAttribute("aria-label", nameOf(box));
      }
      if (!box.classList.contains("select2-hidden-accessible")) continue;
      for (const part of box.parentElement.querySelectorAll(".select2-selection[role], .select2-selection__rendered")) {
        const shown = part.querySelector(".select2-selection__rendered") || part;
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", [nameOf(box), text(shown).replace(/^×/, "")].filter(Boolean).join(": "));
      }
    }
    for (const head of document.querySelectorAll("#content thead th")) {
      if (head.textContent.trim()) continue;
      const cell = document.createElement("td");
      cell.className = head.className;
      cell.colSpan = head.colSpan;
      head.replaceWith(cell);
    }
    for (const hint of document.querySelectorAll("span.help-tooltip[aria-label]")) hint.setAttribute("role", "img");
    document.documentElement.dataset.named = "1";
  };

  const soon = () => setTimeout(nameAll);
  addEventListener("load", soon); // after Django's own scripts
  document.addEventListener("formset:added", soon);
  document.addEventListener("change", soon, true); // another thing was looked up
})();
