/* Cross-entropy of one answer; one weight on its loss curve; two weights and three rules. */
export default function ({ data, parentElement }) {
  return mounted(parentElement, data, (root, told) => {
    const one = oneWeightPanel(told), two = twoWeightsPanel(told);
    root.replaceChildren(answerPanel(), one.node, two.node);
    return { stop: () => { one.clock.stop(); two.clock.stop(); } };
  });
}

/* ---- The loss of one answer ---- */
function answerPanel() {
  let share = 0.7;
  const box = [34, 26, 330, 176];
  const x = scale(0, 1, box[0], box[2]), y = scale(0, 5, box[3], box[1]);
  const drawing = canvas(340, 210, "Cross-entropy over the share of the right class");
  const tangent = ink("path", { stroke: "var(--slope)", "stroke-width": 2.5 });
  const line = Array.from({ length: 199 }, (_, at) => (at + 1.3) / 200)
    .filter((one) => crossEntropyOf(one) <= 5).map((one) => [x(one), y(crossEntropyOf(one))]);
  const drop = ink("path", { fill: "none", stroke: "var(--slope)", "stroke-dasharray": "3 3" });
  const handle = ink("g", {}, ink("circle", { r: 22, class: "grip" }),
    ink("circle", { r: 8, class: "dot", fill: "var(--slope)" }));
  drawing.append(axes({ x, y, box, xs: [0, 0.25, 0.5, 0.75, 1], ys: [0, 1, 2, 3, 4, 5],
    across: "share p of the right class", up: "loss" }),
  ink("path", { d: course(line), fill: "none", stroke: "var(--value)", "stroke-width": 2.5 }), drop, tangent, handle);
  const sum = make("div", { class: "sum", "data-id": "cross-entropy" });
  const words = make("p", {});
  const draw = () => {
    const loss = crossEntropyOf(share);
    handle.setAttribute("transform", `translate(${x(share)} ${y(loss)})`);
    drop.setAttribute("d", `M${x(share)} ${box[3]}V${y(loss)}H${box[0]}`);
    const reach = 45 / Math.hypot(x(1) - x(0), (y(1) - y(0)) / share);
    tangent.setAttribute("d", course([-reach, reach].map((by) => [x(share + by), y(loss - by / share)])));
    sum.replaceChildren(make("div", {}, `loss = −ln(p) = −ln(${figure(share, 2)}) = `, make("b", {}, figure(loss))),
      make("div", {}, "slope = −1 ÷ p = ", make("span", { class: "back" }, figure(-1 / share))));
    words.textContent = share > 0.9 ? "Right and sure: hardly any loss, and a gentle slope."
      : share >= 0.5 ? "Right, but not sure: a little loss, and some slope to learn from."
        : share > 0.1 ? "More of the share went elsewhere: the loss grows, and the curve gets steeper."
          : "Sure, and wrong: that costs most, and the slope pushes hardest.";
  };
  draggable(handle, { drawing, words: "Share of the right class", min: 0.01, max: 1, step: 0.01,
    read: () => share, write: (value) => { share = value; draw(); }, at: ([across]) => scale(box[0], box[2], 0, 1)(across),
    show: (value) => `share ${percent(value)}, loss ${figure(crossEntropyOf(value))}` });
  draw();
  return make("section", { class: "panel" }, make("h3", {}, "The loss of one photo"), make("div", { class: "two" },
    make("div", {}, drawing), make("div", {}, make("p", {}, "A classifier's loss looks at one number only: the share "
      + "that the right class was given. Drag the dot."), sum, words)));
}

/* ---- One weight ---- */
const RATES = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.008, 0.012, 0.018, 0.024, 0.03, 0.036, 0.042, 0.045, 0.048,
  0.05, 0.052, 0.055, 0.06, 0.07];

