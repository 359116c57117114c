export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pair");
  const pair = root.pair ??= new Pair(root);
  pair.update(data, (map) => setTriggerValue("map", map));
}

class Pair {
  constructor(root) {
    this.root = root;
    this.said = root.querySelector(".said");
    this.sheets = [0, 1].map((side) => this.sheet(side));
    this.larges = [0, 1].map((side) => this.large(side));
    root.querySelector(".sheets").append(...this.sheets.map((one) => one.figure));
    root.querySelector(".large").append(...this.larges.map((one) => one.figure));
  }

  frame(words, picture, side, role) {
    const figure = make("figure");
    const caption = make("figcaption");
    const stage = make("div", "stage");
    stage.tabIndex = 0;
    stage.setAttribute("role", role);
    const chosen = make("i", "mark chosen");
    const at = make("i", "mark at");
    chosen.hidden = at.hidden = true;
    stage.append(picture, chosen, at);
    figure.append(caption, stage);
    return { figure, caption, stage, picture, chosen, at, words, side };
  }

  sheet(side) {
    const picture = make("img");
    picture.alt = "";
    picture.draggable = false;
    const one = this.frame("maps", picture, side, "application");
    const cell = (event) => this.cellUnder(one, event);
    one.stage.onpointermove = (event) => this.pointMap(cell(event));
    one.stage.onpointerleave = () => this.pointMap(-1);
    one.stage.onclick = (event) => this.choose(cell(event));
    one.stage.onfocus = () => {
      if (one.stage.matches(":focus-visible")) this.pointMap(this.data.order.indexOf(this.data.index));
    };
    one.stage.onblur = () => this.pointMap(-1);
    one.stage.onkeydown = (event) => this.sheetKey(event);
    return one;
  }

  large(side) {
    const one = this.frame("map", make("canvas"), side, "application");
    one.value = make("p", "value");
    one.figure.append(one.value);
    one.stage.onpointermove = (event) => this.pointPlace(this.placeUnder(one, event));
    one.stage.onpointerdown = one.stage.onpointermove;
    one.stage.onpointerleave = () => this.pointPlace(null);
    one.stage.onfocus = () => {
      if (one.stage.matches(":focus-visible")) this.pointPlace(this.place ?? [0, 0]);
    };
    one.stage.onblur = () => this.pointPlace(null);
    one.stage.onkeydown = (event) => this.largeKey(event);
    return one;
  }

  update(data, tell) {
    this.data = data;
    this.tell = tell;
    this.cell = -1;
    this.place = null;
    const palette = bytes(data.palette);
    data.sides.forEach((side, number) => {
      side.numbers = new Float32Array(bytes(side.values).buffer);
      this.drawSheet(this.sheets[number], side);
      this.drawLarge(this.larges[number], side, palette);
    });
    this.rest();
  }

  drawSheet(one, side) {
    if (one.picture.getAttribute("src") !== side.png) one.picture.src = side.png;
    const [width, height] = size(side);
    one.picture.style.aspectRatio = `${width} / ${height}`;
    one.caption.replaceChildren(make("b", "", side.title), make("span", "", `all maps of ${this.data.layer}`));
    one.stage.setAttribute("aria-label", `All maps of ${this.data.layer}, ${side.title}`);
    this.mark(one.chosen, cellBox(side, this.data.order.indexOf(this.data.index)));
  }

  drawLarge(one, side, palette) {
    const [height, width] = side.shape;
    one.picture.width = width;
    one.picture.height = height;
    const image = new ImageData(width, height);
    const span = side.high - side.low || 1;
    const most = palette.length / 3 - 1;
    side.numbers.forEach((value, i) => {
      const level = Math.min(most, Math.max(0, Math.round((value - side.low) / span * most))) || 0;
      for (let part = 0; part < 3; part++) image.data[4 * i + part] = palette[3 * level + part];
      image.data[4 * i + 3] = 255;
    });
    one.picture.getContext("2d").putImageData(image, 0, 0);
    one.caption.replaceChildren(make("b", "", side.title),
      make("span", "", `map ${side.map + 1} of ${this.data.layer}`));
    one.stage.setAttribute("aria-label", `Map ${side.map + 1} of ${this.data.layer}, ${side.title}`);
    one.at.hidden = true;
  }

  // The text below the large maps while nothing is pointed at: it keeps its place.
  rest() {
    this.data.sides.forEach((side, number) => {
      this.larges[number].value.replaceChildren("from ", make("b", "", round(least(side.numbers))), " to ",
        make("b", "", round(greatest(side.numbers))));
    });
    this.said.textContent = `Map ${this.data.index + 1}: ${this.moved(this.data.index)}.`;
  }

