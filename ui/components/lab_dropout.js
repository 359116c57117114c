/* One photo through draw after draw of dropout, and the one answer of prediction. */
const ROWS = 10;

export default function ({ data, parentElement }) {
  return mounted(parentElement, data, (root, told) => {
    const lab = new Draws(told, root.lab?.chosen);
    root.replaceChildren(...lab.nodes);
    lab.draw();
    return { stop: () => lab.clock.stop(), get chosen() { return lab.chosen; } };
  });
}

class Draws {
  constructor(data, chosen) {
    Object.assign(this, data);
    const sizes = data.values.map(Math.abs);
    this.chosen = chosen;
    // Of a unit that says nothing there would be nothing to see.
    this.unit = Math.min(chosen ?? sizes.indexOf(Math.max(...sizes)), data.values.length - 1);
    this.most = Math.max(...sizes, 1e-9);
    this.seen = ROWS;
    this.clock = clock(() => { if (this.seen >= this.answers.length) return false; this.seen += 1; this.draw(); return true; }, 300, "Draw on");
    this.rows = make("div", { class: "draws" });
    this.words = make("p", { class: "verdict", role: "status" });
    this.sum = make("div", { class: "sum", "data-id": "unit-sum" });
    this.unitSlider = slider({ words: "A unit, to follow through the draws", id: "unit", min: 1, max: data.values.length, step: 1,
      value: this.unit + 1, show: String, change: (value) => { this.unit = this.chosen = value - 1; this.draw(); } });
    const more = push("One more draw", () => { this.clock.stop(); this.seen = Math.min(this.seen + 1, this.answers.length); this.draw(); }, "step");
    const again = push("Start again", () => { this.clock.stop(); this.seen = ROWS; this.draw(); });
    const image = make("img", { src: data.picture, alt: data.title, class: data.fine ? "fine" : "" });
    const legend = make("p", { class: "note" }, `Squares: ${data.values.length === data.units ? "all" : `the ${data.values.length} largest of`} ${data.units} `
      + "values that come into the layer, the stronger the larger; hollow ones were left out. Bars: the shares of the classes.");
    this.nodes = [
      make("section", { class: "panel" }, make("h3", {}, "The same photo, again and again"),
        make("div", { class: "asked" }, image, make("div", {}, make("p", {}, data.title), legend)), this.rows,
        make("div", { class: "row" }, this.clock.button, more, again), this.words),
      make("section", { class: "panel" }, make("h3", {}, "Why the rest is made larger"),
        make("div", { class: "two" }, make("div", {}, make("p", {}, "Where half of the values are missing, their sum would be half as large as in "
          + "prediction. So whatever stays is divided by the share that stays, and on average nothing changes."), this.unitSlider.node),
        make("div", {}, this.sum))),
    ];
  }

  draw() {
    const first = Math.max(0, this.seen - ROWS);
    const rows = [];
    for (let at = first; at < this.seen; at += 1) rows.push(this.row(at));
    const drawn = this.answers.slice(0, this.seen);
    const average = this.plain.map((_, place) => mean(drawn.map((answer) => answer[place])));
    const head = make("div", { class: "draw head" }, ...["draw", "what stays", "shares in training mode", "answer"].map((text) => make("span", {}, text)));
    this.rows.replaceChildren(head, ...rows, this.summary(`the average of these ${this.seen}`, average, "average"),
      this.summary("prediction: nothing left out", this.plain, "plain"));
    this.words.textContent = this.judged(drawn);
    this.sum.replaceChildren(...this.unitSums());
  }

  row(at) {
    const units = make("div", { class: "units", "aria-hidden": "true" }, ...this.values.map((value, unit) => {
      const square = make("i", { style: `background: color-mix(in srgb, var(--value) ${Math.round(15 + 85 * Math.abs(value) / this.most)}%, transparent)` });
      square.classList.toggle("off", !this.kept[at][unit]);
      square.classList.toggle("chosen", unit === this.unit);
      return square;
    }));
    const row = make("div", { class: "draw", "data-draw": at + 1 }, make("span", {}, String(at + 1)), units, this.stack(this.answers[at]), this.top(this.answers[at]));
    row.classList.toggle("newest", at === this.seen - 1 && this.seen > ROWS);
    return row;
  }

  summary(words, shares, css) {
    return make("div", { class: `draw all ${css}`, "data-row": css }, make("span", {}, css === "plain" ? "none" : "mean"), make("span", { class: "gap" }, words),
      this.stack(shares), this.top(shares));
  }

  stack(shares) {
    return make("div", { class: "stack", "aria-hidden": "true" }, ...shares.map((share, place) =>
      make("i", { style: `width: ${share * 100}%; background: ${this.colors[place]}` })));
  }

  top(shares) {
    const best = shares.indexOf(Math.max(...shares));
    return make("b", {}, make("i", { style: `background: ${this.colors[best]}` }), `${this.names[best]} ${percent(shares[best])}`);
  }

  judged(drawn) {
    const best = this.plain.indexOf(Math.max(...this.plain));
    const shares = drawn.map((answer) => answer[best]);
    const same = drawn.filter((answer) => answer.indexOf(Math.max(...answer)) === best).length;
    return `${same} of ${drawn.length} draws answer ${this.names[best]}, with ${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}. `
      + `Prediction, with nothing left out, always says ${percent(this.plain[best])}.`;
  }

  unitSums() {
    const line = (...parts) => make("div", {}, ...parts), n = figure;
    const value = this.values[this.unit], stays = 1 - this.rate;
    const kept = this.kept.slice(0, this.seen).filter((draw) => draw[this.unit]).length;
    const larger = value / stays;
    return [
      line(`unit ${this.unit + 1}: value ${n(value)}, left out with p = ${short(this.rate)}`),
      line("left out: 0"),
      line(`stays: ${n(value)} ÷ (1 − ${short(this.rate)}) = ${n(value)} ÷ ${short(stays)} = `, make("b", { "data-id": "scaled" }, n(larger))),
      line(`it stayed in ${kept} of ${this.seen} draws; their mean:`),
      line(`${kept} · ${bracketed(larger)} ÷ ${this.seen} = `, make("b", {}, n((kept * larger) / this.seen)), ` (prediction: ${n(value)})`),
    ];
  }
}
