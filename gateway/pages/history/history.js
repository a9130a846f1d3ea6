/** A stream's history for its broadcaster: it asks for a key, loads, and, while the stream is live, loads again. */

import { Refused } from "../parts/api.js";
import { byId, setText } from "../parts/dom.js";
import { KeyBox } from "../parts/key_box.js";
import { refusalWords } from "../parts/refusal_words.js";
import { StreamApi } from "../parts/stream_api.js";
import { offerExports } from "./export.js";
import { showMoments } from "./moments.js";
import { Part, fillSteps } from "./part.js";
import { Polls } from "./polls.js";
import { SENTENCES } from "./problems.js";
import { Reactions } from "./reactions.js";
import { showPollCount, showStream, showSummary } from "./summary.js";

const AGAIN_MS = 10_000;
const STATE_WORDS = { loading: "Loading…", live: "Live", ended: "Ended", stale: "Not up to date" };

const streamId = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-2) ?? "");
fillSteps(/** @type {HTMLSelectElement} */ (byId("step")));

/** @type {StreamApi | null} */ let api = null;
/** @type {Polls | null} */ let polls = null;
/** Counts loads: what an older one brings is not shown any more. */
let newest = 0;
let timer = 0;
let isShown = false;

const part = new Part(() => load());
const reactions = new Reactions(part);
const keyBox = new KeyBox(begin);

/** @param {string} key */
function begin(key) {
  api = new StreamApi(streamId, key);
  polls = new Polls(api);
  byId("tools").hidden = false;
  load();
}

async function load() {
  clearTimeout(timer);
  const own = (newest += 1);
  if (!isShown) showState("loading");
  byId("timeline").setAttribute("aria-busy", "true");
  try {
    const stream = await api.stream();
    if (own !== newest) return;
    showStream(stream);
    const [whole, moments, peak] = await Promise.all([api.reactions(), api.moments(), api.peak()]);
    const isWhole = part.isWhole && !part.query.step;
    const shown = isWhole ? whole : await api.reactions(part.query);
    if (own !== newest) return;
    byId("refusal").hidden = true;
    byId("history").hidden = false;
    isShown = true;
    part.show(stream.created_at, whole, shown);
    reactions.show(stream, whole, shown, moments);
    showMoments(moments, zoomTo);
    showSummary(stream, whole, peak, moments.length);
    showPollCount(await polls.load(stream.created_at));
    if (own !== newest) return;
    showState(stream.status);
    if (stream.status === "live") later();
  } catch (error) {
    if (own === newest) refuse(error);
  } finally {
    if (own === newest) byId("timeline").removeAttribute("aria-busy");
  }
}

/** @param {keyof STATE_WORDS} state */
function showState(state) {
  byId("state").hidden = false;
  byId("state").dataset.state = { loading: "connecting", stale: "reconnecting" }[state] ?? state;
  setText(byId("state"), STATE_WORDS[state]);
}

function later() {
  timer = setTimeout(() => (document.hidden ? later() : load()), AGAIN_MS);
}

/** @param {number} from @param {number} to */
function zoomTo(from, to) {
  part.zoom(from, to);
  byId("reactions").scrollIntoView();
}

/** Numbers that were seen stay. @param {unknown} error */
function refuse(error) {
  if (!(error instanceof Refused)) throw error;
  const { title, detail, asksForKey, mayPass } = refusalWords(error.problem, SENTENCES);
  setText(byId("refusal-title"), title);
  setText(byId("refusal-detail"), detail);
  byId("refusal").hidden = false;
  byId("history").hidden = !isShown || asksForKey;
  if (isShown) showState("stale");
  else byId("state").hidden = true;
  byId("again").hidden = !mayPass;
  if (mayPass) later();
  if (!asksForKey) return;
  clearTimeout(timer);
  newest += 1;
  byId("tools").hidden = true;
  keyBox.ask();
}

byId("again").addEventListener("click", () => load());
byId("print").addEventListener("click", () => window.print());

offerExports(() => api, streamId);

keyBox.begin();
