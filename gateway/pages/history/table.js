/** The numbers of a plot as a table, made when somebody opens it: a long one is thousands of cells. */

export class NumbersTable {
  #details;
  #caption = "";
  /** @type {string[]} */ #head = [];
  /** @type {() => string[][]} */ #rows = () => [];

  /** @param {HTMLDetailsElement} details with a table in it */
  constructor(details) {
    this.#details = details;
    details.addEventListener("toggle", () => this.#fill());
  }

  /** @param {string} caption @param {string[]} head @param {() => string[][]} rows the first cell of each is its head */
  show(caption, head, rows) {
    [this.#caption, this.#head, this.#rows] = [caption, head, rows];
    this.#fill();
  }

  #fill() {
    if (this.#details.open) fillTable(this.#details.querySelector("table"), this.#caption, this.#head, this.#rows());
  }
}

/** @param {HTMLTableElement} table @param {string} caption @param {string[]} head @param {string[][]} rows */
export function fillTable(table, caption, head, rows) {
  const title = document.createElement("caption");
  title.textContent = caption;
  title.className = "unseen";
  const [thead, tbody] = [document.createElement("thead"), document.createElement("tbody")];
  thead.append(row(head, () => ["th", "col"]));
  tbody.append(...rows.map((cells) => row(cells, (index) => (index === 0 ? ["th", "row"] : ["td", ""]))));
  table.replaceChildren(title, thead, tbody);
}

function row(cells, kind) {
  const line = document.createElement("tr");
  line.append(
    ...cells.map((text, index) => {
      const [name, scope] = kind(index);
      const cell = document.createElement(name);
      if (scope) cell.setAttribute("scope", scope);
      cell.textContent = text;
      return cell;
    }),
  );
  return line;
}
