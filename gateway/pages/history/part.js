/** Which part of the stream is shown, and in what steps: fields to write it, and what dragging and keys ask for. */

import { byId, setText } from "../parts/dom.js";
import { readVideoTime, stepWords, videoTime } from "../parts/times.js";

const STEPS_S = [1, 5, 10, 30, 60, 300, 900, 3_600];
/** What a gateway answers at once, and the least that is worth a plot. */
const MOST_STEPS = 5_000;
const LEAST_MS = 5_000;

export class Part {
  /** @type {{from: number, to: number} | null} */ #part = null;
  #whole = { from: 0, to: 1 };
  #begin = 0;
  #form = /** @type {HTMLFormElement} */ (byId("part"));

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#read();
    });
    this.#form.step.addEventListener("change", () => onChange());
    byId("whole").addEventListener("click", () => this.whole());
  }

  /** @returns {{from?: number, to?: number, step?: number}} as the gateway takes it */
  get query() {
    const step = Number(this.#form.step.value);
    return { ...(this.#part ?? {}), ...(step ? { step } : {}) };
  }

  get isWhole() {
    return this.#part === null;
  }

  /**
   * @param {number} begin of the video @param {{from: number, to: number}} whole the stream
   * @param {{from: number, to: number, step_s: number}} shown
   */
  show(begin, whole, shown) {
    [this.#begin, this.#whole] = [begin, whole];
    byId("whole").hidden = this.isWhole;
    if (!this.#form.contains(document.activeElement)) {
      this.#form.from.value = videoTime((shown.from - begin) / 1_000);
      this.#form.to.value = videoTime(Math.ceil((shown.to - begin) / 1_000));
    }
    const length = shown.to - shown.from;
    const [automatic, ...others] = this.#form.step.options;
    automatic.textContent = this.#form.step.value ? "Automatic" : `Automatic (${stepWords(shown.step_s)})`;
    for (const option of others) option.disabled = length > Number(option.value) * 1_000 * MOST_STEPS;
  }

  /** @param {number} from epoch ms @param {number} to */
  zoom = (from, to) => {
    const spare = Math.max(0, LEAST_MS - (to - from)) / 2;
    const part = {
      from: Math.round(Math.max(from - spare, this.#whole.from)),
      to: Math.round(Math.min(to + spare, this.#whole.to)),
    };
    if (part.to <= part.from) return;
    const isAll = part.from === this.#whole.from && part.to === this.#whole.to;
    this.#change(isAll ? null : part);
  };

  /** @param {number} at what stays in the middle @param {number} factor of the length shown */
  closer = (at, factor) => {
    const { from, to } = this.#part ?? this.#whole;
    const half = ((to - from) * factor) / 2;
    this.zoom(at - half, at + half);
  };

  whole = () => {
    if (this.#part) this.#change(null);
  };

  #change(part) {
    this.#part = part;
    // A step that suited the stream may be too fine or too coarse for its part.
    this.#form.step.value = "";
    setText(byId("part-note"), "");
    if (this.#form.contains(document.activeElement)) document.activeElement.blur();
    this.onChange();
  }

  #read() {
    const [from, to] = [this.#form.from, this.#form.to].map((field) => readVideoTime(field.value));
    if (from === null || to === null) setText(byId("part-note"), "Write times of the video like 0:41:30.");
    else if (to <= from) setText(byId("part-note"), "The part ends before it begins.");
    else if (this.#begin + from * 1_000 >= this.#whole.to) setText(byId("part-note"), "The stream was not that long.");
    else this.zoom(this.#begin + from * 1_000, this.#begin + to * 1_000);
  }
}

/** @param {HTMLSelectElement} select */
export function fillSteps(select) {
  for (const seconds of STEPS_S) select.add(new Option(stepWords(seconds), String(seconds)));
}
