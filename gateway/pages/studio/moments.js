/**
 * What each moment did: when in the video the crowd was loud, with which emojis, and which poll opened or closed then.
 *
 * @typedef {import('../parts/stream_api.js').Moment} Moment
 * @typedef {import('./api.js').Poll} Poll
 */

import { Refused } from "../parts/api.js";
import { byId, fromTemplate, setText } from "../parts/dom.js";
import { count, word } from "../parts/format.js";
import { videoTime } from "../parts/times.js";
import { actionWords } from "./words.js";

const SHOWN = 8;
const EMOJIS = 4;
/** A poll belongs to a moment that begins so soon after it: people read before they tap. */
const BEFORE_MS = 30_000;
const STEPS_AT_ONCE = 1_000;

export class Moments {
  /** @type {Map<string, Record<string, number>>} taps by emoji, of moments that were asked about */ #counts = new Map();
  /** @type {Moment[]} the newest first */ #moments = [];
  /** What is shown, so that nothing is drawn anew in vain. */ #shown = "";

  /** @param {import('./api.js').StudioApi} api */
  constructor(api) {
    this.api = api;
  }

  /** Ask the history. What it cannot say just now is said here, for the rest of the page needs no history. */
  async load(begin, polls) {
    try {
      const moments = (await this.api.moments()).sort((first, second) => second.begins - first.begins).slice(0, SHOWN);
      await Promise.all(moments.map((moment) => this.#count(moment)));
      this.#moments = moments;
      byId("moments-note").hidden = true;
      byId("no-moments").hidden = this.#moments.length > 0;
      this.show(begin, polls);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setText(byId("moments-note"), actionWords(error.problem));
      byId("moments-note").hidden = false;
    }
  }

  /** A moment that goes on is another one each time. @param {Moment} moment */
  async #count(moment) {
    if (this.#counts.has(keyOf(moment))) return;
    const step = Math.max(1, Math.ceil((moment.ends - moment.begins) / 1_000 / STEPS_AT_ONCE));
    const { steps } = await this.api.reactions({ from: moment.begins, to: moment.ends, step });
    /** @type {Record<string, number>} */ const counts = {};
    for (const { counts: ofStep } of steps) {
      for (const [emoji, taps] of Object.entries(ofStep)) counts[emoji] = (counts[emoji] ?? 0) + taps;
    }
    this.#counts.set(keyOf(moment), counts);
  }

  /** @param {number} begin of the video, epoch ms @param {Poll[]} polls */
  show(begin, polls) {
    const what = JSON.stringify(this.#moments.map((moment) => [keyOf(moment), ...happened(moment, polls)]));
    if (what === this.#shown) return;
    this.#shown = what;
    const rows = this.#moments.map((moment) => {
      const row = fromTemplate("moment-template");
      const counts = Object.entries(this.#counts.get(keyOf(moment))).sort((first, second) => second[1] - first[1]);
      setText(row.querySelector(".moment-time"), videoTime((moment.begins - begin) / 1_000));
      row.querySelector(".moment-emojis").append(...counts.slice(0, EMOJIS).map(emojiCount));
      setText(row.querySelector(".moment-taps"), `${count(moment.taps)} ${word(moment.taps, "tap", "taps")}`);
      setText(row.querySelector(".moment-polls"), happened(moment, polls).join(" · "));
      return row;
    });
    byId("moments").replaceChildren(...rows);
  }
}

/** @param {[string, number]} counted @returns {HTMLElement} an emoji and its taps, never apart */
function emojiCount([emoji, taps]) {
  const element = fromTemplate("emoji-count-template");
  setText(element.firstElementChild, emoji);
  setText(element.lastElementChild, count(taps));
  return element;
}

function keyOf(moment) {
  return `${moment.begins} ${moment.ends}`;
}

/** @param {Moment} moment @param {Poll[]} polls @returns {string[]} */
function happened(moment, polls) {
  const isThen = (at) => Boolean(at) && at >= moment.begins - BEFORE_MS && at < moment.ends;
  return polls.flatMap((poll) => [
    ...(isThen(poll.opened_at) ? [`Poll opened: ${poll.question}`] : []),
    ...(isThen(poll.closed_at) ? [`Poll closed: ${poll.question}`] : []),
  ]);
}
