// The pad, the bars, and what ties them to the network: a stroke becomes a picture of the network's
// size, a worker computes all layers of it, and what comes back is shown. One picture at a time is
// on its way, and the newest always follows. After each, the window hears "loupe:live-network" with
// { run, picture, values: [{ name, values }], answer, milliseconds }.
const SIDE = 320;
const FULL = 0.92; // of the picture's side that a drawing fills, as in the digits
const DIGITS = [
  [[.5, .1], [.3, .2], [.24, .5], [.3, .8], [.5, .9], [.7, .8], [.76, .5], [.7, .2], [.5, .1]],
  [[.38, .25], [.54, .1], [.54, .9]],
  [[.28, .28], [.36, .13], [.55, .1], [.7, .2], [.7, .38], [.5, .62], [.27, .88], [.76, .88]],
  [[.28, .16], [.5, .1], [.7, .2], [.68, .38], [.48, .48], [.7, .58], [.73, .78], [.52, .9], [.26, .84]],
  [[.56, .1], [.24, .6], [.78, .6], null, [.62, .4], [.6, .92]],
  [[.7, .1], [.34, .1], [.3, .46], [.55, .42], [.72, .56], [.7, .78], [.5, .9], [.27, .84]],
  [[.62, .1], [.4, .28], [.29, .58], [.34, .82], [.52, .9], [.7, .8], [.7, .62], [.54, .52], [.32, .62]],
  [[.26, .12], [.74, .12], [.56, .46], [.44, .9], null, [.36, .5], [.68, .5]],
  [[.5, .48], [.3, .34], [.34, .16], [.5, .1], [.67, .17], [.68, .34], [.5, .48], [.3, .62], [.3, .82],
    [.5, .9], [.7, .82], [.7, .62], [.5, .48]],
  [[.7, .36], [.54, .5], [.34, .42], [.32, .2], [.5, .1], [.68, .18], [.7, .4], [.66, .68], [.52, .9]],
];

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".live");
  const live = root.live ??= new Live(root);
  clearTimeout(live.leaving);
  live.told(data);
  return () => { live.leaving = setTimeout(() => live.release(), 400); };
}

