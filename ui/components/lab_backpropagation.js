/* A network of five weights: forward, backward by the chain rule, and the update; all written out. */
const PLACES = { x: [32, 134], h1: [152, 50], h2: [152, 226], y: [272, 134], one: [272, 282], loss: [366, 134], target: [366, 40] };
const EDGES = { w1: ["x", "h1"], w2: ["x", "h2"], v1: ["h1", "y"], v2: ["h2", "y"], b: ["one", "y"] };
const WEIGHTS = Object.keys(EDGES);
const LAST = 8;
const FITS = 1e-4;
const MOST = 600;

export default function ({ data, parentElement }) {
  return mounted(parentElement, data, (root, told) => {
    const lab = new Network(told);
    root.replaceChildren(lab.node);
    lab.draw();
    return { stop: () => lab.clock.stop() };
  });
}

class Network {
  constructor({ start, rate }) {
    this.start = start;
    this.net = { ...start };
    this.rate = rate;
    this.stage = 0;
    this.losses = [];
    this.clock = clock(() => this.train(), 160, "Play until it fits");
    this.drawing = canvas(400, 302, "The network: from the input to the loss");
    this.drawing.classList.add("network");
    this.edges = {};
    this.nodes = {};
    this.chips = {};
    this.slopes = {};
    this.drawGraph();
    this.list = make("ol", { class: "stages" });
    this.words = make("p", { class: "verdict", role: "status" });
    this.curve = canvas(400, 96, "The loss after each update");
    this.curve.classList.add("losses");
    this.next = push("Step", () => { this.clock.stop(); this.step(); }, "step");
    this.before = push("Back", () => { this.clock.stop(); this.stage = Math.max(0, this.stage - 1); this.draw(); });
    const pace = slider({ words: "Learning rate η", id: "eta", min: 0.01, max: 0.5, step: 0.01, value: rate,
      show: (value) => figure(value, 2), change: (value) => { this.rate = value; this.draw(); } });
    const kind = choice("What the hidden values do", [["sigmoid", "Sigmoid"], ["relu", "ReLU"]], this.net.kind,
      (name) => { this.change({ kind: name }); });
    const again = push("Start again", () => {
      this.clock.stop();
      this.net = { ...this.start, kind: this.net.kind };
      this.stage = 0;
      this.losses = [];
      this.draw();
    });
    this.node = make("section", { class: "panel" }, make("h3", {}, "One input, two hidden values, one answer"),
      make("div", { class: "two wide" },
        make("div", {}, this.drawing, make("div", { class: "row" }, this.next, this.before, this.clock.button, again), this.words,
          this.curve, make("div", { class: "row" }, make("span", { class: "note" }, "Hidden values:"), kind.node), pace.node,
          make("p", { class: "note" }, "Drag any weight, the input x or the target t, or use the arrow keys on them.")),
        make("div", {}, this.list)));
  }

  change(values) {
    this.clock.stop();
    Object.assign(this.net, values);
    this.draw();
  }

  /* On to the next stage; after the update, to the next round. */
  step() {
    if (this.stage < LAST) this.stage += 1;
    else { this.commit(); this.stage = 1; }
    this.draw();
  }

  commit() {
    const { slopes, loss } = fiveWeights(this.net);
    this.losses.push(loss);
    for (const name of WEIGHTS) this.net[name] -= this.rate * slopes[name];
  }

  train() {
    this.stage = 3;
    this.commit();
    this.draw();
    const { loss, slopes } = fiveWeights(this.net);
    const still = WEIGHTS.every((name) => Math.abs(slopes[name]) < 1e-9);
    return Number.isFinite(loss) && loss < 1e9 && loss > FITS && !still && this.losses.length < MOST;
  }

  drawGraph() {
    for (const [name, [from, to]] of Object.entries(EDGES)) this.edges[name] = this.edge(from, to);
    this.edges.loss = this.edge("y", "loss");
    this.edges.target = this.edge("target", "loss");
    for (const [name, [left, top]] of Object.entries(PLACES)) {
      const small = name === "one";
      const value = ink("text", { "text-anchor": "middle", y: small ? 4 : 12, "font-weight": 600 }, small ? "1" : "");
      const node = ink("g", { transform: `translate(${left} ${top})`, class: "node" }, ink("circle", { r: small ? 13 : 29 }),
        ...(small ? [] : [ink("text", { class: "name", "text-anchor": "middle", y: -6 }, { loss: "loss L", target: "target t" }[name] ?? name)]), value);
      const slope = ink("text", { class: "slope", "text-anchor": "middle", x: left, y: top + (name === "h1" ? -35 : 43) });
      this.nodes[name] = { node, value, slope };
      this.drawing.append(node, slope);
    }
    this.movable("x", this.nodes.x.node, "Input x");
    this.movable("target", this.nodes.target.node, "Target t");
    for (const [name, [from, to]] of Object.entries(EDGES)) this.chip(name, PLACES[from], PLACES[to]);
  }

