/**
 * The gateway's answers about one stream. Times are epoch milliseconds, UTC.
 *
 * @typedef {{stream_id: string, title: string, emojis: string[], status: 'live' | 'ended', created_at: number,
 *   ended_at: number | null}} Stream
 * @typedef {{start: number, taps: number, counts: Record<string, number>}} Step
 * @typedef {{from: number, to: number, step_s: number, steps: Step[]}} Timeline
 * @typedef {{begins: number, ends: number, at_s: number, taps: number, peak: number, score: number,
 *   leader: string}} Moment
 * @typedef {{at: number, taps: number}} Peak  the loudest second
 * @typedef {import('../client/merge_poll.js').Poll & {created_at: number, opened_at: number | null, closed_at: number | null}} Poll
 * @typedef {{start: number, votes: Record<string, number>, so_far: Record<string, number>}} PollStep
 * @typedef {{step_s: number, steps: PollStep[]}} PollTimeline
 */

import { Api } from "./api.js";

const WINDOW_MS = 1_000;

export class StreamApi extends Api {
  /** @param {string} streamId @param {string} key */
  constructor(streamId, key) {
    super(`/v1/streams/${encodeURIComponent(streamId)}`, key);
  }

  /** @returns {Promise<Stream>} */
  stream() {
    return this.json("");
  }

  /** @param {{from?: number, to?: number, step?: number}} part @returns {Promise<Timeline>} */
  reactions(part = {}) {
    return this.json("/history/reactions", part);
  }

  /** @returns {Promise<Moment[]>} the highest first */
  async moments() {
    return (await this.json("/history/moments")).moments;
  }

  /** @returns {Promise<Peak | null>} null where no second stands out */
  async peak() {
    const [loudest] = (await this.json("/history/moments", { step: 1, score: 0.5, top: 1 })).moments;
    if (!loudest) return null;
    const second = await this.reactions({ from: loudest.peak, to: loudest.peak + WINDOW_MS, step: 1 });
    return { at: loudest.peak, taps: second.steps[0]?.taps ?? 0 };
  }

  /** @returns {Promise<Poll[]>} oldest first, without numbers */
  async polls() {
    return (await this.json("/polls")).polls;
  }

  /** @param {string} pollId @returns {Promise<Poll>} with its numbers */
  poll(pollId) {
    return this.json(`/polls/${encodeURIComponent(pollId)}`);
  }

  /** @param {string} pollId @returns {Promise<PollTimeline>} */
  pollTimeline(pollId) {
    return this.json(`/history/polls/${encodeURIComponent(pollId)}/timeline`);
  }
}
