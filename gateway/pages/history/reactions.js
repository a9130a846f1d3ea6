/** The reactions: the timeline, taps by emoji, and the numbers as a table. */

import { byId, setText } from "../parts/dom.js";
import { exactly } from "../parts/format.js";
import { showBars } from "./bars.js";
import { Plot } from "./plot.js";
import { chooseSeries, countOf } from "./series.js";
import { NumbersTable } from "./table.js";
import { drawTimeline, tapWords, timelineMarks } from "./timeline.js";
import { clockTime, videoTime } from "../parts/times.js";

/**
 * @typedef {import('../parts/stream_api.js').Stream} Stream
 * @typedef {import('../parts/stream_api.js').Timeline} Timeline
 */

export class Reactions {
  #plot;
  #table = new NumbersTable(/** @type {HTMLDetailsElement} */ (byId("timeline-numbers")));

  /** @param {import('./part.js').Part} part */
  constructor(part) {
    this.part = part;
    this.#plot = new Plot(byId("timeline"), "Taps over the stream", part);
  }

  /**
   * @param {Stream} stream @param {Timeline} whole what the emojis' colours go by @param {Timeline} shown
   * @param {import('../parts/stream_api.js').Moment[]} moments
   */
  show(stream, whole, shown, moments) {
    const totals = totalsOf(whole);
    const ids = [...stream.emojis, ...Object.keys(totals).filter((emoji) => !stream.emojis.includes(emoji))];
    const series = chooseSeries(ids, (id) => id, (id) => totals[id] ?? 0);
    const picture = { stream, timeline: shown, moments, series };
    const sum = shown.steps.reduce((all, step) => all + step.taps, 0);
    byId("timeline-box").hidden = sum === 0;
    byId("no-taps").hidden = sum > 0;
    setText(byId("no-taps"), emptyWords(stream, this.part.isWhole));
    this.#plot.show({ draw: (width) => drawTimeline(picture, width), marks: timelineMarks(picture) });
    this.#showTotals(ids, series, totalsOf(shown), sum);
    this.#table.show("Taps over the stream", ["In the video", "Clock", "Taps", ...series.map((each) => each.name)], () =>
      shown.steps.map((step) => [
        videoTime((step.start - stream.created_at) / 1_000),
        clockTime(step.start),
        exactly(step.taps),
        ...series.map((each) => exactly(countOf(each, step.counts))),
      ]),
    );
  }

  #showTotals(ids, series, totals, sum) {
    setText(byId("totals-note"), this.part.isWhole ? "" : `In the part shown: ${tapWords(sum)}.`);
    const bars = ids
      .map((id) => ({ id, taps: totals[id] ?? 0 }))
      .sort((first, second) => second.taps - first.taps)
      .map(({ id, taps }) => ({
        look: series.find((each) => each.ids.includes(id)).look,
        name: id,
        words: tapWords(taps),
        share: sum ? taps / sum : 0,
        isEmoji: true,
      }));
    showBars(byId("totals"), bars, bars[0]?.share);
  }
}

function totalsOf(timeline) {
  /** @type {Record<string, number>} */ const totals = {};
  for (const { counts } of timeline.steps) {
    for (const [emoji, taps] of Object.entries(counts)) totals[emoji] = (totals[emoji] ?? 0) + taps;
  }
  return totals;
}

function emptyWords(stream, isWhole) {
  if (!isWhole) return "Nobody tapped in this part of the stream.";
  return stream.status === "live" ? "Nobody has tapped yet. Taps appear here a second or two after they came." : "Nobody tapped in this stream.";
}