  moved(map) {
    const drift = this.data.drifts[map];
    const [one, other] = this.data.sides.map((side) => side.title);
    return drift === 0 ? "both say exactly the same"
      : `between ${one} and ${other} its values move by ${percent(drift)} of their size`;
  }

  pointMap(cell) {
    if (cell === this.cell) return;
    this.cell = cell;
    this.sheets.forEach((one, number) => this.mark(one.at, cellBox(this.data.sides[number], cell)));
    if (cell < 0) return this.rest();
    const map = this.data.order[cell];
    this.said.textContent = `Map ${map + 1}: ${this.moved(map)}.`;
  }

  pointPlace(place) {
    const own = this.data.sides[0].shape;
    this.place = place && own.map((side, axis) => Math.min(side - 1, Math.max(0, place[axis])));
    if (!this.place) {
      this.larges.forEach((one) => { one.at.hidden = true; });
      return this.rest();
    }
    const [row, column] = this.place;
    const values = this.larges.map((one, number) => {
      const side = this.data.sides[number];
      const [height, width] = side.shape;
      const value = side.numbers[row * width + column];
      this.mark(one.at, { left: column / width, top: row / height, width: 1 / width, height: 1 / height });
      one.value.replaceChildren(make("b", "", round(value)));
      return value;
    });
    this.said.textContent = `Row ${row + 1}, column ${column + 1}: ${round(values[0])} and ` +
      `${round(values[1])}, a difference of ${round(Math.abs(values[1] - values[0]))}.`;
  }

  mark(node, box) {
    node.hidden = !box;
    if (!box) return;
    for (const [name, share] of Object.entries(box)) node.style[name] = `${100 * share}%`;
  }

  cellUnder(one, event) {
    const side = this.data.sides[one.side];
    const [x, y] = within(one.stage, event);
    const [width, height] = size(side);
    const column = Math.floor((x * width - side.gap / 2) / (side.cell[1] + side.gap));
    const row = Math.floor((y * height - side.gap / 2) / (side.cell[0] + side.gap));
    if (column < 0 || row < 0 || column >= side.columns) return -1;
    const cell = row * side.columns + column;
    return cell < this.data.order.length ? cell : -1;
  }

  placeUnder(one, event) {
    const [x, y] = within(one.stage, event);
    const [height, width] = this.data.sides[one.side].shape;
    return [Math.floor(y * height), Math.floor(x * width)];
  }

  choose(cell) {
    if (cell >= 0) this.tell(this.data.order[cell]);
  }

  sheetKey(event) {
    const { columns } = this.data.sides[0];
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const last = this.data.order.length - 1;
    const from = this.cell < 0 ? this.data.order.indexOf(this.data.index) : this.cell;
    if (step) this.pointMap(Math.min(last, Math.max(0, from + step)));
    else if (event.key === "Home") this.pointMap(0);
    else if (event.key === "End") this.pointMap(last);
    else if (event.key === "Enter" || event.key === " ") this.choose(from);
    else return;
    this.sheets.forEach((one) => one.at.scrollIntoView({ block: "nearest" }));
    event.preventDefault();
    event.stopPropagation();
  }

  largeKey(event) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    const [row, column] = this.place ?? [0, 0];
    this.pointPlace([row + step[0], column + step[1]]);
    event.preventDefault();
    event.stopPropagation();
  }
}

function size({ columns, rows, cell, gap }) {
  return [columns * (cell[1] + gap) + gap, rows * (cell[0] + gap) + gap];
}

function cellBox(side, cell) {
  if (cell < 0) return null;
  const [width, height] = size(side);
  const { cell: [high, wide], gap, columns } = side;
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  return { left: column * (wide + gap) / width, top: row * (high + gap) / height,
    width: (wide + 2 * gap) / width, height: (high + 2 * gap) / height };
}

function within(stage, event) {
  const box = stage.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

function round(value) {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.01 || size === 0 ? 2 : 4)
    .replace(/^-(0(\.0+)?)$/, "$1").replace("-", "−");
}

function percent(share) {
  return share > 0 && share < 0.005 ? "less than 1 %" : `${Math.round(100 * share)} %`;
}

function least(numbers) {
  return numbers.reduce((a, b) => Math.min(a, b), Infinity);
}

function greatest(numbers) {
  return numbers.reduce((a, b) => Math.max(a, b), -Infinity);
}

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
