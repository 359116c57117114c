/* data: maps: {side: (side, side, maps)}, names, weights: [value][unit], biases. */
const COLOURS = ["var(--st-blue-color)", "var(--st-orange-color)", "var(--st-violet-color)", "var(--st-green-color)"];

function drawLab(root, data) {
  const weights = data.weights.map((row) => [...row]);
  const state = { side: 4, way: "flatten", unit: 0, shown: Infinity, at: 0 };
  const boards = data.names.map((name, k) => new Board({ name: `map-${k}`, label: name,
    onPoint: (row, column) => pick(state.way === "flatten" ? (row * state.side + column) * data.names.length + k : k) }));
  boards.forEach((board, k) => board.node.style.setProperty("--of", COLOURS[k]));
  const row = make("div", "strip-row");
  const bars = make("div");
  const detail = make("p", "detail");
  detail.setAttribute("role", "status");
  const total = make("p", "formula total-sum");
  const count = make("p", "formula count");
  const weight = slider("Its weight", { least: -2, most: 2, step: 0.1, value: 0 }, (value) => {
    weights[state.at][state.unit] = value;
    showSum();
  });
  const play = player({ advance, restart: () => { state.shown = 1; pick(0); }, speeds: [2, 6, 20, 60], speed: 1,
    onPlay: () => { if (state.shown >= state.row.length) state.shown = 0; } });
  const sides = choice("Size of the maps", Object.keys(data.maps).map((side) => [Number(side), `${side} × ${side}`]), 4,
    (side) => { state.side = side; load(); });
  const way = choice("How maps become a row", [["flatten", "Flatten"], ["average", "Global average"]], "flatten",
    (one) => { state.way = one; load(); });
  const units = choice("Unit of the dense layer", data.biases.map((_, at) => [at, `Unit ${at + 1}`]), 0,
    (unit) => { state.unit = unit; showSum(); });

  function load() {
    play.pause();
    const values = data.maps[state.side];
    state.maps = data.names.map((_, k) => plane(state.side, state.side, (down, across) => values[down][across][k]));
    state.row = state.way === "flatten" ? flatten(state.maps) : globalAverage(state.maps);
    state.most = Math.max(...state.maps.map(farthest));
    state.shown = Infinity;
    boards.forEach((board, k) => board.paint(inGrey(mapped(state.maps[k], (one) => (one / state.most) * 255), false), data.names[k]));
    play.hidden = state.way !== "flatten";
    count.textContent = counting(state.side, data.names.length, data.biases.length, state.way);
    pick(0);
  }

  function advance(steps) {
    state.shown = Math.min(state.shown === Infinity ? steps : state.shown + steps, state.row.length);
    pick(state.shown - 1);
    return state.shown < state.row.length;
  }

  /* Where the number at a place of the row comes from. */
  function origin(at) {
    if (state.way === "average") return { k: at };
    const [place, k] = [Math.floor(at / data.names.length), at % data.names.length];
    return { k, row: Math.floor(place / state.side), column: place % state.side };
  }

  function pick(at) {
    state.at = clamp(at, 0, Math.min(state.row.length, state.shown) - 1);
    const from = origin(state.at);
    boards.forEach((board, k) => {
      const here = from.row === undefined ? { row: 0, column: 0, rows: state.side, columns: state.side } : { row: from.row, column: from.column, rows: 1, columns: 1 };
      board.frame(...(k === from.k ? [here] : []));
      if (k === from.k && from.row !== undefined) board.at = { row: from.row, column: from.column };
    });
    showRow();
    showSum();
  }

  function showRow() {
    fill(row, ...state.row.map((value, at) => {
      const cell = make("span", at === state.at ? "now" : "", at < state.shown ? words(value, 2) : "");
      cell.style.setProperty("--of", COLOURS[origin(at).k]);
      cell.onpointerenter = (event) => { if (event.pointerType === "mouse" && at < state.shown && at !== state.at) pick(at); };
      cell.onclick = () => { if (at < state.shown) pick(at); };
      return cell;
    }));
  }

  function showSum() {
    const column = state.row.map((_, at) => weights[at][state.unit]);
    const bias = data.biases[state.unit];
    const { contributions, total: whole } = unitSum(state.row, column, bias);
    weight.set(column[state.at]);
    fill(bars, contributionBars(contributions));
    const from = origin(state.at);
    const place = from.row === undefined ? `the average of “${data.names[from.k]}”` : `“${data.names[from.k]}”, row ${from.row + 1}, column ${from.column + 1}`;
    detail.textContent = `Number ${state.at + 1} of ${state.row.length}, ${place}: ${words(state.row[state.at], 3)} × `
      + `${bracketed(column[state.at])} = ${words(contributions[state.at], 3)}`;
    const [up, down] = [sum(contributions.filter((one) => one > 0)), sum(contributions.filter((one) => one < 0))];
    fill(total, `for ${words(up, 3)} + against ${words(down, 3) === "0" ? "0" : `(${words(down, 3)})`} + bias ${bracketed(bias)} = `, make("b", "out", words(whole, 3)));
  }

  function contributionBars(contributions) {
    const wide = Math.max(6, Math.min(40, 640 / contributions.length));
    const most = Math.max(...contributions.map(Math.abs)) || 1;
    const parts = contributions.map((one, at) => {
      const tall = Math.max(1, (Math.abs(one) / most) * 60);
      const bar = shape("rect", { class: `contribution ${one > 0 ? "up" : "down"} ${at === state.at ? "now" : ""}`,
        x: at * wide + 1, y: one > 0 ? 64 - tall : 64, width: wide - 2, height: tall });
      const reach = shape("rect", { class: "reach", x: at * wide, y: 0, width: wide, height: 128 });
      reach.onclick = () => pick(at);
      return shape("g", {}, bar, reach);
    });
    return svg(contributions.length * wide, 128, "What every number adds to the sum",
      [shape("path", { class: "axis", d: `M0 64H${contributions.length * wide}` }), ...parts]);
  }

  root.append(make("div", "controls", titled("Each map has", sides), titled("From maps to a row", way)),
    make("div", "fours", ...boards.map((one) => one.node)), play, row,
    titled("A unit of the dense layer weighs every number of the row", units),
    bars, make("div", "controls", detail, weight), total,
    titled("How many numbers the dense layer learns", count), calculator().node);
  load();
}

