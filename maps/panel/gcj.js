/* The offset of GCJ-02, by which Amap's tiles are shifted: the same formula as layers/datum.py. */

const SEMI_MAJOR = 6378245;
const ECCENTRICITY2 = 0.00669342162296594323;
const [EAST, NORTH] = [105, 35]; // the offset's origin
const BOX = { west: 72.004, south: 0.8293, east: 137.8347, north: 55.8271 };
const ROUNDS = 4; // each leaves about a hundredth of the error before it
const RADIANS = Math.PI / 180;

const inside = (lng, lat) => lng >= BOX.west && lng <= BOX.east && lat >= BOX.south && lat <= BOX.north;
const waves = (angle, first, second, stretch = 3) =>
  first * Math.sin(Math.PI * angle) + second * Math.sin((Math.PI * angle) / stretch);

/** Give the offset in degrees east and north. */
function offset(lng, lat) {
  const [x, y] = [lng - EAST, lat - NORTH];
  const root = Math.sqrt(Math.abs(x));
  const ripple = 20 * Math.sin(6 * Math.PI * x) + 20 * Math.sin(2 * Math.PI * x);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    + ((ripple + waves(y, 20, 40) + waves(y / 12, 160, 320, 2.5)) * 2) / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    + ((ripple + waves(x, 20, 40) + waves(x / 12, 150, 300, 2.5)) * 2) / 3;
  const bend = 1 - ECCENTRICITY2 * Math.sin(lat * RADIANS) ** 2;
  const across = (SEMI_MAJOR / Math.sqrt(bend)) * Math.cos(lat * RADIANS);
  const along = (SEMI_MAJOR * (1 - ECCENTRICITY2)) / (bend * Math.sqrt(bend));
  return [east / across / RADIANS, north / along / RADIANS];
}

/** Give GCJ-02 for degrees of WGS 84; outside China nothing moves. */
export function toGcj(lng, lat) {
  if (!inside(lng, lat)) return [lng, lat];
  const [east, north] = offset(lng, lat);
  return [lng + east, lat + north];
}

/** Give WGS 84 for degrees of GCJ-02. */
export function fromGcj(lng, lat) {
  if (!inside(lng, lat)) return [lng, lat];
  let [x, y] = [lng, lat];
  for (let round = 0; round < ROUNDS; round++) {
    const [east, north] = offset(x, y);
    [x, y] = [lng - east, lat - north];
  }
  return [x, y];
}
