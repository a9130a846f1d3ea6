/** The receipt of a vote: folded, for it is long, with a button that asks what became of the vote. */

import { setText } from "../parts/dom.js";
import { problemWords, readProblem } from "../client/problem_words.js";

const OUTCOMES = {
  pending: "It is safe, and not tallied yet. Ask again in a few seconds.",
  counted: "It is counted.",
  replaced: "It is not counted: a later vote of yours has replaced it.",
  withdrawn: "Your vote was taken back.",
  duplicate: "It is not counted: you had voted before.",
  late: "It is not counted: it came after the poll had closed.",
  invalid: "It is not counted: it breaks the poll's rules.",
  ineligible: "It is not counted: your link may not vote in this poll.",
};

export class ReceiptBox {
  #receipt = "";

  /** @param {HTMLDetailsElement} box */
  constructor(box) {
    this.box = box;
    box.querySelector("button").addEventListener("click", () => this.#ask());
  }

  /** @param {string | undefined} receipt */
  show(receipt = "") {
    if (receipt === this.#receipt) return;
    this.#receipt = receipt;
    this.box.hidden = receipt === "";
    setText(this.box.querySelector("code"), receipt);
    setText(this.box.querySelector("p"), "");
  }

  async #ask() {
    const receipt = this.#receipt;
    const words = await outcomeWords(receipt);
    if (receipt === this.#receipt) setText(this.box.querySelector("p"), words);
  }
}

/** @param {string} receipt @returns {Promise<string>} */
async function outcomeWords(receipt) {
  try {
    const response = await fetch(`/v1/receipts/${encodeURIComponent(receipt)}`, { cache: "no-store" });
    const answer = await response.json();
    if (!response.ok) return problemWords(readProblem(answer));
    const place = answer.ballot ? ` In the list of ballots it is ${answer.ballot}.` : "";
    return `${OUTCOMES[answer.outcome] ?? answer.outcome}${place}`;
  } catch {
    return "The gateway does not answer just now.";
  }
}
