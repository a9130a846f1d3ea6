/**
 * The viewer's page: it puts the parts together, and draws at most once per frame whatever arrives.
 *
 * @typedef {import('../client/problem_words.js').Problem} Problem
 */

import { claims } from "../client/claims.js";
import { connect } from "../client/ovation.js";
import { sumOfTaps } from "../client/picture.js";
import { byId, setText } from "../parts/dom.js";
import { count, exactly, word } from "../parts/format.js";
import { Bursts } from "./bursts.js";
import { EmojiBar } from "./emoji_bar.js";
import { discard, tokenOf } from "./link.js";
import { PollList } from "./poll_list.js";
import { TapsNote } from "./taps_note.js";

const STATE_WORDS = { connecting: "Connecting…", live: "Live", reconnecting: "Reconnecting…", stopped: "Not connected" };
const TICK_MS = 250;
const LONG_SUM = 10_000_000;

const streamId = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");

window.addEventListener("hashchange", () => location.reload());
tokenOf(streamId).then(
  (pass) => watch(connect({ stream: streamId, token: pass.token }), pass),
  (problem) => refuse(problem, false),
);

/** @param {import('../client/live.js').Live} live @param {import('./link.js').Pass} pass */
function watch(live, pass) {
  const isWatchOnly = claims(pass.token).role === "overlay";
  const bursts = new Bursts(byId("bursts"));
  const note = new TapsNote(byId("taps-note"));
  const polls = new PollList(byId("polls"), byId("poll-news"), live);
  const emojiBar = new EmojiBar(byId("emojis"), (emoji, x) => {
    bursts.tap(emoji, x);
    live.tap(emoji);
    if (live.state !== "live") draw();
  });
  let isDrawing = false;

  live.on("picture", (_, rises) => {
    bursts.rise(rises);
    draw();
  });
  live.on("state", (state, problem) => {
    if (problem && discard(streamId, pass, live.picture.known, problem)) location.reload();
    else if (problem) refuse(problem, live.picture.known);
    draw();
  });
  live.on("vote", draw);
  live.on("taps", (news) => {
    note.tell(news);
    bursts.forgive(news.uncounted);
    draw();
  });
  setInterval(() => {
    polls.tick(live.now());
    note.show(live, isWatchOnly);
    draw();
  }, TICK_MS);

  function draw() {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame(() => {
      isDrawing = false;
      drawNow();
    });
  }

  function drawNow() {
    const { picture, state } = live;
    const hasEnded = picture.status === "ended";
    const shown = hasEnded && state !== "stopped" ? "ended" : state;
    byId("connection").dataset.state = shown;
    setText(byId("connection"), shown === "ended" ? "Ended" : STATE_WORDS[shown]);
    if (!picture.known) return;

    setText(byId("title"), picture.title);
    document.title = `${picture.title} · Ovation`;
    byId("watching").hidden = picture.watching === null || shown !== "live";
    setText(byId("watching"), `${count(picture.watching ?? 0)} watching`);
    const sum = sumOfTaps(picture);
    // Where every digit has room, every tap of the crowd is seen.
    setText(byId("sum"), sum < LONG_SUM ? exactly(sum) : count(sum));
    const mayAct = state !== "stopped" && !hasEnded && !isWatchOnly;
    setText(byId("sum-unit"), sumWords(sum, hasEnded, mayAct));
    emojiBar.show(picture, mayAct);
    note.show(live, isWatchOnly);
    polls.show(picture.polls.values(), mayAct);
    polls.tick(live.now());
    byId("no-poll").hidden = !polls.isEmpty;
  }
}

/** @param {number} sum of taps @param {boolean} hasEnded @param {boolean} mayAct */
function sumWords(sum, hasEnded, mayAct) {
  if (sum === 0 && mayAct) return "taps yet. Be the first!";
  return `${word(sum, "tap", "taps")} ${hasEnded ? "in all" : "so far"}`;
}

/** @param {Problem} problem @param {boolean} hasPicture */
function refuse(problem, hasPicture) {
  byId("connection").dataset.state = "stopped";
  setText(byId("connection"), STATE_WORDS.stopped);
  setText(byId("refusal-title"), problem.title);
  setText(byId("refusal-detail"), problem.detail);
  byId("refusal").hidden = false;
  // Numbers that were seen stay; where there never were any, empty boxes would only puzzle.
  byId("stage").hidden = byId("polls-section").hidden = !hasPicture;
}
