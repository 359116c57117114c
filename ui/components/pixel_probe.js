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

const ACTIVATIONS = {
  relu: "relu makes 0 of what is below 0",
  relu6: "relu6 makes 0 of what is below 0, and 6 of what is above 6",
  sigmoid: "sigmoid presses it between 0 and 1",
  tanh: `tanh presses it between ${MINUS}1 and 1`,
  softmax: "softmax makes a share of all scores: they add up to 1",
};

/* The whole way from what goes in to the value, as elements. */
function arithmetic(told, probe) {
  const parts = [];
  if (told.form === undefined) return [note(told.note)];
  parts.push(make("p", "says", told.says));
  const scale = { value: largest(told, "values"), weight: largest(told, "weights") };
  for (const grid of told.grids) parts.push(channel(grid, told, probe, scale));
  if (told.terms.length) parts.push(terms(told, probe));
  if (told.rest) parts.push(rest(told, probe));
  parts.push(ending(told));
  if (told.note) parts.push(note(told.note));
  parts.push(follow(told, probe));
  return parts;
}

function note(words) {
  return make("p", "note", words);
}

function largest(told, what) {
  const all = told.grids.flatMap((grid) => (grid[what] ?? []).flat());
  return Math.max(...all.filter((one) => typeof one === "number").map(Math.abs), 1e-30);
}

function channel(grid, told, probe, scale) {
  const row = make("div", "channel");
  const source = told.sources[0];
  row.append(make("span", "name", source === "" ? colourName(grid.channel, probe) : `map ${grid.channel + 1}`));
  if (!grid.values) {
    row.append(make("span", "", `${grid.count.toLocaleString("en")} values, too many to list; added up`), number(grid.sum));
    return row;
  }
  const winner = told.form === "largest" ? told.strongest?.place : null;
  const cells = (rows, top, mark) => table(rows, top, grid, told, probe, mark);
  row.append(cells(grid.values, scale.value, winner));
  if (grid.weights) {
    const products = grid.values.map((line, r) => line.map((one, c) => one * grid.weights[r][c]));
    const top = Math.max(...products.flat().map(Math.abs), 1e-30);
    row.append(make("span", "op", "×"), cells(grid.weights, scale.weight), make("span", "op", "="), cells(products, top));
    const added = make("span", "added");
    added.append(make("span", "op", "Σ "), number(grid.sum, "n total"));
    row.append(added);
  }
  return row;
}

function colourName(index, probe) {
  return probe.data.colours === 3 ? ["red", "green", "blue"][index] : "grey";
}

function table(rows, top, grid, told, probe, winner) {
  const box = make("div", "grid");
  box.style.gridTemplateColumns = `repeat(${rows[0].length}, minmax(var(--cell), auto))`;
  rows.forEach((line, r) => line.forEach((value, c) => {
    const at = [told.corner[0] + r * told.step[0], told.corner[1] + c * told.step[1]];
    const outside = at[0] < 0 || at[1] < 0 || at[0] >= told.size[0] || at[1] >= told.size[1];
    const cell = outside ? make("span", "cell out", value === null ? "" : short(value))
      : button(short(value), () => probe.go(told.sources[0], [...at, grid.channel], rows[r][c]), "cell");
    if (outside) cell.title = "beyond the edge: a rim of zeros";
    else {
      cell.tabIndex = -1;
      cell.title = `${value}, from row ${at[0]}, column ${at[1]}: go there`;
      colour(cell, value, top);
    }
    if (winner && winner[0] === at[0] && winner[1] === at[1]) cell.classList.add("winner");
    box.append(cell);
  }));
  return box;
}

function colour(cell, value, top) {
  if (typeof value !== "number" || value === 0) return;
  cell.classList.add(value > 0 ? "plus" : "minus");
  cell.style.setProperty("--share", `${Math.round(8 + 52 * Math.min(1, Math.abs(value) / top))}%`);
}

function terms(told, probe) {
  const list = make("ol", "terms");
  const top = Math.max(...told.terms.map((term) => Math.abs(term.product) || 0), 1e-30);
  for (const term of told.terms) {
    const item = make("li");
    const source = term.input === null ? null : told.sources[term.input];
    const words = term.place === null ? "the rim" : nameOf(source, term.place, told, probe);
    const name = term.place === null ? make("span", "name", words)
      : button(words, () => probe.go(source, term.place, term.value), "name");
    item.append(name, number(term.value));
    if (term.weight !== null) {
      item.append(make("span", "op", "×"), number(term.weight), make("span", "op", "="));
      const product = number(term.product, "n product");
      colour(product, term.product, top);
      item.append(product);
    }
    list.append(item);
  }
  return list;
}

