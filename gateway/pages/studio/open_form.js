/** The form that opens a stream which is not there yet. */

import { byId, setText } from "../parts/dom.js";
import { act } from "./act.js";
import { EmojiPicker } from "./emojis.js";

export class OpenForm {
  #form = /** @type {HTMLFormElement} */ (byId("open-form"));
  #emojis = new EmojiPicker((words) => setText(byId("open-note"), words));

  /** @param {string} streamId @param {(title: string, emojis: string[]) => Promise<void>} open */
  constructor(streamId, open) {
    setText(byId("open-id"), streamId);
    const title = /** @type {HTMLInputElement} */ (byId("open-title"));
    this.#form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const note = byId("open-note");
      const words = title.value.trim();
      if (!words) return this.#complain(title, "Give the stream a title.");
      if (!this.#emojis.picked.length) return this.#complain(byId("another"), "Pick at least one emoji.");
      await act([this.#form.querySelector("button[type=submit]")], note, () => open(words, this.#emojis.picked));
    });
  }

  show() {
    if (!this.#form.hidden) return;
    this.#form.hidden = false;
    byId("open-title").focus();
  }

  hide() {
    this.#form.hidden = true;
  }

  #complain(field, words) {
    setText(byId("open-note"), words);
    field.focus();
  }
}