function oneWeightPanel({ flowers, best }) {
  let weight = -0.35, rate = 0.012, steps = 0, trail = [];
  const start = weight;
  const box = [34, 26, 330, 196], view = [-0.6, 1.3];
  const x = scale(...view, box[0], box[2]), y = scale(0, 15, box[3], box[1]);
  const loss = (value) => squareLoss(flowers, value), slope = (value) => squareSlopes(flowers, value)[0];
  const drawing = canvas(340, 230, "The loss over the weight, with a ball on it");
  const line = Array.from({ length: 121 }, (_, at) => view[0] + (at / 120) * (view[1] - view[0]))
    .filter((one) => loss(one) <= 15).map((one) => [x(one), y(loss(one))]);
  const tangent = ink("path", { stroke: "var(--slope)", "stroke-width": 2.5 });
  const path = ink("path", { fill: "none", stroke: "var(--third)", "stroke-width": 1.5, "stroke-opacity": 0.8 });
  const dots = ink("g", { fill: "var(--third)" });
  const ball = ink("g", { "data-id": "ball" }, ink("circle", { r: 22, class: "grip" }),
    ink("circle", { r: 8, class: "dot", fill: "var(--slope)" }));
  drawing.append(axes({ x, y, box, xs: [-0.5, 0, 0.5, 1], ys: [0, 5, 10, 15], across: "weight w", up: "loss" }),
    ink("path", { d: course(line), fill: "none", stroke: "var(--value)", "stroke-width": 2.5 }), path, dots, tangent, ball);
  const fit = scatter(flowers);
  const sum = make("div", { class: "sum", "data-id": "one-step" });
  const words = make("p", { class: "verdict", role: "status" });
  const speed = slider({ words: "Learning rate η", id: "rate", values: RATES, value: rate,
    show: (value) => String(value), change: (value) => { rate = value; draw(); } });
  const rates = make("div", { class: "row" }, ...[["Too small", 0.0005], ["About right", 0.018], ["Nearly too large", 0.045],
    ["Too large", 0.055]].map(([text, value]) => push(text, () => { speed.set(value); rate = value; begin(); }, "rate")));
  const gone = () => Math.abs(weight) > 1e6;

  function begin() { timer.stop(); weight = start; steps = 0; trail = []; draw(); }
  function step() {
    if (gone()) return false;
    trail.push(weight);
    weight -= rate * slope(weight);
    steps += 1;
    draw();
    return !gone() && Math.abs(slope(weight)) > 1e-4;
  }
  const timer = clock(step, 350);

  function draw() {
    const here = loss(weight), lean = slope(weight), next = weight - rate * lean;
    const inside = (value) => clamp(value, view[0], view[1]);
    const seat = (value) => [x(inside(value)), clamp(y(loss(value)), box[1] - 8, box[3])];
    ball.setAttribute("transform", `translate(${seat(weight).join(" ")})`);
    // As long on the screen however steep it is.
    const reach = 55 / Math.hypot(x(1) - x(0), (y(1) - y(0)) * lean);
    tangent.setAttribute("d", course([-reach, reach].map((by) => [x(weight + by), y(here + lean * by)])));
    tangent.classList.toggle("hidden", y(here) < box[1] - 8 || inside(weight) !== weight);
    const last = trail.slice(-40);
    path.setAttribute("d", course([...last, weight].map(seat)));
    dots.replaceChildren(...last.map((value) => ink("circle", { r: 2.6, cx: seat(value)[0], cy: seat(value)[1] })));
    fit.show(weight, 0);
    const line = (...parts) => make("div", {}, ...parts);
    sum.replaceChildren(
      line(`step ${steps}: w = `, make("b", {}, figure(weight)), ", loss = ", make("b", {}, figure(here))),
      line("slope = mean of 2 · (w·x − y) · x = ", make("span", { class: "back" }, figure(lean))),
      line("w ← w − η · slope"),
      line(`w ← ${figure(weight)} − ${rate} · ${bracketed(lean)} = `, make("b", { "data-id": "next-weight" }, figure(next))));
    words.textContent = gone() ? "It has left for good: every step leapt farther than the one before."
      : judged(rate, flowers);
    words.classList.toggle("bad", gone());
    ball.tell?.();
  }
  draggable(ball, { drawing, words: "The weight", min: view[0] + 0.05, max: view[1] - 0.05, step: 0.02, read: () => weight,
    write: (value) => { timer.stop(); weight = value; steps = 0; trail = []; draw(); },
    at: ([across]) => scale(box[0], box[2], ...view)(across), show: (value) => `w ${figure(value, 2)}, loss ${figure(loss(value), 2)}` });
  draw();
  const buttons = make("div", { class: "row" }, timer.button, push("Step", () => { timer.stop(); step(); }, "step"),
    push("Start again", begin));
  return { clock: timer, node: make("section", { class: "panel" }, make("h3", {}, "One weight, and the way downhill"),
    make("p", {}, `Twelve real flowers: petal length x and width y in centimetres, out of the irises that Fisher published in 1936. `
      + `The model is width = w · length; its loss is the mean of the squared errors. Every place of the curve is such a fit; drag the ball.`),
    make("div", { class: "two" }, make("div", {}, drawing, buttons, fit.node), make("div", {}, sum, words, speed.node, rates)),
    make("p", { class: "note" }, `The lowest loss lies at w = ${figure(best.weight)}; there the slope is 0.`)) };
}

