// In what order grid.js goes through the boxes. In a grid all rows have the same items: down is the same column of the
// next row. Where each row has items of its own (one page for the month) the boxes are one list, as one reads them.
(() => {
  "use strict";

  window.kpitrackOrder = (rowsOf, cellsOf, isList) => {
    const rowOf = (cell) => cell.closest(".grid-row");
    const inReading = () => rowsOf().flatMap(cellsOf);
    // What is shown and cannot be typed in keeps its place: the numbers after it must not move up.
    const places = () => rowsOf().flatMap((row) => [...row.querySelectorAll(".month-cell")].map((box) => box.querySelector("[data-code]")));

    function inColumn(cell, step) {
      const rows = rowsOf().filter((row) => cellsOf(row).length);
      const place = cellsOf(rowOf(cell)).indexOf(cell);
      const next = rows[rows.indexOf(rowOf(cell)) + step];
      return next && cellsOf(next)[Math.min(place, cellsOf(next).length - 1)];
    }

    function next(cell, step) {
      if (!isList) return inColumn(cell, step);
      const cells = inReading();
      return cells[cells.indexOf(cell) + step];
    }

    function asRows(start, block) {
      const rows = rowsOf();
      const top = rows.indexOf(rowOf(start));
      const left = cellsOf(rowOf(start)).indexOf(start);
      const cells = (below) => (rows[top + below] ? cellsOf(rows[top + below]) : []);
      return block.flatMap((line, below) => line.map((text, right) => ({ text, cell: cells(below)[left + right] })));
    }

    function asList(start, texts) {
      const all = places();
      return texts.map((text, number) => ({ text, cell: all[all.indexOf(start) + number] }));
    }

    // Where each text of a pasted block goes; no cell for what is beyond the table or cannot be typed in.
    function aims(start, block) {
      const isLine = block.length === 1 || block.every((line) => line.length === 1);
      return isList && isLine ? asList(start, block.flat()) : asRows(start, block);
    }

    return { next, aims };
  };
})();
