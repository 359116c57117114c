/* A batch of values on three lines: as they came, normalised, scaled and shifted. */
const MOMENTA = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
const REACH = 4;

export default function ({ data, parentElement }) {
  return mounted(parentElement, data, (root, told) => {
    const lab = new Batch(told);
    root.replaceChildren(...lab.nodes);
    lab.draw();
    return { stop: () => lab.clock.stop() };
  });
}

class Batch {
  constructor({ batches, pictures, epsilon, momentum, most }) {
    Object.assign(this, { batches, pictures, epsilon, momentum, most });
    this.gamma = 1;
    this.beta = 0;
    this.size = batches[0].length;
    this.training = true;
    this.chosen = 0;
    this.begin();
    this.clock = clock(() => { this.step(); return this.steps < 400; }, 220, "Play training");
    this.nodes = [this.batchPanel(), this.movingPanel()];
  }

  begin() {
    this.clock?.stop();
    Object.assign(this, { at: 0, steps: 0, moving: [0, 1], last: null, values: [...this.batches[0]] });
  }

  batchPanel() {
    this.photos = make("div", { class: "photos" });
    this.drawing = canvas(400, 270, "Each value on three lines: as it came, normalised, scaled and shifted");
    this.drawing.classList.add("lines");
    this.threads = ink("g", {});
    this.handles = this.batches[0].map((_, place) => this.handle(place));
    this.x = [scale(0, this.most, 20, 380), scale(-REACH, REACH, 20, 380), scale(-REACH, REACH, 20, 380)];
    this.rows = [54, 150, 246];
    this.back = ink("g", {});
    this.captions = ink("g", {});
    this.drawing.append(this.back, this.threads, this.captions, ...this.handles);
    this.sum = make("div", { class: "sum", "data-id": "batch-sum" });
    this.words = make("p", { class: "verdict", role: "status" });
    const mode = choice("Mode", [["training", "Training"], ["prediction", "Prediction"]], "training", (name) => {
      this.training = name === "training";
      this.draw();
    });
    const dial = (words, id, min, max, value, change) => slider({ words, id, min, max, step: 0.1, value,
      show: (one) => figure(one, 1), change: (one) => { change(one); this.draw(); } }).node;
    const size = slider({ words: "Photos in the batch", id: "size", min: 1, max: this.size, step: 1, value: this.size,
      show: String, change: (value) => { this.size = value; this.chosen = Math.min(this.chosen, value - 1); this.draw(); } });
    return make("section", { class: "panel" }, make("h3", {}, "One batch"),
      make("div", { class: "row" }, mode.node),
      make("div", { class: "two" },
        make("div", {}, this.photos, this.drawing),
        make("div", {}, size.node, dial("Scale γ (learnt)", "gamma", -3, 3, 1, (value) => { this.gamma = value; }),
          dial("Shift β (learnt)", "beta", -3, 3, 0, (value) => { this.beta = value; }), this.sum)), this.words);
  }

  movingPanel() {
    this.table = make("table", { class: "numbers" });
    this.update = make("div", { class: "sum", "data-id": "moving-sum" });
    const momentum = slider({ words: "Momentum: how much of the old average stays", id: "momentum", values: MOMENTA, value: this.momentum,
      show: String, change: (value) => { this.momentum = value; this.draw(); } });
    return make("section", { class: "panel" }, make("h3", {}, "What prediction uses: the moving averages"),
      make("p", {}, "In prediction a photo may come alone, and its answer must not depend on its neighbours. So each training step "
        + "also moves two averages a little towards the batch's mean and variance; prediction normalises with them."),
      make("div", { class: "two" }, make("div", {}, this.table, momentum.node, make("div", { class: "row" },
        push("One training step", () => { this.clock.stop(); this.step(); }, "step"), this.clock.button,
        push("Start again", () => { this.begin(); this.draw(); }))), make("div", {}, this.update)));
  }

  handle(place) {
    const handle = ink("g", { "data-id": `value-${place}` }, ink("circle", { r: 16, class: "grip" }), ink("circle", { r: 6.5, class: "dot" }));
    return draggable(handle, { drawing: this.drawing, words: `Value of photo ${place + 1}`, min: 0, max: this.most, step: this.most / 60,
      read: () => this.values[place], write: (value) => { this.clock.stop(); this.values[place] = value; this.chosen = place; this.draw(); },
      at: ([across]) => scale(20, 380, 0, this.most)(across), show: (value) => figure(value, 3) });
  }

  step() {
    const [middle, variance] = momentsOf(this.used());
    const before = this.moving;
    this.moving = [moved(before[0], middle, this.momentum), moved(before[1], variance, this.momentum)];
    this.last = { before, middle, variance, momentum: this.momentum, after: this.moving };
    this.steps += 1;
    this.at = (this.at + 1) % this.batches.length;
    this.values = [...this.batches[this.at]];
    this.draw();
  }

  used() { return this.values.slice(0, this.size); }

  draw() {
    const used = this.used();
    const own = momentsOf(used);
    const [middle, variance] = this.training ? own : this.moving;
    const all = used.map((value) => [value, ...normalised(value, middle, variance, this.gamma, this.beta, this.epsilon)]);
    this.drawPhotos();
    this.drawLines(all, middle, variance);
    this.drawSums(used, all[this.chosen], own, middle, variance);
    this.drawMoving(own);
  }

  drawPhotos() {
    this.photos.replaceChildren(...this.pictures[this.at].map((source, place) => {
      const button = make("button", { type: "button", "aria-pressed": String(place === this.chosen), "aria-label": `Photo ${place + 1}` },
        make("img", { src: source, alt: "" }), figure(this.values[place], 2));
      button.classList.toggle("out", place >= this.size);
      button.disabled = place >= this.size;
      button.addEventListener("click", () => { this.chosen = place; this.draw(); this.photos.children[place].focus(); });
      return button;
    }));
  }

