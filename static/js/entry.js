// The entry page: a word where the live score cannot be had, and a checklist filled from the keyboard.
// Saving by itself is in autosave.js. The page works without any of it.
(() => {
  "use strict";

  const form = document.getElementById("entry-form");
  if (!form) return;
  const note = form.querySelector(".live-note");

  const LATE = 10000; // milliseconds; the answer still counts when it comes
  let late = 0;
  const failed = (yes) => { window.clearTimeout(late); if (note) note.hidden = !yes; };
  document.body.addEventListener("htmx:beforeSend", () => { window.clearTimeout(late); late = window.setTimeout(failed, LATE, true); });
  if (!window.htmx) form.addEventListener("input", () => failed(true)); // it has not come
  document.body.addEventListener("htmx:responseError", () => failed(true));
  document.body.addEventListener("htmx:sendError", () => failed(true));

  // As for a save: the cookie has the token of the last log-in.
  document.body.addEventListener("htmx:configRequest", (event) => {
    window.kpitrackToken?.(form);
    event.detail.parameters.csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
  });

  // Submitting becomes the primary action once nothing is missing.
  document.body.addEventListener("htmx:afterSwap", () => {
    failed(false);
    const submit = form.querySelector("[data-submit]");
    const panel = document.getElementById("score-panel");
    if (!submit || !panel) return;
    const complete = panel.dataset.complete === "1";
    const save = form.querySelector("[data-save]");
    [[submit, complete], [save, !complete]].forEach(([button, primary]) => {
      button.classList.toggle("btn-primary", primary);
      button.classList.toggle("btn-outline-primary", !primary);
    });
  });

  // A checklist is filled from the keyboard: up and down go from box to box, Enter to the next one.
  const boxes = (list) => [...list.querySelectorAll(".check-head input, .check-head select")];
  const step = (list, from, by) => {
    const all = boxes(list);
    const next = all[all.indexOf(from) + by];
    if (!next) return false;
    next.focus();
    if (next.select) next.select();
    return true;
  };
  form.querySelectorAll("[data-arrows]").forEach((list) => list.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (!by || !event.target.matches(".check-head input, .check-head select")) return;
    if (event.target.matches("select") && event.key !== "Enter") return;
    if (step(list, event.target, by) || event.key === "Enter") event.preventDefault();
  }));

  // Full marks at one press.
  form.querySelectorAll("input[data-full]").forEach((box) => {
    const full = document.createElement("button");
    full.type = "button";
    full.className = "full-marks";
    full.textContent = document.getElementById("score-panel").dataset.full;
    full.setAttribute("aria-label", `${full.textContent} ${box.labels[0] ? box.labels[0].innerText : ""}`);
    full.tabIndex = -1;
    full.addEventListener("click", () => {
      box.value = box.dataset.full;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
    box.after(full);
  });
})();
