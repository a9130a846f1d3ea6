/** Something that was asked for by a button: busy until it is answered, and refused in words. */

import { Refused } from "../parts/api.js";
import { setText } from "../parts/dom.js";
import { actionWords } from "./words.js";

/**
 * @param {HTMLButtonElement[]} buttons that do nothing meanwhile
 * @param {Element} note where a refusal is said
 * @param {() => Promise<void>} work
 * @returns {Promise<boolean>} whether it was done
 */
export async function act(buttons, note, work) {
  const focused = document.activeElement;
  setText(note, "");
  for (const button of buttons) {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
  }
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    setText(note, actionWords(error.problem));
    return false;
  } finally {
    for (const button of buttons) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
    // A button that was disabled has lost the focus to nobody.
    if (document.activeElement === document.body && focused instanceof HTMLElement) focused.focus();
  }
}