/* A step multiplies the distance to the lowest point by 1 − η · curvature. */
function judged(rate, flowers) {
  const factor = 1 - rate * 2 * mean(flowers.map(([x]) => x * x));
  const times = `Each step multiplies the distance to the lowest point by ${figure(factor, 2)}`;
  if (Math.abs(factor) > 1) return `${times}: too large, it leaps farther and farther away.`;
  if (factor < -0.4) return `${times}: it leaps from one side to the other.`;
  if (factor > 0.9) return `${times}: too small, it takes very long.`;
  return `${times}: about right.`;
}

/* The flowers with the line that the weights stand for, and how far each is off. */
function scatter(flowers, shift = 0) {
  const box = [26, 20, 290, 128];
  const x = scale(0, 7, box[0], box[2]), y = scale(-1, 3, box[3], box[1]);
  const drawing = canvas(300, 158, "The flowers and the line of the model");
  drawing.classList.add("scatter");
  drawing.setAttribute("role", "img");
  const errors = ink("path", { stroke: "var(--slope)", "stroke-width": 1.5 });
  const line = ink("path", { stroke: "var(--value)", "stroke-width": 2.5 });
  const held = (value) => clamp(value, -1e4, 1e4);
  const clip = `within-${shift}`;
  drawing.append(ink("clipPath", { id: clip }, ink("rect", { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] })),
    axes({ x, y, box, xs: [0, 2, 4, 6], ys: [-1, 0, 1, 2, 3], across: "petal length, cm", up: "petal width, cm" }),
    ink("g", { "clip-path": `url(#${clip})` }, errors, line),
    ink("g", { fill: "var(--third)" }, ...flowers.map(([a, b]) => ink("circle", { cx: x(a), cy: y(b), r: 3.5 }))));
  return { node: drawing, show(weight, bias) {
    const model = (length) => held(bias + weight * (length - shift));
    line.setAttribute("d", course([[x(0), y(model(0))], [x(7), y(model(7))]]));
    errors.setAttribute("d", flowers.map(([a, b]) => `M${x(a)} ${y(b)}V${y(model(a))}`).join(""));
  } };
}

/* ---- Two weights ---- */
const RULE_WORDS = { plain: ["Plain", "var(--st-text-color)"], momentum: ["Momentum 0.9", "var(--slope)"], adam: ["Adam", "var(--third)"] };
const PACES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.11, 0.12, 0.15, 0.2];

