/* data: pictures: {width: picture}, most: {W, F, P, S}. */
function drawLab(root, data) {
  const now = { W: 10, F: 3, P: 0, S: 2 };
  const state = { mode: "own", at: 0 };
  const formula = make("p", "formula");
  const sentence = make("p", "sentence");
  sentence.setAttribute("role", "status");
  const others = make("div", "choice others");
  const code = make("code", "quiet");
  const line = make("div", "line");
  const picture = new Board({ name: "source", label: "The picture with its padding", onPoint: nearest });
  const found = new Board({ name: "map", label: "The result", onPoint: (row, column) => go(row * state.places.starts.length + column) });
  const boards = make("div", "pair", picture.node, found.node);
  const say = make("p", "quiet window");
  const play = player({ advance, restart: () => go(0), speeds: [1, 3, 10, 40], speed: 1,
    onPlay: () => { if (state.at >= count() - 1) state.at = -1; } });

  const names = { W: "Width and height W", F: "Kernel F", P: "Padding P", S: "Stride S" };
  const sliders = Object.fromEntries(Object.entries(names).map(([letter, name]) => [letter,
    slider(name, { least: { W: 3, F: 1, P: 0, S: 1 }[letter], most: data.most[letter], value: now[letter] },
      (value) => set(letter, value))]));
  const mode = choice("Padding", [["own", "Padding P"], ["valid", "“valid”"], ["same", "“same”"]], "own", (one) => {
    state.mode = one;
    recompute();
  });

  function set(letter, value) {
    now[letter] = value;
    if (letter === "P" && state.mode !== "own") { state.mode = "own"; mode.set("own"); }
    sliders[letter].set(value);
    recompute();
  }

  function count() {
    return state.places.starts.length ** 2;
  }

  function recompute() {
    const { W, F, P, S } = now;
    const pads = state.mode === "own" ? [P, P] : kerasPadding(W, F, S, state.mode);
    state.places = placement(W, F, S, ...pads);
    state.planes = unpacked(data.pictures[W]);
    sliders.P.hidden = state.mode !== "own";
    state.at = 0;
    explain(pads);
    const fits = state.places.starts.length > 0;
    for (const part of [boards, line, play, say]) part.hidden = !fits;
    if (!fits) play.pause();
    else drawAll();
  }

  function explain([before, after]) {
    const { W, F, P, S } = now;
    const { starts, missed } = state.places;
    const room = W + before + after - F;
    formula.classList.toggle("bad", room < 0 || missed.length > 0);
    formula.textContent = state.mode === "own"
      ? `1 + (W + 2P − F) / S = 1 + (${W} + 2·${P} − ${F}) / ${S} = ${words(1 + room / S, 3)}`
      : state.mode === "valid"
        ? `1 + (W − F) / S = 1 + (${W} − ${F}) / ${S} = ${words(1 + room / S, 3)}`
        : `W / S rounded up = ${W} / ${S} = ${words(W / S, 3)} → ${starts.length}`;
    sentence.textContent = room < 0
      ? `A kernel of ${F} does not fit on ${W + before + after} pixels: there is no place for it at all.`
      : told(starts.length, missed, room, S) + (state.mode === "same" ? ` Keras adds ${zeros(before)} before and ${zeros(after)} after.` : "");
    const near = state.mode === "own" && (room < 0 || room % S) ? nearestFits(W, F, P, S) : [];
    fill(others, ...near.filter((one) => one.value <= data.most[one.letter] && (one.letter !== "W" || one.value >= 3))
      .map((one) => button(`${one.letter} = ${one.value}: ${one.size} × ${one.size}`, () => set(one.letter, one.value))));
    nearTitle.hidden = !others.children.length;
    code.textContent = state.mode === "own" && P
      ? `ZeroPadding2D(${P}), Conv2D(…, ${F}, strides=${S}, padding="valid")`
      : `Conv2D(…, ${F}, strides=${S}, padding="${state.mode === "own" ? "valid" : state.mode}")`;
  }

  function told(size, missed, room, stride) {
    const result = `The result is ${size} × ${size}.`;
    const steps = room % stride ? `It does not fit evenly: there is no such thing as ${words(1 + room / stride, 3)} places, so the window stops after ${size}.` : "It fits evenly.";
    if (!missed.length) return `${steps} ${result} Every pixel is looked at.`;
    const list = missed.map((pixel) => pixel + 1);
    const named = list.length === 1 ? `${list[0]} is` : `${list.slice(0, -1).join(", ")} and ${list.at(-1)} are`;
    return `${steps} ${result} In every row and every column, ${list.length === 1 ? "pixel" : "pixels"} ${named} never looked at.`;
  }

  function drawAll() {
    const { before, after, missed, starts } = state.places;
    const side = now.W + before + after;
    const padded = state.planes.map((one) => cropped(one, -before, -before, side, side));
    picture.paint(inColour(padded), `${now.W} × ${now.W} pixels${side > now.W ? `, ${side} × ${side} with zeros around` : ""}`);
    state.missed = missed.flatMap((pixel) => [
      { row: before, column: before + pixel, rows: now.W, columns: 1, name: "missed" },
      { row: before + pixel, column: before, rows: 1, columns: now.W, name: "missed" }]);
    state.averages = plane(starts.length, starts.length, (row, column) =>
      sum(padded.map((one) => sum(cropped(one, row * now.S, column * now.S, now.F, now.F).values))) / (3 * now.F * now.F));
    go(0);
  }

  function nearest(row, column) {
    const of = (place) => clamp(Math.round((place - (now.F - 1) / 2) / now.S), 0, state.places.starts.length - 1);
    go(of(row) * state.places.starts.length + of(column));
  }

  function advance(steps) {
    go(Math.min(state.at + steps, count() - 1));
    return state.at < count() - 1;
  }

  function go(at) {
    state.at = at;
    const size = state.places.starts.length;
    const [row, column] = [Math.floor(at / size), at % size];
    picture.frame(...state.missed, { row: row * now.S, column: column * now.S, rows: now.F, columns: now.F });
    picture.at = { row: row * now.S + (now.F - 1) / 2, column: column * now.S + (now.F - 1) / 2 };
    picture.step = now.S;
    found.at = { row, column };
    const image = inGrey(state.averages, false);
    for (let later = at + 1; later < count(); later++) image.data[later * 4 + 3] = 40;
    found.paint(image, `${size} × ${size}: here the average under each window`);
    found.frame({ row, column, rows: 1, columns: 1 });
    fill(line, row1(column));
    const from = state.places.starts.map((start) => start + 1);
    say.textContent = `Window ${at + 1} of ${count()}: from row ${words(from[row])}, column ${words(from[column])}`
      + `${from[row] < 1 || from[column] < 1 ? " (below 1 lies padding)" : ""}.`;
  }

  /* One row of pixels and, below it, every window that finds a place on it. */
  function row1(column) {
    const { starts, before, after, missed } = state.places;
    const cell = 24;
    const bar = 9;
    const middle = Math.floor(now.W / 2);
    const side = now.W + before + after;
    const parts = [];
    for (let place = -before; place < now.W + after; place++) {
      const inside = place >= 0 && place < now.W;
      const colour = state.planes.map((one) => valueAt(one, middle, place));
      parts.push(shape("rect", { x: (place + before) * cell + 2, y: 2, width: cell - 4, height: cell - 4, rx: 3,
        class: inside ? "pixel" : "pad", style: inside ? `fill: rgb(${colour.join()})` : "" }));
      if (!inside) parts.push(text("0", (place + before) * cell + cell / 2, cell / 2 + 4));
      if (missed.includes(place)) parts.push(shape("path", { class: "cross",
        d: `M${(place + before) * cell + 2} 2l${cell - 4} ${cell - 4}m0 ${4 - cell}l${4 - cell} ${cell - 4}` }));
    }
    starts.forEach((start, order) => parts.push(shape("rect", { x: (start + before) * cell + 2, y: cell + 5 + order * bar,
      width: now.F * cell - 4, height: 6, rx: 3, class: order === column ? "bar now" : "bar" })));
    return svg(side * cell, cell + 8 + starts.length * bar, `One row: ${starts.length} windows on ${now.W} pixels`, parts);
  }

  const nearTitle = titled("The nearest values that fit", others);
  root.append(make("div", "controls", sliders.W, sliders.F, sliders.S, sliders.P, titled("Padding as", mode)),
    formula, sentence, nearTitle,
    make("div", "sides", make("div", "column", boards, play, say),
      make("div", "column", make("p", "title", "The middle row, seen from the side: each bar is one place of the window"), line,
        make("p", "quiet", "Dashed cells are padding, zeros. Crossed-out pixels are reached by no window."),
        titled("In Keras", code))));
  recompute();
}

function zeros(count) {
  return `${count} ${count === 1 ? "zero" : "zeros"}`;
}
