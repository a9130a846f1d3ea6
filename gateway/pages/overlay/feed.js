/**
 * What the gateway says of the stream, for as long as the page is open: a connection that has ended for good is
 * opened anew after a while, because nobody is there to press a button, and the stream or the key may yet come.
 */

import { connect } from "../client/ovation.js";

const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * @typedef {import('../client/picture.js').Picture} Picture
 * @typedef {Object} Listener
 * @property {(rises: Map<string, number>) => void} onPicture  rises are what was tapped just now
 * @property {(state: string, problem?: import('../client/problem_words.js').Problem) => void} onState
 */

export class Feed {
  /** @type {import('../client/live.js').Live | null} */ #live = null;
  /** @type {Picture | null} the newest one that has something in it */ #picture = null;
  #tries = 0;

  /** @param {import('../client/live.js').Options} options @param {Listener} listener */
  constructor(options, listener) {
    this.options = options;
    this.listener = listener;
  }

  /** @returns {Picture | null} null before anything is known */
  get picture() {
    return this.#picture;
  }

  /** @returns {number | null} the server's time, epoch milliseconds */
  now() {
    return this.#live?.now() ?? null;
  }

  start() {
    const live = connect(this.options);
    this.#live = live;
    live.on("picture", (picture, rises) => {
      if (!picture.known) return;
      this.#picture = picture;
      // The first picture of a connection also has what was tapped while there was none: that is past.
      this.listener.onPicture(live.state === "live" ? rises : new Map());
    });
    live.on("state", (state, problem) => {
      if (state === "live") this.#tries = 0;
      this.listener.onState(state, problem);
      if (state === "stopped") this.#startLater();
    });
  }

  #startLater() {
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.#tries++, LONGEST_RETRY_MS);
    setTimeout(() => this.start(), wait * (0.75 + Math.random() / 2));
  }
}
