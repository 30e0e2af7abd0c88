"use strict";
/* The page: what is chosen, and everything that follows from it. */

function choosers(data, words, measures, change) {
  const { say } = words;
  const own = ["", say("standard")];
  const chooser = (name, options, take) => {
    const select = make("select", { id: `choose-${name}`, onchange: () => change(take(select.value)) },
      ...options.map(([value, text]) => make("option", { value }, text)));
    return make("label", {}, make("span", {}, say(`choose.${name}`)), select);
  };
  const measureName = (id) => (id === "share" ? words.share() : say(`measure.${id}`));
  return make("div", { className: "choosers" },
    chooser("category", data.categories.map(({ name }, at) => [at, name]),
      (value) => ({ category: Number(value) })),
    chooser("measure", Object.keys(measures).map((id) => [id, measureName(id)]),
      (value) => ({ measure: value })),
    chooser("mode", [own, ...data.modes.map(({ id, name }) => [id, name])],
      (value) => ({ mode: value || null })),
    chooser("limit", [own, ...data.palette.limits.map((minutes) => [minutes, say("within", { minutes })])],
      (value) => ({ minutes: value ? Number(value) : null })));
}

function footer(data, { say, list }) {
  const notes = [
    data.dataDate && `${say("data_date")} ${data.dataDate}`,
    data.attribution.length && `${say("sources")} ${list(data.attribution)}`,
  ].filter(Boolean);
  return make("footer", {}, ...notes.map((note) => make("div", {}, note)));
}

/** Give everything that follows from a choice, for the tables, the legend and the map. */
function viewOf(data, words, measures, state) {
  const isCircle = state.measure === "circle";
  const { category } = state;
  const choice = !isCircle ? state : {
    ...state,
    mode: state.mode ?? data.circle.mode,
    minutes: state.minutes ?? data.circle.minutes,
  };
  return {
    data, words, state, isCircle, choice,
    measure: measures[state.measure],
    figures: (isCircle ? circleFigures : unitFigures)(data, state),
    cohort: isCircle ? "people" : data.categories[category].cohort,
    facilities: isCircle ? [] : data.facilities.category.flatMap((each, at) =>
      (each === category ? [at] : [])),
    reason: (figure) => (isCircle && figure.covered !== UNKNOWN
      ? words.list(figure.missing.map(words.category)) : words.late(choice, figure)),
  };
}

/** Give the lines of a unit's popup: what and how much; empty ones are left out. */
function unitLines({ data, words, figures, isCircle, measure, reason, peopleIn }, unit) {
  const { say, word } = words;
  const figure = figures[unit];
  const near = !isCircle && figure.ms >= 0;
  return [
    [say("detail.township"), words.township(unit)],
    [word(data.basis), words.people(peopleIn(unit))],
    [say("measure.circle"), isCircle && measure.value(figure)],
    [say("detail.nearest"), near && words.facility(figure.facility)],
    [say("detail.time"), near && say("within", { minutes: words.minutes(figure) })],
    [say("detail.distance"), near && `${words.count(figure.metres)} ${word("metres")}`],
    [say("detail.share"), shownShare(figure.share)],
    [say(isCircle ? "detail.missing" : "detail.reason"), reason(figure)],
  ];
}

function openPopup(map, at, name, lines) {
  const list = lines.filter(([, value]) => value)
    .flatMap(([what, value]) => [make("dt", {}, what), make("dd", {}, value)]);
  L.popup({ maxWidth: 320 }).setLatLng(at)
    .setContent(make("div", {}, make("b", {}, name), make("dl", {}, ...list))).openOn(map);
}

function dressMap(map, data, legend) {
  const corner = L.control({ position: "bottomleft" });
  corner.onAdd = () => legend;
  corner.addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  map.attributionControl.setPrefix("Leaflet");
  map.invalidateSize();
  map.fitBounds(data.bounds, { paddingTopLeft: [legend.offsetWidth, 0], animate: false });
}

