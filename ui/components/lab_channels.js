/* data: picture (colour), filters: [{title, kernels: [red, green, blue], bias}]. */
function drawLab(root, data) {
  const colours = unpacked(data.picture);
  const filters = data.filters.map((one) => ({ ...one, kernels: one.kernels.map(kernelOf) }));
  const state = { chosen: 0, count: 3 };
  const here = { row: 20, column: 20 };
  const kept = { ...here };

  const pictures = CHANNELS.map((name, at) => new Board({ name: `channel-${at}`, label: `The picture's ${name.toLowerCase()}`,
    onPoint: (row, column, stays) => point(row - 1, column - 1, stays), onLeave: leave }));
  const maps = CHANNELS.map((name, at) => new Board({ name: `map-${at}`, label: `What the ${name.toLowerCase()} kernel finds`,
    onPoint: point, onLeave: leave }));
  const result = new Board({ name: "map-sum", label: "The feature map of the filter", onPoint: point, onLeave: leave });
  const kernels = CHANNELS.map(() => make("div"));
  const bias = make("div");
  const chips = make("div", "choice chips");
  const sums = make("div", "column sums");
  const strip = make("div", "boards strip");
  strip.style.setProperty("--board", "6rem");
  pictures.forEach((one, at) => one.paint(inLight(colours[at], at), CHANNELS[at]));

  function choose(at) {
    state.chosen = at;
    const one = filters[at];
    kernels.forEach((holder, channel) =>
      fill(holder, weightGrid(one.kernels[channel], `${CHANNELS[channel]} weights`, recompute)));
    fill(bias, titled("Bias", numberField("Bias", one.bias, (value) => { one.bias = value; recompute(); }, 10)));
    recompute();
  }

  function recompute() {
    const one = filters[state.chosen];
    one.parts = one.kernels.map((kernel, channel) => convolve(colours[channel], kernel));
    filters.slice(0, state.count).forEach((each) => {
      each.map = addPlanes(each.parts ??= each.kernels.map((kernel, channel) => convolve(colours[channel], kernel)), each.bias);
    });
    showStrip();
    show();
  }

  function point(row, column, stays) {
    Object.assign(here, { row, column });
    show();
    if (stays) Object.assign(kept, here);
  }

  function leave() {
    Object.assign(here, kept);
    show();
  }

  function show() {
    const { parts, map, kernels: weights, bias: added } = filters[state.chosen];
    here.row = clamp(here.row, 0, map.height - 1);
    here.column = clamp(here.column, 0, map.width - 1);
    const reach = Math.max(...parts.map(farthest));
    parts.forEach((part, at) => maps[at].paint(inGrey(part, true, reach), `What it finds in ${CHANNELS[at].toLowerCase()}`));
    result.paint(inGrey(map, true), `All three and the bias, summed: one map of ${map.width} × ${map.height}`);
    [...maps, result].forEach((one) => { one.frame({ ...here, rows: 1, columns: 1 }); one.at = { ...here }; });
    pictures.forEach((one) => {
      one.frame({ ...here, rows: 3, columns: 3 });
      one.at = { row: here.row + 1, column: here.column + 1 };
    });
    const totals = weights.map((kernel, at) => sum(productsAt(colours[at], kernel, here.row, here.column).values));
    fill(sums, make("div", "thirds", ...weights.map((kernel, at) => make("div", "column",
      numberGrid(cropped(colours[at], here.row, here.column, 3, 3), `${CHANNELS[at]} pixels under the window`, { kind: CHANNELS[at].toLowerCase() }),
      make("p", "", "× its weights, summed = ", make("b", `part-${at}`, words(totals[at])))))),
    make("p", "formula", `${totals.map(bracketed).join(" + ")} + bias ${bracketed(added)} = `,
      make("b", "out", words(sum(totals) + added))),
    make("p", "quiet", `Row ${here.row + 1}, column ${here.column + 1} of the map.`));
  }

  function showStrip() {
    const shown = filters.slice(0, state.count);
    fill(chips, ...shown.map((one, at) => {
      const chip = button(`${at + 1}. ${one.title}`, () => choose(at));
      chip.setAttribute("aria-pressed", String(at === state.chosen));
      return chip;
    }));
    fill(strip, ...shown.map((one, at) => {
      const board = new Board({ name: "filter", label: `Map of filter ${at + 1}` });
      board.paint(inGrey(one.map, true), `Map ${at + 1}`);
      return board.node;
    }));
    const { width, height } = shown[0].map;
    many.textContent = `${shown.length === 1 ? "One filter gives one map" : `${shown.length} filters give ${shown.length} maps`}: `
      + `${width} × ${height} × ${shown.length} = ${counted(width * height * shown.length)} numbers go on to the next layer.`;
    layer.set("K", state.count);
  }

  const many = make("p", "many");
  const layer = weightCounter({ F: 3, C: 3, K: state.count });
  const count = slider("Filters in the layer", { least: 1, most: filters.length, value: state.count }, (value) => {
    state.count = value;
    if (state.chosen >= value) choose(value - 1); else recompute();
  });
  root.append(
    titled("A filter of the layer, to look into", chips),
    make("div", "fourths",
      ...CHANNELS.map((_, at) => make("div", "column", pictures[at].node, kernels[at], maps[at].node)),
      make("div", "column total", sign("Σ"), bias, result.node)),
    sums,
    make("div", "column", count, many, strip),
    titled("How many numbers such a layer learns", layer.node));
  choose(0);
}

/* F · F · C · K + K, with the visitor's numbers. */
function weightCounter(start) {
  const now = { ...start };
  const formula = make("p", "formula count");
  const meaning = make("p", "quiet");
  const show = () => {
    const { F, C, K } = now;
    const total = F * F * C * K + K;
    formula.textContent = `F · F · C · K + K = ${F} · ${F} · ${C} · ${K} + ${K} = ${counted(total)}`;
    meaning.textContent = `A kernel of ${F} × ${F} for each of ${C} ${C === 1 ? "channel" : "channels"}, in each of ${K} `
      + `${K === 1 ? "filter" : "filters"}, and a bias per filter. The size of the picture does not come into it.`;
  };
  const add = (letter, label, least, most, step = 1) => slider(label, { least, most, step, value: now[letter] }, (value) => {
    now[letter] = value;
    show();
  });
  const sliders = { F: add("F", "Kernel F", 1, 7, 2), C: add("C", "Channels coming in C", 1, 64), K: add("K", "Filters K", 1, 64) };
  show();
  return {
    node: make("div", "column", make("div", "controls", ...Object.values(sliders)), formula, meaning),
    set: (letter, value) => { now[letter] = value; sliders[letter].set(value); show(); },
  };
}
