/** The viewer's page: it puts the parts together, and draws at most once per frame whatever arrives. */

import { Bursts } from "./bursts.js";
import { Connection } from "./connection.js";
import { byId, setText } from "./dom.js";
import { EmojiBar } from "./emoji_bar.js";
import { count, problemWords, word } from "./format.js";
import { PollCard } from "./poll_card.js";
import { NO_TOKEN, whyRefused } from "./refusal.js";
import { emptyPicture, merge, sumOfTaps } from "./state.js";
import { Taps } from "./taps.js";
import { claims, takeToken } from "./token.js";
import { Votes } from "./votes.js";

const STATE_WORDS = { connecting: "Connecting…", live: "Live", reconnecting: "Reconnecting…", stopped: "Not connected" };

const streamId = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
const token = takeToken(streamId);
const isWatchOnly = token !== null && claims(token).role === "overlay";
const picture = emptyPicture();
/** @type {Map<string, PollCard>} */ const cards = new Map();
/** @type {import('./connection.js').ConnectionState} */ let state = "connecting";
let isDrawing = false;

const socketUrl = new URL(`/v1/streams/${encodeURIComponent(streamId)}/ws`, location.href);
socketUrl.protocol = location.protocol === "https:" ? "wss:" : "ws:";
const connection = new Connection(socketUrl.href, ["ovation.v1", `bearer.${token}`], {
  onMessage(message) {
    bursts.rise(merge(picture, message));
    draw();
  },
  onState(next) {
    state = next;
    if (state === "live") votes.sendPending();
    else bursts.forgetOwn();
    draw();
  },
  onRefused: refuse,
  whyRefused: () => whyRefused(streamId, token),
});

const bursts = new Bursts(byId("bursts"));
const votes = new Votes(streamId, connection, draw);
const taps = new Taps(async (counts) => {
  const answer = await connection.ask({ type: "react", counts });
  if (answer.type === "ack") setText(byId("taps-note"), "");
  if (answer.type === "error") setText(byId("taps-note"), `Your taps were not counted: ${problemWords(answer)}`);
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
  drawPolls(!hasEnded && !isWatchOnly && state !== "stopped");
}

/** @param {boolean} mayVote */
function drawPolls(mayVote) {
  for (const poll of picture.polls.values()) {
    if (!cards.has(poll.poll_id)) addCard(poll);
    cards.get(poll.poll_id).show(poll, votes.get(poll.poll_id), mayVote);
  }
  byId("no-poll").hidden = cards.size > 0;
}

/** @param {import('./state.js').Poll} poll */
function addCard(poll) {
  const card = new PollCard(poll, (choices) => votes.cast(poll.poll_id, choices));
  cards.set(poll.poll_id, card);
  byId("polls").prepend(card.form);
  if (poll.status === "open") setText(byId("poll-news"), `New poll: ${poll.question}`);
}

/** @param {import('./connection.js').Problem} problem */
function refuse(problem) {
  setText(byId("refusal-title"), problem.title);
  setText(byId("refusal-detail"), problem.detail.replaceAll("`", ""));
  byId("refusal").hidden = false;
  // Numbers that were seen stay; where there never were any, empty boxes would only puzzle.
  byId("stage").hidden = byId("polls-section").hidden = !picture.known;
  state = "stopped";
  draw();
}

window.addEventListener("online", () => connection.hurry());
document.addEventListener("visibilitychange", () => document.hidden || connection.hurry());
window.addEventListener("hashchange", () => location.reload());

if (token === null) refuse(NO_TOKEN);
else connection.start();
