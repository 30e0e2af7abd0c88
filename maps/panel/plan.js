/* Plans as the files that layers/plan_file.py reads and writes, byte for byte. */

export const VERSION = 1;

/**
 * @typedef {object} Addition
 * @property {string} facility_id @property {string} name
 * @property {string} category id
 * @property {number} x_cm @property {number} y_cm whole centimetres of the study CRS
 * @property {number} [capacity] @property {number} [year]
 */

/**
 * @typedef {object} Plan
 * @property {string} name
 * @property {Addition[]} added
 * @property {string[]} closed facility ids
 */

/** Give the text of a plan's file. @param {Plan} plan @param {{name: string, crs: string}} study */
export function planText(plan, study) {
  const content = {
    livingcircle_plan: VERSION, name: plan.name, study: study.name, crs: study.crs,
    added: plan.added.map(({ facility_id, name, category, x_cm, y_cm, capacity, year }) =>
      ({ facility_id, name, category, x_cm, y_cm, capacity: capacity ?? undefined,
        year: year ?? undefined })),
    closed: [...plan.closed],
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/**
 * Read the text of a plan's file.
 * @param {string} text
 * @param {{name: string, crs: string, categories: string[], facilities: string[]}} study
 * @returns {{plan: Plan | null, problems: [code: string, value: string][]}} codes are those of
 *   layers/texts/problems.toml
 */
export function readPlan(text, study) {
  let content;
  try {
    content = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    return { plan: null, problems: [["plan_not_json", String(error.message)]] };
  }
  if (content?.livingcircle_plan === undefined) return { plan: null, problems: [["not_a_plan", ""]] };
  if (content.livingcircle_plan !== VERSION) {
    return { plan: null, problems: [["plan_version", String(content.livingcircle_plan)]] };
  }
  const { name, added = [], closed = [] } = content;
  const shaped = typeof name === "string" && Array.isArray(added) && Array.isArray(closed)
    && added.every(isAddition) && closed.every((id) => typeof id === "string");
  if (!shaped) return { plan: null, problems: [["not_a_plan", ""]] };
  const plan = { name, added, closed };
  const problems = misfits(content, plan, study);
  return problems.length ? { plan: null, problems } : { plan, problems };
}

function isAddition(each) {
  return ["facility_id", "name", "category"].every((key) => typeof each?.[key] === "string" && each[key])
    && Number.isSafeInteger(each.x_cm) && Number.isSafeInteger(each.y_cm);
}

/** @returns {[code: string, value: string][]} */
function misfits(content, { added, closed }, { name, crs, categories, facilities }) {
  /** @type {[code: string, value: string][]} */
  const problems = [];
  if (content.study !== name) problems.push(["plan_of_another_study", String(content.study)]);
  if (content.crs !== crs) problems.push(["plan_of_another_study", String(content.crs)]);
  const existing = new Set(facilities), seen = new Set();
  for (const { facility_id: id, category } of added) {
    if (!categories.includes(category)) problems.push(["unknown_category", category]);
    if (existing.has(id)) problems.push(["plan_id_taken", id]);
    if (seen.has(id)) problems.push(["duplicate_id", id]);
    seen.add(id);
  }
  for (const id of closed) if (!existing.has(id)) problems.push(["plan_closes_unknown", id]);
  return problems;
}

/** Compare ids as Python sorts them: by code points. */
export function byCodePoints(one, other) {
  const a = Array.from(one), b = Array.from(other);
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const step = a[at].codePointAt(0) - b[at].codePointAt(0);
    if (step) return step;
  }
  return a.length - b.length;
}
