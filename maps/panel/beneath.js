/* What lies beneath the units: relief, and an online basemap once one is chosen. */

import { Basemap } from "./basemap.js";
import { groundChooser } from "./ground_chooser.js";
import { reliefOf } from "./relief.js";

export class Beneath {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    this.relief = reliefOf(page.study);
    page.layer.relief = page.state.relief ? this.relief : null;
    this.basemap = new Basemap(page.map, page.layer, () => this.show(page.words.say("ground.failed")));
    this.spoken = ""; // the language its chooser speaks
  }

  /** Speak the page's language. */
  speak() {
    const { lang } = this.page.state;
    if (this.spoken !== lang) this.show();
    this.spoken = lang;
  }

  show(said = "") {
    const { view, parts, state } = this.page;
    const held = parts.ground.contains(document.activeElement) ? document.activeElement.id : null;
    parts.ground.replaceChildren(...groundChooser({ ...view, state, said }, {
      choose: (id, key) => this.choose(id, key),
      relief: (shown) => {
        this.page.state = { ...this.page.state, relief: shown };
        this.page.layer.setRelief(shown ? this.relief : null);
      },
    }));
    if (held) document.getElementById(held)?.focus();
  }

  /** Put an online basemap beneath; one that needs a key waits for it. */
  choose(id, key) {
    const { page } = this;
    const asked = page.study.basemaps.find((each) => each.id === id) ?? null;
    page.state = { ...page.state, basemap: id, basemapKey: key };
    this.show();
    this.basemap.choose(asked?.key && !key ? null : asked, key);
    if (id) document.documentElement.dataset.basemap = id;
    else delete document.documentElement.dataset.basemap;
  }
}
