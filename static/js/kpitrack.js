// What the pages add where there is JavaScript; every page works without it.
(() => {
  "use strict";

  const menus = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("click", (event) => {
    menus().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });

  // After a log-in in another tab a page's own token is old; the cookie is not. Only for forms that say who opened
  // them: the server refuses what another person typed.
  window.kpitrackToken = (form) => {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (cookie && form.elements.who) form.elements.csrfmiddlewaretoken.value = cookie[1];
  };

  // What a box holds, and what the server sent with the page, both as text.
  const isTick = (box) => box.type === "checkbox" || box.type === "radio";
  const valueOf = (box) => (isTick(box) ? String(Number(box.checked)) : box.value);

  function savedOf(box) {
    if (isTick(box)) return String(Number(box.defaultChecked));
    if (box.tagName !== "SELECT") return box.defaultValue;
    return ([...box.options].find((option) => option.defaultSelected) || box.options[0] || { value: "" }).value;
  }

  window.kpitrackBox = { isTick, savedOf, valueOf };

  // On a slow network one types before the scripts have come. They hear of it when all of them are there; a text that
  // is still being typed says itself when it is whole.
  const early = new Set();
  const hear = ({ target }) => { if (target.form?.dataset.keep) early.add(target); };
  const isChanged = (box) => "value" in box && !["BUTTON", "OUTPUT"].includes(box.tagName) && box.type !== "hidden" && valueOf(box) !== savedOf(box);
  document.querySelectorAll("form[data-keep]").forEach((form) => [...form.elements].filter(isChanged).forEach((box) => early.add(box)));
  document.addEventListener("input", hear, true);
  document.addEventListener("DOMContentLoaded", () => {
    document.removeEventListener("input", hear, true);
    const isOpen = (box) => box === document.activeElement && !isTick(box) && box.tagName !== "SELECT";
    const tell = (box, type) => box.dispatchEvent(new Event(type, { bubbles: true }));
    early.forEach((box) => { tell(box, "input"); if (!isOpen(box)) tell(box, "change"); });
  });

  // Readers of the screen hear what is wrong first; who types already is left alone.
  if (!isChanged(document.activeElement)) document.querySelector("[data-focus]")?.focus();
})();
