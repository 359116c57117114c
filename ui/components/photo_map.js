// Points come once, as a file from our route; what they belong to and which are marked comes
// with the data of each run of the page. As in the gallery, marks are shown at once and told
// with numbers, so that none is lost while the page is at work.
const HIDDEN = 255;
const REACH = 14;
const CELL = 64;
const BUCKETS = 96;
const AT_ONCE = 6;
const KEPT = 700;
const PICTURES_BELOW = 260;
const MANY = 3000;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".map");
  const map = root.map ??= new PhotoMap(root);
  map.update(data, setTriggerValue);
  return () => map.tell();
}

class PhotoMap {
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector("canvas");
    this.tip = root.querySelector(".tip");
    this.legend = root.querySelector(".legend");
    this.word = root.querySelector(".word");
    this.client = Math.random().toString(36).slice(2);
    this.number = 0;
    this.pending = [];
    this.off = new Set();
    this.pictures = new Map();
    this.loading = 0;
    this.fingers = new Map();
    this.mode = "lasso";
    this.showing = "auto";
    this.hover = -1;
    this.copy = -1;
    this.count = 0;
    this.fit();
    const listen = (name, handler, options) => this.canvas.addEventListener(name, handler, options);
    listen("pointerdown", (event) => this.down(event));
    listen("pointermove", (event) => this.moved(event));
    listen("pointerup", (event) => this.up(event));
    listen("pointercancel", (event) => this.cancel(event));
    listen("pointerleave", () => { if (!this.tip.classList.contains("touch")) this.point(-1); });
    listen("wheel", (event) => this.wheel(event), { passive: false });
    listen("keydown", (event) => this.pressed(event));
    listen("contextmenu", (event) => event.preventDefault());
    this.tip.addEventListener("click", () => { if (!this.data.quiet) this.open(this.hover); });
    root.querySelector(".tools").addEventListener("click", (event) => this.tool(event));
    new ResizeObserver(() => this.redraw()).observe(this.canvas);
  }

  async update(data, send) {
    this.send = send;
    this.data = data;
    this.copy = -1;
    this.root.classList.toggle("quiet", Boolean(data.quiet));
    if (data.quiet && this.mode !== "move") this.mode = "move";
    this.canvas.classList.toggle("move", this.mode === "move");
    if (data.heard && data.heard.client === this.client) {
      this.pending = this.pending.filter((change) => change.number > data.heard.number);
    }
    if (this.address !== data.points) {
      this.address = data.points;
      this.word.textContent = "The map is being loaded.";
      try {
        const answer = await fetch(data.points);
        if (!answer.ok) throw new Error(answer.statusText);
        this.read(await answer.arrayBuffer());
      } catch {
        this.address = null;
        this.word.textContent = "The map could not be loaded. Reload the page.";
        return;
      }
    }
    if (!this.count) return;
    this.codes = bytes(this.data.codes);
    this.marks = bits(bytes(this.data.marked), this.count);
    this.pending.forEach((change) => this.apply(change));
    this.group();
    this.chips();
    this.help();
    this.redraw();
  }

  // Little-endian: count, then x and y as 16 bits each, then the ids, a line each.
  read(buffer) {
    this.count = new DataView(buffer).getUint32(0, true);
    const places = new Uint16Array(buffer, 4, 2 * this.count);
    this.x = new Float32Array(this.count);
    this.y = new Float32Array(this.count);
    for (let i = 0; i < this.count; i++) {
      this.x[i] = places[2 * i] / 65535;
      this.y[i] = places[2 * i + 1] / 65535;
    }
    this.ids = new TextDecoder().decode(new Uint8Array(buffer, 4 + 4 * this.count)).split("\n");
    this.row = new Map(this.ids.map((id, i) => [id, i]));
    this.buckets = Array.from({ length: BUCKETS * BUCKETS }, () => []);
    for (let i = 0; i < this.count; i++) this.buckets[this.bucket(this.x[i], this.y[i])].push(i);
    this.fit();
  }

  bucket(x, y) {
    const place = (value) => Math.min(BUCKETS - 1, Math.max(0, Math.floor(value * BUCKETS)));
    return place(y) * BUCKETS + place(x);
  }

  group() {
    this.groups = this.data.groups.map(() => []);
    for (let i = 0; i < this.count; i++) {
      if (this.codes[i] !== HIDDEN) this.groups[this.codes[i]]?.push(i);
    }
  }

  shown(i) {
    const code = this.codes[i];
    return code !== HIDDEN && !this.off.has(this.data.groups[code]?.name);
  }

  help() {
    const touch = matchMedia("(hover: none)").matches;
    this.word.textContent = touch
      ? this.data.quiet ? "Touch a copy to see it. Two fingers zoom."
        : "Draw around photos to mark them. Two fingers move and zoom."
      : this.data.quiet
      ? "Point at a copy to see it, click it to enlarge it. Drag to move, Ctrl and wheel zoom."
      : "Draw around photos to mark them (with Alt, to unmark). Click one to enlarge it. " +
        "Ctrl and wheel zoom.";
  }

  chips() {
    const drawn = JSON.stringify([this.data.groups, [...this.off]]);
    if (this.legend.drawn === drawn) return;
    this.legend.drawn = drawn;
    this.legend.replaceChildren(...this.data.groups.map(({ name, color, count }) => {
      const chip = document.createElement("button");
      chip.setAttribute("aria-pressed", String(!this.off.has(name)));
      chip.title = "Click to hide or show; double click to show it alone";
      const dot = document.createElement("i");
      dot.style.background = color;
      const number = document.createElement("small");
      number.textContent = count.toLocaleString("en");
      chip.append(dot, name, number);
      chip.onclick = () => this.toggle(name);
      chip.ondblclick = () => this.alone(name);
      return chip;
    }));
  }

  toggle(name) {
    if (!this.off.delete(name)) this.off.add(name);
    this.chips();
    this.redraw();
  }

  alone(name) {
    this.off = new Set(this.data.groups.map((group) => group.name).filter((one) => one !== name));
    this.chips();
    this.redraw();
  }

  fit() {
    this.view = { scale: 1, x: 0.5, y: 0.5 };
    this.redraw();
  }

  size() {
    return [this.canvas.clientWidth, this.canvas.clientHeight];
  }

  // From the plane to the screen, and back.
  unit() {
    const [width, height] = this.size();
    return [(width - 48) * this.view.scale, (height - 96) * this.view.scale];
  }

  place(i) {
    const [width, height] = this.size();
    const [across, down] = this.unit();
    return [width / 2 + (this.x[i] - this.view.x) * across,
      height / 2 + 14 + (this.y[i] - this.view.y) * down];
  }

  plane(px, py) {
    const [width, height] = this.size();
    const [across, down] = this.unit();
    return [this.view.x + (px - width / 2) / across, this.view.y + (py - 14 - height / 2) / down];
  }

  // What lies below a lasso and the point at hand stays as it was drawn.
  redraw(light) {
    this.whole ||= !light;
    if (this.due) return;
    this.due = requestAnimationFrame(() => {
      this.due = null;
      if (this.whole || !this.below) this.draw();
      else this.above();
    });
  }

  above() {
    const pen = this.canvas.getContext("2d");
    const ratio = devicePixelRatio || 1;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(this.below, 0, 0);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.pointed(pen, this.side);
    this.outline(pen);
  }

  draw() {
    const [width, height] = this.size();
    if (!width || !this.groups) return;
    this.whole = false;
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio)) this.canvas.width = width * ratio;
    if (this.canvas.height !== Math.round(height * ratio)) this.canvas.height = height * ratio;
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const style = getComputedStyle(this.root);
    this.colors = { primary: style.getPropertyValue("--st-primary-color").trim() || "#0c6b5d",
      text: style.color };
    const seen = this.visible(width, height);
    const side = Math.min(12, (this.count > 20000 ? 2.2 : this.count > 3000 ? 4 : 6.5) *
      Math.sqrt(Math.sqrt(this.view.scale)));
    if (this.count > MANY) this.pixels(pen, seen, side, ratio);
    else this.points(pen, seen, side);
    const pictures = this.showing === "on" ||
      (this.showing === "auto" && this.view.scale > 1.4 && seen.length < PICTURES_BELOW);
    this.pictured = null;
    if (pictures) this.thumbnails(pen, seen);
    if (this.count <= MANY) this.marked(pen, seen, pictures ? 4 : side);
    this.copies(pen);
    this.below ??= document.createElement("canvas");
    this.below.width = this.canvas.width;
    this.below.height = this.canvas.height;
    this.below.getContext("2d").drawImage(this.canvas, 0, 0);
    this.side = side;
    this.pointed(pen, side);
    this.outline(pen);
  }

  visible(width, height) {
    const [left, top] = this.plane(-20, -20);
    const [right, bottom] = this.plane(width + 20, height + 20);
    const seen = [];
    for (let i = 0; i < this.count; i++) {
      if (this.x[i] >= left && this.x[i] <= right && this.y[i] >= top && this.y[i] <= bottom &&
        this.shown(i)) seen.push(i);
    }
    return seen;
  }

  // Copies are squares, joined with their photo, which is ringed; strays have a dark rim.
  copies(pen) {
    const copies = this.data.copies;
    if (!copies?.length) return;
    pen.lineWidth = 1.2;
    for (const copy of copies) {
      const from = this.row.get(copy.from);
      if (from === undefined) continue;
      pen.strokeStyle = copy.color;
      pen.globalAlpha = 0.75;
      pen.beginPath();
      pen.moveTo(...this.place(from));
      pen.lineTo(...this.spot(copy));
      pen.stroke();
    }
    pen.globalAlpha = 1;
    for (const copy of copies) {
      const [px, py] = this.spot(copy);
      if (copy.here) {
        this.ring(pen, px, py, copy.color);
        continue;
      }
      const half = copy.stray ? 6 : 4.5;
      pen.fillStyle = copy.color;
      pen.fillRect(px - half, py - half, 2 * half, 2 * half);
      pen.lineWidth = copy.stray ? 2.5 : 1.2;
      pen.strokeStyle = copy.stray ? this.colors.text : "#fff";
      pen.strokeRect(px - half, py - half, 2 * half, 2 * half);
    }
    const photos = copies.filter((copy) => !copy.here).map((copy) => this.row.get(copy.from));
    for (const from of new Set(photos)) {
      if (from === undefined) continue;
      const [px, py] = this.place(from);
      pen.fillStyle = this.data.groups[this.codes[from]]?.color ?? this.colors.text;
      pen.beginPath();
      pen.arc(px, py, 6.5, 0, 7);
      pen.fill();
      pen.lineWidth = 2.5;
      pen.strokeStyle = this.colors.text;
      pen.stroke();
    }
  }

  // The photo at hand: seen on any colour.
  ring(pen, px, py, color) {
    for (const [width, style] of [[7, "#000"], [5, "#fff"], [3, color]]) {
      pen.lineWidth = width;
      pen.strokeStyle = style;
      pen.beginPath();
      pen.arc(px, py, 10, 0, 7);
      pen.stroke();
    }
  }

  spot(copy) {
    const [width, height] = this.size();
    const [across, down] = this.unit();
    return [width / 2 + (copy.x - this.view.x) * across,
      height / 2 + 14 + (copy.y - this.view.y) * down];
  }

  nearestCopy(px, py) {
    let [best, found] = [REACH, -1];
    (this.data.copies ?? []).forEach((copy, index) => {
      const [x, y] = this.spot(copy);
      const far = Math.hypot(x - px, y - py);
      if (far < best) [best, found] = [far, index];
    });
    return found;
  }

  points(pen, seen, side) {
    const faint = this.data.copies?.some((copy) => !copy.here);
    pen.globalAlpha = faint ? 0.35 : this.count > 1000 ? 0.7 : 0.85;
    const groups = this.data.groups.map(() => []);
    for (const i of seen) groups[this.codes[i]].push(i);
    const [width, height] = this.size();
    const [across, down] = this.unit();
    const [dx, dy] = [width / 2 - this.view.x * across, height / 2 + 14 - this.view.y * down];
    groups.forEach((rows, code) => {
      pen.fillStyle = this.data.groups[code].color;
      pen.beginPath();
      for (const i of rows) {
        const [px, py] = [this.x[i] * across + dx, this.y[i] * down + dy];
        pen.moveTo(px + side / 2, py);
        pen.arc(px, py, side / 2, 0, 7);
      }
      pen.fill();
    });
    pen.globalAlpha = 1;
  }

  // A hundred thousand points are written pixel by pixel, which takes a twentieth of the time;
  // where many lie on one another they become more solid.
  pixels(pen, seen, side, ratio) {
    const [wide, high] = [this.canvas.width, this.canvas.height];
    const sheet = pen.createImageData(wide, high);
    const out = new Uint32Array(sheet.data.buffer);
    const colors = this.data.groups.map((group) => pixel(group.color));
    const ink = pixel(this.colors.text) | 0xff000000;
    const [width, height] = this.size();
    const [across, down] = this.unit();
    const [dx, dy] = [width / 2 - this.view.x * across, height / 2 + 14 - this.view.y * down];
    const edge = Math.max(2, Math.round(side * ratio));
    const square = (x, y, size, paint) => {
      const [left, top] = [Math.max(0, x - (size >> 1)), Math.max(0, y - (size >> 1))];
      const [right, bottom] = [Math.min(wide, x - (size >> 1) + size),
        Math.min(high, y - (size >> 1) + size)];
      for (let r = top; r < bottom; r++) {
        for (let at = r * wide + left; at < r * wide + right; at++) paint(at);
      }
    };
    let marked = 0;
    for (const i of seen) marked += this.marks[i];
    const outlined = marked < seen.length / 2;
    for (const i of seen) {
      const x = Math.round((this.x[i] * across + dx) * ratio);
      const y = Math.round((this.y[i] * down + dy) * ratio);
      const color = colors[this.codes[i]];
      if (outlined && this.marks[i]) square(x, y, edge + 3, (at) => { out[at] = ink; });
      square(x, y, edge, (at) => {
        const alpha = Math.min(255, (out[at] >>> 24) + 80);
        out[at] = (color & 0xffffff) | (alpha << 24);
      });
    }
    pen.putImageData(sheet, 0, 0);
  }

  // One photo for each patch of the screen; the rest stay points until one comes nearer.
  thumbnails(pen, seen) {
    const taken = new Map();
    const free = ([px, py]) => {
      const [column, row] = [Math.floor(px / CELL), Math.floor(py / CELL)];
      for (let c = column - 1; c <= column + 1; c++) for (let r = row - 1; r <= row + 1; r++) {
        const other = taken.get(`${c} ${r}`);
        if (other && Math.abs(other[0] - px) < CELL && Math.abs(other[1] - py) < CELL) return false;
      }
      taken.set(`${column} ${row}`, [px, py]);
      return true;
    };
    this.pictured = new Set();
    for (const i of seen) {
      const [px, py] = this.place(i);
      if (!free([px, py])) continue;
      const picture = this.picture(i);
      if (!picture) continue;
      this.pictured.add(i);
      const ratio = Math.min(1, 56 / Math.max(picture.width, picture.height));
      const [wide, high] = [picture.width * ratio, picture.height * ratio];
      pen.drawImage(picture, px - wide / 2, py - high / 2, wide, high);
      pen.lineWidth = 2.5;
      pen.strokeStyle = this.data.groups[this.codes[i]].color;
      pen.strokeRect(px - wide / 2, py - high / 2, wide, high);
      if (this.marks[i]) {
        pen.lineWidth = 4;
        pen.strokeStyle = this.colors.text;
        pen.strokeRect(px - wide / 2 - 3, py - high / 2 - 3, wide + 6, high + 6);
      }
    }
  }

  picture(i) {
    const id = this.ids[i];
    const kept = this.pictures.get(id);
    if (kept) return kept.complete && kept.naturalWidth ? kept : null;
    if (this.loading >= AT_ONCE) return null;
    this.loading++;
    const picture = new Image();
    picture.onload = picture.onerror = () => { this.loading--; this.redraw(); };
    picture.src = this.source(id, 96);
    this.pictures.set(id, picture);
    if (this.pictures.size > KEPT) this.pictures.delete(this.pictures.keys().next().value);
    return null;
  }

  source(id, size) {
    return this.data.source.replace("{id}", encodeURIComponent(id)).replace("{size}", size);
  }

  marked(pen, seen, side) {
    pen.lineWidth = 2;
    pen.strokeStyle = this.colors.text;
    const r = side / 2 + 1.5;
    pen.beginPath();
    for (const i of seen) {
      if (!this.marks[i] || this.pictured?.has(i)) continue;
      const [px, py] = this.place(i);
      pen.moveTo(px + r, py);
      pen.arc(px, py, r, 0, 7);
    }
    pen.stroke();
  }

  pointed(pen, side) {
    const copy = this.data.copies?.[this.copy];
    if (this.hover < 0 && !copy) return;
    const [px, py] = copy ? this.spot(copy) : this.place(this.hover);
    pen.lineWidth = 3;
    pen.strokeStyle = this.colors.primary;
    pen.beginPath();
    pen.arc(px, py, side / 2 + 5, 0, 7);
    pen.stroke();
  }

  outline(pen) {
    if (!this.path || this.path.length < 2) return;
    pen.beginPath();
    this.path.forEach(([px, py], i) => i ? pen.lineTo(px, py) : pen.moveTo(px, py));
    pen.closePath();
    pen.globalAlpha = 0.16;
    pen.fillStyle = this.colors.primary;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.strokeStyle = this.colors.primary;
    pen.stroke();
  }

  nearest(px, py) {
    if (!this.buckets) return -1;
    const [x, y] = this.plane(px, py);
    const [across, down] = this.unit();
    const [column, row] = [Math.floor(x * BUCKETS), Math.floor(y * BUCKETS)];
    const [wide, high] = [Math.ceil(REACH / across * BUCKETS), Math.ceil(REACH / down * BUCKETS)];
    let [best, found] = [REACH, -1];
    for (let r = Math.max(0, row - high); r <= Math.min(BUCKETS - 1, row + high); r++) {
      for (let c = Math.max(0, column - wide); c <= Math.min(BUCKETS - 1, column + wide); c++) {
        for (const i of this.buckets[r * BUCKETS + c]) {
          if (!this.shown(i)) continue;
          const far = Math.hypot((this.x[i] - x) * across, (this.y[i] - y) * down);
          if (far < best) [best, found] = [far, i];
        }
      }
    }
    return found;
  }

  // What lies below the pointer: a copy, which is drawn above the photos, or a photo.
  lookAt(px, py, touch) {
    const copy = this.nearestCopy(px, py);
    if (copy < 0) {
      this.copy = -1;
      this.point(this.nearest(px, py), touch);
      return;
    }
    const { picture, words, color } = this.data.copies[copy];
    if (copy !== this.copy) {
      this.hover = -1;
      this.copy = copy;
      this.redraw(true);
      this.card(picture, color, words);
    }
    this.canvas.classList.add("over");
    this.tip.hidden = false;
    this.tip.classList.toggle("touch", Boolean(touch));
    this.tipTo(...this.spot(this.data.copies[copy]));
  }

  point(i, touch) {
    this.copy = -1;
    this.canvas.classList.toggle("over", i >= 0);
    if (i !== this.hover) {
      this.hover = i;
      this.redraw(true);
      if (i >= 0) this.describe(i);
    }
    this.tip.hidden = i < 0;
    this.tip.classList.toggle("touch", Boolean(touch));
    if (i < 0) return;
    this.tipTo(...this.place(i));
  }

  tipTo(px, py) {
    const [width, height] = this.size();
    this.tip.style.left = `${Math.max(4, px + 190 > width ? px - 190 : px + 14)}px`;
    this.tip.style.top = `${Math.max(4, Math.min(height - 204, py - 90))}px`;
  }

  describe(i) {
    const group = this.data.groups[this.codes[i]];
    this.card(this.source(this.ids[i], 320), group.color,
      this.marks[i] ? `${group.name}, marked` : group.name);
  }

  card(source, color, text) {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = source;
    const words = document.createElement("div");
    const dot = document.createElement("i");
    dot.style.background = color;
    words.append(dot, text);
    this.tip.replaceChildren(picture, words);
  }

  down(event) {
    if (!this.groups) return;
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    const at = this.at(event);
    this.fingers.set(event.pointerId, at);
    this.start = at;
    this.far = false;
    if (this.fingers.size > 1) { this.path = null; this.far = true; return; }
    const moving = this.mode === "move" || event.button > 0 || event.shiftKey;
    this.path = moving ? null : [at];
  }

  moved(event) {
    const at = this.at(event);
    const before = this.fingers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") this.lookAt(...at);
      return;
    }
    if (Math.hypot(at[0] - this.start[0], at[1] - this.start[1]) > 5) this.far = true;
    if (!this.far) return;
    this.point(-1);
    if (this.fingers.size > 1) this.pinch(event.pointerId, before, at);
    else if (!this.path) this.pan(at[0] - before[0], at[1] - before[1]);
    else if (this.mode === "box") {
      const [x, y] = this.start;
      this.path = [[x, y], [at[0], y], at, [x, at[1]]];
    } else this.path.push(at);
    this.fingers.set(event.pointerId, at);
    this.redraw(Boolean(this.path));
  }

  up(event) {
    if (!this.fingers.delete(event.pointerId)) return;
    if (this.fingers.size) return;
    if (this.far && this.path?.length > 2) this.lasso(!event.altKey);
    else if (!this.far) this.clicked(event);
    this.path = null;
    this.redraw(true);
  }

  cancel(event) {
    this.fingers.delete(event.pointerId);
    this.path = null;
    this.redraw();
  }

  clicked(event) {
    const at = this.at(event);
    const copy = this.nearestCopy(...at);
    if (event.pointerType === "touch") this.lookAt(...at, true);
    const here = this.data.copies?.[copy]?.here;
    if (copy >= 0 && !here) this.act("copy", copy);
    if ((copy >= 0 && !here) || event.pointerType === "touch") return;
    const i = this.nearest(...at);
    if (i < 0 || this.data.quiet) return;
    if (event.ctrlKey || event.metaKey) this.mark([i], !this.marks[i]);
    else if (!event.button) this.open(i);
  }

  lasso(on) {
    const path = this.path.map(([px, py]) => this.plane(px, py));
    const [xs, ys] = [path.map((at) => at[0]), path.map((at) => at[1])];
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const rows = [];
    for (let i = 0; i < this.count; i++) {
      if (this.x[i] < left || this.x[i] > right || this.y[i] < top || this.y[i] > bottom) continue;
      if (this.shown(i) && inside(path, this.x[i], this.y[i])) rows.push(i);
    }
    this.mark(rows, on);
  }

  mark(rows, on) {
    if (this.data.quiet) return;
    const ids = rows.filter((i) => Boolean(this.marks[i]) !== on).map((i) => this.ids[i]);
    if (!ids.length) return;
    const change = { number: ++this.number, add: on ? ids : [], remove: on ? [] : ids };
    this.pending.push(change);
    this.apply(change);
    this.redraw();
    this.tell();
  }

  apply(change) {
    for (const id of change.add) if (this.row.has(id)) this.marks[this.row.get(id)] = 1;
    for (const id of change.remove) if (this.row.has(id)) this.marks[this.row.get(id)] = 0;
  }

  tell() {
    if (this.pending.length) this.send("marks", { client: this.client, changes: this.pending });
  }

  act(name, value) {
    this.send("act", { name, value: value ?? null,
      at: this.hover >= 0 ? this.ids[this.hover] : null,
      client: this.client, changes: this.pending, number: ++this.number });
  }

  open(i) {
    if (i >= 0) this.act("open", this.ids[i]);
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  pan(dx, dy) {
    const [across, down] = this.unit();
    this.look(this.view.scale, this.view.x - dx / across, this.view.y - dy / down);
  }

  pinch(id, before, at) {
    const other = [...this.fingers].find(([key]) => key !== id)[1];
    const spread = (one) => Math.max(10, Math.hypot(one[0] - other[0], one[1] - other[1]));
    this.pan((at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
    this.zoom(spread(at) / spread(before), [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2]);
  }

  wheel(event) {
    const focused = this.canvas.getRootNode().activeElement === this.canvas;
    if (!event.ctrlKey && !event.metaKey && !focused) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.008 : 0.0016)), this.at(event));
  }

  zoom(factor, at) {
    const [width, height] = this.size();
    const around = at ?? [width / 2, height / 2];
    const [x, y] = this.plane(...around);
    const scale = Math.min(80, Math.max(1, this.view.scale * factor));
    const [across, down] = [(width - 48) * scale, (height - 96) * scale];
    this.look(scale, x - (around[0] - width / 2) / across, y - (around[1] - 14 - height / 2) / down);
    this.point(-1);
  }

  look(scale, x, y) {
    const within = (value) => Math.min(1, Math.max(0, value));
    this.view = { scale, x: within(x), y: within(y) };
    this.redraw();
  }

  tool(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const name = button.dataset.tool;
    if (name === "in") this.zoom(1.6);
    else if (name === "out") this.zoom(1 / 1.6);
    else if (name === "fit") this.fit();
    else if (name === "pictures") {
      this.showing = this.showing === "on" ? "auto" : "on";
      button.setAttribute("aria-pressed", String(this.showing === "on"));
      this.redraw();
    } else {
      this.mode = name;
      this.canvas.classList.toggle("move", name === "move");
      for (const one of this.root.querySelectorAll("[data-mode]")) {
        one.setAttribute("aria-pressed", String(one === button));
      }
    }
  }

  pressed(event) {
    const { key, shiftKey } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const shift = { ArrowRight: [-60, 0], ArrowLeft: [60, 0], ArrowDown: [0, -60],
      ArrowUp: [0, 60] }[key];
    const changes = /^[1-9xrzZ]$/.test(key) || key === "Delete";
    if (changes && (this.data.quiet || this.data.fixed)) return;
    if (shift) this.pan(...shift);
    else if (key === "+" || key === "=") this.zoom(1.4);
    else if (key === "-") this.zoom(1 / 1.4);
    else if (key === "0") this.fit();
    else if (key === "Escape") { this.path = null; this.redraw(); }
    else if (/^[1-9]$/.test(key)) {
      const name = this.data.classes[Number(key) - 1];
      if (name) this.act("move", name);
    } else if (key === "x" || key === "Delete") this.act("exclude");
    else if (key === "r") this.act("restore");
    else if (key === "z" || key === "Z") this.act(shiftKey ? "redo" : "undo");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function pixel(color) {
  const parts = color.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16))
    : color.match(/\d+/g).map(Number);
  return parts[0] | (parts[1] << 8) | (parts[2] << 16);
}

function inside(path, x, y) {
  let within = false;
  for (let i = 0, j = path.length - 1; i < path.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [path[i], path[j]];
    if (yi > y !== yj > y && x < (xj - xi) * (y - yi) / (yj - yi) + xi) within = !within;
  }
  return within;
}

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function bits(packed, count) {
  const flags = new Uint8Array(count);
  for (let i = 0; i < count; i++) flags[i] = packed[i >> 3] >> (7 - (i & 7)) & 1;
  return flags;
}
