// The shapes of candidates on a plain canvas, the same as those of the points that glow.

/** @typedef {import("../model/vocabulary.js").Shape} Shape */

/**
 * Adds a shape to the path of a pen, and fills or strokes it.
 * @param {CanvasRenderingContext2D} pen its fill and stroke styles are used
 * @param {Shape} shape
 * @param {number} x
 * @param {number} y
 * @param {number} r half its width, in pixels
 */
export function drawShape(pen, shape, x, y, r) {
  pen.beginPath();
  switch (shape) {
    case "ring":
      pen.arc(x, y, r, 0, 2 * Math.PI);
      pen.lineWidth = Math.max(1, r * 0.4);
      pen.stroke();
      return;
    case "cross":
      pen.moveTo(x - r, y - r);
      pen.lineTo(x + r, y + r);
      pen.moveTo(x + r, y - r);
      pen.lineTo(x - r, y + r);
      pen.lineWidth = Math.max(1, r * 0.5);
      pen.stroke();
      return;
    case "diamond":
      polygon(pen, x, y, 4, () => r * 1.25);
      break;
    case "star":
      polygon(pen, x, y, 10, (i) => (i % 2 === 0 ? r * 1.35 : r * 0.6));
      break;
    case "square":
      pen.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7);
      break;
    default:
      pen.arc(x, y, shape === "dot" ? r * 0.75 : r, 0, 2 * Math.PI);
  }
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} corners
 * @param {(i: number) => number} reach
 */
function polygon(pen, x, y, corners, reach) {
  for (let i = 0; i < corners; i += 1) {
    const turn = (2 * Math.PI * i) / corners - Math.PI / 2;
    pen.lineTo(x + reach(i) * Math.cos(turn), y + reach(i) * Math.sin(turn));
  }
  pen.closePath();
}
