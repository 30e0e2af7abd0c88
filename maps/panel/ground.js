/* Between steps of the page and degrees: web Mercator, ``2 ** bits`` steps around the world. */

/** Give {lat, lng} of steps. */
export function toDegrees(x, y, bits) {
  const world = 2 ** bits;
  const north = Math.PI * (1 - (2 * y) / world);
  return { lat: (Math.atan(Math.sinh(north)) * 180) / Math.PI, lng: (x / world) * 360 - 180 };
}

/** Give [x, y] in steps, not rounded. @returns {[number, number]} */
export function toSteps({ lat, lng }, bits) {
  const world = 2 ** bits;
  const sine = Math.sin((lat * Math.PI) / 180);
  return [((lng + 180) / 360) * world,
    (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world];
}

/** Give the corners of a box of steps as [[south, west], [north, east]]. @param {ArrayLike<number>} box */
export function cornersOf(box, bits) {
  const [west, north, east, south] = Array.from(box);
  const [from, to] = [toDegrees(west, south, bits), toDegrees(east, north, bits)];
  return [[from.lat, from.lng], [to.lat, to.lng]];
}
