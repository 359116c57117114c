/* What the labs are built of: pictures one can point at, grids of numbers, controls. */

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

/* --- paint: planes to RGBA --- */

function inColour(planes) {
  const [red, green, blue] = planes.length === 1 ? [planes[0], planes[0], planes[0]] : planes;
  return rgba(red, (at) => [red.values[at], green.values[at], blue.values[at]]);
}

/* 0..255 as one colour of light. */
function inLight(one, channel) {
  return rgba(one, (at) => [0, 1, 2].map((each) => (each === channel ? one.values[at] : 0)));
}

/* Zero is middle grey, the farthest from it black or white; else 0..255 as it is. */
function inGrey(one, signed, reach = farthest(one)) {
  return rgba(one, (at) => {
    const level = signed ? 127.5 + (one.values[at] / reach) * 127.5 : one.values[at];
    return [level, level, level];
  });
}

function farthest(one) {
  let reach = 0;
  for (const value of one.values) reach = Math.max(reach, Math.abs(value));
  return reach || 1;
}

function rgba(one, colour) {
  const image = new ImageData(one.width, one.height);
  for (let at = 0; at < one.values.length; at++) {
    const [red, green, blue] = colour(at);
    image.data.set([Math.round(red), Math.round(green), Math.round(blue), 255], at * 4);
  }
  return image;
}

/* --- a picture one can point at, by mouse, finger or arrow keys --- */

class Board {
  /* `onPoint(row, column, kept)`: kept when it was pressed there; `onLeave`: back to what was. */
  constructor({ name, label, onPoint, onPress, onLeave, brush = false, step = 1 }) {
    this.canvas = make("canvas");
    this.frames = make("div", "frames");
    this.words = make("figcaption");
    this.node = make("figure", `board ${name}`, make("div", "picture", this.canvas, this.frames), this.words);
    Object.assign(this, { label, onPoint, onPress, onLeave, step });
    this.at = { row: 0, column: 0 };
    this.canvas.setAttribute("aria-label", label);
    this.canvas.setAttribute("role", "img");
    if (onPoint) this.listen(brush);
  }

  listen(brush) {
    const { canvas } = this;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", `${this.label}. Arrow keys move the frame.`);
    canvas.classList.add("live");
    canvas.classList.toggle("brush", brush);
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.point(event, true);
    };
    canvas.onpointermove = (event) => {
      if (event.pointerType === "mouse" || event.buttons) this.point(event, event.buttons > 0);
    };
    canvas.onpointerleave = (event) => {
      if (event.pointerType === "mouse" && !event.buttons && this.onLeave) this.onLeave();
    };
    canvas.onkeydown = (event) => this.key(event);
  }

  point(event, pressed) {
    const box = this.canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.canvas.height);
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.canvas.width);
    this.go(row, column, pressed);
    if (pressed && this.onPress) this.onPress(this.at.row, this.at.column, event);
  }

  key(event) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const presses = this.onPress && (event.key === "Enter" || event.key === " ");
    if (!by && !presses) return;
    event.preventDefault();
    event.stopPropagation();
    if (presses) return this.onPress(this.at.row, this.at.column, event);
    const far = this.step * (event.shiftKey ? 5 : 1);
    this.go(this.at.row + by[0] * far, this.at.column + by[1] * far, true);
  }

  go(row, column, kept) {
    this.at = {
      row: clamp(row, 0, this.canvas.height - 1),
      column: clamp(column, 0, this.canvas.width - 1),
    };
    this.onPoint(this.at.row, this.at.column, kept);
  }

  paint(image, caption) {
    if (this.canvas.width !== image.width || this.canvas.height !== image.height) {
      [this.canvas.width, this.canvas.height] = [image.width, image.height];
    }
    this.canvas.getContext("2d").putImageData(image, 0, 0);
    this.canvas.style.aspectRatio = `${image.width} / ${image.height}`;
    if (caption !== undefined) this.words.textContent = caption;
  }

  /* Frames in cells of the picture: {row, column, rows, columns, name}. */
  frame(...frames) {
    const { width, height } = this.canvas;
    this.frames.replaceChildren(...frames.map((one) => {
      const node = make("i", one.name ?? "");
      node.style.cssText = `top:${(one.row / height) * 100}%;left:${(one.column / width) * 100}%;`
        + `width:${(one.columns / width) * 100}%;height:${(one.rows / height) * 100}%`;
      return node;
    }));
  }
}

/* --- numbers in a grid --- */

