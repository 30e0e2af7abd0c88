"use strict";
/* The map: units in colour, streets and townships as quiet lines, facilities as circles. */

const DEGREE = 100000;
const HATCH = 7;

/** Turn x, y, dx, dy, ... in whole hundred-thousandths of a degree into [lat, lng] points. */
function pointsOf(steps) {
  const points = [];
  for (let at = 0, x = 0, y = 0; at < steps.length; at += 2) {
    x += steps[at];
    y += steps[at + 1];
    points.push([y / DEGREE, x / DEGREE]);
  }
  return points;
}

const areaOf = (polygons) => polygons.map((rings) => rings.map(pointsOf));

function hatching() {
  const tile = document.createElement("canvas");
  tile.width = tile.height = HATCH;
  const ink = tile.getContext("2d");
  ink.strokeStyle = "rgba(255, 255, 255, 0.75)";
  for (const shift of [-HATCH, 0, HATCH]) {
    ink.moveTo(shift, HATCH);
    ink.lineTo(shift + HATCH, 0);
  }
  ink.stroke();
  return ink.createPattern(tile, "repeat");
}

/** A canvas that also hatches: layers with the option ``hatched`` are derived. */
const HatchedCanvas = L.Canvas.extend({
  _fillStroke(ink, layer) {
    L.Canvas.prototype._fillStroke.call(this, ink, layer);
    if (!layer.options.hatched) return;
    this._hatching ??= hatching();
    ink.globalAlpha = 1;
    ink.fillStyle = this._hatching;
    ink.fill("evenodd");
  },
});

/** Draw the study once; give what the page may ask of the drawing. */
function draw(map, data, { onUnit, onFacility, hint }) {
  const renderer = new HatchedCanvas({ padding: 0.3 });
  const { facility, chosen: chosenColour } = data.palette;
  const quiet = { renderer, interactive: false, fill: false };
  const plain = { weight: 0.7, color: "#ffffff", fillOpacity: 0.85 };

  const units = data.units.shape.map((shape, unit) => {
    const hatched = data.units.derived[unit];
    const style = { ...plain, hatched, dashArray: hatched ? "4 3" : null, renderer };
    return L.polygon(areaOf(shape), style)
      .bindTooltip(() => hint(unit), { sticky: true })
      .on("click", (event) => onUnit(unit, event.latlng))
      .addTo(map);
  });
  for (const steps of data.streets) {
    L.polyline(pointsOf(steps), { ...quiet, weight: 0.8, color: "#333333", opacity: 0.35 }).addTo(map);
  }
  for (const shape of data.townships.outlines) {
    L.polygon(areaOf(shape), { ...quiet, weight: 1.6, color: "#222222", opacity: 0.75 }).addTo(map);
  }
  const { name, x, y } = data.townships.labels;
  name.forEach((text, at) => label(text, [y[at] / DEGREE, x[at] / DEGREE]).addTo(map));

  const reach = L.layerGroup().addTo(map);
  const shown = L.layerGroup().addTo(map);
  const place = (row) => {
    const { x: east, y: north } = data.facilities;
    return east[row] === null ? null : L.latLng(north[row] / DEGREE, east[row] / DEGREE);
  };
  let chosen = null;

  return {
    paint: (colours) => units.forEach((layer, unit) => layer.setStyle({ fillColor: colours[unit] })),
    showFacilities(rows) {
      shown.clearLayers();
      for (const row of rows.filter(place)) {
        const solid = data.facilities.counted[row];
        L.circleMarker(place(row), {
          renderer, radius: 5, weight: solid ? 1.5 : 2, fillOpacity: solid ? 1 : 0,
          color: solid ? "#ffffff" : facility, fillColor: facility,
        })
          .bindTooltip(() => document.createTextNode(data.facilities.name[row]))
          .on("click", () => onFacility(row, place(row)))
          .addTo(shown);
      }
    },
    select(unit) {
      if (chosen !== null) units[chosen].setStyle({ weight: plain.weight, color: plain.color });
      chosen = unit;
      units[unit].setStyle({ weight: 3, color: chosenColour }).bringToFront();
      shown.eachLayer((layer) => layer.bringToFront());
    },
    showReach(areas) {
      reach.clearLayers();
      for (const { shape } of areas) {
        L.polygon(areaOf(shape), { renderer, interactive: false, weight: 2, color: chosenColour,
          fillColor: chosenColour, fillOpacity: 0.12 }).addTo(reach);
      }
      shown.eachLayer((layer) => layer.bringToFront());
    },
    place,
    middle: (unit) => units[unit].getBounds().getCenter(),
    zoomTo: (unit) => map.fitBounds(units[unit].getBounds(),
      { maxZoom: 14, padding: [80, 80], animate: false }),
  };
}

function label(text, at) {
  const html = document.createElement("span");
  html.textContent = text;
  const icon = L.divIcon({ className: "township-label", html, iconSize: null });
  return L.marker(at, { icon, interactive: false, keyboard: false });
}
