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

  // Readers of the screen hear what is wrong first.
  document.querySelector("[data-focus]")?.focus();
})();
