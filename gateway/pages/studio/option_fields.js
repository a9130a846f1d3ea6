/** The fields of a poll's options: a line each, with a tick for what is right in a quiz. */

import { byId, fromTemplate, setText } from "../parts/dom.js";

const LEAST = 2;
const MOST = 50;

export class OptionFields {
  #list = byId("option-fields");
  #add = /** @type {HTMLButtonElement} */ (byId("add-option"));
  #isQuiz = false;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.#add.addEventListener("click", () => this.#append("").focus());
    this.#list.addEventListener("click", (event) => this.#remove(event.target));
    this.#list.addEventListener("keydown", (event) => this.#enter(event));
    this.#list.addEventListener("paste", (event) => this.#paste(event));
  }

  /** @returns {{texts: string[], right: string[]}} what is written; `right` by number as text */
  get value() {
    const rows = this.#rows.filter((row) => textOf(row));
    const right = rows.flatMap((row, index) => (this.#isQuiz && tickOf(row).checked ? [String(index + 1)] : []));
    return { texts: rows.map(textOf), right };
  }

  /** @param {string[]} texts @param {string[]} right */
  fill(texts, right = []) {
    this.#list.replaceChildren();
    const shown = [...texts, ...Array(Math.max(0, LEAST - texts.length)).fill("")];
    shown.forEach((text, index) => {
      tickOf(this.#append(text).closest("li")).checked = right.includes(String(index + 1));
    });
  }

  /** @param {boolean} isQuiz whether some are right */
  ask(isQuiz) {
    this.#isQuiz = isQuiz;
    this.#number();
  }

  focus() {
    (this.#rows.find((row) => !textOf(row)) ?? this.#rows[0]).querySelector(".option-input").focus();
  }

  get #rows() {
    return /** @type {HTMLElement[]} */ ([...this.#list.children]);
  }

  /** @returns {HTMLInputElement} */
  #append(text, after = null) {
    const row = fromTemplate("option-field-template");
    row.querySelector(".option-input").value = text;
    if (after) after.after(row);
    else this.#list.append(row);
    this.#number();
    return row.querySelector(".option-input");
  }

  #number() {
    const rows = this.#rows;
    rows.forEach((row, index) => {
      row.querySelector(".option-input").setAttribute("aria-label", `Option ${index + 1}`);
      row.querySelector(".right-tick").hidden = !this.#isQuiz;
      tickOf(row).setAttribute("aria-label", `Option ${index + 1} is right`);
      const remove = row.querySelector(".remove");
      remove.setAttribute("aria-label", `Remove option ${index + 1}`);
      remove.disabled = rows.length <= LEAST;
    });
    this.#add.hidden = rows.length >= MOST;
    setText(byId("option-count"), `${rows.length} of at most ${MOST}`);
    this.onChange();
  }

  #remove(target) {
    const button = target.closest(".remove");
    if (!button || button.disabled) return;
    const row = button.closest("li");
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.#number();
    neighbour.querySelector(".option-input").focus();
  }

  /** Enter goes to the next line, and makes one behind the last. */
  #enter(event) {
    if (event.key !== "Enter" || !event.target.matches(".option-input")) return;
    event.preventDefault();
    const next = event.target.closest("li").nextElementSibling;
    if (next) next.querySelector(".option-input").focus();
    else if (textOf(event.target.closest("li")) && this.#rows.length < MOST) this.#append("").focus();
  }

  /** A pasted list is an option a line. */
  #paste(event) {
    const lines = (event.clipboardData?.getData("text") ?? "").split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
    if (lines.length < 2 || !event.target.matches(".option-input")) return;
    event.preventDefault();
    event.target.value = lines[0].slice(0, event.target.maxLength);
    let row = event.target.closest("li");
    for (const line of lines.slice(1)) {
      const next = row.nextElementSibling;
      if (next && !textOf(next)) next.querySelector(".option-input").value = line;
      else if (this.#rows.length < MOST) this.#append(line.slice(0, event.target.maxLength), row);
      else break;
      row = row.nextElementSibling;
    }
    this.#number();
    row.querySelector(".option-input").focus();
  }
}

function textOf(row) {
  return row.querySelector(".option-input").value.trim();
}

/** @returns {HTMLInputElement} */
function tickOf(row) {
  return row.querySelector(".right-tick input");
}
