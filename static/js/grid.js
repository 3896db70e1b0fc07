// The grid: moving between cells as in a spreadsheet, pasting blocks, and saving every row by itself.
// The page works without any of it: then it is one form with one button.
(() => {
  "use strict";

  const form = document.getElementById("grid-form");
  if (!form) return;

  const say = form.dataset;
  const told = form.querySelector(".grid-told");
  const where = form.querySelector(".grid-where");
  const summary = document.getElementById("grid-summary");
  const WAIT = 150; // milliseconds after the last change of a row
  const AGAIN = 10000; // milliseconds before a failed save is tried again
  const pending = new Map(); // row key: codes to overwrite
  let running = false;
  let leaving = false;
  let retry = 0;
  let editing = false; // the caret moves inside the cell, not the focus between cells

  // Cells and rows

  const rowsOf = () => [...form.querySelectorAll(".grid-row")];
  const cellsOf = (row) => [...row.querySelectorAll("[data-code]")];
  const rowOf = (cell) => cell.closest(".grid-row");
  const markOf = (cell) => cell.closest(".grid-cell");
  const typed = (cell) => (cell.type === "checkbox" ? (cell.checked ? "1" : "0") : cell.value);
  const wasOf = (row) => new URLSearchParams(row.querySelector("[data-was]").value);

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

  function put(cell, text) {
    if (cell.type === "checkbox") cell.checked = text === "1";
    else if (cell.tagName === "SELECT") choose(cell, text);
    else cell.value = text;
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

  // A word that is none of the choices stays in the box, and the server says what is wrong with it.
  function choose(select, text) {
    const plain = text.trim().toLowerCase();
    select.querySelector("[data-strange]")?.remove();
    const points = (option) => (option.text.match(/\(([^)]*)\)$/) || [])[1];
    const fits = (option) => [option.value, option.text, points(option)].some((each) => (each ?? "").toLowerCase() === plain);
    const found = plain ? [...select.options].find(fits) : select.options[0];
    if (found) { select.value = found.value; return; }
    const strange = new Option(text, text, true, true);
    strange.dataset.strange = "";
    select.add(strange);
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
    window.clearTimeout(retry);
    retry = window.setTimeout(flush, WAIT);
  }

  async function flush() {
    if (running) return;
    running = true;
    window.clearTimeout(retry);
    for (const [key, overwrite] of [...pending]) {
      pending.delete(key);
      const row = document.getElementById(`row-${key}`);
      if (!(await send(row, overwrite))) {
        pending.set(key, overwrite);
        retry = window.setTimeout(flush, AGAIN);
        running = false;
        return;
      }
    }
    running = false;
    if (pending.size) { flush(); return; }
    const wrong = form.querySelector('[data-state="invalid"], [data-state="conflict"], [data-state="failed"]');
    tell(wrong ? say.wrong : say.saved);
  }

  async function send(row, overwrite) {
    const cells = cellsOf(row).filter(touched);
    if (!cells.length) return true;
    const data = dataOf(row, overwrite);
    const sent = new Map(cellsOf(row).map((cell) => [cell, typed(cell)]));
    cells.forEach((cell) => mark(cell, "saving"));
    tell(say.saving);
    try {
      const response = await fetch(say.rowUrl, { method: "POST", body: data, headers: { "X-CSRFToken": token() } });
      if (!response.ok) throw new Error(String(response.status));
      take(row, await response.json(), sent);
      return true;
    } catch (error) {
      cells.forEach((cell) => mark(cell, "failed"));
      keep();
      const away = ["401", "403", "404"].includes(error.message) ? say.away : say.failed;
      tell([away, form.dataset.keeps ? say.kept : ""].join(" "), true);
      return false;
    }
  }

  function dataOf(row, overwrite) {
    const data = new FormData();
    data.append("row", row.dataset.key);
    if (overwrite) data.append("mine", row.dataset.key);
    data.append("who", say.who);
    row.querySelectorAll("input, select").forEach((box) => {
      if (box.type !== "checkbox" || box.checked) data.append(box.name, box.value);
    });
    return data;
  }

  // After a log-in in another tab the page's own token is old; the cookie is not.
  function token() {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  function take(row, answer, sent) {
    // What was typed while the answer was on its way stays, and is saved next.
    const newer = cellsOf(row).filter((cell) => typed(cell) !== sent.get(cell));
    const before = wasOf(row);
    row.querySelector("[data-lock]").value = answer.lock;
    row.querySelector("[data-was]").value = answer.was;
    cellsOf(row).forEach((cell) => takeCell(cell, answer.cells[cell.dataset.code], before, newer.includes(cell)));
    row.querySelectorAll(".grid-out").forEach((out) => out.remove());
    row.querySelector(".grid-open").insertAdjacentHTML("beforebegin", answer.outcome);
    const notes = row.querySelector("[data-notes]");
    if (notes) notes.innerHTML = answer.notes;
    settle(row);
    keep();
    showTrouble(row, answer.trouble);
    if (answer.summary) summary.textContent = answer.summary;
    if (newer.length) queue(row);
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
      const saved = wasOf(row);
      clashes.forEach((cell) => { put(cell, saved.get(cell.dataset.code) ?? ""); mark(cell, "saved"); });
      keep();
      tell(say.saved);
    } else {
      queue(row, true);
    }
    showTrouble(row, "");
    clashes[0]?.focus();
  });

  form.addEventListener("change", (event) => {
    if (event.target.dataset.code) queue(rowOf(event.target));
  });

  // With nothing left to save, the form goes as it is; else what is left goes with it.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("data-save")) {
      event.preventDefault();
      rowsOf().filter((row) => row.querySelector("[data-was]")).forEach((row) => pending.set(row.dataset.key, false));
      flush();
      return;
    }
    leaving = true;
    window.setTimeout(() => { leaving = false; }, 8000);
  });

  const unsaved = () => running || pending.size > 0 || rowsOf().some((row) => row.querySelector("[data-was]") && cellsOf(row).some(touched));
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

  function down(cell, step) {
    const rows = rowsOf().filter((row) => cellsOf(row).length);
    const place = cellsOf(rowOf(cell)).indexOf(cell);
    const next = rows[rows.indexOf(rowOf(cell)) + step];
    if (next) focus(cellsOf(next)[Math.min(place, cellsOf(next).length - 1)]);
  }

  function toEnd(cell, last, whole) {
    const rows = rowsOf().filter((row) => cellsOf(row).length);
    const row = whole ? rows.at(last ? -1 : 0) : rowOf(cell);
    focus(cellsOf(row).at(last ? -1 : 0));
  }

  function atEdge(cell, toRight) {
    if (cell.type !== "text" || !editing) return true;
    const all = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    return all || (toRight ? cell.selectionStart === cell.value.length : cell.selectionEnd === 0);
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
  form.addEventListener("input", (event) => { editing = event.target.tagName !== "SELECT"; });
  form.addEventListener("mousedown", () => { editing = true; });

  rowsOf().forEach(settle);

  // What the cell is, as the line above a spreadsheet says it.
  form.addEventListener("focusin", (event) => {
    if (!event.target.dataset.code) return;
    where.textContent = event.target.getAttribute("aria-label");
  });

  // Pasting a block: tabs between cells, line breaks between rows, from the focused cell on.

  function parse(text) {
    const rows = [[""]];
    let quoted = false;
    for (let place = 0; place < text.length; place += 1) {
      const sign = text[place];
      const line = rows.at(-1);
      if (quoted && sign === '"' && text[place + 1] === '"') { line[line.length - 1] += sign; place += 1; }
      else if (sign === '"' && (quoted || line.at(-1) === "")) quoted = !quoted;
      else if (sign === "\t" && !quoted) line.push("");
      else if (sign === "\n" && !quoted) rows.push([""]);
      else if (sign !== "\r") line[line.length - 1] += sign;
    }
    if (rows.length > 1 && rows.at(-1).join("") === "") rows.pop();
    return rows;
  }

  function paste(start, block) {
    const rows = rowsOf();
    const top = rows.indexOf(rowOf(start));
    const left = cellsOf(rowOf(start)).indexOf(start);
    let done = 0;
    let skipped = 0;
    block.forEach((line, below) => {
      const row = rows[top + below];
      const cells = row ? cellsOf(row) : [];
      line.forEach((text, right) => {
        const cell = cells[left + right];
        if (!cell) { skipped += text.trim() ? 1 : 0; return; }
        put(cell, cell.type === "checkbox" ? String(Number(/^(1|๑|x|✓|✔|true|yes|ใช่|ทำแล้ว)$/i.test(text.trim()))) : text.trim());
        done += 1;
      });
      if (cells.length) queue(row);
    });
    keep();
    tell([say.pasted.replace("#", done), skipped ? say.skipped.replace("#", skipped) : ""].join(" "));
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
