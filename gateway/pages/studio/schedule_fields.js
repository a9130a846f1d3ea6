/**
 * When a poll opens and closes. Fields are in the time zone of whoever writes them, polls in epoch milliseconds.
 *
 * @typedef {{opens_at: number | null, closes_at: number | null, closes_in_s: number | null}} Times
 */

import { byId } from "../parts/dom.js";

const UNITS_S = [3_600, 60, 1];

export class ScheduleFields {
  /** @param {HTMLFormElement} form @param {() => void} onChange */
  constructor(form, onChange) {
    this.form = form;
    for (const select of [form.opens, form.closes]) {
      select.addEventListener("change", () => {
        this.fit();
        onChange();
      });
    }
  }

  /** Show the fields that belong to what is chosen. */
  fit() {
    const { opens, closes, opens_at, closes_at } = this.form;
    opens_at.hidden = opens.value !== "time";
    byId("duration-fields").hidden = closes.value !== "duration";
    closes_at.hidden = closes.value !== "time";
  }

  /** @returns {Times | {complaint: string, field: HTMLElement}} */
  read() {
    const { opens, closes, opens_at, closes_at, duration, unit } = this.form;
    const times = { opens_at: null, closes_at: null, closes_in_s: null };
    if (opens.value === "time") times.opens_at = new Date(opens_at.value).getTime();
    if (closes.value === "time") times.closes_at = new Date(closes_at.value).getTime();
    if (closes.value === "duration") times.closes_in_s = Math.round(Number(duration.value) * Number(unit.value));
    if (Number.isNaN(times.opens_at)) return { complaint: "Say when it opens.", field: opens_at };
    if (Number.isNaN(times.closes_at)) return { complaint: "Say when it closes.", field: closes_at };
    if (times.closes_in_s !== null && !(times.closes_in_s >= 1)) return { complaint: "Say for how long it is open.", field: duration };
    return times;
  }

  /** @param {Times} times */
  write({ opens_at: opensAt, closes_at: closesAt, closes_in_s: seconds }) {
    const { form } = this;
    form.opens.value = opensAt ? "time" : "hand";
    form.opens_at.value = opensAt ? localTime(opensAt) : "";
    form.closes.value = seconds ? "duration" : closesAt ? "time" : "hand";
    form.closes_at.value = closesAt && !seconds ? localTime(closesAt) : "";
    const unit = seconds ? UNITS_S.find((each) => seconds % each === 0) : 60;
    form.unit.value = String(unit);
    form.duration.value = String(seconds ? seconds / unit : 2);
    this.fit();
  }
}

/** @param {number} ms @returns {string} as such a field holds it, to the second */
function localTime(ms) {
  const time = new Date(ms);
  return new Date(ms - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
