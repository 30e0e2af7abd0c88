/* The nodes a search goes on from, the least key first: a binary heap in plain arrays. */

export class Heap {
  constructor() {
    this.size = 0;
    this.keys = new Float64Array(1024);
    this.nodes = new Int32Array(1024);
  }

  /** @param {number} key @param {number} node */
  push(key, node) {
    if (this.size === this.keys.length) this.#grow();
    let at = this.size++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.keys[up] <= key) break;
      this.keys[at] = this.keys[up];
      this.nodes[at] = this.nodes[up];
      at = up;
    }
    this.keys[at] = key;
    this.nodes[at] = node;
  }

  /** The least key. */
  get least() { return this.keys[0]; }

  /** Take out the node of the least key. @returns {number} */
  pop() {
    const least = this.nodes[0];
    const key = this.keys[--this.size], node = this.nodes[this.size];
    let at = 0;
    for (let down = 1; down < this.size; down = 2 * at + 1) {
      if (down + 1 < this.size && this.keys[down + 1] < this.keys[down]) down++;
      if (this.keys[down] >= key) break;
      this.keys[at] = this.keys[down];
      this.nodes[at] = this.nodes[down];
      at = down;
    }
    this.keys[at] = key;
    this.nodes[at] = node;
    return least;
  }

  #grow() {
    const keys = new Float64Array(2 * this.size), nodes = new Int32Array(2 * this.size);
    keys.set(this.keys);
    nodes.set(this.nodes);
    [this.keys, this.nodes] = [keys, nodes];
  }
}
