// The grid: moving between cells as in a spreadsheet, pasting blocks, and saving every row by itself.
// The page works without any of it: then it is one form with one button.
(() => {
  "use strict";

  const form = document.getElementById("grid-form");
  if (!form || !window.kpitrackSheet || !window.kpitrackOrder) return;

  const say = form.dataset;
  const { parse, put, tickOf } = window.kpitrackSheet; // sheet.js
  const told = form.querySelector(".grid-told");
  const aside = form.querySelector(".grid-aside");
  const where = form.querySelector(".grid-where");
  const summary = document.getElementById("grid-summary");
  const WAIT = 150; // milliseconds after the last change of a row
  const AGAIN = 10000; // milliseconds before a failed save is tried again
  const PATIENCE = 10000; // how long a button waits for a row that is under way
  const pending = new Map(); // row key: whether one's own numbers were chosen in a conflict
  const WHY = { 401: say.away, 403: say.away, 404: say.gone }; // by the status of the answer
  let underWay = null; // rows that are being saved
  let leaving = 0; // the form goes, and takes with it what is left
  let retry = 0;
  let editing = false; // the caret moves inside the cell, not the focus between cells

  // Cells and rows

  const rowsOf = () => [...form.querySelectorAll(".grid-row")];
  const cellsOf = (row) => [...row.querySelectorAll("[data-code]")];
  const rowOf = (cell) => cell.closest(".grid-row");
  const markOf = (cell) => cell.closest(".grid-cell");
  const typed = (cell) => (cell.type === "checkbox" ? (cell.checked ? "1" : "0") : cell.value);
  const wasOf = (row) => new URLSearchParams(row.querySelector("[data-was]").value);
  const isWhole = (cell) => cell.type === "text" && cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  const order = window.kpitrackOrder(rowsOf, cellsOf, "listed" in say); // order.js
  const commentsOf = (row) => [...row.querySelectorAll("[data-comment]")];
  // A comment that is being written is not sent yet.
  const written = (row) => commentsOf(row).filter((box) => box.value.trim() !== "" && box !== document.activeElement);

  function touched(cell) {
    const before = wasOf(rowOf(cell)).get(cell.dataset.code) ?? "";
    if (cell.type === "checkbox" && !before) return cell.checked;
    return typed(cell).trim() !== before;
  }

  function mark(cell, state, error = "") {
    const box = markOf(cell);
    box.dataset.state = state;
    box.querySelector(".box-error")?.remove();
    cell.removeAttribute("aria-invalid");
    cell.removeAttribute("aria-describedby");
    if (!error) return;
    const text = Object.assign(document.createElement("span"), { className: "box-error", id: `${cell.id}-error`, textContent: error });
    box.append(text);
    cell.setAttribute("aria-invalid", "true");
    cell.setAttribute("aria-describedby", text.id);
  }

  // What is saved, as keep.js asks for it: all else is kept in the browser until the server has it.
  function setSaved(cell, text) {
    if (cell.type === "checkbox") cell.defaultChecked = text === "1";
    else if (cell.tagName === "SELECT") [...cell.options].forEach((option) => { option.defaultSelected = option.value === text; });
    else cell.defaultValue = text;
  }

  const keep = () => form.dispatchEvent(new Event("keep:look"));

  function settle(row) {
    const was = row.querySelector("[data-was]") ? wasOf(row) : new URLSearchParams();
    cellsOf(row).forEach((cell) => {
      const typedNow = typed(cell);
      setSaved(cell, was.get(cell.dataset.code) ?? "");
      put(cell, typedNow); // a default that changes takes an untouched box along
    });
  }

  // Saving

  function tell(text, again = false) {
    told.textContent = text;
    if (!again) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-link", textContent: say.retry });
    button.addEventListener("click", flush);
    told.append(" ", button);
  }

  function queue(row, overwrite = false) {
    const key = row.dataset.key;
    pending.set(key, overwrite || pending.get(key) || false);
    tell(say.saving);
    window.clearTimeout(retry);
    retry = window.setTimeout(flush, WAIT);
  }

  function flush() {
    if (underWay || leaving) return;
    const rows = sendAll().finally(() => { if (underWay === rows) underWay = null; });
    underWay = rows;
  }

  async function sendAll() {
    window.clearTimeout(retry);
    while (pending.size && !leaving) {
      const [key, overwrite] = pending.entries().next().value;
      pending.delete(key);
      if (await send(document.getElementById(`row-${key}`), overwrite)) continue;
      pending.set(key, overwrite || pending.get(key) || false);
      retry = window.setTimeout(flush, AGAIN);
      return;
    }
    const wrong = form.querySelector('[data-state="invalid"], [data-state="conflict"], [data-state="failed"]');
    if (!leaving) tell(wrong ? say.wrong : say.saved);
  }

  async function send(row, overwrite) {
    const cells = cellsOf(row).filter(touched);
    if (!cells.length && !written(row).length) return true;
    const data = dataOf(row, overwrite);
    const sent = new Map(cellsOf(row).map((cell) => [cell, typed(cell)]));
    const said = new Map(written(row).map((box) => [box.name, box.value]));
    cells.forEach((cell) => mark(cell, "saving"));
    tell(say.saving);
    try {
      const response = await fetch(say.rowUrl, { method: "POST", body: data, headers: { "X-CSRFToken": token() }, signal: window.kpitrackPatience?.() });
      if (!response.ok) throw new Error(String(response.status));
      take(row, await response.json(), sent, said);
      return true;
    } catch (error) {
      cells.forEach((cell) => mark(cell, "failed"));
      keep();
      tell([WHY[error.message] || say.failed, form.dataset.keeps ? say.kept : ""].join(" "), true);
      return false;
    }
  }

  function dataOf(row, overwrite) {
    const data = new FormData();
    data.append("row", row.dataset.key);
    if (overwrite) data.append("mine", row.dataset.key);
    data.append("who", form.elements.who.value);
    row.querySelectorAll("input, select").forEach((box) => {
      if (box.type !== "checkbox" || box.checked) data.append(box.name, box.value);
    });
    written(row).forEach((box) => data.append(box.name, box.value));
    return data;
  }

  // After a log-in in another tab the page's own token is old; the cookie is not.
  function token() {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  function take(row, answer, sent, said) {
    // What was typed while the answer was on its way stays, and is saved next.
    const newer = cellsOf(row).filter((cell) => typed(cell) !== sent.get(cell));
    const chosen = cellsOf(row).find((cell) => cell === document.activeElement && isWhole(cell));
    const before = wasOf(row);
    row.querySelector("[data-lock]").value = answer.lock;
    row.querySelector("[data-was]").value = answer.was;
    row.querySelector("[data-theirs]").value = answer.theirs;
    cellsOf(row).forEach((cell) => takeCell(cell, answer.cells[cell.dataset.code], before, newer.includes(cell)));
    row.querySelectorAll(".grid-out").forEach((out) => out.remove());
    row.querySelector(".grid-open").insertAdjacentHTML("beforebegin", answer.outcome);
    const more = takeNotes(row, answer.notes, said);
    settle(row);
    chosen?.select();
    keep();
    showTrouble(row, answer.trouble);
    if (answer.summary) summary.textContent = answer.summary;
    if (newer.length || more) queue(row);
  }

  // The boxes for comments come and go with the numbers; the one that is typed in stays as it is, with its caret.
  function takeNotes(row, html, said) {
    const before = new Map(commentsOf(row).map((box) => [box.name, box]));
    const here = document.activeElement;
    row.querySelector("[data-notes]").innerHTML = html;
    let more = false;
    commentsOf(row).forEach((box) => {
      const old = before.get(box.name);
      if (!old) return;
      before.delete(box.name);
      if (old.value !== said.get(box.name)) { box.value = old.value; more ||= old !== here && old.value.trim() !== ""; }
      if (old !== here) return;
      box.focus();
      box.setSelectionRange(old.selectionStart, old.selectionEnd);
    });
    // What was saved has no box any more, and need not be kept.
    const taken = [...before.values()].filter((old) => old.value === said.get(old.name)).map((old) => old.name);
    form.dispatchEvent(new CustomEvent("keep:taken", { detail: taken }));
    return more;
  }

  function takeCell(cell, answer, before, isNewer) {
    const own = (before.get(cell.dataset.code) ?? "") !== typed(cell).trim();
    if (isNewer) { mark(cell, "saving"); return; }
    if (["invalid", "conflict", "failed"].includes(answer.state)) { mark(cell, answer.state, answer.error); return; }
    const changed = typed(cell) !== answer.text && !(cell.type === "checkbox" && answer.text === "");
    if (changed) put(cell, answer.text);
    mark(cell, answer.state || (changed && !own ? "theirs" : ""));
  }

  function showTrouble(row, html) {
    row.parentElement.querySelector(`[data-trouble="${row.dataset.key}"]`)?.remove();
    if (!html) return;
    const line = document.createElement("tr");
    line.className = "grid-trouble";
    line.dataset.trouble = row.dataset.key;
    const cell = line.insertCell();
    cell.colSpan = row.closest("table").tHead.rows[0].cells.length;
    cell.innerHTML = html;
    row.after(line);
  }

  // Somebody else was quicker: theirs or mine.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=mine], button[name=theirs]");
    if (!button) return;
    event.preventDefault();
    const row = document.getElementById(`row-${button.value}`);
    const clashes = cellsOf(row).filter((cell) => markOf(cell).dataset.state === "conflict");
    if (button.name === "theirs") {
      takeTheirs(row, clashes);
      keep();
      tell(say.saved);
    } else {
      queue(row, true);
    }
    showTrouble(row, "");
    clashes[0]?.focus();
  });

  // From now on theirs is what is saved.
  function takeTheirs(row, clashes) {
    const [was, box] = [wasOf(row), row.querySelector("[data-theirs]")];
    const theirs = new URLSearchParams(box.value);
    clashes.forEach((cell) => {
      const text = theirs.get(cell.dataset.code) ?? "";
      was.set(cell.dataset.code, text);
      put(cell, text);
      mark(cell, "saved");
    });
    row.querySelector("[data-was]").value = was.toString();
    box.value = "";
    settle(row);
  }

  form.addEventListener("change", (event) => { if (event.target.dataset.code) queue(rowOf(event.target)); });

  form.addEventListener("focusout", (event) => {
    if ("comment" in event.target.dataset && event.target.isConnected && event.target.value.trim()) queue(rowOf(event.target));
  });

  // What is left goes with the form; a row that is under way comes first, for its answer has the save count.
  form.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (submitter?.value === "save") {
      event.preventDefault();
      rowsOf().filter((row) => row.querySelector("[data-was]")).forEach(({ dataset }) => pending.set(dataset.key, pending.get(dataset.key) || false));
      flush();
      return;
    }
    if (underWay) event.preventDefault();
    if (underWay && leaving) return;
    if (underWay) Promise.race([underWay, new Promise((done) => { window.setTimeout(done, PATIENCE); })]).then(() => { underWay = null; form.requestSubmit(submitter); });
    window.clearTimeout(leaving);
    leaving = window.setTimeout(stay, underWay ? 2 * PATIENCE : 8000);
  });

  // The way may be barred.
  function stay() {
    window.clearTimeout(leaving);
    leaving = 0;
    if (pending.size) flush();
  }

  window.addEventListener("pageshow", (event) => { if (event.persisted) stay(); });

  const isOpen = (row) => row.querySelector("[data-was]") && (cellsOf(row).some(touched) || commentsOf(row).some((box) => box.value.trim()));
  const unsaved = () => underWay || pending.size > 0 || rowsOf().some(isOpen);
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && unsaved()) event.preventDefault();
  });
  window.addEventListener("online", () => { if (pending.size) flush(); });

  // The keyboard

  function focus(cell) {
    if (!cell) return;
    cell.focus();
    cell.select?.();
    editing = false;
    cell.scrollIntoView({ block: "nearest" });
  }

  function across(cell, step) {
    const cells = cellsOf(rowOf(cell));
    focus(cells[cells.indexOf(cell) + step]);
  }

  // After the last box there is none: it stays, saved and chosen whole, so that what is typed next replaces it.
  function down(cell, step) {
    const next = order.next(cell, step);
    if (!next && touched(cell)) queue(rowOf(cell));
    focus(next || cell);
  }

  function toEnd(cell, last, whole) {
    const rows = rowsOf().filter((row) => cellsOf(row).length);
    const row = whole ? rows.at(last ? -1 : 0) : rowOf(cell);
    focus(cellsOf(row).at(last ? -1 : 0));
  }

  function atEdge(cell, toRight) {
    if (cell.type !== "text" || !editing) return true;
    return isWhole(cell) || (toRight ? cell.selectionStart === cell.value.length : cell.selectionEnd === 0);
  }

  const MOVES = {
    ArrowUp: (cell) => down(cell, -1),
    ArrowDown: (cell) => down(cell, 1),
    ArrowLeft: (cell) => across(cell, -1),
    ArrowRight: (cell) => across(cell, 1),
    Enter: (cell, event) => down(cell, event.shiftKey ? -1 : 1),
    Home: (cell, event) => toEnd(cell, false, event.ctrlKey),
    End: (cell, event) => toEnd(cell, true, event.ctrlKey),
  };

  function stays(cell, event) {
    const isArrow = event.key.startsWith("Arrow");
    // The arrows choose only in a list that was opened: else one would change what one merely passes.
    if (cell.tagName === "SELECT") return editing && event.key !== "Enter" && !event.ctrlKey;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") return !atEdge(cell, event.key === "ArrowRight");
    return !isArrow && event.key !== "Enter" && editing && !event.ctrlKey;
  }

  form.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.dataset.code || event.metaKey) return;
    const opens = cell.tagName === "SELECT" && (event.key === " " || (event.altKey && event.key.startsWith("Arrow")));
    if (opens) editing = true;
    if (event.altKey) return;
    if (event.key === "Escape") { put(cell, wasOf(rowOf(cell)).get(cell.dataset.code) ?? ""); keep(); cell.select?.(); editing = false; return; }
    if (event.key === "F2") { editing = true; cell.setSelectionRange?.(cell.value.length, cell.value.length); return; }
    if (event.key in MOVES && !stays(cell, event)) {
      event.preventDefault();
      MOVES[event.key](cell, event);
    }
  });
  form.addEventListener("input", (event) => { aside.hidden = true; editing = event.target.tagName !== "SELECT"; });
  form.addEventListener("mousedown", () => { editing = true; });

  rowsOf().forEach(settle);
  // What the cell is, as the line above a spreadsheet says it.
  form.addEventListener("focusin", (event) => {
    if (!event.target.dataset.code) return;
    where.textContent = event.target.getAttribute("aria-label");
  });

  // Pasting a block: tabs between cells, line breaks between rows, from the focused cell on.

  function paste(start, block) {
    const filled = [];
    let skipped = 0; // beyond the table
    let strange = 0; // no tick and no other word for it
    order.aims(start, block).forEach(({ cell, text }) => {
      if (!cell) { skipped += text.trim() ? 1 : 0; return; }
      const meant = cell.type === "checkbox" ? tickOf(text.trim()) : text.trim();
      if (meant === null) { strange += 1; return; }
      put(cell, meant);
      filled.push(cell);
    });
    new Set(filled.map(rowOf)).forEach((row) => queue(row));
    keep();
    report(start, filled, skipped, strange);
  }

  // It stays to be read while the cells are saved.
  function report(start, filled, skipped, strange) {
    const last = filled.at(-1);
    const until = "listed" in say && last && rowOf(last) !== rowOf(start) ? say.until.replace("#", () => last.dataset.keepLabel) : "";
    const parts = [say.pasted.replace("#", filled.length), until, skipped ? say.skipped.replace("#", skipped) : "", strange ? say.strange.replace("#", strange) : ""];
    aside.textContent = parts.filter(Boolean).join(" ");
    aside.hidden = !skipped && !strange && !until;
  }

  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-code]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !text) return;
    if (cell.type === "text" && !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    paste(cell, parse(text));
  });
})();