  edge(from, to) {
    const [[a, b], [c, d]] = [PLACES[from], PLACES[to]];
    const path = ink("path", { d: `M${a} ${b}L${c} ${d}`, class: "edge" });
    this.drawing.append(path);
    return path;
  }

  chip(name, [a, b], [c, d]) {
    const share = name === "b" ? 0.44 : 0.5;
    const [left, top] = [a + (c - a) * share, b + (d - b) * share];
    const words = ink("text", { "text-anchor": "middle", y: 4.5 });
    const chip = ink("g", { transform: `translate(${left} ${top})` },
      ink("rect", { x: -38, y: -14, width: 76, height: 28, rx: 8 }), words);
    const slope = ink("text", { class: "slope", "text-anchor": "middle", x: left, y: top + (name === "w1" || name === "v1" ? -20 : 29) });
    this.chips[name] = { chip, words };
    this.slopes[name] = slope;
    this.drawing.append(chip, slope);
    this.movable(name, chip, `Weight ${name}`);
    chip.classList.add("chip");
  }

  movable(name, node, words) {
    draggable(node, { drawing: this.drawing, words, min: -4, max: 4, step: 0.05, read: () => this.net[name],
      write: (value) => this.change({ [name]: Math.round(value * 1000) / 1000 }),
      at: ([x, y], held) => held.value + (x - held.from[0] - (y - held.from[1])) / 70,
      show: (value) => figure(value, 3) });
    node.setAttribute("data-id", name);
    if (!node.classList.contains("node") && (name === "x" || name === "target")) node.classList.add("node");
  }

  draw() {
    const seen = fiveWeights(this.net);
    const reached = (stage, text) => (this.stage >= stage ? text : "");
    const { nodes } = this;
    nodes.x.value.textContent = figure(this.net.x, 2);
    nodes.target.value.textContent = figure(this.net.target, 2);
    for (const name of ["h1", "h2"]) nodes[name].value.textContent = reached(1, figure(seen[name]));
    nodes.y.value.textContent = reached(2, figure(seen.y));
    nodes.loss.value.textContent = reached(3, figure(seen.loss));
    nodes.y.slope.textContent = reached(4, figure(seen.dy));
    for (const name of ["h1", "h2"]) nodes[name].slope.textContent = reached(6, figure(seen[`d${name}`]));
    for (const name of WEIGHTS) {
      this.chips[name].words.textContent = `${name} ${figure(this.net[name])}`;
      this.slopes[name].textContent = reached(name.startsWith("w") ? 7 : 5, figure(seen.slopes[name]));
      this.chips[name].chip.tell();
    }
    this.light();
    const after = this.updated(seen);
    this.list.replaceChildren(...stages(this.net, seen, this.rate, after).map((stage, at) => this.stageItem(stage, at + 1)));
    this.words.textContent = this.verdict(seen);
    this.next.textContent = this.stage === LAST ? "Next round" : "Step";
    this.before.disabled = this.stage === 0;
    this.drawLosses(seen.loss);
  }

  updated(seen) {
    const after = { ...this.net };
    for (const name of WEIGHTS) after[name] -= this.rate * seen.slopes[name];
    return { ...after, loss: fiveWeights(after).loss };
  }

  stageItem({ title, lines, back }, at) {
    const state = at === this.stage ? "now" : at < this.stage ? "done" : "later";
    return make("li", { class: `${state} ${back ? "behind" : ""}`, "data-stage": at }, make("h4", {}, `${at}. ${title}`),
      ...(at <= this.stage ? lines.map((parts) => make("div", {}, ...parts)) : []));
  }

  /* Which parts of the graph the present stage is about. */
  light() {
    const lit = { 1: ["w1", "w2"], 2: ["v1", "v2", "b"], 3: ["loss", "target"] }[this.stage] ?? [];
    const back = { 4: ["loss"], 5: ["v1", "v2", "b"], 6: ["v1", "v2"], 7: ["w1", "w2"] }[this.stage] ?? [];
    for (const [name, edge] of Object.entries(this.edges)) {
      edge.classList.toggle("lit", lit.includes(name));
      edge.classList.toggle("back", back.includes(name));
    }
    const forward = { 1: ["h1", "h2"], 2: ["y"], 3: ["loss"] }[this.stage] ?? [];
    const behind = { 4: ["y"], 6: ["h1", "h2"] }[this.stage] ?? [];
    for (const [name, { node }] of Object.entries(this.nodes)) {
      node.classList.add("node");
      node.classList.toggle("lit", forward.includes(name));
      node.classList.toggle("back", behind.includes(name));
    }
  }

