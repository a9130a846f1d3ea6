/**
 * Goes along a plot, by pointer, touch or keys, and says what stands there. For a screen reader it is a slider whose
 * values are sentences. Where zooming makes sense, dragging marks a part.
 *
 * @typedef {import('./frame.js').Frame} Frame
 * @typedef {{from: number, to: number, title: string, rows: {look: string, name: string, value: string}[]}} Mark
 *   `from` and `to` are epoch ms
 */

import { svg } from "../parts/svg.js";

const DRAG_PX = 6;
const PAGE = 10;
const TIP_GAP = 14;

export class Cursor {
  /** @type {Frame | null} */ #frame = null;
  /** @type {Mark[]} */ #marks = [];
  /** Which mark is shown; kept as a time, because marks change when numbers come in. @type {number | null} */ #at = null;
  /** @type {number | null} */ #dragFrom = null;
  #line = svg("line", { class: "cursor", visibility: "hidden" });
  #drag = svg("rect", { class: "drag", visibility: "hidden" });
  #tip = document.createElement("div");

  /**
   * @param {HTMLElement} box what the plot is drawn into
   * @param {string} label
   * @param {{zoom: (from: number, to: number) => void, closer: (at: number, factor: number) => void, whole: () => void}} [onZoom]
   */
  constructor(box, label, onZoom) {
    Object.assign(this, { box, onZoom });
    this.#tip.className = "tip";
    this.#tip.hidden = true;
    this.#tip.setAttribute("aria-hidden", "true");
    box.tabIndex = 0;
    box.setAttribute("role", "slider");
    box.setAttribute("aria-label", label);
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("focus", () => box.matches(":focus-visible") && this.#go(this.#index ?? 0));
    box.addEventListener("blur", () => this.#leave());
    box.addEventListener("pointermove", (event) => this.#move(event));
    box.addEventListener("pointerdown", (event) => this.#press(event));
    box.addEventListener("pointerup", (event) => this.#release(event));
    box.addEventListener("pointercancel", () => this.#letGo());
    box.addEventListener("pointerleave", () => this.#leave());
  }

  /** Go along a plot that has been drawn. @param {Frame} frame @param {Mark[]} marks in the order of time */
  follow(frame, marks) {
    [this.#frame, this.#marks] = [frame, marks];
    this.box.setAttribute("aria-valuemin", "0");
    this.box.setAttribute("aria-valuemax", String(Math.max(0, marks.length - 1)));
    frame.svg.append(this.#drag, this.#line);
    this.box.replaceChildren(frame.svg, this.#tip);
    this.#letGo();
    const index = this.#index ?? 0;
    this.#say(index);
    if (this.#at !== null && marks.length) this.#go(index);
    else this.#leave();
  }

  get #index() {
    if (this.#at === null || !this.#marks.length) return null;
    const after = this.#marks.findIndex((mark) => this.#at < mark.to);
    return after === -1 ? this.#marks.length - 1 : after;
  }

  /** The value of the pointer's place: a drawing can be shown smaller than it was drawn. */
  #timeAt(event) {
    const bounds = this.#frame.svg.getBoundingClientRect();
    return this.#frame.x.back(((event.clientX - bounds.x) / bounds.width) * this.#frame.width);
  }

  #go(index) {
    const mark = this.#marks[Math.min(Math.max(index, 0), this.#marks.length - 1)];
    if (!mark) return;
    const { x, top, bottom, width } = this.#frame;
    this.#at = (mark.from + mark.to) / 2;
    const at = x.at(this.#at);
    for (const [name, value] of Object.entries({ x1: at, x2: at, y1: top, y2: bottom, visibility: "visible" })) {
      this.#line.setAttribute(name, String(value));
    }
    this.#say(this.#marks.indexOf(mark));
    this.#tip.replaceChildren(...tipWords(mark));
    this.#tip.hidden = false;
    // Beside the line, where there is more room; never out of the drawing.
    const room = width - this.#tip.offsetWidth;
    const left = at > width / 2 ? at - TIP_GAP - this.#tip.offsetWidth : at + TIP_GAP;
    this.#tip.style.setProperty("left", `${Math.max(0, Math.min(left, room))}px`);
  }

  #say(index) {
    const mark = this.#marks[index];
    this.box.setAttribute("aria-valuenow", String(mark ? index : 0));
    this.box.setAttribute("aria-valuetext", mark ? sentence(mark) : "Nothing to show");
  }

  #leave() {
    if (this.#dragFrom !== null) return;
    this.#at = null;
    this.#tip.hidden = true;
    this.#line.setAttribute("visibility", "hidden");
  }

  #move(event) {
    if (!this.#marks.length) return;
    const time = this.#timeAt(event);
    this.#at = time;
    this.#go(this.#index);
    if (this.#dragFrom === null) return;
    const [from, to] = [this.#dragFrom, time].map((each) => this.#frame.x.at(each)).sort((a, b) => a - b);
    const { top, bottom } = this.#frame;
    const isDrag = to - from >= DRAG_PX;
    const sides = { x: from, width: to - from, y: top, height: bottom - top, visibility: isDrag ? "visible" : "hidden" };
    for (const [name, value] of Object.entries(sides)) this.#drag.setAttribute(name, String(value));
  }

  #press(event) {
    if (!this.onZoom || event.button !== 0 || !this.#marks.length) return;
    this.box.setPointerCapture(event.pointerId);
    this.#dragFrom = this.#timeAt(event);
  }

  #release(event) {
    if (this.#dragFrom === null) return;
    const [from, to] = [this.#dragFrom, this.#timeAt(event)].sort((a, b) => a - b);
    this.#letGo();
    if (this.#frame.x.at(to) - this.#frame.x.at(from) >= DRAG_PX) this.onZoom.zoom(from, to);
  }

  #letGo() {
    this.#dragFrom = null;
    this.#drag.setAttribute("visibility", "hidden");
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#marks.length) return;
    const index = this.#index ?? 0;
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: PAGE, PageDown: -PAGE };
    if (event.key in steps) this.#go(index + steps[event.key]);
    else if (event.key === "Home") this.#go(0);
    else if (event.key === "End") this.#go(this.#marks.length - 1);
    else if (this.onZoom && "+-=".includes(event.key)) this.onZoom.closer(this.#at ?? this.#marks[0].from, event.key === "-" ? 2 : 0.5);
    else if (this.onZoom && event.key === "Escape") this.onZoom.whole();
    else return;
    event.preventDefault();
  }
}

/** @param {Mark} mark @returns {string} */
function sentence(mark) {
  return [mark.title, ...mark.rows.map(({ name, value }) => `${name} ${value}`)].join(", ");
}

/** @param {Mark} mark @returns {HTMLElement[]} */
function tipWords(mark) {
  const title = document.createElement("strong");
  title.textContent = mark.title;
  const rows = mark.rows.map(({ look, name, value }) => {
    const row = document.createElement("span");
    row.className = `tip-row ${look}`;
    const [swatch, label, number] = ["swatch", "tip-name", "tip-value"].map((part) => {
      const span = document.createElement("span");
      span.className = part;
      return span;
    });
    [label.textContent, number.textContent] = [name, value];
    row.append(swatch, label, number);
    return row;
  });
  return [title, ...rows];
}