  drawLines(all, middle, variance) {
    const [first, second, third] = this.rows;
    const spread = Math.sqrt(variance), hold = (value) => clamp(value, 20, 380);
    const [low, high, centre] = [middle - spread, middle + spread, middle].map((value) => hold(this.x[0](value)));
    const ticks = (row, at, values) => values.flatMap((value) => [ink("path", { class: "ground", d: `M${this.x[at](value)} ${row}v5` }),
      ink("text", { x: this.x[at](value), y: row + 17, "text-anchor": "middle" }, short(value))]);
    const caption = (row, words) => ink("text", { x: 20, y: row - 22, class: "caption" }, words);
    const ground = (row) => ink("path", { class: "ground", d: `M20 ${row}H380` });
    this.back.replaceChildren(ink("rect", { class: "band", x: low, y: first - 14, width: Math.max(0, high - low), height: 14 }),
      ink("path", { class: "mean", d: `M${centre} ${first - 18}V${first}` }),
      ground(first), ground(second), ground(third), ...ticks(first, 0, [0, 1, 2, 3, 4].filter((value) => value <= this.most)),
      ...ticks(second, 1, [-4, -2, 0, 2, 4]), ...ticks(third, 2, [-4, -2, 0, 2, 4]));
    this.captions.replaceChildren(caption(first - 4, `As they came; ${this.training ? "blue: the batch’s" : "blue: the moving"} mean ± deviation`),
      caption(second + 6, "Normalised"), caption(third + 6, "Scaled by γ, shifted by β: what the next layer gets"));
    this.threads.replaceChildren(...all.flatMap(([raw, plain, out], place) => {
      const css = place === this.chosen ? " chosen" : "";
      const [a, b, c] = [this.x[0](raw), hold(this.x[1](plain)), hold(this.x[2](out))];
      return [ink("path", { class: `thread${css}`, d: `M${a} ${first}L${b} ${second}L${c} ${third}` }),
        ink("circle", { class: `dot${css}`, cx: b, cy: second, r: 5 }), ink("circle", { class: `dot${css}`, cx: c, cy: third, r: 5 })];
    }));
    this.handles.forEach((handle, place) => {
      handle.style.display = place < this.size ? "" : "none";
      handle.setAttribute("transform", `translate(${this.x[0](this.values[place])} ${first})`);
      handle.classList.toggle("chosen", place === this.chosen);
      handle.tell();
    });
  }

  drawSums(used, [raw, plain, out], own, middle, variance) {
    const line = (...parts) => make("div", {}, ...parts), n = figure;
    const from = this.training ? [
      line(`mean μ = (${used.map((value) => n(value, 2)).join(" + ")}) ÷ ${used.length} = `, make("b", {}, n(middle))),
      line("variance σ² = mean of (x − μ)² = ", make("b", {}, n(variance, 4))),
    ] : [line("moving mean = ", make("b", {}, n(middle))), line("moving variance = ", make("b", {}, n(variance, 4)))];
    this.sum.replaceChildren(...from, line(`photo ${this.chosen + 1}: x = ${n(raw)}`),
      line("(x − μ) ÷ √(σ² + ε)"),
      line(`= (${n(raw)} − ${bracketed(middle)}) ÷ √(${n(variance, 4)} + ${this.epsilon}) = `, make("b", { "data-id": "normalised" }, n(plain))),
      line(`γ · that + β = ${n(this.gamma, 1)} · ${bracketed(plain)} + ${bracketed(this.beta, 1)} = `, make("b", { "data-id": "out" }, n(out))));
    this.words.textContent = this.judged(used, own);
  }

  judged(used, own) {
    if (this.training && used.length === 1) return "A batch of one: the value is its own mean, so x − μ is 0 and whatever the photo, β comes out. "
      + "Nothing can be learnt from that. Switch to prediction: with the moving averages one photo is enough.";
    if (this.training) return "The batch’s own mean and variance: drag one value, and all others move too.";
    const off = Math.abs(this.moving[0] - own[0]) / Math.sqrt(own[1] + this.epsilon);
    return off > 1 ? `After ${this.steps} training steps the moving mean is still far from this batch: take more steps below.`
      : "The moving averages: drag one value, and the others stay where they are.";
  }

  drawMoving(own) {
    this.table.replaceChildren(make("thead", {}, make("tr", {}, ...["", "mean", "variance"].map((text) => make("th", {}, text)))),
      make("tbody", {}, ...[[`this batch (${this.at + 1} of ${this.batches.length})`, own], [`moving, after ${this.steps} steps`, this.moving]]
        .map(([words, values]) => make("tr", {}, make("td", {}, words), ...values.map((value) => make("td", {}, figure(value)))))));
    const line = (...parts) => make("div", {}, ...parts);
    if (!this.last) {
      this.update.replaceChildren(line("They begin at 0 and 1, as every new layer’s do."), line("moving ← momentum · moving + (1 − momentum) · batch"));
      return;
    }
    const { before, middle, variance, momentum, after } = this.last;
    const rest = short(1 - momentum);
    this.update.replaceChildren(line("moving ← momentum · moving + (1 − momentum) · batch"),
      line(`mean ← ${momentum} · ${bracketed(before[0])} + ${rest} · ${bracketed(middle)} = `, make("b", { "data-id": "moving-mean" }, figure(after[0]))),
      line(`variance ← ${momentum} · ${figure(before[1])} + ${rest} · ${figure(variance)} = `, make("b", { "data-id": "moving-variance" }, figure(after[1]))));
  }
}
