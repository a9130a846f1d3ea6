/**
 * Frames that count, kept until they are answered: after any reconnect to any gateway they are sent again, in order and
 * with the same ids, and say to which gateways they went before. So each of them is taken once.
 *
 * @typedef {import('./connection.js').Ack | import('./connection.js').Refusal | {type: 'uncertain'}} Settled
 *   `uncertain`: nobody can say any more whether the frame was taken
 *
 * @typedef {Object} Entry
 * @property {number} id
 * @property {Record<string, unknown>} frame
 * @property {(string | null)[]} sentTo  edges to which it was sent; null is one that has not told its name
 * @property {boolean} isOut  whether it is on its way just now
 * @property {(entry: Entry) => void} onSent  it is about to be sent
 * @property {(answer: Settled) => void} onSettled
 */

import { saysTooMany } from "./patience.js";

/** Most edges that a gateway asks about one frame. */
const MOST_EDGES = 8;

export class Outbox {
  /** @type {Map<number, Entry>} by id */ #entries = new Map();
  #isSending = false;

  /**
   * @param {import('./connection.js').Connection} connection
   * @param {import('./session.js').Session} session
   */
  constructor(connection, session) {
    this.connection = connection;
    this.session = session;
  }

  /**
   * Send a frame as soon as possible.
   * @param {Pick<Entry, 'frame' | 'onSettled'> & Partial<Entry>} entry  with `id` and `sentTo` if it was sent before
   * @returns {Entry}
   */
  put({ frame, onSettled, onSent = () => {}, id = this.session.nextId(), sentTo = [] }) {
    const entry = { id, frame, sentTo, isOut: false, onSent, onSettled };
    this.#entries.set(id, entry);
    this.resend();
    return entry;
  }

  /** Send everything that waits, if there is a connection. */
  resend() {
    // Whoever hears of a frame may put another one, which has its turn after those that wait.
    if (this.#isSending) return;
    this.#isSending = true;
    for (let entry = this.#next(); entry; entry = this.#next()) this.#send(entry);
    this.#isSending = false;
  }

  /** Forget a frame, whatever becomes of it. @param {Entry} entry */
  drop(entry) {
    this.#entries.delete(entry.id);
  }

  /** The session has another name, by which no gateway knows what was sent before. */
  renew() {
    for (const { sentTo } of this.#entries.values()) if (sentTo.length > 0) sentTo.push(null);
  }

  /** @returns {Entry | undefined} what is sent next: a gateway takes no frame whose id is smaller than one before it */
  #next() {
    if (!this.connection.isReady) return undefined;
    const waiting = [...this.#entries.values()].filter(({ isOut }) => !isOut).sort((one, other) => one.id - other.id);
    // An uncertain one may be put again, under an id that is larger than all of these.
    return waiting.find((entry) => !isUncertain(entry)) ?? waiting[0];
  }

  /** @param {Entry} entry */
  async #send(entry) {
    const { connection } = this;
    const before = [...entry.sentTo];
    if (isUncertain(entry)) {
      this.#settle(entry, { type: "uncertain" });
      return;
    }
    if (!before.includes(connection.edge)) entry.sentTo.push(connection.edge);
    entry.isOut = true;
    entry.onSent(entry);
    const again = before.length > 0 ? { sent_to: before } : {};
    const answer = await connection.ask({ ...entry.frame, id: entry.id, ...again });
    entry.isOut = false;
    if (answer.type === "lost") return;
    // A gateway counts frames against their limit before it asks who took them before.
    const isBlind = before.length > 0 && saysTooMany(answer);
    this.#settle(entry, isBlind ? { type: "uncertain" } : answer);
  }

  /** @param {Entry} entry @param {Settled} answer */
  #settle(entry, answer) {
    if (this.#entries.delete(entry.id)) entry.onSettled(answer);
  }
}

/** @param {Entry} entry @returns {boolean} whether no gateway can find out if it was taken */
function isUncertain({ sentTo }) {
  return sentTo.includes(null) || sentTo.length > MOST_EDGES;
}
