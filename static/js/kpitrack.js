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

  // An answer that does not come is not waited for until the browser gives up, minutes later.
  window.kpitrackPatience = () => {
    const waiting = new AbortController();
    window.setTimeout(() => waiting.abort(), 30000);
    return waiting.signal;
  };

  // A form is on its way: another press sends nothing twice. The way may be barred; then the buttons work again.
  let onItsWay = 0;
  const arrive = () => { window.clearTimeout(onItsWay); onItsWay = 0; };
  window.addEventListener("pageshow", (event) => { if (event.persisted) arrive(); });
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post" || event.submitter?.formMethod === "dialog") return;
    if (onItsWay) event.preventDefault(); else onItsWay = window.setTimeout(arrive, 8000);
  });

  // What htmx fetches is a part of the page. Where it cannot be had, or a log-in page comes instead, its link leads on.
  const follow = ({ detail }) => { if (detail.elt.matches("a[href]")) window.location.assign(detail.elt.href); };
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => document.addEventListener(name, follow));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const pathOf = (address) => new URL(address, document.baseURI).pathname;
    if (pathOf(detail.xhr.responseURL) === pathOf(detail.pathInfo.finalRequestPath)) return;
    detail.shouldSwap = false;
    follow({ detail: detail.requestConfig });
  });

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

  // A page that comes back as it was left is not for who has logged out meanwhile, nor for another person.
  window.addEventListener("pageshow", async ({ persisted }) => {
    if (!persisted || [...document.forms].some((form) => form.method === "post" && [...form.elements].some(isChanged))) return;
    const answer = await fetch(window.location.href, { method: "HEAD" }).catch(() => null);
    if (answer && (answer.redirected || [401, 403, 404].includes(answer.status))) window.location.replace(answer.url);
  });

  // Readers of the screen hear what is wrong first; who types already is left alone.
  if (!isChanged(document.activeElement)) document.querySelector("[data-focus]")?.focus();
})();
