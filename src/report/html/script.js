// Sorts and filters the codes, and opens their lines. The page says everything without it.
(() => {
  "use strict";
  // Some browsers remember a choice when a page is loaded again.
  document.querySelectorAll("input").forEach((input) => { input.checked = input.defaultChecked; });
  const table = document.getElementById("codes");
  if (!table) return;
  const bodies = Array.from(table.tBodies);
  const heads = Array.from(table.tHead.rows[0].cells);
  const ranks = ["info", "warning", "error"];
  const natural = new Intl.Collator(undefined, { numeric: true });
  const keys = bodies.map((body, order) => {
    const cells = body.rows[0].cells;
    const text = (cell) => cells[cell].textContent.trim();
    const number = (words) => Number(words.replace(/[^0-9].*/, ""));
    return {
      body,
      order,
      severity: ranks.findIndex((rank) => body.classList.contains(rank)),
      columns: [
        number(text(0)),
        ranks.findIndex((rank) => body.classList.contains(rank)),
        text(2),
        number(text(3).replace(/,/g, "")),
        text(4),
        text(5),
        text(6),
      ],
    };
  });
  const compare = (left, right) =>
    typeof left === "number" ? left - right : natural.compare(left, right);

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const first = column === 1 || column === 3 ? "descending" : "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      const way = head.getAttribute("aria-sort") === first ? other : first;
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", way);
      const sign = way === "ascending" ? 1 : -1;
      keys.sort((left, right) =>
        sign * compare(left.columns[column], right.columns[column]) || left.order - right.order);
      table.append(...keys.map((key) => key.body));
    });
  });

  const tools = document.getElementById("tools");
  const filter = document.getElementById("filter");
  const found = document.getElementById("found");
  const boxes = Array.from(tools.querySelectorAll("input[type=checkbox]"));
  const show = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter((word) => word);
    let shown = 0;
    for (const { body, severity } of keys) {
      const isWanted = boxes.some((box) => box.checked && box.value === ranks[severity]);
      const text = isWanted && words.length > 0 ? body.textContent.toLowerCase() : "";
      body.hidden = !isWanted || !words.every((word) => text.includes(word));
      shown += body.hidden ? 0 : 1;
    }
    found.textContent = shown + " / " + bodies.length;
  };
  filter.addEventListener("input", show);
  boxes.forEach((box) => box.addEventListener("change", show));
  show();
  tools.hidden = false;

  const details = Array.from(table.querySelectorAll("details"));
  document.getElementById("open").addEventListener("click", () => {
    const open = !details.every((each) => each.open);
    details.forEach((each) => { each.open = open; });
  });
  window.addEventListener("beforeprint", () => {
    table.querySelectorAll(".fails details").forEach((each) => { each.open = true; });
  });
})();
