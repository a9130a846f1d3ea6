/** The viewer's page: it puts the parts together, and draws at most once per frame whatever arrives. */

import { Bursts } from "./bursts.js";
import { Connection } from "../client/connection.js";
import { byId, setText } from "../parts/dom.js";
import { EmojiBar } from "./emoji_bar.js";
import { count, word } from "../parts/format.js";
import { PollList } from "./poll_list.js";
import { NO_TOKEN, whyRefused } from "../client/refusal.js";
import { reveal } from "../client/reveal.js";
import { ServerClock } from "../client/server_clock.js";
import { emptyPicture, merge, sumOfTaps } from "../client/state.js";
import { Taps } from "../client/taps.js";
import { claims, takeToken } from "../client/token.js";
import { Votes } from "../client/votes.js";

const STATE_WORDS = { connecting: "Connecting…", live: "Live", reconnecting: "Reconnecting…", stopped: "Not connected" };
const TICK_MS = 250;

const streamId = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
const token = takeToken(streamId);
const { role, sub } = claims(token ?? "");
const isWatchOnly = role === "overlay";
const picture = emptyPicture();
const clock = new ServerClock();
/** @type {import('../client/connection.js').ConnectionState} */ let state = "connecting";
let isDrawing = false;

const socketUrl = new URL(`/v1/streams/${encodeURIComponent(streamId)}/ws`, location.href);
socketUrl.protocol = location.protocol === "https:" ? "wss:" : "ws:";
const connection = new Connection(socketUrl.href, ["ovation.v1", `bearer.${token}`], {
  onMessage(message) {
    clock.hear(message.as_of);
    bursts.rise(merge(picture, message));
    draw();
  },
  onState(next) {
    state = next;
    if (state === "live") {
      votes.sendPending();
      reveal(picture.polls.values(), votes, connection);
    } else {
      bursts.forgetOwn();
    }
    draw();
  },
  onRefused: refuse,
  whyRefused: () => whyRefused(streamId, token),
});

const bursts = new Bursts(byId("bursts"));
const votes = new Votes(`${streamId}.${sub}`, connection, draw);
const polls = new PollList(byId("polls"), byId("poll-news"), votes);
const taps = new Taps(connection, (words, uncounted) => {
  setText(byId("taps-note"), words);
  bursts.forgive(uncounted);
});
const emojiBar = new EmojiBar(byId("emojis"), (emoji, button) => {
  const [stage, place] = [byId("bursts").getBoundingClientRect(), button.getBoundingClientRect()];
  bursts.tap(emoji, (place.x + place.width / 2 - stage.x) / stage.width);
  taps.add(emoji);
});

function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    drawNow();
  });
}

function drawNow() {
  const hasEnded = picture.status === "ended";
  const shown = hasEnded && state !== "stopped" ? "ended" : state;
  byId("connection").dataset.state = shown;
  setText(byId("connection"), shown === "ended" ? "Ended" : STATE_WORDS[shown]);
  if (!picture.known) return;

  setText(byId("title"), picture.title);
  document.title = `${picture.title} · Ovation`;
  const sum = sumOfTaps(picture);
  setText(byId("sum"), count(sum));
  setText(byId("sum-unit"), `${word(sum, "tap", "taps")} ${hasEnded ? "in all" : "so far"}`);
  emojiBar.show(picture, state === "live" && !hasEnded && !isWatchOnly);
  if (hasEnded) setText(byId("taps-note"), "This stream has ended. Its numbers stay.");
  else if (isWatchOnly) setText(byId("taps-note"), "This link is for watching only: it cannot tap or vote.");
  polls.show(picture.polls.values(), !hasEnded && !isWatchOnly && state !== "stopped");
  polls.tick(clock.now());
  byId("no-poll").hidden = !polls.isEmpty;
}

/** @param {import('../client/problem_words.js').Problem} problem */
function refuse(problem) {
  setText(byId("refusal-title"), problem.title);
  setText(byId("refusal-detail"), problem.detail);
  byId("refusal").hidden = false;
  // Numbers that were seen stay; where there never were any, empty boxes would only puzzle.
  byId("stage").hidden = byId("polls-section").hidden = !picture.known;
  state = "stopped";
  draw();
}

/** The network is back, or somebody looks again; the device may have slept meanwhile. */
function awake() {
  if (document.hidden) return;
  connection.hurry();
  clock.set();
}

window.addEventListener("online", awake);
document.addEventListener("visibilitychange", awake);
window.addEventListener("hashchange", () => location.reload());
setInterval(() => polls.tick(clock.now()), TICK_MS);

if (token === null) {
  refuse(NO_TOKEN);
} else {
  connection.start();
  clock.set();
}