  verdict({ loss, s1, s2 }) {
    const rounds = `${this.losses.length} update${this.losses.length === 1 ? "" : "s"}`;
    if (loss <= FITS) return `After ${rounds} it fits: the loss is ${figure(loss, 5)}.`;
    if (!Number.isFinite(loss) || loss > 1e9) return "The steps are too large: it leaps farther and farther away.";
    const asleep = [["h1", s1], ["h2", s2]].filter(([, slope]) => slope === 0).map(([name]) => name);
    if (asleep.length) return `ReLU lets nothing back through ${asleep.join(" and ")}: below zero its slope is 0, and the weight before it learns nothing.`;
    if (this.stage === 0) return "Step through one round, forward and back.";
    return `After ${rounds} the loss is ${figure(loss, 4)}.`;
  }

  drawLosses(now) {
    const all = [...this.losses, now].map((loss) => (Number.isFinite(loss) ? Math.min(loss, 1e6) : 1e6));
    const most = Math.max(...all, 1e-9), box = [40, 20, 392, 74];
    const x = scale(0, Math.max(10, all.length - 1), box[0], box[2]), y = scale(0, most, box[3], box[1]);
    this.curve.replaceChildren(axes({ x, y, box, xs: [0, Math.max(10, all.length - 1)], ys: [0, most], across: "updates", up: "loss" }),
      ink("path", { d: course(all.map((loss, at) => [x(at), y(loss)])) }),
      ink("circle", { cx: x(all.length - 1), cy: y(all.at(-1)), r: 4, fill: "var(--slope)" }));
  }
}

/* Every stage in words and numbers; what comes from behind is orange, what is local green. */
function stages(net, seen, rate, after) {
  const n = (value) => figure(value), p = (value) => bracketed(value);
  const value = (text) => make("span", { class: "value" }, text), back = (text) => make("span", { class: "back" }, text);
  const relu = net.kind === "relu";
  const local = (at) => (relu ? n(seen[`s${at}`]) : `${n(seen[`h${at}`])}·(1 − ${n(seen[`h${at}`])})`);
  const bend = relu ? (at) => `max(0, ${n(seen[`z${at}`])})` : (at) => `sigmoid(${n(seen[`z${at}`])})`;
  const both = (line) => [1, 2].map(line);
  return [
    { title: "Forward to the hidden values", lines: both((at) => [`h${at} = ${relu ? "ReLU" : "sigmoid"}(w${at}·x): w${at}·x = ${n(net[`w${at}`])}·${p(net.x)} = ${n(seen[`z${at}`])}, ${bend(at)} = `, value(n(seen[`h${at}`]))]) },
    { title: "Forward to the answer", lines: [[`y = v1·h1 + v2·h2 + b = ${n(net.v1)}·${n(seen.h1)} + ${p(net.v2)}·${n(seen.h2)} + ${p(net.b)} = `, value(n(seen.y))]] },
    { title: "The loss", lines: [[`L = (y − t)² = (${n(seen.y)} − ${p(net.target)})² = `, value(n(seen.loss))]] },
    { title: "Back to the answer", back: true, lines: [[`dL/dy = 2·(y − t) = 2·${p(seen.y - net.target)} = `, back(n(seen.dy))]] },
    { title: "Back to the last weights", back: true, lines: [
      ...both((at) => [`dL/dv${at} = dL/dy · h${at} = `, back(p(seen.dy)), " · ", value(n(seen[`h${at}`])), " = ", back(n(seen.slopes[`v${at}`]))]),
      ["dL/db = dL/dy · 1 = ", back(n(seen.slopes.b))]] },
    { title: "Back through the hidden values", back: true, lines: both((at) => [
      `dL/dh${at} = dL/dy · v${at} = `, back(p(seen.dy)), " · ", value(p(net[`v${at}`])), " = ", back(n(seen[`dh${at}`])),
      `; × ${relu ? "ReLU" : "sigmoid"}’s slope `, value(local(at)), " = ", back(n(seen[`dz${at}`]))]) },
    { title: "Back to the first weights", back: true, lines: both((at) => [
      `dL/dw${at} = `, back(p(seen[`dz${at}`])), " · x = ", back(p(seen[`dz${at}`])), " · ", value(p(net.x)), " = ", back(n(seen.slopes[`w${at}`]))]) },
    { title: "Update: weight − η · slope", lines: [
      ...WEIGHTS.map((name) => [`${name} ← ${n(net[name])} − ${figure(rate, 2)}·${p(seen.slopes[name])} = `, value(n(after[name]))]),
      [`new loss: ${figure(seen.loss, 4)} → `, value(figure(after.loss, 4))]] },
  ];
}
