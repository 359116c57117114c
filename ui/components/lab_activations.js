/* data: picture (grey), kernel (rows), kinds: {key: {title, effect}}. */
const REACH = 5;
const CURVE = { width: 320, height: 250 };

function drawLab(root, data) {
  const grey = mapped(unpacked(data.picture)[0], (value) => value / 255);
  const before = convolve(grey, kernelOf(data.kernel));
  const state = { kind: "relu", value: -2 };
  const kept = { at: -1 };
  const holder = make("div", "curve");
  const formula = make("p", "formula one");
  const effect = make("p", "quiet");
  const found = make("div", "figures counts");
  const first = new Board({ name: "before", label: "The map before", onPoint: point, onLeave: leave });
  const second = new Board({ name: "after", label: "The map after", onPoint: point, onLeave: leave });
  const value = slider("A number from a feature map", { least: -REACH, most: REACH, step: 0.01, value: state.value },
    (next) => { kept.at = -1; set(next); });
  const kind = choice("Activation", Object.entries(data.kinds).map(([key, one]) => [key, one.title]), "relu", (key) => {
    state.kind = key;
    showMaps();
    set(state.value);
    bends.show(key);
  });
  const bends = twoLayers(() => state.kind, data.kinds);

  function set(next) {
    // Two decimals, so that what is written out can be checked.
    state.value = clamp(Math.round(next * 100) / 100, -REACH, REACH);
    value.set(state.value);
    const [bend, x] = [BENDS[state.kind], state.value];
    fill(holder, curves(state.kind, x));
    formula.textContent = `${spelled(state.kind, x)} = ${words(bend(x), 3)}`;
  }

  function drag(x) {
    kept.at = -1;
    frames();
    set(Math.round(x * 10) / 10);
  }

  function point(row, column, stays) {
    const at = row * before.width + column;
    frames(at);
    set(before.values[at]);
    if (stays) kept.at = at;
  }

  function leave() {
    frames(kept.at);
    if (kept.at >= 0) set(before.values[kept.at]);
  }

  function frames(at = -1) {
    const cell = at < 0 ? [] : [{ row: Math.floor(at / before.width), column: at % before.width, rows: 1, columns: 1 }];
    [first, second].forEach((board) => board.frame(...cell));
  }

  function showMaps() {
    const after = mapped(before, BENDS[state.kind]);
    const reach = farthest(before);
    first.paint(inGrey(before, true, reach), "Before: grey is zero, darker is below zero");
    const same = state.kind === "relu" || state.kind === "leaky_relu";
    second.paint(state.kind === "sigmoid" ? inGrey(mapped(after, (one) => one * 255), false) : inGrey(after, true, same ? reach : 1),
      { relu: "After: nothing below zero is left", leaky_relu: "After: below zero a fifth is left",
        sigmoid: "After: black is 0, white is 1", tanh: "After: black is −1, white is 1" }[state.kind]);
    const below = before.values.filter((one) => one < 0).length;
    const zero = after.values.filter((one) => one === 0).length;
    fill(found, figure(counted(below), `of ${counted(before.values.length)} numbers were below zero`),
      figure(counted(zero), "are exactly zero now"),
      figure(`${words(Math.min(...after.values), 2)} … ${words(Math.max(...after.values), 2)}`,
        `smallest and largest now; before ${words(Math.min(...before.values), 2)} … ${words(Math.max(...before.values), 2)}`));
    effect.textContent = data.kinds[state.kind].effect;
  }

  root.append(titled("Kind of bend", kind), effect,
    make("div", "sides", make("div", "column", holder, value, formula),
      make("div", "column", make("div", "pair", first.node, second.node), found,
        make("p", "quiet", "The map is what upright edges give on the picture, with pixels from 0 to 1. Point at it: the dot goes to that number."))),
    bends.node);
  draggable(holder, drag);
  showMaps();
  set(state.value);
}

function spelled(kind, x) {
  const value = words(x);
  return {
    relu: `max(0, ${value})`,
    leaky_relu: x < 0 ? `${value} is below zero: 0.2 · (${value})` : `${value} is not below zero: 1 · ${value}`,
    sigmoid: `1 / (1 + e^(${words(-x)}))`,
    tanh: `tanh(${value})`,
  }[kind];
}

