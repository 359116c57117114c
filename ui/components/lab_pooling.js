/* data: picture (grey, with a margin all around), margin, kernel (rows). */
function drawLab(root, data) {
  const whole = unpacked(data.picture)[0];
  const kernel = kernelOf(data.kernel);
  const state = { kind: "max", size: 2, stride: 2, down: 0, right: 0, at: 0 };
  const kept = { at: 0 };
  const seen = (down, right) => shifted(whole, down, right, data.margin);
  const edges = (one) => mapped(convolve(one, kernel), BENDS.relu);
  const still = edges(seen(0, 0));

  const picture = new Board({ name: "source", label: "The picture" });
  const before = new Board({ name: "map", label: "The feature map", onLeave: leave, onPoint: (row, column, stays) => {
    const of = (place, most) => clamp(Math.floor(place / state.stride), 0, most - 1);
    go(of(row, state.after.height) * state.after.width + of(column, state.after.width), stays);
  } });
  const after = new Board({ name: "pooled", label: "The map after pooling", onLeave: leave,
    onPoint: (row, column, stays) => go(row * state.after.width + column, stays) });
  const sums = make("div", "equation sums");
  const formula = make("p", "formula");
  const left = make("p", "quiet");
  const table = make("table", "two changes");
  const verdict = make("p", "verdict");
  verdict.setAttribute("role", "status");
  const play = player({ advance: (steps) => { go(Math.min(state.at + steps, count() - 1), true); return state.at < count() - 1; },
    restart: () => go(0, true), speeds: [1, 8, 60, 300], speed: 1, onPlay: () => { if (state.at >= count() - 1) go(0, true); } });
  const count = () => state.after.values.length;

  const kind = choice("What is kept", [["max", "The largest"], ["average", "The average"]], "max", (one) => { state.kind = one; recompute(); });
  const size = slider("Window", { least: 1, most: 8, value: 2, shown: (one) => `${one} × ${one}` }, (one) => {
    state.size = one;
    state.stride = one;
    stride.set(one);
    recompute();
  });
  const stride = slider("Stride", { least: 1, most: 8, value: 2 }, (one) => { state.stride = one; recompute(); });
  const shift = (label, key) => slider(label, { least: -data.margin, most: data.margin, value: 0,
    shown: (one) => `${words(one)} ${Math.abs(one) === 1 ? "pixel" : "pixels"}` }, (one) => { state[key] = one; recompute(); });

  function recompute() {
    const one = seen(state.down, state.right);
    state.map = edges(one);
    const place = state.after ? [Math.floor(state.at / state.after.width) / state.after.height, (state.at % state.after.width) / state.after.width] : [0.5, 0.5];
    state.after = pool(state.map, state.size, state.stride, state.kind);
    picture.paint(inGrey(one, false), "The picture");
    const shown = (map) => mapped(map, (value) => (value / farthest(still)) * 255);
    before.paint(inGrey(shown(state.map), false), `Upright edges after ReLU: ${state.map.width} × ${state.map.height}`);
    after.paint(inGrey(shown(state.after), false), `After pooling: ${state.after.width} × ${state.after.height}`);
    explain();
    compare();
    const [row, column] = [Math.floor(place[0] * state.after.height), Math.floor(place[1] * state.after.width)];
    go(row * state.after.width + column, true);
  }

  function explain() {
    const [W, F, S] = [state.map.width, state.size, state.stride];
    const places = 1 + (W - F) / S;
    const side = state.after.width;
    formula.textContent = `1 + (W − F) / S = 1 + (${W} − ${F}) / ${S} = ${words(places, 3)}${places === side ? "" : ` → ${side}`}`;
    const missed = placement(W, F, S, 0, 0).missed.length;
    left.textContent = `${W} · ${W} = ${counted(W * W)} numbers become ${side} · ${side} = ${counted(side * side)}: `
      + `${words((100 * side * side) / (W * W), 1)} %.`
      + (missed ? ` ${missed === 1 ? "One row and one column" : `${missed} rows and columns`} of the map are in no window.` : "");
  }

  /* Every window with a stride of its own size, on the still picture and on the shifted one. */
  function compare() {
    const sizes = [1, 2, 4, 8];
    const changes = sizes.map((one) => change(pool(still, one, one, state.kind), pool(state.map, one, one, state.kind)));
    const row = (name, texts) => make("tr", "", make("th", "", name), ...texts.map((one) => make("td", "", one)));
    fill(table, make("tbody", "",
      row("pooled by", sizes.map((one) => (one === 1 ? "not at all" : `${one} × ${one}`))),
      row("the map changed by", changes.map((one) => `${words(100 * one, 1)} %`))));
    verdict.textContent = state.down || state.right
      ? `The picture moved: the map changed by ${words(100 * changes[0], 1)} %, pooled by 4 × 4 by ${words(100 * changes[2], 1)} %.`
      : "Nothing has moved yet.";
  }

  function leave() {
    go(kept.at);
  }

  function go(at, stays) {
    state.at = clamp(at, 0, count() - 1);
    if (stays) kept.at = state.at;
    const [row, column] = [Math.floor(state.at / state.after.width), state.at % state.after.width];
    const [top, first, side] = [row * state.stride, column * state.stride, state.size];
    before.frame({ row: top, column: first, rows: side, columns: side });
    after.frame({ row, column, rows: 1, columns: 1 });
    [before.at, after.at] = [{ row: top, column: first }, { row, column }];
    before.step = state.stride;
    const patch = cropped(state.map, top, first, side, side);
    const result = state.after.values[state.at];
    let largest = false;
    const marked = (down, across) => {
      const is = state.kind === "max" && !largest && patch.values[down * side + across] === result;
      largest ||= is;
      return is;
    };
    fill(sums, numberGrid(patch, "numbers in the window", { decimals: 0, marked }), sign("→"),
      figure(words(result), state.kind === "max" ? `the largest of ${side * side}`
        : `their sum ${words(sum(patch.values))} / ${side * side}`, "out"));
  }

  root.append(make("div", "controls", titled("What is kept of each window", kind), size, stride),
    make("div", "trio", picture.node, before.node, after.node), play,
    make("div", "sides", make("div", "column", sums), make("div", "column", formula, left)),
    make("p", "title", "Move the picture, and see how much changes"),
    make("div", "controls", shift("To the right", "right"), shift("Down", "down")),
    verdict, make("div", "scroll", table),
    make("p", "quiet", "The differences of all numbers, added up, as a share of both maps together: 0 % is the same map, 100 % one that has nothing in common with it."));
  recompute();
  go(state.after.values.indexOf(Math.max(...state.after.values)), true);
}
