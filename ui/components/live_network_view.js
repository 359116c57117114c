// A stack of planes in three dimensions on a plain canvas. Seen without perspective, a plane turned
// in space is a slanted rectangle, so each is one picture drawn once under one transformation.
const GLASS = ["#16292c", "#17705f", "#2fbf9a", "#a5f0a8", "#fff7c2"];
const BELOW = ["#16292c", "#1c3f6e", "#2f6fc0", "#7db4ff", "#dcebff"];
const [PLUS, MINUS] = ["#ffd86b", "#7db4ff"];
const HOME = { yaw: -0.38, tilt: 0.42, zoom: 1, x: 0, y: 0 };
const GAP = 1, MOST_LINKS = 26;

/* The planes of a network: layers that only change values in place join the plane before them. */
function planesOf(network) {
  const { layers } = network;
  const uses = layers.map((_, at) => layers.filter((one) => one.sources.includes(at)).length);
  const owner = new Map();
  const planes = [{ main: -1, show: -1, shape: network.picture, members: [-1] }];
  owner.set(-1, planes[0]);
  layers.forEach((layer, at) => {
    const from = layer.sources[0], plane = owner.get(from);
    const alone = from < 0 ? layer.kind === "scale" : uses[from] === 1;
    if (["scale", "bend", "same", "flatten"].includes(layer.kind) && alone) {
      owner.set(at, plane);
      plane.members.push(at);
      if (layer.kind !== "flatten" && from >= 0) plane.show = at;
      return;
    }
    const made = { main: at, show: at, shape: layer.shape, members: [at] };
    owner.set(at, made);
    planes.push(made);
  });
  const most = Math.max(...planes.map(({ shape }) => shape.reduce((a, b) => a * b)));
  planes.forEach((plane, place) => lay(plane, place, planes.length, most));
  return { planes, owner };
}

/* How the maps of a plane lie side by side, and where it hangs. */
function lay(plane, place, count, most) {
  const [height, width, maps] = plane.shape.length === 3 ? plane.shape : [1, 1, plane.shape[0]];
  const picture = place === 0;
  Object.assign(plane, { height, width, maps: picture ? 1 : maps, depth: maps, place });
  plane.answer = place === count - 1;
  const aspect = width / height;
  plane.columns = plane.answer ? plane.maps
    : Math.max(1, Math.min(plane.maps, Math.round(Math.sqrt(plane.maps * 3.4 / aspect))));
  plane.rows = Math.ceil(plane.maps / plane.columns);
  plane.across = plane.columns * (width + GAP) - GAP;
  plane.down = plane.rows * (height + GAP) - GAP;
  const much = (height * width * maps / most) ** 0.2;
  let wide = picture ? 0.42 * Math.min(1, aspect) : 0.5 + 0.5 * much;
  let deep = wide * plane.down / plane.across;
  if (deep > 0.46) [wide, deep] = [wide * 0.46 / deep, 0.46];
  if (plane.answer) [wide, deep] = [0.96, 0.96 / Math.max(plane.maps, 4) * 0.7];
  Object.assign(plane, { wide, deep, level: (place && place + 0.6) / (count - 0.4) - 0.5 });
  plane.sheet = document.createElement("canvas");
  [plane.sheet.width, plane.sheet.height] = [plane.across, plane.down];
}

/* Colours the sheet of a plane by its values; lit is what counts as bright. */
function light(plane, values) {
  const pen = plane.sheet.getContext("2d"), { height, width, maps, depth, columns } = plane;
  const picture = pen.createImageData(plane.across, plane.down);
  if (plane.place === 0) return lightPicture(plane, values, pen, picture);
  let most = 1e-6;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  plane.most = most;
  for (let map = 0; map < maps; map++) {
    const [top, left] = [Math.floor(map / columns) * (height + GAP), map % columns * (width + GAP)];
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const share = values[(y * width + x) * depth + map] / most;
      const color = (share < 0 ? light.below : light.above)[Math.min(255, Math.round(255 * Math.sqrt(Math.abs(share))))];
      const to = 4 * ((top + y) * plane.across + left + x);
      for (let channel = 0; channel < 4; channel++) picture.data[to + channel] = color[channel];
    }
  }
  pen.putImageData(picture, 0, 0);
}

function lightPicture({ depth }, values, pen, picture) {
  for (let at = 0; at < picture.data.length / 4; at++) {
    for (let channel = 0; channel < 3; channel++) {
      picture.data[4 * at + channel] = values[at * depth + Math.min(channel, depth - 1)];
    }
    picture.data[4 * at + 3] = 255;
  }
  pen.putImageData(picture, 0, 0);
}