/* `kind`: "grey" (0..255 on its grey), "signed" (green above zero, orange below) or a channel. */
function numberGrid(one, caption, { kind = "signed", decimals = 2, marked, onPress, reach } = {}) {
  const most = reach ?? farthest(one);
  const table = make("table", `numbers ${kind}`, make("caption", "", caption));
  const body = make("tbody");
  for (let row = 0; row < one.height; row++) {
    const line = make("tr");
    for (let column = 0; column < one.width; column++) {
      const value = one.values[row * one.width + column];
      const cell = make("td", marked && marked(row, column) ? "marked" : "", words(value, decimals));
      colourCell(cell, value, kind, most);
      if (onPress) pressable(cell, () => onPress(row, column));
      line.append(cell);
    }
    body.append(line);
  }
  table.append(body);
  return table;
}

function pressable(cell, act) {
  cell.classList.add("pressable");
  cell.onclick = act;
}

const CHANNELS = ["Red", "Green", "Blue"];

function colourCell(cell, value, kind, most) {
  if (kind === "signed") {
    const share = Math.round((Math.abs(value) / most) * 55);
    const colour = value > 0 ? "--plus" : "--minus";
    cell.style.background = `color-mix(in srgb, var(${colour}) ${share}%, transparent)`;
    return;
  }
  const level = clamp(Math.round(value), 0, 255);
  const light = CHANNELS.map((name) => (kind === "grey" || kind === name.toLowerCase() ? level : 0));
  cell.style.background = `rgb(${light.join()})`;
  // Which of black and white reads better, by WCAG's relative luminance.
  const linear = light.map((each) => ((each / 255 + 0.055) / 1.055) ** 2.4);
  cell.style.color = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.18 ? "#000" : "#fff";
}

/* --- weights to type, to drag or to change by arrow keys --- */

function weightGrid(kernel, caption, onChange, { step = 0.5, least = -30, most = 30 } = {}) {
  const table = make("table", "numbers weights", make("caption", "", caption));
  const body = make("tbody");
  const fields = [];
  const colour = () => fields.forEach((field, at) => {
    colourCell(field, kernel.values[at], "signed", farthest(kernel));
  });
  const set = (at, value) => {
    kernel.values[at] = clamp(Math.round(value * 100) / 100, least, most);
    colour();
    onChange();
  };
  for (let row = 0; row < kernel.height; row++) {
    const line = make("tr");
    for (let column = 0; column < kernel.width; column++) {
      const at = row * kernel.width + column;
      const field = numberField(`${caption}, row ${row + 1}, column ${column + 1}`, kernel.values[at],
        (value) => set(at, value), step);
      fields.push(field);
      line.append(make("td", "", field));
    }
    body.append(line);
  }
  table.append(body);
  table.refresh = () => {
    fields.forEach((field, at) => field.show(kernel.values[at]));
    colour();
  };
  colour();
  return table;
}

function numberField(label, value, onChange, step) {
  const field = make("input", "number");
  field.type = "text";
  field.inputMode = "text"; // telephones' number keys have no minus sign
  field.setAttribute("aria-label", label);
  let now = value;
  field.show = (next) => { now = next; field.value = words(next); };
  field.show(value);
  const tell = (next) => {
    onChange(next);
    field.show(Math.round(next * 100) / 100);
  };
  field.oninput = () => {
    const typed = typedNumber(field.value);
    field.classList.toggle("bad", typed === null);
    if (typed !== null) { now = typed; onChange(typed); }
  };
  field.onblur = () => { field.classList.remove("bad"); field.show(Math.round(now * 100) / 100); };
  field.onkeydown = (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    event.stopPropagation();
    if (!by) return;
    event.preventDefault();
    tell(now + by * step * (event.shiftKey ? 0.1 : 1));
  };
  dragField(field, () => now, tell, step);
  return field;
}

function typedNumber(text) {
  const cleaned = text.trim().replace("−", "-").replace(",", ".");
  return /^-?(\d+\.?\d*|\.\d+)$/.test(cleaned) ? Number(cleaned) : null;
}

/* Up or down on a number changes it; a click without a move is for typing. */
function dragField(field, value, tell, step) {
  let held = null;
  field.onpointerdown = (event) => {
    held = { y: event.clientY, from: value(), moved: false };
    field.setPointerCapture(event.pointerId);
  };
  field.onpointermove = (event) => {
    if (!held || !event.buttons) return;
    const by = Math.round((held.y - event.clientY) / 8);
    if (!held.moved && Math.abs(held.y - event.clientY) < 8) return;
    held.moved = true;
    event.preventDefault();
    tell(held.from + by * step);
  };
  field.onpointerup = () => {
    if (held && !held.moved) field.select();
    held = null;
  };
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
