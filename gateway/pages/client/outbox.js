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
  /** @type {Map<number, Entry>} in the order of ids */ #entries = new Map();

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
    this.#send(entry);
    return entry;
  }

  /** Send everything that waits: there is a new connection. */
  resend() {
    for (const entry of [...this.#entries.values()]) this.#send(entry);
  }

  /** Forget a frame, whatever becomes of it. @param {Entry} entry */
  drop(entry) {
    this.#entries.delete(entry.id);
  }

  /** The session has another name, by which no gateway knows what was sent before. */
  renew() {
    for (const { sentTo } of this.#entries.values()) if (sentTo.length > 0) sentTo.push(null);
  }

  /** @param {Entry} entry */
  async #send(entry) {
    const { connection } = this;
    if (!connection.isReady || entry.isOut) return;
    const before = [...entry.sentTo];
    if (before.includes(null) || before.length > MOST_EDGES) {
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
