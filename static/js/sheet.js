// What a block copied from a spreadsheet says, for grid.js: no page, no network.
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

  window.kpitrackSheet = { parse, tickOf };
})();
