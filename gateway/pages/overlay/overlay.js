/** The overlay: it puts the parts together, and draws at most once per frame whatever arrives. */

import { byId, setText } from "../parts/dom.js";
import { short } from "./short.js";
import { watchAir } from "./air.js";
import { boxesOf } from "./boxes.js";
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
/** When a page goes on that stood still for so long, what came meanwhile comes at once: that is no crowd. */
const STILL_MS = 1_000;
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
let alive = performance.now();
/** The frame that was asked for; 0 for none. */
let asked = 0;
let isNews = false;
let expected = "";
let staleTimer = 0;

/** @param {Map<string, number>} rises */
function onPicture(rises) {
  wake();
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

/** Notice whether the page stood still. */
function wake() {
  const now = performance.now();
  if (now - alive > STILL_MS) settled = now + SETTLING_MS;
  alive = now;
}

/** Draw in the next frame. */
function ask() {
  if (isOnAir) asked ||= requestAnimationFrame(frame);
}

function frame(now) {
  const began = performance.now();
  asked = 0;
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
  setText(byId("watching-count"), short(picture.watching ?? 0));
  comeOrGo(byId("watching"), shows("watching") && picture.watching !== null, false, isStill());
}

function showPoll() {
  const now = feed.now();
  poll.show(whichPoll(feed.picture.polls.values(), values.poll, values.result, now), now);
}

function tick() {
  wake();
  if (isOnAir && feed.picture && shows("poll")) showPoll();
}

function fit() {
  reactions.fit(boxesOf(["poll", "watching", "totals"]), values.layout === "full");
  ask();
}

function turn(isOn) {
  isOnAir = isOn;
  settled = performance.now() + SETTLING_MS;
  reactions.clear();
  cancelAnimationFrame(asked);
  asked = 0;
  ask();
}

/** Stop what moves, if nothing may. */
function rest() {
  document.documentElement.toggleAttribute("data-still", isStill());
  if (isStill()) reactions.clear();
}

const resized = new ResizeObserver(fit);
["reactions", "poll", "watching", "totals"].forEach((id) => resized.observe(byId(id)));
// OBS adds its Custom CSS once the page has loaded.
new MutationObserver(fit).observe(document.head, { childList: true, subtree: true, characterData: true });
watchAir(turn);
asksForLess.addEventListener("change", rest);
rest();
window.addEventListener("hashchange", () => location.reload());
setInterval(tick, TICK_MS);

if (token === null) debug.complain("problem", "The link has no token: it ends in #token= and a long text.");
else feed.start();
