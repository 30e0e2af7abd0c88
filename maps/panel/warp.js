/* Between the study's coordinates and the page's steps: polynomials that maps/warp.py fits. */

/** Put T_0(u) ... T_n(u) into ``terms``. */
function chebyshev(u, terms) {
  terms[0] = 1;
  terms[1] = u;
  for (let at = 2; at < terms.length; at++) terms[at] = 2 * u * terms[at - 1] - terms[at - 2];
}

/**
 * @typedef {{middle: number[], half: number[], degree: number, x: number[], y: number[]}} Fit
 */

/** Give a function from [x, y] to [x, y]. @param {Fit} fit */
export function warpOf(fit) {
  const put = warpInto(fit), to = { x: new Float64Array(1), y: new Float64Array(1) };
  return ([px, py]) => {
    put(to, 0, px, py);
    return [to.x[0], to.y[0]];
  };
}

/**
 * Give a function that puts where a point comes to into a row of columns: a hundred thousand points
 * are no arrays of their own. @param {Fit} fit
 */
export function warpInto({ middle, half, degree, x, y }) {
  const u = new Float64Array(degree + 1), v = new Float64Array(degree + 1);
  const forX = Float64Array.from(x), forY = Float64Array.from(y);
  return (to, row, px, py) => {
    chebyshev((px - middle[0]) / half[0], u);
    chebyshev((py - middle[1]) / half[1], v);
    let sumX = 0, sumY = 0;
    for (let i = 0, at = 0; i <= degree; i++) {
      for (let j = 0; j <= degree; j++, at++) {
        const term = u[i] * v[j];
        sumX += forX[at] * term;
        sumY += forY[at] * term;
      }
    }
    to.x[row] = sumX;
    to.y[row] = sumY;
  };
}
