/* Shifts points, given as [[lng, lat], ...] in a file, to GCJ-02 and back: both as JSON. */

import { readFileSync } from "node:fs";
import { fromGcj, toGcj } from "../../maps/panel/gcj.js";

const points = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify({ there: points.map((point) => toGcj(...point)), back: points.map((point) => fromGcj(...point)) }));
