/**
 * Makes a new poll, once, however often it is sent and whatever answers are lost.
 *
 * @typedef {import('./api.js').StudioApi} StudioApi
 */

import { NO_ANSWER, Refused } from "../parts/api.js";

const ID_BYTES = 8;
const UNAVAILABLE = 500;

export class Making {
  /**
   * @param {string} [pollId] the poll's name: sent again, it is the same poll
   * @param {string[]} [sent] everything different that was sent under this name and may have made it
   */
  constructor(pollId = newId(), sent = []) {
    this.pollId = pollId;
    this.sent = sent;
  }

  /**
   * Raises Refused, with `poll-exists` where what was written before has made another poll: the next is a new one.
   * @param {StudioApi} api
   * @param {object} poll
   * @param {() => void} onChange what is remembered of it has changed
   */
  async make(api, poll, onChange) {
    const [before, text] = [this.sent, JSON.stringify(poll)];
    this.sent = [...new Set([...before, text])];
    // The page may be left before the answer comes.
    onChange();
    try {
      await api.createPoll({ ...poll, poll_id: this.pollId });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.problem.name !== "poll-exists") {
        if (isFinal(error.problem)) this.sent = before;
        onChange();
        throw error;
      }
      // It was made before, and only the answer was lost.
      if (this.sent.length === 1) return;
      [this.pollId, this.sent] = [newId(), []];
      onChange();
      throw error;
    }
  }
}

/** @param {import('../parts/api.js').Problem} problem @returns {boolean} whether what was sent made no poll for sure */
function isFinal({ name, status }) {
  return name !== NO_ANSWER.name && status < UNAVAILABLE;
}

/** `crypto.randomUUID` is there on pages by HTTPS alone. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(ID_BYTES))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
