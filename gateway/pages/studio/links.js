/**
 * The links to give away. Each holds a token in its fragment, which browsers send to nobody; they are made once for a tab.
 *
 * @typedef {{viewer: string, overlay: string, ends: number}} Tokens  `ends` is epoch ms
 */

import { recall, remember } from "../client/storage.js";
import { byId, setText } from "../parts/dom.js";
import { Refused } from "../parts/api.js";
import { clockMinute, day } from "../parts/times.js";
import { QrDialog } from "./qr.js";
import { actionWords } from "./words.js";

const GOOD_FOR_S = 24 * 3_600;
/** A link that ends sooner is made anew. */
const AT_LEAST_MS = 12 * 3_600_000;
const COPIED_MS = 2_000;

export class Links {
  /** @type {Record<string, string>} */ #links = {};

  /** @param {import('./api.js').StudioApi} api @param {string} streamId */
  constructor(api, streamId) {
    this.api = api;
    this.streamId = streamId;
    const qr = new QrDialog(api);
    byId("show-qr").addEventListener("click", () => qr.show(this.#links.viewer));
    for (const row of byId("links").querySelectorAll(".link-row")) {
      const [input, button] = [row.querySelector("input"), row.querySelector(".copy")];
      input.addEventListener("focus", () => input.select());
      button.addEventListener("click", () => copy(input, button));
    }
  }

  /** Make the links, or take those that this tab has. @param {number} now by the server's clock, epoch ms */
  async show(now) {
    const name = `ovation.links.${this.streamId}`;
    /** @type {Tokens | null} */ let tokens = recall(name);
    if (!tokens || tokens.ends < now + AT_LEAST_MS) {
      setText(byId("links-note"), "");
      try {
        tokens = await this.#make();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        setText(byId("links-note"), `No links: ${actionWords(error.problem)}`);
        byId("links").classList.add("without");
        return;
      }
      remember(name, tokens);
    }
    const stream = encodeURIComponent(this.streamId);
    this.#links = {
      viewer: `${location.origin}/watch/${stream}#invite=${tokens.viewer}`,
      overlay: `${location.origin}/overlay/${stream}#token=${tokens.overlay}`,
    };
    byId("links").classList.remove("without");
    for (const row of byId("links").querySelectorAll(".link-row")) row.querySelector("input").value = this.#links[row.dataset.link];
    setText(byId("links-until"), `The links work until ${clockMinute(tokens.ends)}, ${day(tokens.ends)}.`);
  }

  /** @returns {Promise<Tokens>} */
  async #make() {
    const [viewer, overlay] = await Promise.all([
      this.api.token({ role: "invite", expires_in_s: GOOD_FOR_S }),
      this.api.token({ role: "overlay", viewer_id: "overlay", expires_in_s: GOOD_FOR_S }),
    ]);
    return { viewer: viewer.token, overlay: overlay.token, ends: Math.min(viewer.expires_at, overlay.expires_at) };
  }
}

/** @param {HTMLInputElement} input @param {HTMLButtonElement} button */
async function copy(input, button) {
  const isCopied = await toClipboard(input);
  setText(button, isCopied ? "Copied" : "Press Ctrl+C");
  setText(byId("news"), isCopied ? "The link is copied." : "Copy the selected link yourself.");
  setTimeout(() => setText(button, "Copy"), COPIED_MS);
}

/** Browsers have a clipboard for pages by HTTPS alone; the old way is there for all. */
async function toClipboard(input) {
  try {
    await navigator.clipboard.writeText(input.value);
    return true;
  } catch {
    input.focus();
    input.select();
    return document.execCommand("copy");
  }
}
