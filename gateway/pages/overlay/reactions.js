/** The canvas on which the crowd's emojis float. */

import { Flow } from "./flow.js";
import { LIFE_S, Particles } from "./particles.js";
import { band } from "./room.js";
import { Sprites } from "./sprites.js";

const SHARPEST = 2;
/** A canvas of more pixels than a Full HD frame is drawn with fewer, and shown larger. */
const MOST_PIXELS = 1920 * 1080;

export class Reactions {
  #sprites = new Sprites();
  /** @type {import('./particles.js').Room} */ #room = { x: 0, y: 0, width: 0, height: 0 };
  #ratio = 1;
  /** When the frame before was drawn, ms; null where none was due. */
  #last = null;
  /** @type {string[]} */ #toPrepare = [];

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{max: number, speed: number, direction: import('./particles.js').Direction}} values
   */
  constructor(canvas, { max, speed, direction }) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.particles = new Particles(max, speed, direction);
    // A little more than there is room for, so that a huge crowd leaves no gaps.
    this.flow = new Flow((1.15 * max * speed) / LIFE_S);
  }

  /** @param {string[]} emojis that may come */
  expect(emojis) {
    this.#toPrepare = [...emojis];
  }

  /** @param {Map<string, number>} rises emoji to new taps */
  hear(rises) {
    for (const [emoji, taps] of rises) this.flow.add(emoji, taps);
  }

  /**
   * Take the size of the canvas, and of the emojis, from the page.
   * @param {DOMRect[]} boxes in which text is: no emoji is drawn there, since it would shine through
   * @param {boolean} isAround whether emojis float all around them, and not in the larger space above or below
   */
  fit(boxes, isAround) {
    const { canvas } = this;
    const place = canvas.getBoundingClientRect();
    const style = getComputedStyle(canvas);
    const area = Math.max(place.width * place.height, 1);
    this.#ratio = Math.min(devicePixelRatio, SHARPEST, Math.sqrt(MOST_PIXELS / area));
    const [width, height] = [place.width, place.height].map((length) => Math.round(length * this.#ratio));
    // To set a size, even the same one, wipes a canvas.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    this.#sprites.fit(Math.max(Math.round(parseFloat(style.fontSize) * this.#ratio), 1), style.fontFamily);
    const inCanvas = boxes.map((box) => this.#inCanvas(box, place));
    this.#room = { x: 0, width, ...band(height, isAround ? [] : inCanvas) };
    this.#clip(inCanvas);
  }

  /** @returns {import('./room.js').Box} in whole pixels of the canvas: a clip between them is slow */
  #inCanvas(box, place) {
    const [left, right] = [box.left, box.right].map((x) => Math.round((x - place.left) * this.#ratio));
    const [top, bottom] = [box.top, box.bottom].map((y) => Math.round((y - place.top) * this.#ratio));
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  #clip(boxes) {
    const { canvas, context } = this;
    context.reset();
    context.beginPath();
    context.rect(0, 0, canvas.width, canvas.height);
    boxes.forEach(({ x, y, width, height }) => context.rect(x, y, width, height));
    context.clip("evenodd");
  }

  /**
   * Draw what is due.
   * @param {number} now ms
   * @returns {boolean} whether there is more to come
   */
  frame(now) {
    const seconds = (now - (this.#last ?? now)) / 1000;
    // One a frame: thirty at once would be a frame that is missed.
    while (this.#toPrepare.length && !this.#sprites.prepare(this.#toPrepare.pop()));
    this.particles.retire(now);
    this.flow.pass(seconds, (emoji) => this.particles.add(this.#sprites.get(emoji, Math.random()), this.#room, now));
    this.#wipe();
    this.particles.draw(this.context, now);
    const goesOn = this.particles.count > 0 || !this.flow.isDry || this.#toPrepare.length > 0;
    this.#last = goesOn ? now : null;
    return goesOn;
  }

  /** Forget everything, and leave the canvas empty. */
  clear() {
    this.flow.stop();
    this.particles.clear();
    this.#last = null;
    this.#wipe();
  }

  #wipe() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }
}
