/** The stream's rows as a file: fetched page by page with the key, which a plain link could not send. */

import { byId, setText } from "../parts/dom.js";
import { count } from "../parts/format.js";
import { Refused } from "../parts/api.js";
import { refusalWords } from "../parts/refusal_words.js";
import { SENTENCES } from "./problems.js";

const PAGE_ROWS = 500_000;

/** @param {() => import('../parts/stream_api.js').StreamApi} apiOf @param {string} streamId */
export function offerExports(apiOf, streamId) {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (byId("exports").querySelectorAll("button"))) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await save(apiOf(), button.dataset.table, `${streamId}.${button.dataset.table}.csv`);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        setText(byId("exports-note"), `Not downloaded. ${refusalWords(error.problem, SENTENCES).title}.`);
      } finally {
        button.disabled = false;
      }
    });
  }
}

async function save(api, table, name) {
  const parts = [];
  /** @type {string | null} */ let cursor = null;
  do {
    setText(byId("exports-note"), parts.length ? `${count(parts.length * PAGE_ROWS)} rows so far…` : "Downloading…");
    const page = await api.get(`/history/exports/${table}`, { format: "csv", limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) });
    const rows = await page.blob().catch(() => null);
    // A page that broke off is no part of a file.
    if (rows === null) throw new Refused({ name: "no-answer", title: "", detail: "", status: 0 });
    parts.push(parts.length ? await withoutHead(rows) : rows);
    cursor = page.headers.get("next-cursor");
  } while (cursor);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "text/csv" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
  setText(byId("exports-note"), "Downloaded.");
}

/** Every page begins with the names of the columns. */
async function withoutHead(rows) {
  const start = new Uint8Array(await rows.slice(0, 1_000).arrayBuffer());
  return rows.slice(start.indexOf(10) + 1);
}
