/**
 * Emojis as pictures, made once: to draw a letter of a colour font costs a hundred times what a copy costs. Each comes
 * in some sizes and tilts, because scaling and turning a copy costs nearly as much again.
 */

/** Size as a part of the emoji's size, and tilt in degrees. */
const FORMS = [
  [0.7, -9],
  [0.85, 7],
  [1, 0],
  [1.1, -5],
  [1.3, 8],
];
/** Room around the letter, for what fonts draw beyond it and for the tilt. */
const ROOM = 1.4;
const WIDEST = 1.25;

/** @typedef {{picture: ImageBitmap, half: number}} Sprite  `half` of its width, in pixels of the canvas */

export class Sprites {
  /** @type {Map<string, Sprite[]>} */ #made = new Map();
  #pixels = 40;
  #family = "sans-serif";

  /** @param {number} pixels of the canvas @param {string} family */
  fit(pixels, family) {
    if (pixels === this.#pixels && family === this.#family) return;
    [this.#pixels, this.#family] = [pixels, family];
    this.#made.clear();
  }

  /** @param {string} emoji @returns {boolean} whether it had to be made */
  prepare(emoji) {
    if (this.#made.has(emoji)) return false;
    this.#made.set(emoji, FORMS.map(([size, tilt]) => this.#make(emoji, size * this.#pixels, tilt)));
    return true;
  }

  /** @param {string} emoji @param {number} chance from 0 to 1, which decides on the form @returns {Sprite} */
  get(emoji, chance) {
    this.prepare(emoji);
    return this.#made.get(emoji)[Math.floor(chance * FORMS.length)];
  }

  #make(emoji, pixels, tilt) {
    const side = 2 * Math.ceil((pixels * ROOM) / 2);
    const canvas = new OffscreenCanvas(side, side);
    const context = canvas.getContext("2d");
    const setFont = (size) => (context.font = `${size}px ${this.#family}`);
    setFont(pixels);
    // What a font cannot draw as one sign, it draws as several in a row.
    const width = context.measureText(emoji).width / pixels;
    if (width > WIDEST) setFont((pixels * WIDEST) / width);
    context.textAlign = "center";
    context.translate(side / 2, side / 2);
    context.rotate((tilt * Math.PI) / 180);
    const { actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = context.measureText(emoji);
    context.fillText(emoji, 0, (above - below) / 2);
    return { picture: canvas.transferToImageBitmap(), half: side / 2 };
  }
}
