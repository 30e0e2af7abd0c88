/* A grid of square cells over points or pieces of street, to look only at what is near. */

const PER_CELL = 2;
const PIECES_PER_CELL = 4; // a piece lies in every cell that it may cross: of smaller ones in many

/**
 * @typedef {object} Grid
 * @property {number} west @property {number} south @property {number} cell side in centimetres
 * @property {number} columns @property {number} rows
 * @property {Int32Array} first where each cell's items begin
 * @property {Int32Array} items
 */

/**
 * Sort things into cells. Without ``pieces`` every row is a point; with it every row that is
 * marked is the straight piece from its vertex to the next.
 * @param {ArrayLike<number>} x centimetres
 * @param {ArrayLike<number>} y
 * @param {Uint8Array} [pieces]
 * @param {number} [least] side of a cell; larger where fewer than two things would fall into each
 * @returns {Grid}
 */
export function makeGrid(x, y, pieces, least = 0) {
  let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
  for (let row = 0; row < x.length; row++) {
    west = Math.min(west, x[row]); east = Math.max(east, x[row]);
    south = Math.min(south, y[row]); north = Math.max(north, y[row]);
  }
  if (!x.length) [west, south, east, north] = [0, 0, 0, 0];
  const area = (east - west + 1) * (north - south + 1);
  const cell = Math.max(1000, least, Math.sqrt(area / (x.length + 1)) * (pieces ? PIECES_PER_CELL : PER_CELL));
  const grid = { west, south, cell,
    columns: Math.floor((east - west) / cell) + 1, rows: Math.floor((north - south) / cell) + 1 };
  const cells = grid.columns * grid.rows;
  const first = new Int32Array(cells + 1);
  eachCell(grid, x, y, pieces, (at) => { first[at + 1]++; });
  for (let at = 0; at < cells; at++) first[at + 1] += first[at];
  const items = new Int32Array(first[cells]);
  eachCell(grid, x, y, pieces, (at, row) => { items[first[at]++] = row; });
  first.copyWithin(1, 0, cells); // each was moved to its end, where the next begins
  first[0] = 0;
  return { ...grid, first, items };
}

function eachCell(grid, x, y, pieces, take) {
  const column = (value) => Math.floor((value - grid.west) / grid.cell);
  const line = (value) => Math.floor((value - grid.south) / grid.cell);
  for (let row = 0; row < x.length; row++) {
    if (pieces && !pieces[row]) continue;
    const next = pieces ? row + 1 : row;
    const left = column(Math.min(x[row], x[next])), right = column(Math.max(x[row], x[next]));
    const low = line(Math.min(y[row], y[next])), high = line(Math.max(y[row], y[next]));
    for (let j = low; j <= high; j++) {
      for (let i = left; i <= right; i++) take(j * grid.columns + i, row);
    }
  }
}

/**
 * Give the things around a point ring by ring, each with the least distance in centimetres that
 * anything of it or of later rings can have. A piece may come more than once.
 * @param {Grid} grid
 * @returns {Generator<{least: number, pieces: number[]}>}
 */
export function* ringsAround(grid, x, y) {
  const column = Math.floor((x - grid.west) / grid.cell);
  const row = Math.floor((y - grid.south) / grid.cell);
  const inX = x - grid.west - column * grid.cell, inY = y - grid.south - row * grid.cell;
  const edge = Math.min(inX, inY, grid.cell - inX, grid.cell - inY);
  const far = Math.max(column, grid.columns - 1 - column, row, grid.rows - 1 - row);
  // From outside the grid the first rings are empty.
  const near = Math.max(0, -column, column - grid.columns + 1, -row, row - grid.rows + 1);
  for (let ring = near; ring <= far; ring++) {
    const least = ring === 0 ? 0 : (ring - 1) * grid.cell + edge;
    yield { least, pieces: itemsOfRing(grid, column, row, ring) };
  }
}

function itemsOfRing(grid, column, row, ring) {
  const found = [];
  const low = Math.max(row - ring, 0), high = Math.min(row + ring, grid.rows - 1);
  const left = Math.max(column - ring, 0), right = Math.min(column + ring, grid.columns - 1);
  for (let j = low; j <= high; j++) {
    const whole = Math.abs(j - row) === ring;
    for (let i = left; i <= right; i++) {
      if (!whole && Math.abs(i - column) !== ring) {
        i = Math.max(i, column + ring - 1); // on to the other side of the ring
        continue;
      }
      const at = j * grid.columns + i;
      for (let item = grid.first[at]; item < grid.first[at + 1]; item++) {
        found.push(grid.items[item]);
      }
    }
  }
  return found;
}

/** Give the points of a grid whose cells a square around a point touches. */
export function* pointsAround(grid, x, y, reach) {
  const column = (value) => Math.floor((value - grid.west) / grid.cell);
  const line = (value) => Math.floor((value - grid.south) / grid.cell);
  const left = Math.max(column(x - reach), 0), right = Math.min(column(x + reach), grid.columns - 1);
  const low = Math.max(line(y - reach), 0), high = Math.min(line(y + reach), grid.rows - 1);
  for (let j = low; j <= high; j++) {
    for (let i = left; i <= right; i++) {
      const at = j * grid.columns + i;
      for (let item = grid.first[at]; item < grid.first[at + 1]; item++) yield grid.items[item];
    }
  }
}
