/** The overlay: it puts the parts together, and draws at most once per frame whatever arrives. */

import { byId, setText } from "../parts/dom.js";
import { count } from "../parts/format.js";
import { watchAir } from "./air.js";
import { DebugBox } from "./debug_box.js";
import { comeOrGo } from "./entrance.js";
import { Feed } from "./feed.js";
import { readLink } from "./link.js";
import { applyLook } from "./look.js";
import { Meter } from "./meter.js";
import { readParameters } from "./parameters.js";
import { PollPanel } from "./poll_panel.js";
import { Reactions } from "./reactions.js";
import { TotalsBar } from "./totals_bar.js";
import { whichPoll } from "./which_poll.js";

const TICK_MS = 250;
/** When a page goes on that was stopped, what came meanwhile comes at once: that is no crowd. */
const SETTLING_MS = 300;

const { stream, token, parameters } = readLink(location);
const { values, given, complaints } = readParameters(parameters);
const debug = new DebugBox(values.debug === 1);
const shows = (part) => values.show.includes(part);
const asksForLess = matchMedia("(prefers-reduced-motion: reduce)");
const isStill = () => values.motion === "none" || (values.motion === "auto" && asksForLess.matches);

applyLook(values, given);
complaints.forEach((words, index) => debug.complain(`parameter ${index}`, words));

const reactions = new Reactions(/** @type {HTMLCanvasElement} */ (byId("reactions")), values);
const poll = new PollPanel(values.options, isStill);
const totals = new TotalsBar(values.emojis, isStill);
const meter = new Meter((words) => debug.note("meter", words));
const feed = new Feed({ stream, token, intervalMs: values.interval, storage: null }, { onPicture, onState });
let isOnAir = !document.hidden;
let settled = 0;
let isAsked = false;
let isNews = false;
let expected = "";
let staleTimer = 0;

/** @param {Map<string, number>} rises */
function onPicture(rises) {
  isNews = true;
  const { emojis } = feed.picture;
  if (expected !== emojis.join()) reactions.expect(emojis);
  expected = emojis.join();
  if (isOnAir && shows("reactions") && !isStill() && performance.now() > settled) reactions.hear(rises);
  ask();
}

function onState(state, problem) {
  if (problem) debug.complain("problem", `${problem.title}. ${problem.detail}`);
  else if (state === "live") debug.note("problem", "");
  debug.note("state", `${stream}: ${state}`);
  const { dataset } = document.documentElement;
  if (state !== "live") {
    staleTimer ||= setTimeout(() => (dataset.stale = values.stale), 1000 * values["stale-after"]);
    return;
  }
  clearTimeout(staleTimer);
  staleTimer = 0;
  delete dataset.stale;
}

/** Draw in the next frame. */
function ask() {
  if (isAsked || !isOnAir) return;
  isAsked = true;
  requestAnimationFrame(frame);
}

function frame(now) {
  const began = performance.now();
  isAsked = false;
  if (isNews) drawNews();
  const goesOn = reactions.frame(now);
  meter.count(now, performance.now() - began, reactions.particles.count);
  if (goesOn) ask();
}

function drawNews() {
  isNews = false;
  const { picture } = feed;
  if (shows("poll")) showPoll();
  if (shows("totals")) totals.show(picture);
  setText(byId("watching-count"), count(picture.watching ?? 0));
  comeOrGo(byId("watching"), shows("watching") && picture.watching !== null, false, isStill());
}

function showPoll() {
  const now = feed.now();
  poll.show(whichPoll(feed.picture.polls.values(), values.poll, values.result, now), now);
}

function fit() {
  reactions.fit([byId("poll"), byId("strip")].map((box) => box.getBoundingClientRect()).filter((box) => box.height > 0));
  ask();
}

function turn(isOn) {
  isOnAir = isOn;
  settled = performance.now() + SETTLING_MS;
  reactions.clear();
  if (isOn) ask();
}

const resized = new ResizeObserver(fit);
["reactions", "poll", "strip"].forEach((id) => resized.observe(byId(id)));
// OBS adds its Custom CSS once the page has loaded.
new MutationObserver(fit).observe(document.head, { childList: true, subtree: true, characterData: true });
watchAir(turn);
asksForLess.addEventListener("change", () => isStill() && reactions.clear());
window.addEventListener("hashchange", () => location.reload());
setInterval(() => isOnAir && feed.picture && shows("poll") && showPoll(), TICK_MS);

if (token === null) debug.complain("problem", "The link has no token: it ends in #token= and a long text.");
else feed.start();
