/* Between the study's coordinates and the page's steps: polynomials that maps/warp.py fits. */

/** Put T_0(u) ... T_n(u) into ``terms``. */
function chebyshev(u, terms) {
  terms[0] = 1;
  terms[1] = u;
  for (let at = 2; at < terms.length; at++) terms[at] = 2 * u * terms[at - 1] - terms[at - 2];
}

/**
 * Give a function from [x, y] to [x, y].
 * @param {{middle: number[], half: number[], degree: number, x: number[], y: number[]}} fit
 */
export function warpOf({ middle, half, degree, x, y }) {
  const [u, v] = [new Float64Array(degree + 1), new Float64Array(degree + 1)];
  const [forX, forY] = [Float64Array.from(x), Float64Array.from(y)];
  return ([px, py]) => {
    chebyshev((px - middle[0]) / half[0], u);
    chebyshev((py - middle[1]) / half[1], v);
    let [sumX, sumY] = [0, 0];
    for (let i = 0, at = 0; i <= degree; i++) {
      for (let j = 0; j <= degree; j++, at++) {
        const term = u[i] * v[j];
        sumX += forX[at] * term;
        sumY += forY[at] * term;
      }
    }
    return [sumX, sumY];
  };
}