function counting(side, maps, units, way) {
  const values = way === "flatten" ? side * side * maps : maps;
  const row = way === "flatten" ? `${side} · ${side} · ${maps} = ${counted(values)} numbers in the row` : `${maps} averages in the row`;
  return `${row}; ${counted(values)} · ${units} + ${units} = ${counted(values * units + units)}`;
}

/* Both ways with larger networks' numbers; it begins with VGG-16's first dense layer. */
function calculator() {
  const now = { side: 7, maps: 512, units: 4096 };
  const found = make("div", "figures");
  const show = () => {
    const { side, maps, units } = now;
    const [all, averaged] = [side * side * maps * units + units, maps * units + units];
    fill(found, figure(counted(all), `flattened: ${side} · ${side} · ${counted(maps)} · ${counted(units)} + ${counted(units)}`, "flattened"),
      figure(counted(averaged), `global average: ${counted(maps)} · ${counted(units)} + ${counted(units)}`, "averaged"),
      figure(`${words((averaged / all) * 100, 1)} %`, "of the numbers are left"));
  };
  const add = (key, label, options) => slider(label, { least: 0, most: options.length - 1, value: options.indexOf(now[key]), shown: (at) => counted(options[at]) },
    (at) => { now[key] = options[at]; show(); });
  show();
  return { node: make("div", "column", make("p", "title", "The same with other sizes; it begins with those of VGG-16 (2014)"),
    make("div", "controls", add("side", "Maps, pixels along each side", [1, 2, 3, 4, 5, 6, 7, 8, 10, 14]),
      add("maps", "Maps", [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]),
      add("units", "Units", [2, 3, 10, 64, 128, 512, 1000, 4096])), found) };
}
