/** A small plot of the last minute, second by second: nothing but its course. */

import { place, svg } from "../parts/svg.js";

const WIDTH = 120;
const HEIGHT = 36;

/** @param {Element} box @param {number[]} values the oldest first */
export function drawSpark(box, values) {
  const most = Math.max(...values, 1);
  const x = (index) => place((index / (values.length - 1)) * WIDTH);
  const y = (value) => place(HEIGHT - 2 - (value / most) * (HEIGHT - 4));
  const line = values.map((value, index) => `${x(index)} ${y(value)}`).join("L");
  box.replaceChildren(
    svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" },
      svg("path", { class: "spark-area", d: `M0 ${HEIGHT}L${line}L${WIDTH} ${HEIGHT}Z` }),
      svg("path", { class: "spark-line", d: `M${line}` }),
    ),
  );
}
