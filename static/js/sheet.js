// What a block copied from a spreadsheet says, and how a box takes it, for grid.js: no network.
(() => {
  "use strict";

  // Tabs between cells, line breaks between rows; a cell with either stands in quotes.
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

  // The words of indicators/grids/cells.py; null for another one.
  function tickOf(text) {
    if (/^(1|๑|true|yes|y|x|✓|✔|ใช่|ทำแล้ว|ผ่าน)$/i.test(text)) return "1";
    return /^(|0|๐|false|no|n|-|ไม่|ไม่ใช่|ยังไม่ทำ|ไม่ผ่าน)$/i.test(text) ? "0" : null;
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

  function put(cell, text) {
    if (cell.type === "checkbox") cell.checked = text === "1";
    else if (cell.tagName === "SELECT") choose(cell, text);
    else cell.value = text;
  }

  window.kpitrackSheet = { parse, put, tickOf };
})();
