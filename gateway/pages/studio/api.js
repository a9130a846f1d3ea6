/**
 * What the studio asks of the gateway and tells it.
 *
 * @typedef {import('../parts/stream_api.js').Poll} Poll
 * @typedef {Record<string, number | Record<string, number>>} Account  a poll's numbers, and `votes` by option
 * @typedef {{poll_id: string, state: 'waiting' | 'different', live?: Account, recount?: Account}} Recount
 *
 * @typedef {Object} Stats  times are epoch milliseconds
 * @property {number} as_of
 * @property {number} watching
 * @property {number} screens
 * @property {number} taps_per_s
 * @property {number} votes_per_s
 * @property {number[]} taps  of each of the last seconds, the oldest first
 * @property {number[]} votes
 * @property {{p50: number, p99: number} | null} live_lag_ms
 * @property {number | null} history_lag_s
 * @property {Record<string, number>} refused  by the problem's name
 * @property {number} since
 * @property {Recount[]} recounts
 */

import { Api, bodyOf } from "../parts/api.js";
import { StreamApi } from "../parts/stream_api.js";

export class StudioApi extends StreamApi {
  #root;
  #streamId;

  /** @param {string} streamId @param {string} key */
  constructor(streamId, key) {
    super(streamId, key);
    this.#streamId = streamId;
    this.#root = new Api("/v1", key);
  }

  /** @param {string} title @param {string[]} emojis @returns {Promise<import('../parts/stream_api.js').Stream>} */
  async open(title, emojis) {
    return bodyOf(await this.#root.send("POST", "/streams", { stream_id: this.#streamId, title, emojis }));
  }

  async end() {
    return bodyOf(await this.send("POST", "/end"));
  }

  /** @returns {Promise<Stats>} */
  stats() {
    return this.json("/stats");
  }

  /** @param {object} token @returns {Promise<{token: string, expires_at: number}>} */
  async token(token) {
    return bodyOf(await this.send("POST", "/tokens", token));
  }

  /** @param {string} text @returns {Promise<string>} SVG */
  async qr(text) {
    return (await this.#root.send("POST", "/qr", { text })).text();
  }

  /** @param {object} poll @returns {Promise<Poll>} */
  async createPoll(poll) {
    return bodyOf(await this.send("POST", "/polls", poll));
  }

  /** Change a poll, unless somebody else has since. @param {Poll} poll as it was read @param {object} change */
  async editPoll(poll, change) {
    const headers = { "if-match": `"${poll.revision}.0"` };
    return bodyOf(await this.send("PATCH", `/polls/${encodeURIComponent(poll.poll_id)}`, change, headers));
  }

  /** @param {string} pollId @param {'open' | 'pause' | 'close' | 'cancel'} step */
  async step(pollId, step) {
    return bodyOf(await this.send("POST", `/polls/${encodeURIComponent(pollId)}/${step}`));
  }

  /** @param {string} pollId @returns {Promise<Blob>} the list of a final poll's ballots */
  async ballots(pollId) {
    return (await this.get(`/polls/${encodeURIComponent(pollId)}/ballots`)).blob();
  }
}
