/* Many dots at once: thousands of them drawn one by one by the canvas take its time, and its memory.

   A dot is drawn once, and its pixels are put wherever it is needed, in strips of the canvas. */

const STRIP = 64; // rows put on the canvas at a time
const FULL_TURN = 2 * Math.PI;
const STAMPS = new Map();
let strip = null; // the last one, for the next is as wide

/**
 * @typedef {object} Stamp
 * @property {HTMLCanvasElement} canvas
 * @property {number} size pixels of a side
 * @property {Uint32Array} pixels
 */

/** Give a dot drawn once. @returns {Stamp} */
export function stamp(radius, { fill, rim, width }) {
  const name = [radius, fill, rim, width].join("/");
  if (!STAMPS.has(name)) {
    const canvas = document.createElement("canvas"), size = 2 * Math.ceil(radius + width);
    canvas.width = canvas.height = size;
    const ink = canvas.getContext("2d");
    ink.arc(size / 2, size / 2, radius, 0, FULL_TURN);
    ink.lineWidth = width;
    ink.strokeStyle = rim;
    ink.fillStyle = fill;
    ink.fill();
    ink.stroke();
    STAMPS.set(name, { canvas, size, pixels: new Uint32Array(ink.getImageData(0, 0, size, size).data.buffer) });
  }
  return STAMPS.get(name);
}

/**
 * Put dots on a canvas, the later ones over the earlier.
 * @param {CanvasRenderingContext2D} ink
 * @param {{width: number, height: number}} view
 * @param {{left: Int32Array, top: Int32Array, which: Uint8Array, stamps: Stamp[]}} dots upper left
 *   corners, and the stamp of each
 */
export function putDots(ink, { width, height }, { left, top, which, stamps }) {
  const { canvas, image, pixels } = stripOf(width), ours = canvas.getContext("2d");
  const tallest = Math.max(...stamps.map(({ size }) => size));
  for (let row = 0; row < height; row += STRIP) {
    const above = row - tallest, below = row + STRIP;
    let any = false;
    for (let at = 0; at < top.length; at++) {
      if (top[at] >= below || top[at] <= above) continue;
      if (!any) pixels.fill(0);
      any = true;
      press(pixels, width, stamps[which[at]], left[at], top[at] - row);
    }
    if (!any) continue;
    ours.putImageData(image, 0, 0);
    ink.drawImage(canvas, 0, row);
  }
}

function stripOf(width) {
  if (strip?.image.width !== width) {
    const image = new ImageData(width, STRIP);
    strip = { canvas: Object.assign(document.createElement("canvas"), { width, height: STRIP }), image,
      pixels: new Uint32Array(image.data.buffer) };
  }
  return strip;
}

/**
 * Lay the pixels of a dot over those of a strip, as far as they lie in it.
 * @param {Uint32Array} pixels
 * @param {number} width
 * @param {{size: number, pixels: Uint32Array}} dot
 */
export function press(pixels, width, { size, pixels: own }, left, top) {
  const last = Math.min(size, pixels.length / width - top), end = Math.min(size, width - left);
  for (let row = Math.max(0, -top); row < last; row++) {
    const to = (top + row) * width + left;
    for (let column = Math.max(0, -left); column < end; column++) {
      const over = own[row * size + column];
      if (over === 0) continue;
      const under = pixels[to + column];
      pixels[to + column] = over >>> 24 === 255 || under === 0 ? over : blend(over, under);
    }
  }
}

/** Lay one colour over another; both are four bytes: alpha, blue, green, red. */
function blend(over, under) {
  const own = 255 * (over >>> 24), rest = (255 - (over >>> 24)) * (under >>> 24), whole = own + rest;
  const blue = ((over >>> 16 & 255) * own + (under >>> 16 & 255) * rest + whole / 2) / whole;
  const green = ((over >>> 8 & 255) * own + (under >>> 8 & 255) * rest + whole / 2) / whole;
  const red = ((over & 255) * own + (under & 255) * rest + whole / 2) / whole;
  return ((whole + 127) / 255 << 24 | blue << 16 | green << 8 | red) >>> 0;
}