/** Start the page on a Leaflet map, from the data in the element #study. */
function startPage(map) {
  const data = unpack(JSON.parse(document.getElementById("study").textContent));
  const words = wordsOf(data);
  const { say, word } = words;
  const measures = measuresOf(data, words);
  const everyone = peopleOf(data, "people", []);
  const fixed = { peopleIn: (unit) => everyone(unit).people, goTo };
  // Open on a category that has facilities, where the study has any.
  const first = data.categories.findIndex((_, at) => data.facilities.category.includes(at));
  let state = { measure: "minutes", category: Math.max(first, 0), mode: null, minutes: null };
  let view = null;
  let chosen = null;
  let opened = "areas";

  const tables = { areas: areasTable, gaps: gapsTable, unit: unitTable };
  const tabs = Object.keys(tables).map((name) =>
    make("button", { type: "button", id: `tab-${name}`, onclick: () => open(name) }, say(`tab.${name}`)));
  const [summary, body, legend] = ["summary", "body", "legend"].map((className) =>
    make("div", { className }));

  function open(name) {
    opened = name;
    tabs.forEach((tab) => tab.classList.toggle("open", tab.id === `tab-${name}`));
    body.replaceChildren(tables[name]({ ...view, chosen }));
  }

  function change(what) {
    state = { ...state, ...what };
    view = { ...viewOf(data, words, measures, state), ...fixed };
    const chooser = document.getElementById("choose-category");
    chooser.value = state.category;
    chooser.disabled = view.isCircle;
    map.closePopup();
    drawing.paint(view.figures.map(view.measure.colour));
    drawing.showFacilities(view.facilities);
    drawing.showReach([]);
    summary.replaceChildren(...summaryBoxes(view));
    legend.replaceChildren(...legendParts(view));
    open(opened);
  }

  function choose(unit, at) {
    chosen = unit;
    open("unit");
    if (!at) return;
    drawing.select(unit);
    drawing.showReach(view.isCircle ? data.reach["living-circle"][unit] ?? [] : []);
    openPopup(map, at, data.units.name[unit], unitLines(view, unit));
  }

  function goTo(unit) {
    const drawn = data.units.shape[unit].length > 0;
    if (drawn) drawing.zoomTo(unit);
    choose(unit, drawn ? drawing.middle(unit) : null);
  }

  function chooseFacility(at, place) {
    const { name, category, status } = data.facilities;
    const areas = data.reach["service-area"][at] ?? [];
    drawing.showReach(areas);
    openPopup(map, place, name[at], [
      [say("choose.category"), words.category(category[at])],
      [say("detail.status"), say(`status.${status[at]}`)],
      ...areas.map((area) => [word("service_area"), words.limit(area)]),
    ]);
  }

  function goToFacility(at) {
    const category = data.facilities.category[at];
    if (category < 0) return;
    document.getElementById("choose-category").value = category;
    document.getElementById("choose-measure").value = state.measure === "circle" ? "minutes" : state.measure;
    change({ category, measure: document.getElementById("choose-measure").value });
    const place = drawing.place(at);
    if (!place) return;
    map.setView(place, 14, { animate: false });
    chooseFacility(at, place);
  }

  const drawing = draw(map, data, {
    onUnit: choose,
    onFacility: chooseFacility,
    hint: (unit) => make("span", {},
      `${data.units.name[unit]}  ${view.measure.value(view.figures[unit])}`),
  });

  document.documentElement.lang = data.lang === "zh" ? "zh-CN" : data.lang;
  document.body.append(make("aside", { id: "panel" },
    make("h1", {}, data.name,
      data.simulated ? make("span", { className: "badge" }, word("simulated")) : null),
    choosers(data, words, measures, change), finder(data, words, { goTo, goToFacility }),
    summary, make("nav", {}, ...tabs), body, footer(data, words)));
  change({});
  dressMap(map, data, legend);

  /* What the tests read; nothing here changes the page. */
  window.livingcircle = Object.freeze({
    ready: true,
    figures: () => ({ state, county: areaFigures(view.figures), townships: townshipFigures(view),
      units: view.figures.map((figure) => ({ ...figure, id: data.units.id[figure.unit] })) }),
    colours: () => view.figures.map(view.measure.colour),
    pixel: (unit) => map.latLngToContainerPoint(drawing.middle(unit)),
  });
}
