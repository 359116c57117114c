/* data: sides: {side: {picture, off}}, the last one being the picture itself. */
const BY = 40;

function drawLab(root, data) {
  const sides = Object.keys(data.sides).map(Number).sort((one, other) => one - other);
  const whole = sides.at(-1);
  const state = { side: sides.filter((side) => side <= 64).at(-1), channels: false, tool: "look", changed: new Set() };
  const here = { row: 0, column: 0 };
  let kept = { row: 0, column: 0 };
  let chosen = null;

  const picture = new Board({ name: "source", label: "The picture", onPoint: point, onPress: press,
    onLeave: () => { Object.assign(here, kept); show(); } });
  const original = new Board({ name: "whole", label: "The picture with all its pixels" });
  original.paint(inColour(unpacked(data.sides[whole].picture)), `All that is here: ${whole} × ${whole}`);
  const grids = make("div", "grids");
  const size = make("p", "size");
  const lost = make("div", "figures lost");
  const pixel = make("div", "column chosen");
  const count = make("span", "quiet changed");
  count.setAttribute("role", "status");
  const resolution = slider("Pixels along each side", {
    least: 0, most: sides.length - 1, value: sides.indexOf(state.side), shown: (at) => `${sides[at]} × ${sides[at]}`,
  }, (at) => { state.side = sides[at]; load(); });
  const kind = choice("Which numbers", [[false, "In grey"], [true, "Red, green, blue"]], false,
    (channels) => { state.channels = channels; show(); });
  const tool = choice("What the pointer does", [["look", "Look"], ["lighter", "Paint lighter"], ["darker", "Paint darker"]],
    "look", (one) => { state.tool = one; picture.canvas.classList.toggle("brush", one !== "look"); });

  function load() {
    state.planes = unpacked(data.sides[state.side].picture);
    state.before = state.planes.map((one) => Float64Array.from(one.values));
    const middle = Math.floor((state.side - frame()) / 2);
    Object.assign(here, { row: middle, column: middle });
    kept = { ...here };
    chosen = null;
    show();
  }

  function frame() {
    return Math.min(state.channels ? 5 : 7, state.side);
  }

  function point(row, column, stays) {
    const half = (frame() - 1) / 2;
    Object.assign(here, { row: Math.round(row - half), column: Math.round(column - half) });
    show();
    if (stays) kept = { ...here };
  }

  function press(row, column, event) {
    if (state.tool === "look") { chosen = { row, column }; return show(); }
    const by = state.tool === "lighter" ? BY : -BY;
    // A stroke paints the pixel it comes to once, however slowly the hand moves.
    const before = press.last;
    press.last = `${row} ${column}`;
    if (event.type === "pointermove" && before === press.last) return;
    change(row, column, (value) => value + by);
  }

  function change(row, column, how, only) {
    state.planes.forEach((one, channel) => {
      const at = row * one.width + column;
      if (only === undefined || only === channel) one.values[at] = clamp(Math.round(how(one.values[at])), 0, 255);
    });
    show();
  }

  function show() {
    const side = frame();
    here.row = clamp(here.row, 0, state.side - side);
    here.column = clamp(here.column, 0, state.side - side);
    picture.paint(inColour(state.planes), `As a network gets it at ${state.side} × ${state.side}`);
    picture.frame({ ...here, rows: side, columns: side }, ...(chosen ? [{ ...chosen, rows: 1, columns: 1, name: "dim" }] : []));
    picture.at = { row: here.row + (side - 1) / 2, column: here.column + (side - 1) / 2 };
    const options = { marked: (row, column) => isChosen(row, column), onPress: (row, column) => {
      chosen = { row: here.row + row, column: here.column + column };
      show();
    } };
    const part = (one) => cropped(one, here.row, here.column, side, side);
    grids.classList.toggle("three", state.channels);
    fill(grids, ...(state.channels
      ? state.planes.map((one, at) => numberGrid(part(one), CHANNELS[at], { ...options, kind: CHANNELS[at].toLowerCase() }))
      : [numberGrid(part(greyPlane()), "0 is black, 255 is as bright as it gets", { ...options, kind: "grey" })]));
    showSize();
    showChosen();
  }

  function isChosen(row, column) {
    return chosen !== null && chosen.row === here.row + row && chosen.column === here.column + column;
  }

  function greyPlane() {
    const [red, green, blue] = state.planes;
    return plane(red.height, red.width, (row, column) => {
      const at = row * red.width + column;
      return greyOf(red.values[at], green.values[at], blue.values[at]);
    });
  }

  function showSize() {
    const side = state.side;
    const numbers = side * side * 3;
    size.textContent = `${side} × ${side} pixels × 3 colours = ${counted(numbers)} numbers`;
    fill(lost, figure(counted(numbers), "numbers reach the network"), ...(side === whole
      ? [make("p", "quiet", "Nothing is lost yet: take fewer pixels, and compare.")]
      : [figure(`${words((numbers / (whole * whole * 3)) * 100, 1)} %`, "of the numbers of the whole picture"),
        figure(words(data.sides[side].off, 1), "of 255: how far a pixel of it is off on average")]));
    let changed = 0;
    state.planes.forEach((one, channel) => one.values.forEach((value, at) => {
      if (value !== state.before[channel][at]) changed++;
    }));
    count.textContent = changed ? `${counted(changed)} of ${counted(numbers)} numbers changed` : "No number changed yet";
  }

  /* Sliders are kept while one of them is held: only another pixel makes new ones. */
  function showChosen() {
    const mark = chosen ? `${chosen.row} ${chosen.column} ${state.channels} ${state.side}` : "none";
    if (!chosen) {
      pixel.mark = mark;
      return fill(pixel, make("p", "quiet", "Click a number, or a pixel of the picture, to change it."));
    }
    const at = chosen.row * state.side + chosen.column;
    const values = state.planes.map((one) => one.values[at]);
    const [red, green, blue] = values;
    if (pixel.mark !== mark) {
      pixel.mark = mark;
      pixel.sliders = state.channels
        ? CHANNELS.map((name, channel) => slider(name, { least: 0, most: 255, value: values[channel] },
          (value) => change(chosen.row, chosen.column, () => value, channel)))
        : [slider("Brightness", { least: 0, most: 255, value: greyOf(...values) },
          (value) => change(chosen.row, chosen.column, () => value))];
      pixel.words = make("p", "quiet");
      fill(pixel, pixel.words, make("div", "controls", ...pixel.sliders));
    }
    pixel.sliders.forEach((one, channel) => one.set(state.channels ? values[channel] : greyOf(...values)));
    pixel.words.textContent = `Row ${chosen.row + 1}, column ${chosen.column + 1}: red ${red}, green ${green}, blue ${blue}; `
      + `in grey 0.299·${red} + 0.587·${green} + 0.114·${blue} = ${greyOf(...values)}`;
  }

  root.append(make("div", "reading",
    make("div", "column", picture.node, size, resolution),
    make("div", "column",
      make("div", "controls", titled("The numbers in the frame", kind), titled("The pointer", tool)),
      grids, pixel,
      make("div", "controls middle", button("As it was", load), count))),
  titled("What is lost on the way to the network", make("div", "lossy", lost, original.node)));
  load();
}