class Live {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(name);
    this.pad = this.find(".pad");
    this.pad.width = this.pad.height = SIDE;
    this.pen = this.pad.getContext("2d", { willReadFrequently: true });
    this.canvas = this.find(".space");
    this.space = new Space(this.canvas);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.marks = [];
    this.passes = 0;
    this.shown = [];
    this.fingers = new Map();
    this.listen();
    this.watch = new ResizeObserver(() => this.redraw());
    this.watch.observe(this.canvas);
  }

  release() {
    this.watch.disconnect();
    this.worker?.terminate();
    cancelAnimationFrame(this.due);
    cancelAnimationFrame(this.showing);
    this.root.live = undefined;
  }

  async told(data) {
    const [fresh, photo] = [this.data?.address !== data.address, this.data?.photo !== data.photo];
    this.data = data;
    this.find(".draw-one").hidden = !data.digits;
    this.find(".photo").hidden = !data.photo;
    if (photo) await this.loadPhoto();
    if (fresh) await this.load();
    else if (photo && this.ground && this.network) this.useGround(true);
  }

  async load() {
    this.state("loading", "The network is on its way to your browser.");
    try {
      const answer = await fetch(this.data.address);
      if (!answer.ok) throw new Error((await answer.json()).error);
      this.buffer = await answer.arrayBuffer();
      this.network = readNetwork(this.buffer.slice(0));
    } catch (error) {
      return this.state("failed", error.message || "The network could not be fetched. Reload the page.");
    }
    this.space.show(this.network);
    this.space.planes.forEach((plane) => { plane.words = words(plane, this.network); });
    this.engage();
    this.passes = 0;
    this.busy = false;
    this.shown = this.names().map(() => 0);
    this.list();
    this.state("ready", "");
    this.marks = [];
    this.ground = this.data.digits ? null : this.photo;
    this.repaint();
    this.changed();
    if (this.data.digits) this.drawDigit(3);
  }

  /* The worker computes while the page goes on drawing; without one, the page computes itself. */
  engage() {
    this.worker?.terminate();
    this.worker = null;
    try {
      const text = `${MATH_SOURCE}
        let network;
        onmessage = ({ data }) => {
          if (data.network) { network = readNetwork(data.network); return; }
          const values = runNetwork(network, data.picture);
          postMessage({ values, picture: data.picture });
        };`;
      const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      this.worker = new Worker(address);
      URL.revokeObjectURL(address);
      this.worker.onmessage = ({ data }) => this.arrived(data);
      this.worker.onerror = () => { this.worker = null; this.busy = false; this.changed(); };
      this.worker.postMessage({ network: this.buffer });
    } catch { this.worker = null; }
  }

  state(name, note) {
    this.root.dataset.state = name;
    const place = this.find(".note");
    place.textContent = note;
    place.hidden = !note;
  }

  // From the pad to the network.
  changed() {
    this.stale = true;
    this.next();
  }

  next() {
    if (!this.stale || this.busy || this.root.dataset.state !== "ready") return;
    [this.stale, this.busy, this.sent] = [false, true, performance.now()];
    const picture = this.prepare();
    if (this.worker) this.worker.postMessage({ picture });
    else requestAnimationFrame(() => this.arrived({ picture, values: runNetwork(this.network, picture) }));
  }

  arrived({ values, picture }) {
    this.busy = false;
    [this.values, this.picture] = [values, picture];
    const { planes } = this.space;
    for (const plane of planes) {
      if (!plane.answer) light(plane, plane.show < 0 ? picture : values[plane.show]);
    }
    this.answer = probabilities(values[values.length - 1]);
    this.passes += 1;
    this.root.dataset.passes = this.passes;
    const detail = {
      run: this.data.run,
      picture,
      values: this.network.layers.map(({ name }, at) => ({ name, values: values[at] })),
      answer: this.answer,
      milliseconds: performance.now() - this.sent,
    };
    window.dispatchEvent(new CustomEvent("loupe:live-network", { detail }));
    this.redraw();
    this.next();
  }

  /* The pad as the network takes it: its size, its colours, 0 to 255, row by row. */
  prepare() {
    const [height, width, channels] = this.network.picture;
    const source = this.framed(), { data } = source;
    const out = new Float32Array(height * width * channels);
    const [down, across] = [source.height / height, source.width / width];
    for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) {
      const sum = [0, 0, 0];
      let count = 0;
      const [y1, x1] = [Math.max((row + 1) * down, row * down + 1), Math.max((column + 1) * across, column * across + 1)];
      for (let y = Math.floor(row * down); y < y1; y++) for (let x = Math.floor(column * across); x < x1; x++) {
        const tall = Math.min(y + 1, y1) - Math.max(y, row * down);
        const share = tall * (Math.min(x + 1, x1) - Math.max(x, column * across));
        const at = 4 * (Math.min(y, source.height - 1) * source.width + Math.min(x, source.width - 1));
        for (let channel = 0; channel < 3; channel++) sum[channel] += share * data[at + channel];
        count += share;
      }
      const [red, green, blue] = sum.map((one) => one / count);
      const to = (row * width + column) * channels;
      if (channels === 1) out[to] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      else [red, green, blue].forEach((one, channel) => { out[to + channel] = Math.round(one); });
    }
    return out;
  }

  /* The whole pad; or what is drawn on it, moved and enlarged to where digits stand. */
  framed() {
    const fill = this.find("[data-set=fill]");
    const box = this.data.digits && fill.checked && !this.ground ? this.inked() : null;
    if (!box) return this.pen.getImageData(0, 0, SIDE, SIDE);
    const [top, bottom, left, right] = box;
    const size = Math.max(bottom - top, right - left, SIDE * 0.4), scale = FULL * SIDE / size;
    const sheet = this.sheet ??= document.createElement("canvas");
    sheet.width = sheet.height = SIDE;
    const pen = sheet.getContext("2d", { willReadFrequently: true });
    pen.fillStyle = this.paper();
    pen.fillRect(0, 0, SIDE, SIDE);
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    pen.drawImage(this.pad, SIDE / 2 - x * scale, SIDE / 2 - y * scale, SIDE * scale, SIDE * scale);
    return pen.getImageData(0, 0, SIDE, SIDE);
  }

  inked() {
    const reach = this.thick() / 2, points = this.marks.flatMap((mark) => mark.erase ? [] : mark.points);
    if (!points.length) return null;
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    return [Math.min(...ys) - reach, Math.max(...ys) + reach, Math.min(...xs) - reach, Math.max(...xs) + reach];
  }

  // The pad.
  ink() { return this.find("[data-set=dark]").checked ? "#fff" : "#000"; }
  paper() { return this.find("[data-set=dark]").checked ? "#000" : "#fff"; }
  thick() { return Number(this.find("[data-set=width]").value); }

  repaint() {
    this.pen.shadowBlur = 0;
    this.pen.fillStyle = this.paper();
    this.pen.fillRect(0, 0, SIDE, SIDE);
    if (this.ground) this.pen.drawImage(this.ground, 0, 0, SIDE, SIDE);
    this.marks.forEach((mark) => mark.points.forEach((_, at) => this.piece(mark, at)));
  }

  piece({ points, erase, width }, at) {
    const pen = this.pen, [x, y] = points[at], [from_x, from_y] = points[Math.max(0, at - 1)];
    pen.strokeStyle = pen.shadowColor = erase ? this.paper() : this.ink();
    pen.shadowBlur = width * 0.35; // soft edges, as a pen photographed small has
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = width * (erase ? 1.4 : 0.8);
    pen.beginPath();
    pen.moveTo(from_x, from_y);
    pen.lineTo(x + (at ? 0 : 0.01), y);
    pen.stroke();
  }

  point(event) {
    const box = this.pad.getBoundingClientRect();
    return [(event.clientX - box.left) * SIDE / box.width, (event.clientY - box.top) * SIDE / box.height];
  }

  add(points) {
    for (const one of points) {
      this.stroke.points.push(one);
      this.piece(this.stroke, this.stroke.points.length - 1);
    }
    this.changed();
  }

  begin(point) {
    cancelAnimationFrame(this.showing);
    this.stroke = { points: [], erase: this.erasing, width: this.thick() };
    this.marks.push(this.stroke);
    this.add([point]);
  }

  clear() {
    cancelAnimationFrame(this.showing);
    this.marks = [];
    this.ground = null;
    this.repaint();
    this.changed();
  }

  undo() {
    cancelAnimationFrame(this.showing);
    this.marks.pop();
    this.repaint();
    this.changed();
  }

  async loadPhoto() {
    this.photo = null;
    if (!this.data.photo) return;
    const image = new Image();
    image.src = this.data.photo;
    try { await image.decode(); this.photo = image; } catch { this.photo = null; }
  }

  useGround(only) {
    if (only && !this.ground) return;
    cancelAnimationFrame(this.showing);
    this.marks = [];
    this.ground = this.photo;
    this.repaint();
    this.changed();
  }

  /* Draws a figure stroke by stroke, so that everything can be seen reacting. */
  drawDigit(digit) {
    this.clear();
    const path = dense(DIGITS[digit]);
    if (this.calm) {
      path.forEach((point, at) => this.follow(path, at));
      return this.changed();
    }
    let at = 0, since = null;
    const step = (now) => {
      since ??= now;
      const goal = Math.min(path.length, Math.ceil((now - since) / 1100 * path.length));
      for (; at < goal; at++) this.follow(path, at);
      this.changed();
      if (at < path.length) this.showing = requestAnimationFrame(step);
    };
    this.showing = requestAnimationFrame(step);
  }

  follow(path, at) {
    if (path[at] === null) return;
    if (!at || path[at - 1] === null) {
      this.stroke = { points: [], erase: false, width: this.thick() };
      this.marks.push(this.stroke);
    }
    this.stroke.points.push(path[at].map((share) => share * SIDE));
    this.piece(this.stroke, this.stroke.points.length - 1);
  }

  // The bars.
  names() { return this.network.class_names; }

  list() {
    this.find(".bars").replaceChildren(...this.names().map((name, at) => {
      const row = document.createElement("li");
      const [label, track, fill, sure] = ["b", "span", "i", "small"].map((tag) => document.createElement(tag));
      label.textContent = name;
      fill.style.background = this.data.colors[at % this.data.colors.length];
      track.append(fill);
      row.append(label, track, sure);
      return row;
    }));
  }

  bars() {
    const best = this.answer.indexOf(Math.max(...this.answer));
    return this.names().map((name, at) => ({
      name, color: this.data.colors[at % this.data.colors.length], share: this.shown[at], best: at === best,
    }));
  }

  redraw() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      if (!this.answer || !this.canvas.clientWidth) return;
      this.space.font = getComputedStyle(this.root).fontFamily;
      let moving = false;
      this.shown = this.shown.map((was, at) => {
        const goal = this.answer[at] ?? 0;
        if (this.calm || Math.abs(goal - was) < 0.004) return goal;
        moving = true;
        return was + (goal - was) * 0.35;
      });
      const bars = this.bars();
      this.space.draw(this.values, this.picture, bars, this.hover);
      [...this.find(".bars").children].forEach((row, at) => {
        row.classList.toggle("best", bars[at].best);
        row.querySelector("i").style.width = `${100 * bars[at].share}%`;
        row.querySelector("small").textContent = `${Math.round(100 * this.answer[at])} %`;
      });
      this.say(bars);
      if (moving) this.redraw();
    });
  }

  say(bars) {
    const best = bars.findIndex((bar) => bar.best);
    this.find(".answer b").textContent = bars[best].name;
    this.find(".answer span").textContent = `${Math.round(100 * this.answer[best])} % sure`;
    if (this.hover) this.describe();
  }

  // Looking around.
  listen() {
    const { pad, canvas } = this;
    pad.onpointerdown = (event) => {
      if (event.button > 0) return;
      pad.setPointerCapture(event.pointerId);
      this.drawing = event.pointerId;
      this.begin(this.point(event));
    };
    pad.onpointermove = (event) => {
      if (this.drawing !== event.pointerId) return;
      const events = event.getCoalescedEvents?.() ?? [];
      this.add((events.length ? events : [event]).map((one) => this.point(one)));
    };
    pad.onpointerup = pad.onpointercancel = () => { this.drawing = null; };
    pad.onkeydown = (event) => {
      const act = { Delete: () => this.clear(), Backspace: () => this.undo() }[event.key]
        ?? (/^[0-9]$/.test(event.key) && this.data.digits ? () => this.drawDigit(Number(event.key)) : null);
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    const acts = {
      clear: () => this.clear(),
      undo: () => this.undo(),
      photo: () => this.useGround(),
      home: () => { Object.assign(this.space.view, HOME); this.redraw(); },
      one: () => this.drawDigit(this.last = ((this.last ?? 3) + 1 + Math.floor(Math.random() * 9)) % 10),
      rub: (button) => {
        this.erasing = !this.erasing;
        button.setAttribute("aria-pressed", String(this.erasing));
      },
    };
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) acts[button.dataset.do](button);
    });
    this.root.addEventListener("input", () => { this.repaint(); this.changed(); });
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.fingers.set(event.pointerId, this.at(event));
      this.turned = 0;
    };
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = (event) => {
      this.fingers.delete(event.pointerId);
      if (this.turned < 6) this.look(this.at(event));
    };
    canvas.onpointercancel = (event) => this.fingers.delete(event.pointerId);
    canvas.onpointerleave = (event) => { if (event.pointerType === "mouse") this.look(null); };
    canvas.ondblclick = acts.home;
    canvas.addEventListener("wheel", (event) => {
      // The page scrolls on until one has clicked into the picture.
      if (!event.ctrlKey && canvas.getRootNode().activeElement !== canvas) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 400), this.at(event));
    }, { passive: false });
    canvas.onkeydown = (event) => this.key(event);
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  move(event) {
    const now = this.at(event), was = this.fingers.get(event.pointerId);
    if (!was) return event.pointerType === "mouse" && this.look(now);
    this.fingers.set(event.pointerId, now);
    this.turned += Math.hypot(now[0] - was[0], now[1] - was[1]);
    if (this.fingers.size === 2) {
      const [other] = [...this.fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const [before, after] = [was, now].map(([x, y]) => Math.hypot(x - other[0], y - other[1]));
      return before > 10 && this.zoom(after / before, [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
    }
    if (this.turned < 6) return;
    this.look(null);
    if (event.shiftKey) this.shift(now[0] - was[0], now[1] - was[1]);
    else this.turn((now[0] - was[0]) / 160, (now[1] - was[1]) / 200);
  }

  turn(yaw, tilt) {
    const { view } = this.space;
    view.yaw -= yaw;
    view.tilt = Math.max(0.06, Math.min(1.45, view.tilt + tilt));
    this.redraw();
  }

  shift(x, y) {
    this.space.view.x += x;
    this.space.view.y += y;
    this.redraw();
  }

  zoom(factor, [x, y]) {
    const { view } = this.space, zoom = Math.max(0.5, Math.min(8, view.zoom * factor));
    const grown = zoom / view.zoom, { width, height } = this.space;
    view.x = (x - width / 2) * (1 - grown) + view.x * grown;
    view.y = (y - height / 2 - 14) * (1 - grown) + view.y * grown;
    view.zoom = zoom;
    this.redraw();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const middle = [this.space.width / 2, this.space.height / 2], by = event.shiftKey ? 40 : 0;
    const acts = {
      ArrowLeft: () => by ? this.shift(by, 0) : this.turn(-0.12, 0),
      ArrowRight: () => by ? this.shift(-by, 0) : this.turn(0.12, 0),
      ArrowUp: () => by ? this.shift(0, by) : this.turn(0, -0.08),
      ArrowDown: () => by ? this.shift(0, -by) : this.turn(0, 0.08),
      "+": () => this.zoom(1.2, middle), "=": () => this.zoom(1.2, middle),
      "-": () => this.zoom(1 / 1.2, middle),
      0: () => { Object.assign(this.space.view, HOME); this.redraw(); },
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  look(at) {
    const found = at && this.values ? this.space.under(...at) : null;
    this.hover = found;
    this.spot = at;
    this.find(".tip").hidden = !found;
    if (found) this.describe();
    this.redraw();
  }

  describe() {
    const { plane, map, row, column } = this.hover, tip = this.find(".tip");
    const from = plane.show < 0 ? this.picture : this.values[plane.show];
    const value = from[this.space.index(this.hover)], lines = [];
    const where = plane.shape.length === 3 ? `row ${row + 1}, column ${column + 1}` : "";
    if (plane.answer) {
      lines.push(this.names()[map] ?? "Answer", `${Math.round(100 * this.answer[Math.min(map, this.answer.length - 1)])} % sure`);
    } else if (plane.place === 0) lines.push("The picture", `${where}: ${Math.round(value)} of 255`);
    else {
      const kind = plane.shape.length === 3 ? "map" : "unit";
      lines.push(`${plane.words[0]}, ${kind} ${map + 1}`, `${where ? `${where}: ` : "value "}${value.toFixed(2).replace("-", "−")}`);
    }
    const inputs = this.space.inputs(this.hover, this.values, this.picture);
    if (inputs.length) {
      const more = inputs.filter(({ share }) => share > 0).length;
      lines.push(`Its strongest inputs: ${more} make it larger, ${inputs.length - more} smaller.`);
    }
    tip.replaceChildren(...lines.map((line, at) => {
      const part = document.createElement(at ? "p" : "b");
      part.textContent = line;
      return part;
    }));
    const [x, y] = this.spot, { width } = this.space;
    const left = x + 18 + tip.offsetWidth > width ? x - 18 - tip.offsetWidth : x + 18;
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${Math.max(4, y - tip.offsetHeight - 10)}px`;
  }
}

function probabilities(answer) {
  return answer.length === 1 ? [1 - answer[0], answer[0]] : [...answer];
}

function words(plane, { layers }) {
  const size = plane.shape.length === 3 ? `${plane.height} × ${plane.width}` : "";
  if (plane.place === 0) return ["The picture", size];
  if (plane.answer) return ["Answer", ""];
  const layer = layers[plane.main];
  const title = { conv: "Convolution", depthwise: "Depthwise", separable: "Separable",
    dense: "Dense", add: "Sum", scale: "Normalised", bend: "Activation", same: "As it was",
    flatten: "In a row", pool: layer.how === "max" ? "Max pooling" : "Average pooling",
    global: layer.how === "max" ? "Global maximum" : "Global average" }[layer.kind];
  return [title, size ? `${plane.maps} maps of ${size}` : `${plane.maps} numbers`];
}

function dense(path) {
  const points = [];
  path.forEach((to, at) => {
    const from = at ? path[at - 1] : null;
    if (!to || !from) return points.push(to);
    const steps = Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 0.02);
    for (let n = 1; n <= steps; n++) {
      points.push([from[0] + (to[0] - from[0]) * n / steps, from[1] + (to[1] - from[1]) * n / steps]);
    }
  });
  return points;
}
