/* data: pictures (grey, by side), presets: {key: {title, weights, wide, effect}}. */
function drawLab(root, data) {
  const first = Object.keys(data.presets)[0];
  const state = { preset: first, size: "weights", kernel: kernelOf(data.presets[first].weights), bias: 0, side: "64", steps: null };
  const here = { row: 30, column: 30 };
  const kept = { ...here };
  const planes = Object.fromEntries(Object.entries(data.pictures).map(([side, one]) => [side, unpacked(one)[0]]));
  state.side = planes[64] ? "64" : Object.keys(planes).at(-1);

  const picture = new Board({ name: "source", label: "The picture in grey", onLeave: leave,
    onPoint: (row, column, kept) => {
      const middle = (state.kernel.height - 1) / 2;
      point(row - middle, column - middle, kept);
    } });
  const found = new Board({ name: "map", label: "The feature map", onPoint: point, onLeave: leave });
  const kernelHolder = make("div");
  const effect = make("p", "quiet effect");
  const sums = make("div", "equation sums");
  const result = make("p", "result");
  result.setAttribute("role", "status");

  const presets = choice("Kernels to begin with", Object.entries(data.presets).map(([key, one]) => [key, one.title]),
    first, (key) => { state.preset = key; takePreset(); });
  const sizes = choice("Size of the kernel", [["weights", "3 × 3"], ["wide", "5 × 5"]], "weights",
    (size) => { state.size = size; takePreset(); });
  const sides = choice("Pixels along each side", Object.keys(planes).map((side) => [side, side]), state.side,
    (side) => { state.side = side; fromStart(); recompute(); });
  const bias = numberField("Bias", 0, (value) => { state.bias = value; recompute(); }, 10);
  const mode = choice("How the map is filled", [["all", "All at once"], ["steps", "Step by step"]], "all", (how) => {
    play.pause();
    state.steps = how === "steps" ? 0 : null;
    play.hidden = how === "all";
    if (how === "steps") advance(1); else show();
  });
  const play = player({ advance, restart: fromStart, speeds: [1, 5, 30, 200, 1000], speed: 2,
    onPlay: () => { if (state.steps >= count()) state.steps = 0; } });
  play.hidden = true;

  const count = () => state.map.values.length;
  const grey = () => planes[state.side];

  function takePreset() {
    const preset = data.presets[state.preset];
    state.kernel = kernelOf(preset[state.size]);
    effect.textContent = preset.effect;
    fill(kernelHolder, weightGrid(state.kernel, "Weights", () => {
      presets.set(null);
      effect.textContent = "Your own kernel.";
      recompute();
    }));
    fromStart();
    recompute();
  }

  function recompute() {
    state.map = convolve(grey(), state.kernel, state.bias);
    state.signed = sum(state.kernel.values) < 0.5;
    state.reach = farthest(state.map);
    show();
  }

  function fromStart() {
    if (state.steps !== null) { state.steps = 1; [here.row, here.column] = [0, 0]; }
    if (state.map) show();
  }

  /* The next places of the window; false at the end of the map. */
  function advance(steps) {
    state.steps = Math.min(state.steps + steps, count());
    here.row = Math.floor((state.steps - 1) / state.map.width);
    here.column = (state.steps - 1) % state.map.width;
    Object.assign(kept, here);
    show();
    return state.steps < count();
  }

  function point(row, column, stays) {
    if (state.steps !== null && row * state.map.width + column >= state.steps) return;
    Object.assign(here, { row, column });
    show();
    if (stays) Object.assign(kept, here);
  }

  function leave() {
    Object.assign(here, kept);
    show();
  }

  function show() {
    const { kernel, map } = state;
    here.row = clamp(here.row, 0, map.height - 1);
    here.column = clamp(here.column, 0, map.width - 1);
    const image = inGrey(map, state.signed, state.reach);
    if (state.steps !== null) for (let at = state.steps; at < count(); at++) image.data[at * 4 + 3] = 0;
    const one = grey();
    picture.paint(inGrey(one, false), `The picture in grey: ${one.width} × ${one.height}`);
    found.paint(image, `Its feature map: ${map.width} × ${map.height}`
      + (state.signed ? ". Grey is zero, brighter above, darker below." : ""));
    picture.frame({ ...here, rows: kernel.height, columns: kernel.width });
    found.frame({ ...here, rows: 1, columns: 1 });
    [picture.at, found.at] = [{ row: here.row + (kernel.height - 1) / 2, column: here.column + (kernel.width - 1) / 2 }, { ...here }];
    showSum(one, kernel);
  }

  function showSum(one, kernel) {
    const patch = cropped(one, here.row, here.column, kernel.height, kernel.width);
    const products = productsAt(one, kernel, here.row, here.column);
    const total = sum(products.values);
    fill(sums, numberGrid(patch, "pixels", { kind: "grey" }), sign("×"), numberGrid(kernel, "weights"), sign("="),
      numberGrid(products, "products"), sign("→"),
      figure(words(total), "their sum", "total"), sign("+"),
      figure(words(state.bias), "bias"), sign("="),
      figure(words(total + state.bias), "one number of the map", "out"));
    result.textContent = `Row ${here.row + 1}, column ${here.column + 1} of the map: ${words(total + state.bias)}.`;
  }

  root.append(
    titled("Kernels made by hand to begin with; a network finds its own while it learns", presets),
    make("div", "bench", picture.node, found.node,
      make("div", "kernel", kernelHolder, titled("Kernel", sizes), titled("Bias", bias), effect)),
    make("div", "controls", mode, titled("Pixels along each side", sides), play),
    make("p", "quiet", "Click a weight and type, drag it up or down, or use the arrow keys. "
      + "Point anywhere on the two pictures; click to stay there."),
    sums, result);
  takePreset();
}
