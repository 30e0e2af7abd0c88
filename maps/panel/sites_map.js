/* The sites of an answer on the map: numbered pins, and a line to every unit a site serves. */

import { drawChosen, drawSites } from "./overlay.js";

/** Draw an answer; its pins are the plan's own once it is on trial. */
export function drawAnswer(ink, onScreen, { siting, study, held }, { scene, paper }) {
  const { sites, site, tried } = siting;
  const colour = study.palette.proposed;
  const { scale, left, top, ratio } = onScreen;
  const { units } = study;
  if (site !== null) {
    for (const { unit } of sites[site].served) drawChosen(ink, onScreen, scene.units, unit, { colour, paper });
  }
  ink.strokeStyle = colour;
  sites.forEach(({ at, served }, row) => {
    ink.globalAlpha = site === null || site === row ? 0.9 : 0.3;
    ink.lineWidth = (site === row ? 2.2 : 1.3) * ratio;
    ink.beginPath();
    for (const { unit } of served) {
      ink.moveTo(at.x * scale - left, at.y * scale - top);
      ink.lineTo(units.x[unit] * scale - left, units.y[unit] * scale - top);
    }
    ink.stroke();
  });
  ink.globalAlpha = 1;
  if (!tried) drawSites(ink, onScreen, { sites: sites.map(({ at }) => at), colour, paper: "#ffffff", held });
}