function twoWeightsPanel({ flowers, shift, valley, start: first }) {
  let start = first, rate = 0.05, paths = {};
  const shifted = flowers.map(([x, y]) => [x - shift, y]);
  const shown = { plain: true, momentum: true, adam: true };
  const box = [34, 26, 330, 250], wide = [-1, 1.6], high = [-1, 2.6];
  const x = scale(...wide, box[0], box[2]), y = scale(...high, box[3], box[1]);
  const loss = ([weight, bias]) => squareLoss(shifted, weight, bias);
  const drawing = canvas(340, 284, "The loss over two weights, from above, with the ways down");
  const lines = Object.fromEntries(Object.entries(RULE_WORDS).map(([name, [, color]]) => [name, ink("g", { "data-path": name },
    ink("path", { fill: "none", stroke: color, "stroke-width": 1.8 }), ink("circle", { r: 5, fill: color }))]));
  const handle = ink("g", { "data-id": "start" }, ink("circle", { r: 22, class: "grip" }),
    ink("circle", { r: 8, class: "dot", fill: "var(--st-background-color)", stroke: "var(--st-text-color)", "stroke-width": 2.5 }));
  const [bottomW, bottomB] = valley.lowest;
  drawing.append(
    ink("clipPath", { id: "map" }, ink("rect", { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] })),
    ink("g", { "clip-path": "url(#map)" }, ...contours(valley, x, y),
      ink("path", { d: `M${x(bottomW) - 5} ${y(bottomB)}h10m-5-5v10`, stroke: "var(--value)", "stroke-width": 2 }), ...Object.values(lines)),
    axes({ x, y, box, xs: [-1, -0.5, 0, 0.5, 1, 1.5], ys: [-1, 0, 1, 2], across: "weight w", up: "bias b" }), handle);
  const table = make("table", { class: "numbers" });
  const sum = make("div", { class: "sum", "data-id": "two-sum" });
  const fit = scatter(flowers, shift);
  const speed = slider({ words: "Learning rate η of all three", id: "pace", values: PACES, value: rate, show: String,
    change: (value) => { rate = value; begin(); } });
  const legend = make("div", { class: "legend" }, ...Object.entries(RULE_WORDS).map(([name, [words, color]]) => {
    const box = make("input", { type: "checkbox", "data-rule": name });
    box.checked = true;
    box.addEventListener("change", () => { shown[name] = box.checked; draw(); });
    return make("label", {}, box, make("i", { style: `background: ${color}` }), words);
  }));

  function begin() {
    timer.stop();
    paths = Object.fromEntries(Object.keys(RULES).map((name) => [name, { state: { weights: start }, way: [start] }]));
    draw();
  }
  function step() {
    let moving = false;
    for (const [name, path] of Object.entries(paths)) {
      if (Math.max(...path.state.weights.map(Math.abs)) > 1e6) continue;
      path.state = RULES[name](path.state, squareSlopes(shifted, ...path.state.weights), rate);
      path.way.push(path.state.weights);
      moving = true;
    }
    draw();
    return moving && paths.plain.way.length <= 300;
  }
  const timer = clock(step, 120);

  function draw() {
    handle.setAttribute("transform", `translate(${x(start[0])} ${y(start[1])})`);
    for (const [name, { way }] of Object.entries(paths)) {
      const places = way.map(([weight, bias]) => [x(clamp(weight, -90, 90)), y(clamp(bias, -90, 90))]);
      lines[name].style.display = shown[name] ? "" : "none";
      lines[name].firstChild.setAttribute("d", course(places));
      lines[name].lastChild.setAttribute("transform", `translate(${places.at(-1).join(" ")})`);
    }
    const steps = paths.plain.way.length - 1;
    table.replaceChildren(make("thead", {}, make("tr", {}, ...[`after ${steps} steps`, "w", "b", "loss"].map((text) => make("th", {}, text)))),
      make("tbody", {}, ...Object.entries(paths).filter(([name]) => shown[name]).map(([name, { state: { weights } }]) =>
        make("tr", { "data-rule": name }, make("td", {}, RULE_WORDS[name][0]),
          ...[...weights, loss(weights)].map((value) => make("td", {}, figure(value)))))));
    sum.replaceChildren(...nextSums(paths, shifted, rate, shown));
    fit.show(...paths[Object.keys(paths).find((name) => shown[name]) ?? "plain"].state.weights);
    handle.tell?.();
  }
  begin();
  draggable(handle, { drawing, words: "Where all three start", min: [wide[0], high[0]], max: [wide[1], high[1]], step: 0.05,
    read: () => start, write: (value) => { start = value; begin(); },
    at: ([across, down]) => [scale(box[0], box[2], ...wide)(across), scale(box[3], box[1], ...high)(down)],
    show: ([weight, bias]) => `w ${figure(weight, 2)}, b ${figure(bias, 2)}, loss ${figure(loss([weight, bias]), 2)}` });
  const buttons = make("div", { class: "row" }, timer.button, push("Step", () => { timer.stop(); step(); }, "step"),
    push("Start again", begin));
  return { clock: timer, node: make("section", { class: "panel" }, make("h3", {}, "Two weights, and three ways down"),
    make("p", {}, `The same flowers with a bias: width = b + w · (length − ${shift}). Seen from above, the loss is a long valley; each `
      + `ring is a height. Drag the ring with the hollow dot to another start, by arrow keys too.`),
    make("div", { class: "two" }, make("div", {}, drawing, legend, buttons, fit.node), make("div", {}, table, sum, speed.node)),
    make("p", { class: "note" }, `The cross marks the lowest loss, ${figure(valley.loss)}, at w = ${figure(bottomW)}, b = ${figure(bottomB)}. `
      + `The valley is ${figure(valley.steepness[1] / valley.steepness[0], 0)} times as steep across as along.`)) };
}

