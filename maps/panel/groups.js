/* Rows by what they belong to: facilities by category, residences by unit. */

/**
 * @typedef {object} Groups
 * @property {(which: number) => Int32Array} of the rows of a group, in order
 * @property {(row: number) => number} place where a row is when all groups lie one after the other
 * @property {number[][]} begins the number of each group, and where it begins then
 */

/**
 * Sort rows into groups.
 * @param {ArrayLike<number>} group of each row: whole numbers
 * @returns {Groups}
 */
export function groupsOf(group) {
  let least = Infinity, most = -Infinity;
  for (let row = 0; row < group.length; row++) {
    least = Math.min(least, group[row]);
    most = Math.max(most, group[row]);
  }
  const first = new Int32Array(Math.max(0, most - least) + 2), rows = new Int32Array(group.length);
  for (let row = 0; row < group.length; row++) first[group[row] - least + 1]++;
  for (let at = 0; at + 1 < first.length; at++) first[at + 1] += first[at];
  for (let row = 0; row < group.length; row++) rows[first[group[row] - least]++] = row;
  first.copyWithin(1, 0); // each was moved to its end, where the next begins
  first[0] = 0;
  const of = (which) => (which < least || which > most ? rows.subarray(0, 0)
    : rows.subarray(first[which - least], first[which - least + 1]));
  return { of, place: (row) => first[group[row] - least] + lowerBound(of(group[row]), row),
    begins: Array.from(first.subarray(0, -1), (begin, at) => [least + at, begin]) };
}

/**
 * Give how many of some numbers in order are less than another.
 * @param {ArrayLike<number>} numbers
 * @param {number} than
 */
export function lowerBound(numbers, than) {
  let low = 0, high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < than) low = middle + 1;
    else high = middle;
  }
  return low;
}
