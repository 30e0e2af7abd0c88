/* The answer to a siting question that is looked at: its sites and whom they serve, on this map. */

/**
 * Give what the tab and the map show of an answer; null where nothing was asked.
 * @param {object} study @param {object} planning the plan in the making, which an answer can become
 * @param {{answer: number, site: number | null}} chosen a question, and one of its sites
 */
export function sitingOf(study, planning, { answer, site }) {
  const record = study.answers?.[answer];
  if (!record) return null;
  const row = new Map([...study.units.id].map((id, at) => [id, at]));
  const sites = record.sites.map((each) => {
    const [x, y] = planning.toSteps([each.x, each.y]);
    const served = record.served.filter(({ candidate_id: id }) => id === each.candidate_id)
      .map((each) => ({ ...each, unit: row.get(each.unit_id) }))
      .filter(({ unit }) => unit !== undefined).sort((one, other) => other.people - one.people);
    return { ...each, at: { x, y }, served };
  });
  return { record, answer, sites, site: site !== null && site < sites.length ? site : null,
    tried: isTried(record.plan, planning.plan) };
}

/** Say whether a plan in the making is that of an answer, untouched. */
function isTried({ added, closed }, plan) {
  const told = (each) => `${each.facility_id}/${each.category}/${each.x_cm}/${each.y_cm}`;
  return added.length + closed.length > 0 && added.map(told).join() === plan.added.map(told).join()
    && closed.join() === plan.closed.join();
}

/** Give what the page should look at to see a question's answer: its category, limit and mode. */
export const lookingAt = (study, { category, minutes = null, mode = null }) =>
  ({ category: study.categories.findIndex(({ id }) => id === category), minutes, mode });

/** Put an answer on trial, or take it away again; give what the page should then look at. */
export function tryAnswer(study, planning, { record, tried }) {
  const { question, plan } = record;
  if (tried) {
    planning.clear();
    return { compare: false };
  }
  planning.read(JSON.stringify(plan));
  return { ...lookingAt(study, question), compare: true };
}
