/** The head of the page: which stream, when it was, and its numbers in a line. */

import { byId, setText } from "../parts/dom.js";
import { count, exactly } from "../parts/format.js";
import { clockMinute, day, lasted, videoTime, zone } from "../parts/times.js";

/** @param {import('../parts/stream_api.js').Stream} stream */
export function showStream(stream) {
  setText(byId("title"), stream.title);
  document.title = `${stream.title} · History · Ovation`;
  const { created_at: begin, ended_at: end } = stream;
  const hours = end ? `${clockMinute(begin)} to ${clockMinute(end)}` : `since ${clockMinute(begin)}`;
  const length = end ? `, ${lasted((end - begin) / 1_000)}` : "";
  setText(byId("when"), `${day(begin)}, ${hours} ${zone(begin)}${length}`);
}

/**
 * @param {import('../parts/stream_api.js').Stream} stream
 * @param {import('../parts/stream_api.js').Timeline} whole
 * @param {import('../parts/stream_api.js').Peak | null} peak
 * @param {number} moments how many
 */
export function showSummary(stream, whole, peak, moments) {
  setText(byId("sum"), count(whole.steps.reduce((sum, step) => sum + step.taps, 0)));
  setText(byId("peak"), peak ? videoTime((peak.at - stream.created_at) / 1_000) : "None");
  setText(byId("peak-taps"), peak ? `${exactly(peak.taps)} taps` : "no second stands out");
  setText(byId("moment-count"), exactly(moments));
}

/** @param {number} polls how many */
export function showPollCount(polls) {
  setText(byId("poll-count"), exactly(polls));
}