/* All four, the chosen one in colour, and the value on it. */
function curves(kind, x) {
  const { width, height } = CURVE;
  const across = (one) => 160 + one * 30;
  const up = (one) => 160 - one * 30;
  const path = (bend) => "M" + Array.from({ length: 101 }, (_, at) => -REACH + at / 10)
    .map((one) => `${across(one).toFixed(1)} ${up(bend(one)).toFixed(1)}`).join("L");
  const y = BENDS[kind](x);
  const others = Object.keys(BENDS).filter((one) => one !== kind && one !== "none");
  const ticks = [-4, -2, 2, 4].map((one) => text(words(one), across(one), 175));
  const node = svg(width, height, `${kind} of ${words(x)} is ${words(y, 3)}`, [
    shape("path", { class: "axis", d: `M5 160H315M160 5V${height - 5}` }), ...ticks,
    text("in", 312, 175), text("out", 145, 14), text("1", 152, up(1) + 4), text("4", 152, up(4) + 4),
    ...others.map((one) => shape("path", { class: "other", d: path(BENDS[one]) })),
    shape("path", { class: "bent", d: path(BENDS[kind]) }),
    shape("path", { class: "lead", d: `M${across(x)} 160V${up(y)}H160` }),
    shape("circle", { class: "dot", cx: across(x), cy: up(y), r: 9 })]);
  return node;
}

/* The pointer's place along the curve, while it is held. */
function draggable(holder, onDrag) {
  const follow = (event) => {
    const box = holder.querySelector("svg").getBoundingClientRect();
    onDrag((((event.clientX - box.left) / box.width) * CURVE.width - 160) / 30);
  };
  holder.onpointerdown = (event) => {
    holder.setPointerCapture(event.pointerId);
    follow(event);
  };
  holder.onpointermove = (event) => { if (event.buttons) follow(event); };
}

/* Two layers in a row, with and without a bend between them, for five numbers. */
function twoLayers(kind, kinds) {
  const now = { w1: 2, b1: 1, w2: -1.5, b2: 0.5 };
  const inputs = [-2, -1, 0, 1, 2];
  const table = make("table", "two");
  const formula = make("p", "formula merged");
  const drawing = make("div");
  const add = (name, label) => slider(label, { least: -3, most: 3, step: 0.5, value: now[name] }, (value) => {
    now[name] = value;
    show(kind());
  });
  function show(key) {
    const { w1, b1, w2, b2 } = now;
    const inner = inputs.map((x) => w1 * x + b1);
    const plain = inner.map((one) => w2 * one + b2);
    const bent = inner.map((one) => w2 * BENDS[key](one) + b2);
    const [slope, offset] = [w1 * w2, w2 * b1 + b2];
    const merged = inputs.map((x) => slope * x + offset);
    const title = kinds[key].title;
    const row = (name, values, css = "") => make("tr", css, make("th", "", name), ...values.map((one) => make("td", "", words(one, 3))));
    fill(table, make("tbody", "",
      row("a number x", inputs), row(`first layer: ${words(w1)}·x + ${bracketed(b1)}`, inner),
      row(`second layer: ${words(w2)}·that + ${bracketed(b2)}`, plain, "plain"),
      row(`one layer alone: ${words(slope)}·x + ${bracketed(offset)}`, merged, "merged"),
      row(`with ${title} between the two`, bent, "with")));
    formula.textContent = `${words(w2)} · (${words(w1)}·x + ${bracketed(b1)}) + ${bracketed(b2)} = ${words(slope)}·x + ${bracketed(offset)}`;
    const line = (course) => "M" + Array.from({ length: 81 }, (_, at) => -2 + at / 20)
      .map((x) => `${(150 + x * 65).toFixed(1)} ${clamp(90 - course(x) * 9, -400, 600).toFixed(1)}`).join("L");
    fill(drawing, svg(300, 180, "Both as curves", [
      shape("path", { class: "axis", d: "M5 90H295M150 5V175" }),
      shape("path", { class: "other thick", d: line((x) => slope * x + offset) }),
      shape("path", { class: "bent", d: line((x) => w2 * BENDS[key](w1 * x + b1) + b2) })]));
  }
  const sliders = make("div", "controls", add("w1", "First weight"), add("b1", "First bias"), add("w2", "Second weight"), add("b2", "Second bias"));
  show("relu");
  return { show, node: make("div", "column", make("p", "title", "Why it matters: two layers in a row, without a bend, are only one"),
    sliders, formula, make("div", "sides", make("div", "scroll", table), drawing),
    make("p", "quiet", "Grey: without a bend, always a straight line. Green: with it. A hundred straight layers are still one straight line.")) };
}
