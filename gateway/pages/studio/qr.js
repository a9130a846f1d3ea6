/** The viewers' link as a QR code: large, to be held into a camera, shown full screen, or printed. */

import { byId, setText } from "../parts/dom.js";
import { act } from "./act.js";

export class QrDialog {
  #dialog = /** @type {HTMLDialogElement} */ (byId("qr"));

  /** @param {import('./api.js').StudioApi} api */
  constructor(api) {
    this.api = api;
    byId("qr-close").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => document.fullscreenElement && document.exitFullscreen());
    byId("qr-print").addEventListener("click", () => window.print());
    // Not the dialog itself: browsers give that no screen of its own.
    byId("qr-full").addEventListener("click", () => byId("qr-sheet").requestFullscreen().catch(() => {}));
    document.addEventListener("fullscreenchange", () => {
      byId("qr-full").hidden = !document.fullscreenEnabled || document.fullscreenElement !== null;
    });
    byId("qr-full").hidden = !document.fullscreenEnabled;
  }

  /** @param {string} link */
  async show(link) {
    const button = /** @type {HTMLButtonElement} */ (byId("show-qr"));
    const isDrawn = await act([button], byId("links-note"), async () => {
      const drawing = await this.api.qr(link);
      byId("qr-image").setAttribute("src", `data:image/svg+xml,${encodeURIComponent(drawing)}`);
      setText(byId("qr-title"), byId("title").textContent);
    });
    // Only now, because a dialog gives the focus back to where it was.
    if (isDrawn) this.#dialog.showModal();
  }
}
