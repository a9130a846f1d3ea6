/**
 * How the stream is doing just now.
 *
 * @typedef {import('./api.js').Stats} Stats
 */

import { byId, fromTemplate, setText } from "../parts/dom.js";
import { count, exactly, word } from "../parts/format.js";
import { clockMinute, lasted } from "../parts/times.js";
import { drawSpark } from "./spark.js";
import { OF_VIEWERS } from "./words.js";

const rate = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
/** From here on tenths say nothing. */
const WHOLE_FROM = 20;

/** @param {Stats} stats */
export function showNumbers(stats) {
  setText(byId("watching"), count(stats.watching));
  setText(byId("screens"), `${count(stats.screens)} ${word(stats.screens, "screen", "screens")} at this gateway`);
  setText(byId("taps"), rateWords(stats.taps_per_s));
  setText(byId("votes"), rateWords(stats.votes_per_s));
  drawSpark(byId("taps-spark"), stats.taps);
  drawSpark(byId("votes-spark"), stats.votes);
  const lag = stats.live_lag_ms;
  setText(byId("lag"), lag ? `${exactly(lag.p50)} ms` : "–");
  setText(byId("lag-about"), lag ? `99 of 100 within ${exactly(lag.p99)}\u00a0ms` : "no taps here in the last minute");
  setText(byId("history-lag"), stats.history_lag_s === null ? "–" : lasted(stats.history_lag_s));
  showRefused(stats);
}

function rateWords(perSecond) {
  return perSecond < WHOLE_FROM ? rate.format(perSecond) : count(Math.round(perSecond));
}

/** @param {Stats} stats */
function showRefused({ refused, since }) {
  const found = Object.entries(refused);
  byId("no-refused").hidden = found.length > 0;
  setText(byId("refused-about"), `Counted at this gateway, since ${clockMinute(since)}.`);
  const list = byId("refused");
  while (list.children.length > found.length) list.lastElementChild.remove();
  found.forEach(([name, times], index) => {
    const row = list.children[index] ?? list.appendChild(fromTemplate("refused-template"));
    setText(row.querySelector(".refused-count"), exactly(times));
    const link = row.querySelector("a");
    link.href = `/problems/${name}`;
    setText(link, OF_VIEWERS[name] ?? `refused as “${name}”`);
  });
}
