// A press is meant for the button that was there when it began. While a finger or the mouse is down, the box that was
// left is saved, scored or marked, and what comes above the buttons pushes another one under the finger.
(() => {
  "use strict";

  const NEAR = 12; // pixels: farther away one has changed one's mind
  let meant = null;

  const forget = () => { meant = null; };

  document.addEventListener("pointerdown", (event) => {
    const button = event.isPrimary && event.button === 0 ? event.target.closest("button, a.btn") : null;
    meant = button && { button, x: event.clientX, y: event.clientY };
  }, true);
  document.addEventListener("pointercancel", forget, true);
  document.addEventListener("keydown", forget, true);

  document.addEventListener("click", (event) => {
    if (!meant || !event.isTrusted) return;
    const { button, x, y } = meant;
    forget();
    const isAway = Math.hypot(event.clientX - x, event.clientY - y) > NEAR;
    if (isAway || !button.isConnected || button.contains(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    button.click();
  }, true);
})();