function ownName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

function nameOf(source, place, told, probe) {
  if (source === "") return `photo, ${colourName(place[2], probe)}`;
  const where = place.length === 3 ? `map ${place[2] + 1}` : `unit ${place[0] + 1}`;
  return told.sources.length > 1 ? `${ownName(source)}, ${where}` : where;
}

function rest(told, probe) {
  const row = make("p", "rest");
  const count = told.rest.count.toLocaleString("en");
  const what = told.grids.length ? "maps" : "values";
  row.append(make("span", "", `and ${count} more ${what}, added up: `), number(told.rest.sum, "n total"));
  if (probe.listed < 64) row.append(button("Show more", () => probe.more(probe.listed * 3), "more"));
  return row;
}

/* From the parts to the value, one line each. */
function ending(told) {
  const lines = make("div", "ending");
  const line = (words, value, name = "") => {
    const row = make("p", name);
    row.append(make("span", "", words), make("span", "op", "="), number(value));
    lines.append(row);
  };
  const named = Object.entries(told.numbers);
  if (told.form === "weighted sum") {
    const sum = typeof told.before === "number" ? told.before - (typeof told.bias === "number" ? told.bias : 0) : told.before;
    line("all products added up", sum, "products");
    if (told.bias !== null) line(`with the bias ${long(told.bias)} on top`, told.before, "before");
  } else if (told.form === "mean") {
    const grid = told.grids[0];
    line("all values added up", grid.sum, "products");
    line(`divided by ${grid.count.toLocaleString("en")}`, told.value, "before");
  } else if (named.length) {
    lines.append(make("p", "formula", filled(told, named)));
  }
  if (told.activation && told.form === "weighted sum" && told.activation !== "softmax") {
    line(ACTIVATIONS[told.activation] ?? `${told.activation} bends it`, told.value);
  } else if (told.activation && told.form !== "weighted sum" && ACTIVATIONS[told.activation]) {
    lines.append(make("p", "", `${ACTIVATIONS[told.activation]}.`));
  }
  if (told.scores) softmax(told, line);
  const last = make("p", "result");
  last.append(make("span", "", "the value of this layer"), make("span", "op", "="), number(told.given, "n given"));
  lines.append(last);
  return lines;
}

function filled(told, named) {
  const numbers = { value: told.terms[0]?.value, ...Object.fromEntries(named) };
  if (named.some(([name]) => name.startsWith("constant"))) return named.map(([name, one]) => `${name} = ${long(one)}`).join(", ");
  return told.says.replace(/\.$/, "").split(",")[0].replace(/[a-z]+/g, (name) => (numbers[name] === undefined ? name : bracketed(numbers[name])));
}

/* "3 − (−2)", not "3 − −2". */
function bracketed(value) {
  return value < 0 ? `(${long(value)})` : long(value);
}

function softmax(told, line) {
  const { scores } = told;
  const before = told.before ?? 0;
  line(`e to the power of (${long(before)} ${MINUS} ${long(scores.highest)}, the highest score)`, Math.exp(before - scores.highest));
  line(`divided by the sum of that over all ${scores.count.toLocaleString("en")} scores, ${long(scores.total)}`, told.value);
}

function follow(told, probe) {
  const lead = told.strongest;
  const row = make("p", "follow");
  if (!lead) {
    row.textContent = told.form === "copy" ? "" : "Nothing before it contributes: every product is 0.";
    return row;
  }
  const [source, place] = [lead.source, lead.place];
  const where = place.length === 3 ? `row ${place[0]}, column ${place[1]}` : `unit ${place[0] + 1}`;
  const what = source === "" ? `the photo, ${where}`
    : `${ownName(source)}, ${place.length === 3 ? `map ${place[2] + 1}, ` : ""}${where}`;
  const words = source === "" ? "Follow it back to the photo" : "Follow it back";
  const via = lead.through?.length ? ` by way of ${lead.through.map(ownName).join(", ")}` : "";
  row.append(button(words, () => probe.go(source, place, lead.value), "go"),
    make("span", "", `What counts most: ${long(lead.value)} from ${what}${via}.`));
  return row;
}
