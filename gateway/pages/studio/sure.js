/** Asks whether something that cannot be taken back shall be done. */

import { byId, setText } from "../parts/dom.js";

/** @param {{title: string, about: string, yes: string, no: string}} words @returns {Promise<boolean>} */
export function isSure({ title, about, yes, no }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("sure"));
  setText(byId("sure-title"), title);
  setText(byId("sure-about"), about);
  setText(byId("sure-yes"), yes);
  setText(byId("sure-no"), no);
  dialog.returnValue = "";
  byId("sure-yes").onclick = () => dialog.close("yes");
  byId("sure-no").onclick = () => dialog.close("");
  dialog.showModal();
  byId("sure-no").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
