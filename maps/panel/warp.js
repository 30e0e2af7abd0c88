/* Between the study's coordinates and the page's steps: polynomials that maps/warp.py fits. */

/** Give T_0(u) ... T_n(u). */
function chebyshev(u, degree) {
  const terms = [1, u];
  for (let at = 2; at <= degree; at++) terms.push(2 * u * terms[at - 1] - terms[at - 2]);
  return terms;
}

/**
 * Give a function from [x, y] to [x, y].
 * @param {{middle: number[], half: number[], degree: number, x: number[], y: number[]}} fit
 */
export function warpOf({ middle, half, degree, x, y }) {
  return ([px, py]) => {
    const u = chebyshev((px - middle[0]) / half[0], degree);
    const v = chebyshev((py - middle[1]) / half[1], degree);
    const sum = [0, 0];
    for (let i = 0, at = 0; i <= degree; i++) {
      for (let j = 0; j <= degree; j++, at++) {
        const term = u[i] * v[j];
        sum[0] += x[at] * term;
        sum[1] += y[at] * term;
      }
    }
    return sum;
  };
}
