/** The form that asks a broadcaster for the API key. */

import { byId, setText } from "./dom.js";
import { forgetKey, keepKey, takeKey } from "./key.js";

export class KeyBox {
  #form = /** @type {HTMLFormElement} */ (byId("key-form"));

  /** @param {(key: string) => void} onKey */
  constructor(onKey) {
    this.onKey = onKey;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const key = keepKey(this.#form.key.value);
      byId("refusal").hidden = true;
      setText(byId("key-note"), key === null ? "That is no API key: paste it whole, on one line." : "");
      if (key !== null) this.#give(key);
    });
    byId("forget").addEventListener("click", () => {
      forgetKey();
      location.reload();
    });
    window.addEventListener("hashchange", () => location.reload());
  }

  /** Go on with the key of the link or of this tab, or ask for one. */
  begin() {
    const known = takeKey();
    if (known === null) this.#form.hidden = false;
    else this.#give(known);
  }

  /** Ask for another key than the one that was given. */
  ask() {
    forgetKey();
    this.#form.hidden = false;
    this.#form.key.value = "";
    this.#form.key.focus();
  }

  #give(key) {
    this.#form.hidden = true;
    this.onKey(key);
  }
}
