/* An online basemap beneath the study, asked for only once it is chosen. */

import { shiftedAreas } from "./areas.js";
import { fromGcj, toGcj } from "./gcj.js";
import { toDegrees, toSteps } from "./ground.js";

const SEEN_THROUGH = 165; // of 255: the units' colours over a basemap
const PROJECTION = L.Projection.SphericalMercator;

/** Web Mercator whose pixels are GCJ-02's, while places stay WGS 84: tiles fall where they belong. */
const GCJ = L.extend({}, L.CRS.EPSG3857, {
  code: "GCJ-02",
  projection: L.extend({}, PROJECTION, {
    project({ lng, lat }) {
      const [east, north] = toGcj(lng, lat);
      return PROJECTION.project(L.latLng(north, east));
    },
    unproject(point) {
      const { lng, lat } = PROJECTION.unproject(point);
      const [east, north] = fromGcj(lng, lat);
      return L.latLng(north, east);
    },
  }),
});

/** Give a function from steps to the steps where GCJ-02 puts them. */
export function gcjSteps(bits) {
  return (x, y) => {
    const { lat, lng } = toDegrees(x, y, bits);
    const [east, north] = toGcj(lng, lat);
    return toSteps({ lat: north, lng: east }, bits);
  };
}

/** Give a scene with everything that is drawn moved. */
export function shiftedScene(scene, shift) {
  const points = ({ x, y }) => {
    const moved = { x: x.slice(), y: y.slice() };
    for (let at = 0; at < x.length; at++) {
      if (x[at] < 0) continue;
      [moved.x[at], moved.y[at]] = shift(x[at], y[at]).map(Math.round);
    }
    return moved;
  };
  const moved = (areas) => shiftedAreas(areas, points(areas));
  const { borders } = scene, units = moved(scene.units);
  return { ...scene, units, streets: moved(scene.streets),
    borders: { ...borders, lines: borders.lines === scene.units ? units : moved(borders.lines) },
    water: scene.water && moved(scene.water), anchors: { ...scene.anchors, ...points(scene.anchors) } };
}

export class Basemap {
  /** ``layer`` is the study's; ``onFailure`` is told when the service does not answer. */
  constructor(map, layer, onFailure) {
    this.map = map;
    this.layer = layer;
    this.onFailure = onFailure;
    this.tiles = [];
    this.plain = layer.scene;
    this.shifted = null; // once it is needed
  }

  /** Put a basemap (of maps/basemaps.toml; null for none) beneath the study. */
  choose(basemap, key) {
    for (const each of this.tiles) each.remove();
    this.tiles = [];
    this.ground(basemap?.datum === "gcj02");
    this.layer.setAlpha(basemap ? SEEN_THROUGH : 255);
    if (!basemap) return;
    let failed = false;
    this.tiles = basemap.tiles.map((address) => L.tileLayer(address, {
      key: encodeURIComponent(key ?? ""), subdomains: basemap.servers ?? "", maxNativeZoom: basemap.finest, maxZoom: 24,
      attribution: basemap.attribution, referrerPolicy: "strict-origin-when-cross-origin",
    }).on("tileerror", () => {
      if (!failed) this.onFailure();
      failed = true;
    }).addTo(this.map));
  }

  /** Draw the study where GCJ-02 puts it, or where it is. */
  ground(gcj) {
    const { map, layer, plain } = this;
    if (gcj === Boolean(layer.shift)) return;
    const shift = gcj ? gcjSteps(plain.bits) : null;
    if (gcj) this.shifted ??= shiftedScene(plain, shift);
    const [centre, zoom] = [map.getCenter(), map.getZoom()];
    layer.setGround(gcj ? this.shifted : plain, shift);
    map.options.crs = gcj ? GCJ : L.CRS.EPSG3857;
    map.setView(centre, zoom, { reset: true });
  }
}
