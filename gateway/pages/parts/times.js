/** Times in words: in the video as h:mm:ss, and by the clock of whoever reads. */

const language = document.documentElement.lang;
const clockFormat = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const minuteFormat = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayFormat = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const zoneFormat = new Intl.DateTimeFormat(language, { timeZoneName: "short" });
const VIDEO_TIME = /^(?:(?:(\d{1,3}):)?([0-5]?\d):)?([0-5]?\d)$/;

/** @param {number} seconds @returns {string} 1:02:07 */
export function videoTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [minutes, rest] = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  return `${Math.floor(whole / 3600)}:${minutes}:${rest}`;
}

/** @param {string} text as `videoTime` writes it, hours and minutes optional @returns {number | null} seconds */
export function readVideoTime(text) {
  const found = VIDEO_TIME.exec(text.trim());
  if (!found) return null;
  const [hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
}

/** @param {number} ms @returns {string} 20:41:07 */
export function clockTime(ms) {
  return clockFormat.format(ms);
}

/** @param {number} ms @returns {string} 20:41 */
export function clockMinute(ms) {
  return minuteFormat.format(ms);
}

/** @param {number} ms @returns {string} Saturday, January 10, 2026 */
export function day(ms) {
  return dayFormat.format(ms);
}

/** @param {number} ms @returns {string} the name of the zone that clock times are in */
export function zone(ms) {
  return zoneFormat.formatToParts(ms).find((part) => part.type === "timeZoneName")?.value ?? "";
}

/** @param {number} seconds @returns {string} 2 h 31 min */
export function lasted(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return [`${Math.floor(whole / 60)} min`, whole % 60 ? `${whole % 60} s` : ""].join(" ").trim();
  const minutes = Math.round(whole / 60);
  return [`${Math.floor(minutes / 60)} h`, minutes % 60 ? `${minutes % 60} min` : ""].join(" ").trim();
}

/** @param {number} seconds of a step @returns {string} 10 s, 5 min, 1 h */
export function stepWords(seconds) {
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
