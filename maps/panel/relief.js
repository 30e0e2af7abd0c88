/* The ground's relief over the units: a small grey raster, so faint that the colours stay theirs. */

/** Read the relief of a study; null where it has none. */
export function reliefOf({ relief, packed, palette }) {
  if (!relief) return null;
  const shade = packed.once("relief/shade");
  const { width, height, box, levels } = relief;
  const image = new ImageData(width, height);
  shade.forEach((level, at) => {
    const light = (2 * level) / levels - 1; // -1 in shadow, 0 on flat ground, 1 in the light
    image.data.fill(light > 0 ? 255 : 0, 4 * at, 4 * at + 3);
    image.data[4 * at + 3] = Math.round(255 * (light > 0 ? palette.relief.light * light : -palette.relief.shadow * light));
  });
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return { canvas, box };
}

/** Draw the relief on what a canvas shows already, and nowhere else. */
export function drawRelief(ink, { canvas, box }, { scale, left, top, shift }) {
  const [west, north] = shift ? shift(box[0], box[1]) : box;
  const [east, south] = shift ? shift(box[2], box[3]) : box.slice(2);
  ink.save();
  ink.globalCompositeOperation = "source-atop";
  ink.imageSmoothingQuality = "high";
  ink.drawImage(canvas, west * scale - left, north * scale - top, (east - west) * scale, (south - north) * scale);
  ink.restore();
}
