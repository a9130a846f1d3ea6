/** The broadcaster's page of a live stream: it asks for a key, opens the stream if need be, and looks at it every second. */

import { Refused } from "../parts/api.js";
import { byId, setText } from "../parts/dom.js";
import { KeyBox } from "../parts/key_box.js";
import { refusalWords } from "../parts/refusal_words.js";
import { clockMinute, day, lasted, zone } from "../parts/times.js";
import { act } from "./act.js";
import { StudioApi } from "./api.js";
import { Links } from "./links.js";
import { Moments } from "./moments.js";
import { showNumbers } from "./numbers.js";
import { OpenForm } from "./open_form.js";
import { PollForm } from "./poll_form.js";
import { Polls } from "./polls.js";
import { Round } from "./round.js";
import { isSure } from "./sure.js";
import { SENTENCES } from "./words.js";

const NUMBERS_MS = 1_000;
const POLLS_MS = 1_500;
const MOMENTS_MS = 10_000;
const STREAM_MS = 5_000;
const STATE_WORDS = { loading: "Loading…", live: "Live", ended: "Ended", stale: "Not up to date" };

const streamId = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");

/** @type {StudioApi} */ let api;
/** @type {Polls} */ let polls;
/** @type {Moments} */ let moments;
/** @type {Links} */ let links;
/** @type {import('../parts/stream_api.js').Stream | null} */ let stream = null;
/** @type {Round[]} that ask about a stream which is there */ let rounds = [];
/** @type {Round} */ let streamRound;
/** How far the server's clock is ahead of this page's stopwatch, ms. */
let ahead = 0;

const openForm = new OpenForm(streamId, async (title, emojis) => {
  await api.open(title, emojis);
  await streamRound.now();
  byId("title").focus();
});
const keyBox = new KeyBox((key) => {
  const isFirst = api === undefined;
  api = new StudioApi(streamId, key);
  byId("tools").hidden = false;
  if (isFirst) furnish();
  else location.reload();
});

function furnish() {
  polls = new Polls(streamId, api, { onChange: () => rounds[1].now(), onEdit: (poll, isLocked) => pollForm.edit(poll, isLocked) });
  moments = new Moments(api);
  links = new Links(api, streamId);
  const pollForm = new PollForm(streamId, api, (pollId) => polls.look(pollId));
  rounds = [
    new Round(NUMBERS_MS, said(loadNumbers)),
    new Round(POLLS_MS, said(loadPolls)),
    new Round(MOMENTS_MS, () => moments.load(stream.created_at, polls.all)),
  ];
  streamRound = new Round(STREAM_MS, said(loadStream));
  showState("loading");
  streamRound.start();
}

async function loadStream() {
  try {
    const isFirst = stream === null;
    stream = await api.stream();
    showStream();
    if (!isFirst) return;
    for (const round of rounds) round.start();
  } catch (error) {
    if (!(error instanceof Refused && error.problem.name === "unknown-stream")) throw error;
    byId("state").hidden = true;
    openForm.show();
  }
}

async function loadNumbers() {
  const stats = await api.stats();
  const isFirst = ahead === 0;
  ahead = stats.as_of - performance.now();
  showNumbers(stats);
  polls.showRecounts(stats.recounts);
  polls.tick(stats.as_of);
  if (isFirst && stream.status === "live") links.show(stats.as_of);
}

async function loadPolls() {
  await polls.load(stream.status === "live");
  if (ahead) polls.tick(performance.now() + ahead);
  // Which polls belong to a moment.
  moments.show(stream.created_at, polls.all);
}

function showStream() {
  const { title, created_at: begin, ended_at: end, status } = stream;
  const isLive = status === "live";
  openForm.hide();
  byId("studio").hidden = false;
  setText(byId("title"), title);
  document.title = `${title} · Studio · Ovation`;
  const length = end ? `, for ${lasted((end - begin) / 1_000)}` : "";
  const began = `${clockMinute(begin)} ${zone(begin)}, ${day(begin)}`;
  setText(byId("when"), isLive ? `Live since ${began}` : `Began at ${began}${length}`);
  byId("history-link").setAttribute("href", `/studio/${encodeURIComponent(streamId)}/history`);
  byId("history-link").hidden = false;
  byId("end").hidden = byId("links").hidden = !isLive;
  byId("prepare").classList.toggle("gone", !isLive);
  showState(status);
}

/** @param {keyof STATE_WORDS} state */
function showState(state) {
  byId("state").hidden = false;
  byId("state").dataset.state = { loading: "connecting", stale: "reconnecting" }[state] ?? state;
  setText(byId("state"), STATE_WORDS[state]);
}

/** @param {() => Promise<void>} work @returns {() => Promise<void>} the same, whose refusal is said on the page */
function said(work) {
  return async () => {
    try {
      await work();
      byId("refusal").hidden = true;
      if (stream) showState(stream.status);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refuse(error.problem);
    }
  };
}

/** Numbers that were seen stay. @param {import('../parts/api.js').Problem} problem */
function refuse(problem) {
  const { title, detail, asksForKey } = refusalWords(problem, SENTENCES);
  setText(byId("refusal-title"), title);
  setText(byId("refusal-detail"), detail);
  byId("refusal").hidden = false;
  if (stream) showState("stale");
  else byId("state").hidden = true;
  if (!asksForKey) return;
  for (const round of [...rounds, streamRound]) round.stop();
  byId("studio").hidden = byId("tools").hidden = true;
  keyBox.ask();
}

byId("end").addEventListener("click", async () => {
  const isMeant = await isSure({
    title: "End the stream?",
    about: "Open polls are closed and counted again, prepared ones are cancelled, and nobody can tap or vote any more. This cannot be taken back.",
    yes: "End the stream",
    no: "Stay live",
  });
  if (!isMeant) return;
  const button = /** @type {HTMLButtonElement} */ (byId("end"));
  const isDone = await act([button], byId("end-note"), () => api.end());
  await streamRound.now();
  await rounds[1].now();
  if (isDone) {
    setText(byId("news"), "The stream has ended.");
    byId("title").focus();
  }
});

// Countdowns run between two looks.
setInterval(() => stream && ahead && polls.tick(performance.now() + ahead), NUMBERS_MS);

keyBox.begin();
