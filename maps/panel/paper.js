/* The page laid out as a sheet of paper, and back again. */

import { PAPERS, paperStyle, printDialog, sheetParts } from "./sheet.js";
import { THEMES } from "./themes.js";

const FINE = 2; // pixels of the canvas for one of the page: paper shows more than a screen

/** Ask what goes on the sheet, and print it. @param {import("./page.js").Page} page */
export function askToPrint(page) {
  const dialog = printDialog(page.view, (paper, sheetWords) => {
    page.state = { ...page.state, sheetWords };
    layForPrint(page, paper);
    window.print();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Lay the page out on the paper that its address asks for, if any, and as a sheet whenever the browser prints it. */
export function layAsAsked(page) {
  if (PAPERS.includes(page.state.sheet)) lay(page, page.state.sheet);
  window.addEventListener("beforeprint", () => {
    if (!document.documentElement.dataset.sheet) layForPrint(page, PAPERS[0]); // by the browser's own command
  });
}

/** Lay the page out as a sheet until it is printed. */
function layForPrint(page, paper) {
  const { map } = page, [centre, zoom] = [map.getCenter(), map.getZoom()];
  lay(page, paper);
  window.addEventListener("afterprint", () => {
    lay(page, null);
    map.setView(centre, zoom, { animate: false });
  }, { once: true });
}

/**
 * Lay the page out as a sheet of paper, or with null as a page again.
 * @param {import("./page.js").Page} page @param {string | null} paper
 */
function lay(page, paper) {
  for (const part of document.querySelectorAll("[id^=sheet-], #paper")) part.remove();
  if (paper && page.state.swipe) page.change({ swipe: false, compare: true });
  const theme = paper ? "light" : page.state.theme;
  document.documentElement.dataset.theme = theme;
  if (paper) document.documentElement.dataset.sheet = paper;
  else delete document.documentElement.dataset.sheet;
  page.layer.setTheme(THEMES[theme]);
  page.layer.fineness = paper ? FINE : null;
  page.map.invalidateSize({ animate: false });
  if (page.state.township === null) page.pointing.home();
  else page.zoomToTownship(page.state.township);
  if (!paper) return;
  document.head.append(paperStyle(paper));
  document.body.append(...sheetParts(page.view, page.map));
}
