import { byId } from "../parts/dom.js";

/**
 * Where parts of the board are, or will be once they have come: what moves them on their way counts for nothing.
 * @param {string[]} ids
 * @returns {DOMRect[]} of those that are there, within the frame
 */
export function boxesOf(ids) {
  const board = byId("board").getBoundingClientRect();
  return ids
    .map(byId)
    .filter((part) => part.offsetHeight > 0)
    .map(({ offsetLeft: x, offsetTop: y, offsetWidth: width, offsetHeight: height }) => {
      return new DOMRect(board.x + x, board.y + y, width, height);
    });
}
