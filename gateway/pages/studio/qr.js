/** The viewers' link as a QR code: large, to be held into a camera, shown full screen, or printed. */

import { byId, setText } from "../parts/dom.js";
import { act } from "./act.js";

export class QrDialog {
  #dialog = /** @type {HTMLDialogElement} */ (byId("qr"));

  /** @param {import('./api.js').StudioApi} api */
  constructor(api) {
    this.api = api;
    byId("qr-close").addEventListener("click", () => this.#dialog.close());
    byId("qr-print").addEventListener("click", () => window.print());
    byId("qr-full").addEventListener("click", () => this.#dialog.requestFullscreen?.().catch(() => {}));
    byId("qr-full").hidden = !document.fullscreenEnabled;
  }

  /** @param {string} link */
  async show(link) {
    const button = /** @type {HTMLButtonElement} */ (byId("show-qr"));
    await act([button], byId("links-note"), async () => {
      const drawing = await this.api.qr(link);
      byId("qr-image").setAttribute("src", `data:image/svg+xml,${encodeURIComponent(drawing)}`);
      setText(byId("qr-title"), byId("title").textContent);
      this.#dialog.showModal();
    });
  }
}
