// Flat canvases of the instruments.

/**
 * The pen of a canvas whose picture is kept in the memory of the processor. The instruments draw a
 * few small strokes in each frame; without a graphics card, each of those would be emulated at a
 * hundred times its cost, and with one the copy of so small a picture is nothing.
 * @param {HTMLCanvasElement} canvas
 */
export function flatPen(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
}

/**
 * Fits a canvas to the box that it fills on the page.
 * @param {HTMLCanvasElement} canvas
 * @returns {{width: number, height: number, pixels: number}} in CSS pixels, and pixels for each
 */
export function fitCanvas(canvas) {
  const box = canvas.getBoundingClientRect();
  const pixels = Math.min(2, devicePixelRatio || 1);
  const [width, height] = [Math.max(1, box.width), Math.max(1, box.height)];
  canvas.width = Math.round(width * pixels);
  canvas.height = Math.round(height * pixels);
  return { width, height, pixels };
}
