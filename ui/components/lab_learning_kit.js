/* What the labs about learning are drawn with: parts of a page, things to drag, a clock. */
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

function make(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function ink(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function canvas(width, height, words) {
  return ink("svg", { viewBox: `0 0 ${width} ${height}`, class: "drawing", role: "group", "aria-label": words });
}

/* A number with a true minus sign; very large and very small ones as powers of ten. */
function figure(value, digits = 3) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "undefined";
  const far = Math.abs(value) >= 1e5;
  const text = far ? value.toExponential(1).replace("e+", "·10^") : value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

function bracketed(value, digits = 3) {
  return value < 0 ? `(${figure(value, digits)})` : figure(value, digits);
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}

function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

/* A labelled slider; `values` makes it go through a list instead of a range. */
function slider({ words, id, min, max, step, values, value, show, change }) {
  const input = make("input", values
    ? { type: "range", min: 0, max: values.length - 1, step: 1 }
    : { type: "range", min, max, step });
  const shown = make("output", {});
  const read = () => (values ? values[Number(input.value)] : Number(input.value));
  const tell = () => {
    shown.textContent = show(read());
    input.setAttribute("aria-valuetext", shown.textContent);
    paint(input);
  };
  const set = (to) => {
    input.value = values ? nearest(values, to) : to;
    tell();
  };
  input.setAttribute("aria-label", words);
  if (id) input.dataset.id = id;
  set(value);
  input.addEventListener("input", () => { tell(); change(read()); });
  const node = make("label", { class: "slider" }, make("span", {}, words), shown, input);
  return { node, input, set, read };
}

/* Colours the track of a range up to its value. */
function paint(input) {
  const [least, most] = [Number(input.getAttribute("min")), Number(input.getAttribute("max"))];
  input.style.setProperty("--at", `${(100 * (Number(input.value) - least)) / (most - least)}%`);
}

function nearest(values, wanted) {
  let best = 0;
  values.forEach((value, at) => {
    if (Math.abs(value - wanted) < Math.abs(values[best] - wanted)) best = at;
  });
  return best;
}

/* Two or more choices of which one holds. */
function choice(words, options, chosen, change) {
  const group = make("div", { class: "choice", role: "group", "aria-label": words });
  const buttons = options.map(([name, text]) => {
    const button = make("button", { type: "button", "data-choice": name }, text);
    button.addEventListener("click", () => { show(name); change(name); });
    return button;
  });
  const show = (name) => buttons.forEach((button) =>
    button.setAttribute("aria-pressed", String(button.dataset.choice === name)));
  group.append(...buttons);
  show(chosen);
  return { node: group, set: show };
}

function push(words, press, kind = "") {
  const button = make("button", { type: "button", class: `push ${kind}` }, words);
  button.addEventListener("click", press);
  return button;
}

/* Makes a drawn thing a slider: dragged by mouse or finger, moved by the arrow keys.
   `read` and `write` speak in values; `at` turns a place of the drawing into one. A value is
   [x, y] where both ways may be gone. */
function draggable(node, { drawing, words, min, max, step, read, write, at, show }) {
  fill(node, { role: "slider", tabindex: 0, "aria-label": words, class: "handle" }, []);
  const flat = (value) => (Array.isArray(value) ? value : [value]);
  const lows = flat(min), highs = flat(max);
  const put = (value) => {
    const kept = flat(value).map((one, way) => clamp(one, lows[way], highs[way]));
    write(kept.length > 1 ? kept : kept[0]);
    node.tell();
  };
  node.tell = () => {
    const value = flat(read());
    node.setAttribute("aria-valuemin", lows[0]);
    node.setAttribute("aria-valuemax", highs[0]);
    node.setAttribute("aria-valuenow", Number(value[0].toFixed(4)));
    node.setAttribute("aria-valuetext", show ? show(read()) : value.map((one) => figure(one, 2)).join(", "));
  };
  node.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    node.setPointerCapture(event.pointerId);
    node.focus({ preventScroll: true });
    node.held = { from: place(drawing, event), value: read() };
  });
  node.addEventListener("pointermove", (event) => {
    if (node.held) put(at(place(drawing, event), node.held));
  });
  for (const name of ["pointerup", "pointercancel"])
    node.addEventListener(name, () => { node.held = null; });
  node.addEventListener("keydown", (event) => {
    const ways = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [1, 1], ArrowDown: [1, -1],
      PageUp: [0, 10], PageDown: [0, -10] };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    const value = [...flat(read())];
    value[Math.min(way[0], value.length - 1)] += way[1] * (event.shiftKey ? step * 10 : step);
    put(value.length > 1 ? value : value[0]);
  });
  node.tell();
  return node;
}

function place(drawing, event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
  return [at.x, at.y];
}

/* Play and pause: `tick` again and again until it answers false. */
function clock(tick, every, words = "Play") {
  let running = null;
  const button = push(`▶ ${words}`, () => (running ? stop() : start()), "play");
  function start() {
    running = setInterval(() => { if (tick() === false) stop(); }, every);
    button.textContent = "❚❚ Pause";
  }
  function stop() {
    clearInterval(running);
    running = null;
    button.textContent = `▶ ${words}`;
  }
  return { button, stop, playing: () => running !== null };
}

function scale(from, to, low, high) {
  return (value) => low + ((value - from) / (to - from)) * (high - low);
}

/* A line through points [x, y]. */
function course(points) {
  return points.map(([x, y], at) => `${at ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
}

/* Axes with a few numbers on them. */
function axes({ x, y, box, xs, ys, across, up }) {
  const [left, top, right, bottom] = box;
  const group = ink("g", { class: "axes" });
  xs.forEach((value) => group.append(
    ink("path", { d: `M${x(value)} ${top}V${bottom}` }),
    ink("text", { x: x(value), y: bottom + 13, "text-anchor": "middle" }, short(value))));
  ys.forEach((value) => group.append(
    ink("path", { d: `M${left} ${y(value)}H${right}` }),
    ink("text", { x: left - 5, y: y(value) + 4, "text-anchor": "end" }, short(value))));
  group.append(
    ink("text", { x: right, y: bottom + 26, "text-anchor": "end", class: "title" }, across),
    ink("text", { x: 4, y: top - 9, class: "title" }, up));
  return group;
}

function short(value) {
  return String(Number(value.toFixed(3))).replace("-", "−");
}

/* Builds a lab once per place on the page; later runs of the page bring it new data. */
function mounted(parentElement, data, build) {
  const root = parentElement.querySelector(".lab");
  const told = JSON.stringify(data);
  if (root.lab && root.told === told) return () => root.lab.stop();
  root.lab?.stop();
  root.told = told;
  root.lab = build(root, data);
  return () => root.lab.stop();
}