function contours({ lowest, loss, steepness, along }, x, y) {
  const [perX, perY] = [x(1) - x(0), y(1) - y(0)];
  return [0.05, 0.15, 0.4, 0.9, 1.8, 3.4, 6, 10, 16, 24, 36, 52].reverse().map((rise) => {
    const [long, wide] = steepness.map((one) => Math.sqrt(2 * rise / one));
    const points = Array.from({ length: 73 }, (_, at) => {
      const [a, b] = [long * Math.cos(at * Math.PI / 36), wide * Math.sin(at * Math.PI / 36)];
      const [w, c] = [lowest[0] + a * along[0] - b * along[1], lowest[1] + a * along[1] + b * along[0]];
      return [x(0) + w * perX, y(0) + c * perY];
    });
    return ink("path", { d: `${course(points)}Z`, class: "contour" }, ink("title", {}, `loss ${figure(loss + rise, 2)}`));
  });
}

/* The next step of each rule for w, with its numbers. */
function nextSums(paths, points, rate, shown) {
  const line = (...parts) => make("div", {}, ...parts);
  const slope = (name) => squareSlopes(points, ...paths[name].state.weights);
  const next = (name) => RULES[name](paths[name].state, slope(name), rate);
  const now = (name) => figure(paths[name].state.weights[0]);
  const result = (name) => make("b", {}, figure(next(name).weights[0]));
  const told = {
    plain: () => [line(`Plain: w ← ${now("plain")} − ${rate} · ${bracketed(slope("plain")[0])} = `, result("plain"))],
    momentum: () => {
      const before = paths.momentum.state.speed?.[0] ?? 0;
      return [line(`Momentum: speed ← 0.9 · ${bracketed(before)} − ${rate} · ${bracketed(slope("momentum")[0])} = ${figure(next("momentum").speed[0])}`),
        line(`w ← ${now("momentum")} + ${bracketed(next("momentum").speed[0])} = `, result("momentum"))];
    },
    adam: () => {
      const after = next("adam");
      const middle = after.means[0] / (1 - 0.9 ** after.steps), size = Math.sqrt(after.squares[0] / (1 - 0.999 ** after.steps));
      return [line(`Adam: w ← ${now("adam")} − ${rate} · ${bracketed(middle)} ÷ ${figure(size)} = `, result("adam")),
        line("(recent slopes, averaged, ÷ their usual size)")];
    },
  };
  return Object.keys(told).filter((name) => shown[name]).flatMap((name) => told[name]());
}
