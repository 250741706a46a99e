// Sorts and filters tables of the class "sortable"; without scripts they stay as they are.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const text = (row, column) => row.cells[column].textContent.trim();
  const compare = (a, b) => a.localeCompare(b, undefined, { numeric: true });

  const label = document.createElement("label");
  const input = document.createElement("input");
  const count = document.createElement("output");
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const row of rows) {
      const own = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => own.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = ` ${shown} of ${rows.length}`;
  };
  input.type = "search";
  input.addEventListener("input", show);
  label.className = "filter";
  label.append("Rows with ", input, count);
  table.parentElement.before(label);
  show();

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      rows.sort((a, b) => (falling ? -1 : 1) * compare(text(a, column), text(b, column)));
      body.append(...rows);
    });
  });
}
