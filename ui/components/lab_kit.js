/* What every lab is built of: words, controls, drawings. */

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".lab");
  const mark = JSON.stringify(data);
  if (root.mark === mark) return;
  root.mark = mark;
  root.replaceChildren();
  drawLab(root, data);
}

function make(tag, name = "", ...inside) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...inside);
  return node;
}

/* At most so many decimals, none that say nothing, and a true minus sign. */
function words(value, decimals = 2) {
  const text = Number(value.toFixed(decimals)).toString();
  return (text === "-0" ? "0" : text).replace("-", "−");
}

function bracketed(value) {
  return value < 0 ? `(${words(value)})` : words(value);
}

function counted(number) {
  return Math.round(number).toLocaleString("en-GB");
}

/* A picture sent as base64 of uint8 (height, width, channels): a plane per channel. */
function unpacked({ height, width, channels, pixels }) {
  const raw = atob(pixels);
  return Array.from({ length: channels }, (_, channel) =>
    plane(height, width, (row, column) => raw.charCodeAt((row * width + column) * channels + channel)));
}

function kernelOf(rows) {
  return plane(rows.length, rows[0].length, (row, column) => rows[row][column]);
}

function clamp(value, least, most) {
  return Math.max(least, Math.min(most, value));
}

/* --- controls --- */

function slider(label, { least, most, step = 1, value, shown = (one) => words(one) }, onChange) {
  const range = make("input");
  Object.assign(range, { type: "range", min: least, max: most, step });
  range.value = value;
  const out = make("output", "", shown(value));
  const node = make("label", "slider", make("span", "", label), out, range);
  const show = () => {
    out.textContent = shown(Number(range.value));
    range.style.setProperty("--share", `${((range.value - least) / (most - least)) * 100}%`);
    range.setAttribute("aria-valuetext", out.textContent);
  };
  range.oninput = () => { show(); onChange(Number(range.value)); };
  range.onkeydown = (event) => event.stopPropagation();
  node.set = (next) => { range.value = next; show(); };
  show();
  return node;
}

/* `options`: [value, words]; one is pressed. */
function choice(label, options, value, onChange) {
  const node = make("div", "choice");
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", label);
  const buttons = options.map(([each, text]) => {
    const one = button(text, () => { node.set(each); onChange(each); });
    one.dataset.value = each;
    return one;
  });
  node.set = (next) => buttons.forEach((one, at) => {
    one.setAttribute("aria-pressed", String(options[at][0] === next));
  });
  node.append(...buttons);
  node.set(value);
  return node;
}

function button(text, act, name = "") {
  const node = make("button", name, text);
  node.type = "button";
  node.onclick = act;
  return node;
}

function titled(text, ...inside) {
  return make("div", "titled", make("span", "title", text), ...inside);
}

/* Play, pause, one step, from the start; `advance(steps)` says whether there is more to come. */
function player({ advance, restart, speeds = [2, 8, 40, 200], speed = 1, onPlay = () => {} }) {
  let [playing, before, owed] = [false, 0, 0];
  const play = button("Play", () => (playing ? pause() : start()), "main");
  const set = (on) => {
    playing = on;
    play.textContent = on ? "Pause" : "Play";
    play.setAttribute("aria-pressed", String(on));
  };
  const pause = () => set(false);
  const start = () => {
    set(true);
    [before, owed] = [performance.now(), 1];
    onPlay();
    requestAnimationFrame(tick);
  };
  let rate = speeds[speed];
  function tick(now) {
    if (!playing || !node.isConnected) return set(false);
    owed += Math.max(0, (now - before) / 1000) * rate;
    before = now;
    const steps = Math.floor(owed);
    owed -= steps;
    if (steps && !advance(steps)) return pause();
    requestAnimationFrame(tick);
  }
  const pace = slider("Speed", {
    least: 0, most: speeds.length - 1, value: speed, shown: (at) => `${speeds[at]} a second`,
  }, (at) => { rate = speeds[at]; });
  const node = make("div", "player", play,
    button("Step", () => { pause(); onPlay(); advance(1); }),
    button("From the start", () => { pause(); restart(); }), pace);
  node.pause = pause;
  return node;
}

function sign(text) {
  return make("span", "sign", text);
}

function figure(number, text, name = "") {
  return make("div", "figure", make("b", name, number), make("span", "", text));
}

/* Takes the place of what `holder` showed. */
function fill(holder, ...inside) {
  holder.replaceChildren(...inside);
}

/* --- drawings --- */

function shape(kind, attributes, ...inside) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(attributes)) if (value !== "") node.setAttribute(name, value);
  node.append(...inside);
  return node;
}

function text(written, x, y, attributes = {}) {
  return shape("text", { x, y, "text-anchor": "middle", ...attributes }, written);
}

/* As wide as its place, but never larger than drawn. */
function svg(width, height, label, parts) {
  const node = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, ...parts);
  node.style.cssText = `display: block; width: 100%; max-width: ${width * 1.3}px`;
  return node;
}
