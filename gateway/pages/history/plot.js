/** A plot in its box: drawn anew when the box gets wider or narrower, and for paper as wide as that. */

import { Cursor } from "./cursor.js";

const PAPER_PX = 690;

/** @typedef {{draw: (width: number) => import('./frame.js').Frame, marks: import('./cursor.js').Mark[]}} Drawing */

export class Plot {
  #cursor;
  /** @type {Drawing | null} */ #drawing = null;
  #width = 0;
  #isPrinting = false;

  /** @param {HTMLElement} box @param {string} label @param {ConstructorParameters<typeof Cursor>[2]} [onZoom] */
  constructor(box, label, onZoom) {
    this.#cursor = new Cursor(box, label, onZoom);
    new ResizeObserver(([entry]) => {
      const width = Math.round(entry.contentRect.width);
      if (width === this.#width || width === 0) return;
      this.#width = width;
      if (!this.#isPrinting) this.#draw(width);
    }).observe(box);
    window.addEventListener("beforeprint", () => this.#print(true));
    window.addEventListener("afterprint", () => this.#print(false));
  }

  /** @param {Drawing} drawing */
  show(drawing) {
    this.#drawing = drawing;
    if (this.#width) this.#draw(this.#isPrinting ? PAPER_PX : this.#width);
  }

  #print(isPrinting) {
    this.#isPrinting = isPrinting;
    this.#draw(isPrinting ? PAPER_PX : this.#width);
  }

  #draw(width) {
    if (this.#drawing && width) this.#cursor.follow(this.#drawing.draw(width), this.#drawing.marks);
  }
}
