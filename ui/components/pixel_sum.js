// How a value comes about, as elements; joined to `pixel_probe.js`, whose helpers it uses.
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