function ramp(stops) {
  const colors = stops.map((one) => [1, 3, 5].map((at) => parseInt(one.slice(at, at + 2), 16)));
  return Array.from({ length: 256 }, (_, level) => {
    const at = level / 255 * (colors.length - 1), first = Math.min(Math.floor(at), colors.length - 2);
    const mixed = colors[first].map((one, channel) =>
      Math.round(one + (colors[first + 1][channel] - one) * (at - first)));
    return [...mixed, Math.min(255, 150 + level)];
  });
}
light.above = ramp(GLASS);
light.below = ramp(BELOW);

class Space {
  constructor(canvas) {
    this.canvas = canvas;
    this.view = { ...HOME };
  }

  show(network) {
    Object.assign(this, planesOf(network), { network });
    this.answer = this.planes[this.planes.length - 1];
  }

  get width() { return this.canvas.clientWidth; }
  get height() { return this.canvas.clientHeight; }
  get named() { return this.width >= 540; }

  /* From space to the screen: right, up, and towards us. */
  place(x, y, z) {
    const { yaw, tilt } = this.view, [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
    const [right, near] = [x * cos + z * sin, z * cos - x * sin];
    return [this.centre[0] + this.unit * right,
      this.centre[1] - this.unit * (y * this.tall * Math.cos(tilt) - near * Math.sin(tilt))];
  }

  measure() {
    const { zoom, x, y } = this.view;
    const [room, high] = [this.width - 24, this.height - 96];
    const names = this.named ? 128 : 0;
    this.unit = Math.min((room - names) / 1.08, high / 1.42, 460) * zoom;
    // High enough that no plane hides the next.
    this.tall = Math.max(0.8, (high / (this.unit / zoom) - 0.4) / Math.cos(HOME.tilt));
    this.centre = [this.width / 2 - names / 2 + x, this.height / 2 + 14 + y];
  }

  /* The transformation that lays a sheet of pixels where its plane hangs. */
  matrix({ wide, deep, across, down, level }) {
    const corner = this.place(-wide / 2, level, -deep / 2);
    const right = this.place(wide / 2, level, -deep / 2);
    const front = this.place(-wide / 2, level, deep / 2);
    return [(right[0] - corner[0]) / across, (right[1] - corner[1]) / across,
      (front[0] - corner[0]) / down, (front[1] - corner[1]) / down, ...corner];
  }

  /* Where the middle of a value's square, or another point of it, is on the screen. */
  spot(plane, { map, row, column }, dx = 0.5, dy = 0.5) {
    const x = map % plane.columns * (plane.width + GAP) + column + dx;
    const y = Math.floor(map / plane.columns) * (plane.height + GAP) + row + dy;
    const [a, b, c, d, e, f] = this.matrix(plane);
    return [a * x + c * y + e, b * x + d * y + f];
  }

  under(px, py) {
    for (const plane of [...this.planes].reverse()) {
      const [a, b, c, d, e, f] = this.matrix(plane), size = a * d - b * c;
      if (Math.abs(size) < 1e-9) continue;
      const x = (d * (px - e) - c * (py - f)) / size, y = (a * (py - f) - b * (px - e)) / size;
      if (x < 0 || y < 0 || x >= plane.across || y >= plane.down) continue;
      const [column, row] = [x % (plane.width + GAP), y % (plane.height + GAP)];
      if (column >= plane.width || row >= plane.height) return null;
      const map = Math.floor(y / (plane.height + GAP)) * plane.columns + Math.floor(x / (plane.width + GAP));
      if (map >= plane.maps) return null;
      return { plane, map, row: Math.floor(row), column: Math.floor(column) };
    }
    return null;
  }

  index({ plane, map, row, column }) {
    return (row * plane.width + column) * plane.depth + map;
  }

  unitOf(plane, index) {
    const at = Math.floor(index / plane.depth), map = index % plane.depth;
    return { plane, map: plane.place ? map : 0, row: Math.floor(at / plane.width), column: at % plane.width };
  }

  draw(values, picture, bars, hover) {
    const pen = prepared(this.canvas);
    this.measure();
    this.pen = pen;
    const dense = pen.getTransform().a;
    for (const plane of this.planes) {
      if (!plane.answer) this.drawPlane(plane, dense);
    }
    this.planes.forEach((plane) => this.drawName(plane));
    if (hover) this.drawHover(hover, values, picture);
    this.drawBars(bars, hover);
  }

  drawPlane(plane, dense) {
    const pen = this.pen, [a, b, c, d, e, f] = this.matrix(plane);
    pen.save();
    pen.setTransform(dense * a, dense * b, dense * c, dense * d, dense * e, dense * f);
    pen.fillStyle = "rgba(120, 190, 180, .09)";
    const rim = 0.012 * plane.across;
    pen.fillRect(-rim, -rim, plane.across + 2 * rim, plane.down + 2 * rim);
    pen.imageSmoothingEnabled = Math.hypot(a, b) < 1;
    pen.drawImage(plane.sheet, 0, 0);
    pen.restore();
  }

  drawName(plane) {
    if (!this.named || !plane.words || plane.answer) return;
    const [x, y] = this.place(plane.wide / 2, plane.level, -plane.deep / 2);
    const [x1, y1] = this.place(plane.wide / 2, plane.level, plane.deep / 2);
    const [right, at] = x > x1 ? [x, y] : [x1, y1];
    const edge = Math.max(right + 12, this.width * 0.5);
    this.pen.textAlign = "left";
    this.pen.fillStyle = "rgba(228, 240, 236, .92)";
    this.pen.font = `600 12px ${this.font}`;
    if (edge > this.width - 70) return;
    this.pen.fillText(cut(this.pen, plane.words[0], this.width - edge - 6), edge, at + 1);
    this.pen.fillStyle = "rgba(228, 240, 236, .62)";
    this.pen.font = `11px ${this.font}`;
    this.pen.fillText(cut(this.pen, plane.words[1], this.width - edge - 6), edge, at + 15);
  }

  drawBars(bars, hover) {
    const pen = this.pen, plane = this.answer;
    const count = bars.length, half = Math.min(0.045, plane.wide / count * 0.32);
    bars.forEach(({ name, color, share, best }, at) => {
      const x = ((at + 0.5) / count - 0.5) * plane.wide, high = 0.004 + 0.2 * share;
      const box = (dx, up, dz) => this.place(x + dx, plane.level + up / this.tall, dz);
      const own = hover?.plane === plane && (hover.map === at || count > plane.maps);
      const [l, r] = [-half, half];
      const faces = [
        [[l, 0, half], [r, 0, half], [r, high, half], [l, high, half]],
        this.view.yaw < 0 ? [[l, 0, half], [l, 0, -half], [l, high, -half], [l, high, half]]
          : [[r, 0, half], [r, 0, -half], [r, high, -half], [r, high, half]],
        [[l, high, half], [r, high, half], [r, high, -half], [l, high, -half]],
      ];
      faces.forEach((face, side) => {
        pen.beginPath();
        face.forEach((corner, n) => pen[n ? "lineTo" : "moveTo"](...box(...corner)));
        pen.closePath();
        pen.fillStyle = color;
        pen.fill();
        pen.fillStyle = ["rgba(0,0,0,.12)", "rgba(0,0,0,.38)", "rgba(255,255,255,.25)"][side];
        pen.fill();
      });
      const [tx, ty] = box(0, high, -half);
      pen.textAlign = "center";
      pen.font = `${best || own ? 700 : 500} ${best ? 16 : 13}px ${this.font}`;
      pen.fillStyle = best || own ? "#fff" : "rgba(228, 240, 236, .8)";
      const room = this.unit * plane.wide / count;
      pen.fillText(cut(pen, name, Math.max(room, 12)), tx, ty - 6);
    });
  }

  // What a value is made of.
  drawHover(hover, values, picture) {
    const pen = this.pen, to = this.spot(hover.plane, hover);
    const from = this.inputs(hover, values, picture);
    const most = Math.max(1e-9, ...from.map(({ share }) => Math.abs(share)));
    pen.lineCap = "round";
    for (const { unit, share } of [...from].reverse()) {
      const much = Math.abs(share) / most, spot = this.spot(unit.plane, unit);
      pen.globalAlpha = 0.25 + 0.7 * much;
      pen.strokeStyle = share < 0 ? MINUS : PLUS;
      pen.lineWidth = 0.7 + 1.9 * much;
      pen.beginPath();
      pen.moveTo(...spot);
      pen.lineTo(...to);
      pen.stroke();
      this.outline(unit, pen.strokeStyle, 1.2);
    }
    pen.globalAlpha = 1;
    const field = this.field(hover, values.length);
    if (field) this.outlineBox(this.planes[0], field);
    this.outline(hover, "#fff", 2);
  }

  outline(unit, color, width) {
    this.drawCorners(unit.plane, unit, 1, 1, color, width);
  }

  outlineBox(plane, [top, bottom, left, right]) {
    if (bottom > top && right > left) {
      this.drawCorners(plane, { map: 0, row: top, column: left }, right - left, bottom - top, PLUS, 2);
    }
  }

  drawCorners(plane, at, wide, tall, color, width) {
    const pen = this.pen;
    pen.beginPath();
    [[0, 0], [wide, 0], [wide, tall], [0, tall]].forEach(([dx, dy], n) =>
      pen[n ? "lineTo" : "moveTo"](...this.spot(plane, at, dx, dy)));
    pen.closePath();
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.stroke();
  }

  /* The strongest values before it: [{ unit, share }], share as it adds to the sum. */
  inputs(hover, values, picture) {
    const { plane } = hover;
    if (plane.main < 0) return [];
    const layer = this.network.layers[plane.main], found = [];
    layer.sources.forEach((source) => {
      const before = this.owner.get(source), given = source < 0 ? picture : values[source];
      for (const [index, share] of shares(layer, given, this.shapeOf(source), hover)) {
        if (share) found.push({ unit: this.unitOf(before, index), share });
      }
    });
    return found.sort((a, b) => Math.abs(b.share) - Math.abs(a.share)).slice(0, MOST_LINKS);
  }

  shapeOf(at) {
    return at < 0 ? this.network.picture : this.network.layers[at].shape;
  }

  /* The part of the picture that a value depends on: top, bottom, left, right. */
  field({ plane, row, column }) {
    const boxes = new Map([[plane.main, [row, row + 1, column, column + 1]]]);
    for (let at = plane.main; at >= 0; at--) {
      const box = boxes.get(at), layer = this.network.layers[at];
      if (!box) continue;
      for (const source of layer.sources) {
        const grown = seen(layer, box, this.shapeOf(source)), old = boxes.get(source);
        boxes.set(source, !old ? grown : [Math.min(old[0], grown[0]), Math.max(old[1], grown[1]),
          Math.min(old[2], grown[2]), Math.max(old[3], grown[3])]);
      }
    }
    return boxes.get(-1);
  }
}

/* What a layer's window, or all there is, covers of what lies before it. */
function seen(layer, [top, bottom, left, right], shape) {
  if (shape.length < 3) return [0, 1, 0, 1];
  const [height, width] = shape;
  if (["global", "dense", "flatten"].includes(layer.kind)) return [0, height, 0, width];
  if (!layer.window) return [top, bottom, left, right];
  const [up, before_left] = [before(layer, 0, height, layer.shape[0]), before(layer, 1, width, layer.shape[1])];
  const [down, across] = layer.strides;
  return [Math.max(0, top * down - up), Math.min(height, (bottom - 1) * down - up + layer.window[0]),
    Math.max(0, left * across - before_left),
    Math.min(width, (right - 1) * across - before_left + layer.window[1])];
}

/* What each value before it adds to a value: [index, share] one by one. */
function* shares(layer, x, shape, { map, row, column }) {
  const { kernel, pointwise } = layer.weights, [height, width, maps] = shape;
  if (layer.kind === "dense") {
    for (let at = 0; at < x.length; at++) yield [at, x[at] * kernel[at * layer.shape[0] + map]];
    return;
  }
  if (layer.kind === "global") {
    for (let at = map; at < x.length; at += maps) yield [at, x[at]];
    return;
  }
  if (!layer.window) {
    const at = shape.length === 3 ? (row * width + column) * maps + map : map;
    yield [at, x[at]];
    return;
  }
  const [top, bottom, left, right] = seen(layer, [row, row + 1, column, column + 1], shape);
  const y0 = row * layer.strides[0] - before(layer, 0, height, layer.shape[0]);
  const x0 = column * layer.strides[1] - before(layer, 1, width, layer.shape[1]);
  const filters = layer.shape[2], copies = (pointwise ? pointwise.length / filters : filters) / maps;
  const best = { index: -1, share: -Infinity };
  for (let y = top; y < bottom; y++) for (let z = left; z < right; z++) {
    const tap = (y - y0) * layer.window[1] + z - x0, start = (y * width + z) * maps;
    for (let from = 0; from < maps; from++) {
      const value = x[start + from];
      if (layer.kind === "conv") yield [start + from, value * kernel[(tap * maps + from) * filters + map]];
      else if (layer.kind === "separable") {
        let weight = 0;
        for (let copy = 0; copy < copies; copy++) {
          const middle = from * copies + copy;
          weight += kernel[tap * maps * copies + middle] * pointwise[middle * filters + map];
        }
        yield [start + from, value * weight];
      } else if (from === Math.floor(map / copies)) {
        if (layer.kind === "depthwise") yield [start + from, value * kernel[tap * filters + map]];
        else if (layer.how === "average") yield [start + from, value];
        else if (value > best.share) Object.assign(best, { index: start + from, share: value });
      }
    }
  }
  if (best.index >= 0) yield [best.index, best.share || 1e-9];
}

function cut(pen, words, room) {
  if (pen.measureText(words).width <= room) return words;
  let kept = words;
  while (kept.length > 1 && pen.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return kept.length > 1 ? `${kept.trimEnd()}…` : kept;
}
