// Columns stand at equal distances, as far apart as `pitch` says; the photo stands before them and
// the answer behind. Only where one looks and how close changes here; what is shown comes with the
// data of each run of the page, and the view stays where it was as long as the network is the same.
const [TOP, FOOT, ROW, LANE, MARGIN] = [114, 34, 54, 104, 14];
const [NEAREST, FARTHEST] = [210, 34];
const STEP = 260; // milliseconds from column to column
const LEVELS = [0.08, 0.2, 0.4, 0.65, 0.85];
const MOST_DOTS = 30;
const VIRIDIS = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962",
  "#addc30", "#fde725"];
const SIGNED = { light: ["#1f5fae", "#7ea9d6", "#f6f3ec", "#e8907a", "#b3261e"],
  dark: ["#69b1ff", "#3a6ea5", "#1d2a2c", "#b3523f", "#ff8a70"] };

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".flow");
  const flow = root.flow ??= new Flow(root);
  clearTimeout(flow.leaving);
  flow.update(data, setTriggerValue);
  return () => { flow.leaving = setTimeout(() => flow.release(), 500); };
}

class Flow {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector(".stage");
    this.canvas = root.querySelector(".stage canvas");
    this.mini = root.querySelector(".mini");
    this.tip = root.querySelector(".tip");
    this.said = root.querySelector(".said");
    this.scale = "map";
    this.view = { x: 0, pitch: 90 };
    this.fingers = new Map();
    this.at = null;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.calm) root.querySelector("[data-tool=play]").style.display = "none";
    root.querySelector(".bar").onclick = (event) => this.tool(event.target.closest("button"));
    const listen = (name, handler) => this.canvas.addEventListener(name, handler, { passive: false });
    listen("pointerdown", (event) => this.down(event));
    listen("pointermove", (event) => this.moved(event));
    listen("pointerup", (event) => this.up(event));
    listen("pointercancel", (event) => this.up(event, true));
    listen("pointerleave", () => { if (!this.tip.classList.contains("touch")) this.point(null); });
    listen("wheel", (event) => this.wheel(event));
    listen("keydown", (event) => this.key(event));
    listen("blur", () => { if (this.byKey) this.point(null); });
    this.mini.onpointerdown = (event) => { this.mini.setPointerCapture(event.pointerId); this.jump(event); };
    this.mini.onpointermove = (event) => { if (event.buttons) this.jump(event); };
    this.watch = new ResizeObserver(() => { this.resized(); });
    this.watch.observe(this.stage);
  }

  release() {
    this.watch.disconnect();
    cancelAnimationFrame(this.due);
    this.root.flow = undefined;
  }

  async update(data, send) {
    this.send = (act) => send("act", act);
    const anchor = this.anchor(data);
    const fresh = this.data?.network !== data.network;
    const same = this.data?.sprite === data.sprite && this.data?.photo === data.photo;
    const number = this.turn = (this.turn ?? 0) + 1;
    const [sprite, photo] = same ? [this.sprite, this.photo]
      : await Promise.all([pixelsOf(data.sprite), loaded(data.photo)]);
    if (number !== this.turn) return; // a newer photo came meanwhile
    Object.assign(this, { data, sprite, photo });
    this.columns = data.columns;
    this.last = this.columns.length;
    this.read();
    this.paint();
    this.root.querySelectorAll("[data-detail]").forEach((button) =>
      button.setAttribute("aria-pressed", String(button.dataset.detail === data.detail)));
    this.root.querySelector(".details").hidden = !data.detail;
    if (fresh) {
      this.at = null;
      this.fit(true);
      if (!this.calm) this.play();
    } else if (anchor) this.view.x += anchor.was - this.middle(anchor.place);
    if (this.at && !this.exists(this.at)) this.at = null;
    this.bound();
    this.point(this.at, this.byKey);
    this.redraw();
  }

  /* The column that is to stay where it is when others come or go beside it. */
  anchor(data) {
    if (!this.asked || !this.data) return null;
    const { group, was } = this.asked;
    this.asked = null;
    const place = data.columns.findIndex((column) => column.group === group) + 1;
    return place ? { place, was } : null;
  }

  // What feeds what, as one list for each pair of columns.
  read() {
    const { edges, answers } = this.data;
    const answer = this.columns[this.last - 1];
    this.rows = answer.shown.length === 1 && answers.length === 2 ? [0, 1] : answer.shown;
    this.bundles = edges.map(({ from, to, strength }) => {
      const links = [];
      strength.forEach((row, a) => {
        const wide = to === this.last ? this.rows.length : row.length;
        for (let b = 0; b < wide; b++) {
          const much = row[Math.min(b, row.length - 1)];
          if (much > 0) links.push({ from, to, a, b, much });
        }
      });
      links.sort((one, other) => one.much - other.much);
      return { from, to, links };
    });
  }

  count(place) {
    if (place === 0) return 1;
    return place === this.last ? this.rows.length : this.columns[place - 1].shown.length;
  }

  exists({ place, row }) {
    return place <= this.last && row < this.count(place);
  }

  // Colours.
  theme() {
    const style = getComputedStyle(this.root);
    const read = (name, other) => style.getPropertyValue(name).trim() || other;
    const ground = read("--st-background-color", "#fff");
    this.ink = read("--st-text-color", "#222");
    this.ground = ground;
    this.main = read("--st-primary-color", "#0c6b5d");
    this.accent = read("--st-link-color", this.main);
    this.line = brightness(ground) < 0.4 ? this.accent : this.main;
    this.warm = read("--st-orange-color", "#b9590c");
    this.font = read("--st-font", "sans-serif");
    const dark = brightness(ground) < 0.4;
    const changed = dark !== this.dark;
    this.dark = dark;
    return changed;
  }

  paint() {
    this.theme();
    this.plain = ramp(VIRIDIS);
    this.signed = ramp(SIGNED[this.dark ? "dark" : "light"]);
    this.pictures = this.columns.map((column) => column.has_maps
      ? column.shown.map((_, row) => this.cell(column, row)) : []);
    this.tell();
  }

  range(column, row) {
    const own = this.scale === "map" && column.has_maps;
    const [low, high] = own ? [column.lows[row], column.highs[row]] : [column.low, column.high];
    if (column.low >= 0) return [low, high, this.plain];
    const far = Math.max(-low, high) || 1;
    return [-far, far, this.signed];
  }

  cell(column, row) {
    const [height, width] = column.cell;
    const [low, high, colors] = this.range(column, row);
    const picture = new ImageData(width, height);
    const [from, span] = [column.lows[row], column.highs[row] - column.lows[row]];
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const level = this.sprite.data[4 * ((column.top + y) * this.sprite.width + row * width + x)];
      const share = high > low ? (from + span * level / 255 - low) / (high - low) : 0;
      picture.data.set(shade(colors, share, colors === this.signed), 4 * (y * width + x));
    }
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    canvas.getContext("2d").putImageData(picture, 0, 0);
    return canvas;
  }

  color(column, row) {
    const [low, high, colors] = this.range(column, row);
    const share = high > low ? (column.highs[row] - low) / (high - low) : 0;
    return `rgb(${shade(colors, share, colors === this.signed).slice(0, 3)})`;
  }

  tell() {
    const own = this.scale === "map";
    const parts = [[VIRIDIS, own ? "each map from its lowest to its highest value"
      : "from the lowest to the highest value of the layer"]];
    if (this.columns.some((column) => column.low < 0)) {
      parts.push([SIGNED[this.dark ? "dark" : "light"], "below zero, zero, above zero"]);
    }
    const legend = this.root.querySelector(".legend");
    legend.replaceChildren(...parts.map(([colors, words]) => {
      const part = document.createElement("span"), band = document.createElement("i");
      band.style.background = `linear-gradient(90deg, ${colors})`;
      part.append(band, words);
      return part;
    }));
    const lines = document.createElement("span");
    lines.textContent = "The stronger a line, the more of what is in the map is passed on.";
    legend.append(lines);
  }

  // Where things are.
  get width() { return this.canvas.clientWidth; }
  get height() { return this.canvas.clientHeight; }
  get title() { return `600 ${this.view.pitch < 70 ? 10.5 : this.view.pitch < 90 ? 11.5 : 12.5}px`; }
  get answer() { return this.width < 560 ? 138 : this.width < 1000 ? 176 : 200; }
  get side() { return Math.min(118, Math.max(60, this.view.pitch * 0.9)); }
  get whole() { return this.start + (this.last - 1) * this.view.pitch + this.answer + 2 * MARGIN; }
  get start() { return MARGIN + this.side + 6; }

  middle(place) {
    const { x, pitch } = this.view;
    if (place === 0) return x + MARGIN + this.side / 2;
    if (place === this.last) return x + this.start + (this.last - 1) * pitch + MARGIN;
    return x + this.start + (place - 0.5) * pitch;
  }

  spot(place, row) {
    const [top, bottom] = [TOP, this.height - FOOT];
    const x = this.middle(place), count = this.count(place), middle = (top + bottom) / 2;
    if (place === 0) {
      const wide = this.side, tall = wide * this.photo.height / this.photo.width;
      return { x, y: middle, wide, tall: Math.min(tall, bottom - top) };
    }
    const step = Math.min(place === this.last ? 46 : ROW, (bottom - top) / count);
    const y = middle + (row - (count - 1) / 2) * step;
    if (place === this.last) return { x, y, wide: 0, tall: step };
    const column = this.columns[place - 1];
    const most = Math.min(this.view.pitch * 0.52, step - 7);
    if (!column.has_maps) return { x, y, wide: Math.min(most, 20), tall: Math.min(most, 20) };
    const [tall, wide] = column.cell, longest = Math.max(tall, wide);
    return { x, y, wide: most * wide / longest, tall: most * tall / longest };
  }

  curve({ from, to, a, b }) {
    const [one, other] = [this.spot(from, a), this.spot(to, b)];
    const [x0, x1] = [one.x + one.wide / 2, other.x - other.wide / 2 - (to === this.last ? 6 : 0)];
    const bend = (x1 - x0) * 0.5;
    if (to - from === 1) return [[x0, one.y, x0 + bend, one.y, x1 - bend, other.y, x1, other.y]];
    // Around the columns in between, in a lane above them.
    const half = this.view.pitch / 2, lane = LANE - 2 * (a % 4);
    const [up, down] = [one.x + half * 1.5, other.x - half * 1.5];
    return [[x0, one.y, x0 + half * 0.6, one.y, up - half * 0.6, lane, up, lane],
      [up, lane, up, lane, down, lane, down, lane],
      [down, lane, down + half * 0.6, lane, x1 - half * 0.6, other.y, x1, other.y]];
  }

  fit(first) {
    const room = this.width - 3 * MARGIN - this.answer - 70;
    const all = room / (this.last - 1 + 0.4);
    const near = this.width < 560 ? 78 : 74;
    const least = first && all < 58 ? near : FARTHEST;
    this.view = { x: 0, pitch: Math.max(least, Math.min(150, all)) };
    if (least === FARTHEST && this.whole > this.width) {
      this.view.pitch = Math.max(16, this.view.pitch * this.width / this.whole);
    }
    this.bound();
  }

  bound() {
    const over = this.width - this.whole;
    this.view.x = over > 0 ? over / 2 : Math.max(over, Math.min(0, this.view.x));
  }

  resized() {
    if (!this.columns) return;
    if (!this.touched) this.fit(true);
    this.bound();
    this.redraw();
  }

  zoom(factor, around = this.width / 2) {
    this.touched = true;
    const pitch = Math.max(FARTHEST, Math.min(NEAREST, this.view.pitch * factor));
    const place = (around - this.view.x - this.start) / this.view.pitch;
    this.view.pitch = pitch;
    this.view.x = around - this.start - place * pitch;
    this.bound();
    this.redraw();
  }

  slide(by) {
    this.touched = true;
    this.view.x += by;
    this.bound();
    this.redraw();
  }

  // Drawing.
  redraw() {
    this.due ??= requestAnimationFrame((now) => {
      this.due = null;
      if (!this.columns || !this.width) return;
      if (this.theme()) this.paint();
      this.advance(now);
      this.draw();
      this.drawSmall();
      if (this.tip.hidden === false) this.lay();
      if (this.run) this.redraw();
    });
  }

  advance(now) {
    if (!this.run) return;
    this.run.start ??= now;
    this.run.done = (now - this.run.start) / STEP;
    if (this.run.done >= this.last + 2) {
      this.run = null;
      this.label();
      return;
    }
    if (this.run.follow && this.whole > this.width) {
      const at = this.middle(Math.min(Math.floor(this.run.done), this.last)) + (this.run.done % 1) * this.view.pitch;
      this.view.x += Math.min(0, this.width * 0.6 - at) * 0.12;
      this.bound();
    }
  }

  play() {
    if (this.run) this.run = null;
    else {
      this.run = { done: 0, follow: true };
      if (this.whole > this.width) this.view.x = 0;
    }
    this.label();
    this.redraw();
  }

  label() {
    const button = this.root.querySelector("[data-tool=play]");
    button.textContent = this.run ? "■ Stop" : "▶ Play the way through";
  }

  /* How far the way through has come to a column, 0 to 1. */
  arrived(place) {
    return this.run ? Math.max(0, Math.min(1, this.run.done - place + 1)) : 1;
  }

  draw() {
    const pen = prepared(this.canvas);
    this.pen = pen;
    this.drawGroups();
    const near = this.at && this.neighbours();
    for (const bundle of this.bundles) this.drawBundle(bundle, near ? 0.3 : 1);
    if (this.run) this.bundles.forEach((bundle) => this.drawDots(bundle));
    if (near) this.drawNear(near);
    for (let place = 0; place <= this.last; place++) {
      const x = this.middle(place), room = place === this.last ? this.answer + 40 : this.view.pitch;
      if (x < -room || x > this.width + room) continue;
      this.drawHead(place);
      if (place === this.last) this.drawAnswer(near);
      else this.drawColumn(place, near);
    }
    pen.globalAlpha = 1;
  }

  drawBundle({ from, to, links }, strength) {
    if (this.middle(to) < -80 || this.middle(from) > this.width + 80) return;
    const grown = this.arrived(to);
    const alpha = strength * (this.run ? 0.12 + 0.88 * grown : 1);
    const pen = this.pen;
    pen.strokeStyle = this.line;
    let next = 0;
    LEVELS.forEach((level, rank) => {
      const end = rank + 1 < LEVELS.length ? LEVELS[rank + 1] : Infinity;
      pen.beginPath();
      let any = false;
      for (; next < links.length && links[next].much < end; next++) {
        this.trace(links[next]);
        any = true;
      }
      if (!any) return;
      const crowd = Math.min(1, 40 / links.length + 0.45);
      pen.globalAlpha = alpha * crowd * (0.07 + 0.5 * level);
      pen.lineWidth = 0.6 + 1.5 * level;
      pen.stroke();
    });
  }

  trace(link) {
    for (const [x0, y0, ...rest] of this.curve(link)) {
      this.pen.moveTo(x0, y0);
      this.pen.bezierCurveTo(...rest);
    }
  }

  drawDots({ to, links }) {
    const grown = this.arrived(to);
    if (grown <= 0 || grown >= 1) return;
    const pen = this.pen, ease = grown * grown * (3 - 2 * grown);
    for (const link of links.slice(-MOST_DOTS)) {
      const parts = this.curve(link), at = Math.min(parts.length - 1e-6, ease * parts.length);
      const [x, y] = along(parts[Math.floor(at)], at % 1);
      for (const [size, alpha] of [[5, 0.16], [2.1, 0.95]]) {
        pen.globalAlpha = alpha * (0.3 + 0.7 * link.much);
        pen.fillStyle = this.warm;
        pen.beginPath();
        pen.arc(x, y, size * (0.7 + 0.5 * link.much), 0, 7);
        pen.fill();
      }
    }
  }

  neighbours() {
    const { place, row } = this.at;
    const links = this.bundles.flatMap((bundle) => bundle.from === place || bundle.to === place
      ? bundle.links : []);
    return {
      before: links.filter((link) => link.to === place && link.b === row),
      after: links.filter((link) => link.from === place && link.a === row),
    };
  }

  drawNear({ before, after }) {
    for (const [links, color] of [[before, this.line], [after, this.warm]]) {
      for (const link of links) {
        this.pen.globalAlpha = 0.3 + 0.7 * link.much;
        this.pen.lineWidth = 0.9 + 2.4 * link.much;
        this.pen.strokeStyle = color;
        this.pen.beginPath();
        this.trace(link);
        this.pen.stroke();
      }
    }
  }

  drawColumn(place, near) {
    const pen = this.pen, arrived = this.arrived(place), column = this.columns[place - 1];
    for (let row = 0; row < this.count(place); row++) {
      const { x, y, wide, tall } = this.spot(place, row);
      const own = this.at?.place === place && this.at.row === row;
      const link = near && (near.before.find((one) => one.from === place && one.a === row)
        || near.after.find((one) => one.to === place && one.b === row));
      pen.globalAlpha = (0.16 + 0.84 * arrived) * (near && !own && !link ? 0.42 : 1);
      const grow = own ? 1.12 : 1, [w, h] = [wide * grow, tall * grow];
      pen.save();
      pen.beginPath();
      pen.roundRect(x - w / 2, y - h / 2, w, h, column?.has_maps ?? true ? Math.min(5, w / 6) : w / 3);
      if (column && !column.has_maps) {
        pen.fillStyle = this.color(column, row);
        pen.fill();
      } else {
        pen.fillStyle = this.ground;
        pen.fill();
        pen.clip();
        const picture = place ? this.pictures[place - 1][row] : this.photo;
        pen.imageSmoothingEnabled = picture.width > w * 1.5 || !place && picture.width > 96;
        pen.drawImage(picture, x - w / 2, y - h / 2, w, h);
      }
      pen.restore();
      pen.lineWidth = own ? 2.6 : link ? 2 : 1;
      const after = link && link.from === this.at.place;
      pen.strokeStyle = own ? this.ink : link ? (after ? this.warm : this.line) : fade(this.ink, 0.28);
      pen.stroke();
      if (this.run && arrived > 0 && arrived < 1) {
        pen.globalAlpha = 1 - arrived;
        pen.strokeStyle = this.warm;
        pen.lineWidth = 3;
        pen.stroke();
      }
    }
    pen.globalAlpha = 1;
    const more = column && column.units - column.shown.length;
    if (more > 0 && this.view.pitch > 50) {
      const { y, tall } = this.spot(place, this.count(place) - 1);
      this.write(`+${more.toLocaleString("en")} more`, this.middle(place),
        Math.min(y + tall / 2 + 17, this.height - 10), this.view.pitch < 70 ? "11px" : "12px", this.accent, this.view.pitch - 2);
    }
  }

  drawHead(place) {
    this.pen.globalAlpha = 1;
    const x = this.middle(place), column = this.columns[place - 1];
    const answer = place === this.last;
    const room = answer ? this.answer : place ? this.view.pitch - 3 : Math.max(this.side, 60);
    const left = answer ? "left" : "center";
    const lines = this.lines(place ? answer ? "Answer" : column.heading : "Photo", room);
    const own = this.at?.place === place;
    lines.forEach((line, at) => this.write(line, x, 20 + 15 * (at + 2 - lines.length),
      this.title, own ? this.accent : this.ink, room, left));
    if (this.view.pitch < 48 && !answer) return;
    const small = fade(this.ink, 0.68);
    if (answer) return this.write("how sure it is", x, 51, "11.5px", small, room, left);
    const size = place ? column.sub : this.data.photo_size;
    if (place) {
      const units = column.units.toLocaleString("en");
      this.write(column.has_maps ? `${units} map${column.units > 1 ? "s" : ""}` : units, x, 51,
        "11.5px", small, room);
      this.write(size, x, 65, "11.5px", small, room);
    } else this.write(size, x, 51, "11.5px", small, room);
    if (place && this.folds(column)) this.drawChip(place, column, x, room);
  }

  folds(column) {
    return this.data.detail === "blocks" && column.kinds.length > 1
      && (!column.open || this.firstOf(column));
  }

  firstOf(column) {
    return this.columns.find((one) => one.group === column.group) === column;
  }

  drawChip(place, column, x, room) {
    const words = column.open ? "fold" : `${column.kinds.length} layers`;
    const wide = Math.min(room - 2, 66), over = this.chip === place;
    this.pen.beginPath();
    this.pen.roundRect(x - wide / 2, 72, wide, 19, 9.5);
    this.pen.fillStyle = over ? fade(this.main, 0.3) : fade(this.main, 0.13);
    this.pen.fill();
    this.write(`${words} ${column.open ? "‹" : "›"}`, x, 86, "11.5px", this.accent, wide - 6);
  }

  drawGroups() {
    this.columns.forEach((column, at) => {
      if (!column.open || column.kinds.length < 2 || !this.firstOf(column)) return;
      if (this.data.detail !== "blocks") return;
      const half = this.view.pitch / 2;
      const from = this.middle(at + 1) - half + 2;
      const to = from + column.kinds.length * this.view.pitch - 4;
      this.pen.globalAlpha = 1;
      this.pen.fillStyle = fade(this.main, 0.07);
      this.pen.beginPath();
      this.pen.roundRect(from, 4, to - from, this.height - 8, 10);
      this.pen.fill();
    });
  }

  drawAnswer(near) {
    const pen = this.pen, { answers } = this.data;
    const best = Math.max(...this.rows.map((row) => answers[row].probability));
    const grown = this.run ? Math.max(0, Math.min(1, this.run.done - this.last)) : 1;
    this.rows.forEach((index, row) => {
      const { x, y, tall } = this.spot(this.last, row);
      const { name, color, probability } = answers[index];
      const own = this.at?.place === this.last && this.at.row === row;
      const first = probability === best;
      const wide = this.answer - 52, thick = Math.min(10, tall / 3);
      pen.globalAlpha = near && !own && !near.after.some((one) => one.b === row && one.to === this.last) ? 0.55 : 1;
      this.write(name, x, y - 3, `${first || own ? "600 " : ""}12.5px`, this.ink, wide + 46, "left");
      pen.fillStyle = fade(this.ink, 0.1);
      pen.beginPath();
      pen.roundRect(x, y + 3, wide, thick, thick / 2);
      pen.fill();
      pen.fillStyle = color;
      pen.beginPath();
      pen.roundRect(x, y + 3, Math.max(thick, wide * probability * grown), thick, thick / 2);
      if (probability * grown > 0.002) pen.fill();
      this.write(percent(probability * grown), x + wide + 44, y + 4 + thick,
        `${first ? "600 " : ""}12px`, this.ink, 42, "right");
      pen.globalAlpha = 1;
    });
  }

  write(words, x, y, font, color, room, align = "center") {
    const pen = this.pen;
    pen.font = `${font} ${this.font}`;
    pen.fillStyle = color;
    pen.textAlign = align;
    pen.fillText(cut(pen, words, room), x, y);
  }

  /* At most two lines. */
  lines(words, room) {
    this.pen.font = `${this.title} ${this.font}`;
    if (this.pen.measureText(words).width <= room || !words.includes(" ")) return [words];
    const parts = words.split(" ");
    return [parts[0], parts.slice(1).join(" ")];
  }

  drawSmall() {
    const shown = this.whole > this.width + 1;
    this.mini.parentElement.style.display = shown ? "" : "none";
    if (!shown) return;
    const pen = prepared(this.mini), [width, height] = [this.mini.clientWidth, this.mini.clientHeight];
    const scale = width / this.whole;
    for (let place = 0; place <= this.last; place++) {
      const x = (this.middle(place) - this.view.x) * scale;
      const units = place ? this.columns[place - 1].units : 3;
      const tall = 6 + 3 * Math.log2(units + 1);
      pen.fillStyle = fade(place === 0 || place === this.last ? this.ink : this.main, 0.55);
      pen.fillRect(x - 2, (height - Math.min(tall, height)) / 2, Math.max(2.5, this.view.pitch * scale * 0.3), Math.min(tall, height));
    }
    pen.strokeStyle = this.ink;
    pen.fillStyle = fade(this.main, 0.16);
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.roundRect(-this.view.x * scale + 1, 1, this.width * scale - 2, height - 2, 6);
    pen.fill();
    pen.stroke();
  }

  jump(event) {
    if (this.run) this.run.follow = false;
    const box = this.mini.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    this.touched = true;
    this.view.x = this.width / 2 - share * this.whole;
    this.bound();
    this.redraw();
  }

  // Pointing.
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  under([px, py]) {
    for (let place = 0; place <= this.last; place++) {
      for (let row = 0; row < this.count(place); row++) {
        const { x, y, wide, tall } = this.spot(place, row);
        const inside = place === this.last ? px >= x - 4 && px <= x + this.answer
          : Math.abs(px - x) <= wide / 2 + 2;
        if (inside && Math.abs(py - y) <= tall / 2 + 1) return { place, row };
      }
    }
    return null;
  }

  column([px]) {
    const place = Math.floor((px - this.view.x - this.start) / this.view.pitch) + 1;
    return place >= 1 && place < this.last ? place : null;
  }

  chipUnder(at) {
    const place = at[1] >= 70 && at[1] <= 94 ? this.column(at) : null;
    return place && this.folds(this.columns[place - 1]) ? place : null;
  }

  moreUnder(at) {
    const place = this.column(at), column = place && this.columns[place - 1];
    if (!column || column.units <= column.shown.length || this.view.pitch <= 50) return null;
    const { y, tall } = this.spot(place, this.count(place) - 1);
    return at[1] > y + tall / 2 + 3 && at[1] < y + tall / 2 + 26 ? place : null;
  }

  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, { at: this.place(event), from: this.place(event) });
    this.dragged = false;
    if (this.run) this.run.follow = false;
  }

  moved(event) {
    const at = this.place(event), finger = this.fingers.get(event.pointerId);
    if (!finger) {
      const found = this.under(at);
      const chip = this.chipUnder(at);
      if (chip !== this.chip) { this.chip = chip; this.redraw(); }
      this.canvas.classList.toggle("over", Boolean(found?.place || chip || this.moreUnder(at)));
      return this.point(found);
    }
    const before = finger.at;
    finger.at = at;
    if (this.fingers.size === 2) return this.pinch(event.pointerId, before);
    if (!this.dragged && Math.abs(at[0] - finger.from[0]) < 6) return;
    this.dragged = true;
    this.canvas.classList.add("held");
    this.slide(at[0] - before[0]);
  }

  pinch(id, before) {
    this.dragged = true;
    const own = this.fingers.get(id).at;
    const other = [...this.fingers].find(([key]) => key !== id)[1].at;
    const [was, now] = [Math.abs(before[0] - other[0]), Math.abs(own[0] - other[0])];
    if (was > 12 && now > 12) this.zoom(now / was, (own[0] + other[0]) / 2);
  }

  up(event, cancelled) {
    if (!this.fingers.delete(event.pointerId)) return;
    this.canvas.classList.remove("held");
    if (cancelled || this.dragged) return;
    const at = this.place(event), chip = this.chipUnder(at), more = this.moreUnder(at);
    if (chip) return this.fold(chip);
    if (more) return this.open({ place: more });
    const found = this.under(at);
    if (event.pointerType === "mouse") return found && this.open(found);
    this.point(found, false, true);
  }

  wheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 240), this.place(event)[0]);
    } else if (event.deltaX || event.shiftKey) {
      event.preventDefault();
      this.slide(-(event.deltaX || event.deltaY));
    }
  }

  key(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.at ?? { place: 0, row: 0 };
    const go = (place, row) => {
      place = Math.max(0, Math.min(this.last, place));
      this.point({ place, row: Math.max(0, Math.min(this.count(place) - 1, row)) }, true);
      this.reveal(place);
    };
    const across = (step) => {
      const share = (at.row + 0.5) / this.count(at.place);
      const place = Math.max(0, Math.min(this.last, at.place + step));
      go(place, Math.floor(share * this.count(place)));
    };
    const acts = {
      ArrowRight: () => this.at ? across(1) : go(0, 0),
      ArrowLeft: () => across(-1),
      ArrowDown: () => go(at.place, at.row + 1),
      ArrowUp: () => go(at.place, at.row - 1),
      Home: () => go(0, 0),
      End: () => go(this.last, 0),
      Enter: () => this.open(at),
      " ": () => this.fold(at.place),
      Escape: () => this.point(null),
      "+": () => this.zoom(1.25),
      "=": () => this.zoom(1.25),
      "-": () => this.zoom(0.8),
      0: () => this.tool(this.root.querySelector("[data-tool=fit]")),
      p: () => { if (!this.calm) this.play(); },
    };
    if (!acts[key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[key]();
  }

  reveal(place) {
    const x = this.middle(place), edge = this.view.pitch;
    if (x < edge) this.slide(edge - x);
    else if (x > this.width - edge) this.slide(this.width - edge - x);
  }

  tool(button) {
    if (!button) return;
    const { tool, scale, detail } = button.dataset;
    if (tool === "play") this.play();
    if (tool === "in") this.zoom(1.25);
    if (tool === "out") this.zoom(0.8);
    if (tool === "fit") { this.touched = true; this.fit(); this.redraw(); }
    if (detail && detail !== this.data.detail) { this.touched = false; this.send({ do: "detail", detail }); }
    if (!scale) return;
    this.scale = scale;
    this.root.querySelectorAll("[data-scale]").forEach((one) =>
      one.setAttribute("aria-pressed", String(one === button)));
    this.paint();
    this.redraw();
  }

  fold(place) {
    const column = this.columns[place - 1];
    if (!column || column.kinds.length < 2 || this.data.detail !== "blocks") return;
    this.asked = { group: column.group, was: this.middle(place) };
    this.touched = true;
    this.send({ do: "fold", group: column.group });
  }

  open({ place, row }) {
    if (place === 0 || place === this.last) return;
    const column = this.columns[place - 1];
    const map = row === undefined ? null : column.shown[row];
    this.send({ do: "open", layer: column.layer, map });
  }

  // The larger picture.
  point(at, byKey = false, touch = false) {
    const same = at?.place === this.at?.place && at?.row === this.at?.row;
    this.byKey = byKey;
    if (same && !touch && this.tip.hidden === !at) return;
    this.at = at;
    this.tip.hidden = !at;
    this.tip.classList.toggle("touch", touch);
    if (at) this.describe(touch);
    this.redraw();
  }

  describe(touch) {
    const { place, row } = this.at, parts = [], add = (tag, text) => {
      const node = document.createElement(tag);
      node.textContent = text;
      parts.push(node);
      return node;
    };
    if (place === 0) {
      parts.push(enlarged(this.photo));
      add("b", "The photo");
      add("p", "As the network sees it.");
    } else if (place === this.last) {
      const { name, probability } = this.data.answers[this.rows[row]];
      add("b", name);
      add("p", `The network is ${percent(probability)} sure.`);
      add("p", this.fedBy());
    } else this.describeMap(add, parts, touch);
    this.said.textContent = parts.map((part) => part.textContent).filter(Boolean).join(". ");
    this.tip.replaceChildren(...parts);
    this.lay();
  }

  describeMap(add, parts, touch) {
    const { place, row } = this.at, column = this.columns[place - 1], noun = column.has_maps ? "map" : "unit";
    if (column.has_maps) parts.push(enlarged(this.pictures[place - 1][row]));
    add("b", `${column.name}, ${noun} ${column.shown[row] + 1} of ${column.units.toLocaleString("en")}`);
    if (column.has_maps) {
      const [low, high, colors] = this.range(column, row);
      const range = add("div", ""), band = document.createElement("i");
      range.className = "range";
      const stops = colors === this.plain ? VIRIDIS : SIGNED[this.dark ? "dark" : "light"];
      band.style.background = `linear-gradient(90deg, ${stops})`;
      range.append(number(low), band, number(high));
      add("p", `Its values go from ${number(column.lows[row])} to ${number(column.highs[row])}.`);
    } else add("p", `Its value is ${number(column.highs[row])}.`);
    const fed = this.fedBy();
    if (fed) add("p", fed);
    if (!column.open && column.kinds.length > 1) add("p", `Here: ${column.holds}.`);
    if (!touch) return add("p", this.byKey ? "Enter opens it." : "Click to open it.");
    add("button", "Open it in Layer by layer").onclick = () => this.open(this.at);
  }

  fedBy() {
    const links = this.neighbours().before.sort((one, other) => other.much - one.much);
    const from = links[0]?.from;
    if (!from || !this.columns[from - 1]) return from === 0 ? "Fed by the photo." : "";
    const column = this.columns[from - 1];
    const some = links.filter((link) => link.from === from).slice(0, 3);
    const names = some.map((link) => column.shown[link.a] + 1);
    const noun = column.has_maps ? "map" : "unit";
    return `Fed most by ${noun}${names.length > 1 ? "s" : ""} ${list(names)} of ${column.name}.`;
  }

  lay() {
    if (!this.at) return;
    const { x, y, wide } = this.spot(this.at.place, this.at.row);
    const [tall, broad] = [this.tip.offsetHeight, this.tip.offsetWidth];
    const last = this.at.place === this.last;
    // Beyond the next column, whose connections are to be seen.
    const next = this.width < 560 || !this.at.place ? wide / 2 + 16 : this.view.pitch + wide / 2 + 12;
    let left = last ? x - this.view.pitch * 1.3 - broad : x + next;
    if (left + broad > this.width - 6) left = x - next - broad;
    left = Math.max(6, Math.min(this.width - broad - 6, left));
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${Math.max(6, Math.min(this.height - tall - 6, y - tall / 2))}px`;
  }
}

async function loaded(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

async function pixelsOf(source) {
  const image = await loaded(source);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0);
  return pen.getImageData(0, 0, image.width, image.height);
}

function enlarged(picture) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d").drawImage(picture, 0, 0);
  if (picture.width > 100) canvas.style.imageRendering = "auto";
  return canvas;
}

function along([x0, y0, x1, y1, x2, y2, x3, y3], t) {
  const s = 1 - t, [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return [a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3];
}

function parsed(color) {
  const pen = parsed.pen ??= document.createElement("canvas").getContext("2d");
  pen.fillStyle = color;
  const hex = pen.fillStyle;
  return hex[0] === "#" ? [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16))
    : hex.match(/[\d.]+/g).slice(0, 3).map(Number);
}

function brightness(color) {
  const [red, green, blue] = parsed(color);
  return (0.3 * red + 0.59 * green + 0.11 * blue) / 255;
}

function fade(color, alpha) {
  return `rgba(${parsed(color)}, ${alpha})`;
}

function ramp(stops) {
  const colors = stops.map(parsed);
  return Array.from({ length: 256 }, (_, level) => {
    const at = level / 255 * (colors.length - 1), first = Math.min(Math.floor(at), colors.length - 2);
    return [...colors[first].map((one, channel) =>
      Math.round(one + (colors[first + 1][channel] - one) * (at - first))), 255];
  });
}

/* Around zero, a few far values would leave all others pale: small ones are told apart better. */
function shade(colors, share, around) {
  const far = 2 * share - 1;
  const at = around ? 0.5 + Math.sign(far) * 0.5 * Math.abs(far) ** 0.6 : share;
  return colors[Math.max(0, Math.min(255, Math.round(255 * at)))];
}

function cut(pen, words, room) {
  if (pen.measureText(words).width <= room) return words;
  let kept = words;
  while (kept.length > 1 && pen.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

function number(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return (size >= 100 ? value.toFixed(0) : size >= 0.01 ? value.toFixed(2) : value.toExponential(1))
    .replace("-", "−");
}

function percent(share) {
  return share > 0 && share < 0.005 ? "<1 %" : `${Math.round(100 * share)} %`;
}

function list(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
