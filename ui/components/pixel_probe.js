// The frame and the value follow the marker at once: they came with the map. The arithmetic is
// asked for in blocks around the marker, one question at a time, the newest first; what is known
// is shown without asking. While an answer is on its way the last one stays.
const REACH = 2;
const LISTED = 6;
const KEPT = 600;
const PATIENCE = 300;
const SPEAK_AFTER = 500;
const PIN_AFTER = 250;
const MINUS = "−";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".probe");
  const probe = (root.probe ??= new Probe(root));
  probe.update(data, setTriggerValue);
}

class Probe {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(name);
    this.face = this.part(".map");
    this.trail = [];
    this.number = 0;
    const listen = (name, handler) => this.face.addEventListener(name, handler);
    listen("pointermove", (event) => this.pointed(event));
    listen("pointerdown", (event) => this.down(event));
    listen("pointerup", (event) => this.up(event));
    listen("pointerleave", (event) => { if (event.pointerType === "mouse") this.left(); });
    listen("keydown", (event) => this.pressed(event));
    root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.free(event); });
  }

  update(data, send) {
    const what = `${data.address} ${data.layer} ${data.index}`;
    this.send = send;
    this.data = data;
    if (this.what !== what) this.begin(what);
    const pinned = data.at ? `${data.at}` : null;
    const stand = `${what} ${pinned}`;
    // While a person goes on, the page still answers to where they were.
    const late = this.sent.includes(stand) && stand !== this.sent.at(-1);
    if (stand === this.sent.at(-1)) this.sent = [];
    if (this.told !== stand && !late) {
      this.told = stand;
      this.pinned = data.at;
      this.move(this.pinned ?? this.at ?? this.liveliest());
    }
    this.labels();
  }

  /* Another map, layer or photo. */
  begin(what) {
    const { data } = this;
    this.what = what;
    this.known = new Map();
    this.waiting?.abort();
    this.waiting = this.next = null;
    this.at = this.pinned = null;
    clearTimeout(this.pinning);
    this.sent = [];
    this.listed = LISTED;
    this.values = floats(data.values);
    const [map, photo] = this.root.querySelectorAll("img");
    map.src = data.map;
    photo.src = data.photo;
    const ratio = (size) => `${size[1]} / ${size[0]}`;
    this.face.style.aspectRatio = ratio(data.shape);
    this.part(".photo").style.aspectRatio = ratio(data.photo_size);
    this.part(".photo").classList.toggle("hard", Math.max(...data.photo_size) < 160);
    const strip = data.units && data.shape[1] > data.shape[0] * 2;
    this.root.classList.toggle("strip", strip);
    this.part(".sum").replaceChildren();
    this.showTrail();
  }

  labels() {
    const { data } = this;
    const [rows, columns] = data.shape;
    const what = data.units ? `${data.count} units of ${data.title}`
      : `Map ${data.index + 1} of ${data.title}, ${rows} × ${columns} values`;
    this.face.setAttribute("aria-label",
      `${what}. Arrow keys move, Enter pins a value, Escape frees it.`);
    const [left, right] = this.root.querySelectorAll("figcaption");
    left.textContent = data.units ? `${data.count.toLocaleString("en")} units` : `map ${data.index + 1}, ${rows} × ${columns}`;
    right.textContent = `the photo as the network gets it, ${data.photo_size.join(" × ")}`;
    this.part(".hint").textContent = this.pinned
      ? "Pinned: its place stands in the address. Click it again or press Escape to free it."
      : "Point at a value, touch it or use the arrow keys; click to pin it.";
    this.face.classList.toggle("pinned", Boolean(this.pinned));
  }

  /* Where nobody has pointed yet, the largest value is worth looking at first. */
  liveliest() {
    let best = 0;
    for (let i = 1; i < this.values.length; i += 1) {
      if (!(this.values[i] <= this.values[best]) && !Number.isNaN(this.values[i])) best = i;
    }
    return [Math.floor(best / this.data.shape[1]), best % this.data.shape[1]];
  }

  placeOf(event) {
    const box = this.face.getBoundingClientRect();
    const [rows, columns] = this.data.shape;
    const inside = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    const at = [inside((event.clientY - box.top) / box.height, rows),
      inside((event.clientX - box.left) / box.width, columns)];
    return this.exists(at) ? at : null;
  }

  exists([row, column]) {
    return !this.data.units || row * this.data.shape[1] + column < this.data.count;
  }

  pointed(event) {
    if (this.pinned && !this.dragging) return;
    if (event.pointerType !== "mouse" && !this.dragging) return;
    const at = this.placeOf(event);
    if (at && `${at}` !== `${this.at}`) this.move(at);
  }

  down(event) {
    const at = this.placeOf(event);
    if (!at || event.button) return;
    this.face.focus({ preventScroll: true });
    this.begun = `${this.pinned}` === `${at}` ? "free" : "pin";
    this.dragging = true;
    this.face.setPointerCapture(event.pointerId);
    this.move(at);
  }

  up() {
    if (!this.dragging) return;
    this.dragging = false;
    if (this.begun === "free" && `${this.pinned}` === `${this.at}`) this.free();
    else this.pin();
  }

  left() {
    this.face.classList.remove("hot");
  }

  pressed(event) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (step) {
      event.preventDefault();
      const at = [this.at[0] + step[0], this.at[1] + step[1]];
      const fits = at.every((one, axis) => one >= 0 && one < this.data.shape[axis]);
      if (fits && this.exists(at)) {
        const moving = Boolean(this.pinned);
        this.move(at);
        if (moving) {
          this.pinned = at;
          clearTimeout(this.pinning);
          this.pinning = setTimeout(() => this.pin(), PIN_AFTER);
        }
      }
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (`${this.pinned}` === `${this.at}`) this.free();
      else this.pin();
    }
  }

  pin() {
    clearTimeout(this.pinning);
    this.pinned = this.at;
    this.tell("pin", this.data.layer, this.data.units ? this.unit(this.at) : this.data.index, this.at);
    this.labels();
  }

  free(event) {
    if (!this.pinned) return;
    event?.stopPropagation();
    clearTimeout(this.pinning);
    this.pinned = null;
    this.tell("free", this.data.layer, this.data.index, null);
    this.labels();
  }

  unit([row, column]) {
    return row * this.data.shape[1] + column;
  }

  tell(act, layer, map, at) {
    const pinned = act === "free" ? null : at;
    if (act !== "go") {
      this.told = `${this.what} ${pinned}`;
      this.sent.push(this.told);
    }
    this.send("act", { do: act, layer, map, at: this.data.units && act !== "go" ? null : at,
      number: `${Date.now()}-${++this.number}` });
  }

  move(at) {
    if (!this.exists(at) || at[0] >= this.data.shape[0] || at[1] >= this.data.shape[1]) at = [0, 0];
    this.at = at;
    const { data } = this;
    const [rows, columns] = data.shape;
    put(this.part(".marker"), at[0] / rows, at[1] / columns, 1 / rows, 1 / columns);
    const row = data.rows[Math.min(at[0], data.rows.length - 1)];
    const column = data.columns[Math.min(at[1], data.columns.length - 1)];
    const [high, wide] = data.photo_size;
    put(this.part(".frame"), row[0] / high, column[0] / wide,
      (row[1] - row[0]) / high, (column[1] - column[0]) / wide);
    const value = this.values[at[0] * columns + at[1]];
    const where = this.whereWords(at);
    const all = row[1] - row[0] >= high && column[1] - column[0] >= wide;
    const sees = all ? "sees the whole photo"
      : `sees rows ${row[0]} to ${row[1] - 1} and columns ${column[0]} to ${column[1] - 1} of the photo`;
    this.part(".where").textContent = where;
    this.part(".value").textContent = ` = ${long(value)}`;
    this.part(".sees").textContent = ` · ${sees}`;
    this.speak(`${where}: ${long(value)}, ${sees}`);
    this.show();
  }

  whereWords(at) {
    if (!this.data.units) return `Row ${at[0]}, column ${at[1]}`;
    const name = this.data.names?.[this.unit(at)];
    return name ? `Unit ${this.unit(at) + 1} (${name})` : `Unit ${this.unit(at) + 1}`;
  }

  speak(words) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => { this.part(".spoken").textContent = words; }, SPEAK_AFTER);
  }

  place() {
    return this.data.units ? `${this.unit(this.at)}` : `${this.at},${this.data.index}`;
  }

  /* Shows the arithmetic if it is known, else asks for it. */
  show() {
    const told = this.known.get(this.place());
    if (!told) {
      this.part(".sum").classList.add("old");
      this.ask(this.place(), REACH);
      return;
    }
    this.settled();
    if (this.drawn !== told) {
      this.drawn = told;
      this.part(".sum").replaceChildren(...arithmetic(told, this));
    }
  }

  settled() {
    clearTimeout(this.slow);
    this.slow = null;
    this.part(".word").hidden = true;
    this.part(".sum").classList.remove("old");
  }

  async ask(place, reach) {
    this.slow ??= setTimeout(() => this.say("Working out this value …"), PATIENCE);
    if (this.waiting) {
      this.next = { place, reach };
      return;
    }
    const stop = (this.waiting = new AbortController());
    const address = this.data.address.replace("{place}", place).replace("{reach}", reach)
      .replace("{most}", this.listed);
    let problem = null;
    try {
      const answer = await fetch(address, { signal: stop.signal });
      const told = await answer.json();
      if (stop.signal.aborted) return;
      if (answer.ok) this.keep(told.values);
      // Without it in the answer the same would be asked for again and again.
      if (answer.ok && !this.known.has(place)) problem = "This value cannot be told.";
      if (!answer.ok) problem = `${told.error} ${told.next_step}`;
    } catch {
      if (stop.signal.aborted) return;
      problem = "The value could not be fetched. Point at it once more.";
    }
    this.waiting = null;
    const next = this.next;
    this.next = null;
    if (next && !this.known.has(next.place)) {
      this.ask(next.place, next.reach);
    } else if (problem) {
      clearTimeout(this.slow);
      this.slow = null;
      this.say(problem);
    } else this.show();
  }

  keep(values) {
    for (const told of values) {
      const key = `${told.place}`;
      this.known.delete(key);
      this.known.set(key, told);
    }
    for (const key of this.known.keys()) {
      if (this.known.size <= KEPT) break;
      this.known.delete(key);
    }
  }

  say(words) {
    this.part(".word").textContent = words;
    this.part(".word").hidden = false;
  }

  more(count) {
    this.listed = Math.min(64, count);
    this.known.clear();
    this.show();
  }

  /* To a value of the layer before; in the photo itself the way ends. */
  go(source, place, value) {
    if (source === "") {
      this.atPhoto(place, value);
      return;
    }
    this.trail.push({ layer: this.data.layer, map: this.data.units ? this.unit(this.at) : this.data.index,
      at: this.data.units ? null : this.at, words: this.trailWords() });
    this.leave(source, place);
  }

  leave(source, place) {
    const [map, at] = place.length === 3 ? [place[2], place.slice(0, 2)] : [place[0], null];
    this.say("Going there …");
    this.tell("go", source, map, at);
  }

  trailWords() {
    const where = this.data.units ? `unit ${this.unit(this.at) + 1}` : `map ${this.data.index + 1}, ${this.at.join(", ")}`;
    return `${this.data.title} ${where}`;
  }

  showTrail() {
    const box = this.part(".trail");
    box.hidden = !this.trail.length;
    box.replaceChildren(...this.trail.map((rung, number) => button(rung.words, () => {
      this.trail.length = number;
      this.leave(rung.layer, rung.at ? [...rung.at, rung.map] : [rung.map]);
    })));
    if (this.trail.length) box.prepend(make("span", "", "You followed it from"));
  }

  atPhoto([row, column, channel], value) {
    const [high, wide] = this.data.photo_size;
    const frame = this.part(".frame");
    put(frame, row / high, column / wide, 1 / high, 1 / wide);
    frame.classList.add("end");
    setTimeout(() => frame.classList.remove("end"), 1200);
    const colour = ["red", "green", "blue"][channel];
    this.say(`This is the photo itself: row ${row}, column ${column}` +
      `${this.data.colours === 3 ? `, ${colour}` : ""} is ${long(value)}, of 0 to 255. The way ends here.`);
    this.part(".photo").scrollIntoView({ block: "nearest" });
  }
}

function put(node, top, left, height, width) {
  node.hidden = false;
  const share = (number) => `${number * 100}%`;
  Object.assign(node.style, { top: share(top), left: share(left), height: share(height), width: share(width) });
}

function floats(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/* Numbers: long where they are read one by one, short in grids. */
function long(value) {
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : "infinity";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.0001 || size >= 1e7) ? value.toExponential(3)
    : size !== 0 && size < 0.01 ? value.toPrecision(3)
      : size < 1000 ? value.toFixed(4) : value.toFixed(2);
  return text.replace(/^-/, MINUS).replace("e-", `e${MINUS}`);
}

function short(value) {
  if (typeof value === "string") return value === "not a number" ? "?" : value.replace("infinity", "∞");
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 9999.5 || size < 0.0005) return value.toExponential(0).replace("-", MINUS).replace("e-", `e${MINUS}`);
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
  return value.toFixed(digits).replace(/^-/, MINUS);
}

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

function button(words, act, name = "") {
  const node = make("button", name, words);
  node.type = "button";
  node.onclick = act;
  return node;
}

const number = (value, name = "n") => {
  const node = make("span", name, long(value));
  node.title = String(value);
  return node;
};
