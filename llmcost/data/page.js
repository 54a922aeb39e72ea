"use strict";
for (const table of document.querySelectorAll("table.sort")) {
  const body = table.tBodies[0];
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v ?? cell.textContent;
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (body.rows.length < 2) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      const numbers = head.classList.contains("by-number");
      const rows = [...body.rows].map((row) => {
        const text = key(row, column);
        return { row, unknown: text === "", value: numbers && text !== "" ? Number(text) : text };
      });
      rows.sort((a, b) => {
        if (a.unknown || b.unknown) return a.unknown - b.unknown;
        return (a.value < b.value ? -1 : a.value > b.value ? 1 : 0) * (down ? -1 : 1);
      });
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      body.append(...rows.map((x) => x.row));
    });
  });
}
