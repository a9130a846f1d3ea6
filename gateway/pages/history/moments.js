/**
 * The list of moments: each is a way into the timeline.
 *
 * @typedef {import('../parts/stream_api.js').Moment} Moment
 */

import { byId, fromTemplate, setText } from "../parts/dom.js";
import { exactly } from "../parts/format.js";
import { clockTime, lasted, videoTime } from "../parts/times.js";

/** How much of the stream is shown around a moment. */
const AROUND_MS = 60_000;

/**
 * @param {Moment[]} moments the highest first
 * @param {(from: number, to: number) => void} zoom
 */
export function showMoments(moments, zoom) {
  byId("no-moments").hidden = moments.length > 0;
  byId("moments-table").hidden = moments.length === 0;
  byId("moments").replaceChildren(
    ...moments.map((moment, index) => {
      const row = fromTemplate("moment-template");
      setText(row.querySelector(".moment-rank"), String(index + 1));
      const button = row.querySelector("button");
      setText(button, videoTime(moment.at_s));
      button.setAttribute("aria-label", `Show the moment at ${videoTime(moment.at_s)} in the timeline`);
      button.addEventListener("click", () => zoom(moment.begins - AROUND_MS, moment.ends + AROUND_MS));
      setText(row.querySelector(".moment-clock"), clockTime(moment.begins));
      setText(row.querySelector(".moment-lasted"), lasted((moment.ends - moment.begins) / 1_000));
      setText(row.querySelector(".moment-taps"), exactly(moment.taps));
      setText(row.querySelector(".moment-leader"), moment.leader);
      setText(row.querySelector(".moment-score"), moment.score.toFixed(1));
      return row;
    }),
  );
}
