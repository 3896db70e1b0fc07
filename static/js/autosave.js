// Drafts of the entry page save themselves: after a pause in typing, and on leaving. The page works without it.
// A save whose answer got lost is sent again word for word before anything newer, so that the server can tell one's
// own save from somebody else's. What was saved is told to keep.js by "keep:saved".
(() => {
  "use strict";

  const form = document.getElementById("entry-form");
  const note = document.getElementById("autosave-note");
  if (!form || !note || !form.dataset.autosave) return;

  const PAUSE = 2000; // milliseconds after the last change
  const AGAIN = [5000, 15000, 30000, 60000]; // before a failed save is tried again
  const PATIENCE = 10000; // how long a button waits for a save that is under way
  const LARGEST = 60000; // characters that a browser still sends while the page goes away
  const STOP = ["conflict", "refused"];
  const text = note.dataset;

  let dirty = document.querySelector(".error-summary, .conflict") !== null;
  let stopped = document.querySelector(".conflict") !== null;
  let wrong = false; // a box cannot be saved as it is
  let away = false; // nobody is logged in
  let unanswered = null; // what was sent without an answer yet
  let underWay = null;
  let failures = 0;
  let timer = 0;
  let submitting = false;

  function tell(sentence, tone = "") {
    note.textContent = sentence;
    note.dataset.tone = tone;
    note.hidden = !sentence;
  }

  function later(delay) {
    window.clearTimeout(timer);
    if (!stopped) timer = window.setTimeout(flush, delay);
  }

  const textOf = (data) => new URLSearchParams(data).toString();

  function flush() {
    if (underWay) return underWay;
    if (stopped || submitting || (!dirty && unanswered === null)) return Promise.resolve();
    window.clearTimeout(timer);
    if (unanswered === null) {
      window.kpitrackToken?.(form); // kpitrack.js, where it has come
      unanswered = new FormData(form);
      dirty = false;
    }
    if (navigator.onLine !== false) tell(text.saving);
    underWay = send(unanswered).finally(() => { underWay = null; if (dirty && !failures && !away) later(PAUSE); });
    return underWay;
  }

  async function send(data) {
    const body = textOf(data);
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        keepalive: body.length < LARGEST,
        signal: window.kpitrackPatience?.(),
      });
      if (response.status >= 500) throw new Error(String(response.status));
      const isJson = (response.headers.get("Content-Type") || "").includes("json");
      take(isJson ? await response.json() : { state: "refused", message: text.stopped, errors: {} }, response.ok && isJson, data);
      failures = 0;
    } catch {
      tell(text.offline, "wait");
      later(AGAIN[Math.min(failures, AGAIN.length - 1)]);
      failures += 1;
    }
  }

  function take(answer, isSaved, sent) {
    unanswered = null;
    mark(answer.errors);
    wrong = Object.keys(answer.errors).length > 0;
    away = answer.state === "login"; // tried again with the next change: perhaps somebody has logged in elsewhere
    if (!isSaved) {
      stopped = STOP.includes(answer.state) && !wrong;
      dirty = dirty || !wrong; // what a box forbids is not sent again before it changes: nobody is at work
      tell(answer.message || text.stopped, "wrong");
      return;
    }
    form.elements.lock.value = answer.lock;
    form.dataset.keepLock = answer.lock;
    if (wrong) tell(text.wrong, "wrong");
    else if (answer.message) tell(answer.message);
    else tell("");
    Object.keys(answer.errors).forEach((id) => sent.delete(boxOf(id)?.name));
    form.dispatchEvent(new CustomEvent("keep:saved", { detail: sent }));
  }

  // Boxes that cannot be saved as they are

  const boxOf = (id) => document.getElementById(id) || document.getElementById(`${id}_0`);

  function mark(errors) {
    form.querySelectorAll(".box-error[id$='_error']").forEach((old) => {
      const id = old.id.slice(0, -"_error".length);
      if (id in errors && old.textContent.trim() === errors[id]) return;
      old.remove();
      boxOf(id)?.removeAttribute("aria-invalid");
      boxOf(id)?.removeAttribute("aria-describedby");
    });
    Object.entries(errors).forEach(([id, sentence]) => {
      const box = boxOf(id);
      if (!box || document.getElementById(`${id}_error`)) return;
      const told = Object.assign(document.createElement("div"), { className: "box-error", id: `${id}_error`, textContent: sentence });
      (box.closest(".box-line, .check-head, .form-check") || box).after(told);
      box.setAttribute("aria-invalid", "true");
      box.setAttribute("aria-describedby", told.id);
    });
  }

  // When

  form.addEventListener("input", () => { dirty = true; later(failures ? AGAIN[0] : PAUSE); });
  form.addEventListener("change", () => { dirty = true; later(failures ? AGAIN[0] : PAUSE); });
  window.addEventListener("online", () => { failures = 0; flush(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  window.addEventListener("pagehide", () => { flush(); });
  // The page comes back as it was left, with an old save count: what it left with is sent again.
  window.addEventListener("pageshow", (event) => { submitting = false; if (event.persisted) { dirty = true; flush(); } });

  window.addEventListener("beforeunload", (event) => {
    if (submitting) return;
    if (dirty && !underWay && !stopped && !wrong && !failures && !away) flush();
    else if (dirty || wrong || unanswered !== null) event.preventDefault();
  });

  // In a conflict theirs was chosen: nothing is left to be asked about.
  document.querySelector("[data-keep-drop]")?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    submitting = true;
    window.setTimeout(() => { submitting = false; }, 8000);
  });

  // A button waits for a save that is under way, and for the answer to one that got lost: they have the save count.
  form.addEventListener("submit", (event) => {
    if (submitting) { event.preventDefault(); return; }
    window.clearTimeout(timer);
    if (underWay || (unanswered !== null && !stopped)) {
      event.preventDefault();
      const { submitter } = event;
      const waited = new Promise((done) => { window.setTimeout(done, PATIENCE); });
      Promise.race([flush(), waited]).then(() => { unanswered = null; underWay = null; form.requestSubmit(submitter); });
      return;
    }
    submitting = true;
    // A connection that breaks leaves the page where it is; then the button must work again.
    window.setTimeout(() => { submitting = false; }, 8000);
  });
})();
