/* Numbers in a grid, to read; and weights to type, to drag or to change by arrow keys. */

/* `kind`: "grey" (0..255 on its grey), "signed" (green above zero, orange below) or a channel. */
function numberGrid(one, caption, { kind = "signed", decimals = 2, marked, onPress, reach } = {}) {
  const most = reach ?? farthest(one);
  const table = make("table", `numbers ${kind}`, make("caption", "", caption));
  const body = make("tbody");
  for (let row = 0; row < one.height; row++) {
    const line = make("tr");
    for (let column = 0; column < one.width; column++) {
      const value = one.values[row * one.width + column];
      const cell = make("td", marked && marked(row, column) ? "marked" : "", words(value, decimals));
      colourCell(cell, value, kind, most);
      if (onPress) pressable(cell, () => onPress(row, column));
      line.append(cell);
    }
    body.append(line);
  }
  table.append(body);
  return table;
}

function pressable(cell, act) {
  cell.classList.add("pressable");
  cell.onclick = act;
}

const CHANNELS = ["Red", "Green", "Blue"];

function colourCell(cell, value, kind, most) {
  if (kind === "signed") {
    const share = Math.round((Math.abs(value) / most) * 55);
    const colour = value > 0 ? "--plus" : "--minus";
    cell.style.background = `color-mix(in srgb, var(${colour}) ${share}%, transparent)`;
    return;
  }
  const level = clamp(Math.round(value), 0, 255);
  const light = CHANNELS.map((name) => (kind === "grey" || kind === name.toLowerCase() ? level : 0));
  cell.style.background = `rgb(${light.join()})`;
  // Which of black and white reads better, by WCAG's relative luminance.
  const linear = light.map((each) => ((each / 255 + 0.055) / 1.055) ** 2.4);
  cell.style.color = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.18 ? "#000" : "#fff";
}

function weightGrid(kernel, caption, onChange, { step = 0.5, least = -30, most = 30 } = {}) {
  const table = make("table", "numbers weights", make("caption", "", caption));
  const body = make("tbody");
  const fields = [];
  const colour = () => fields.forEach((field, at) => {
    colourCell(field, kernel.values[at], "signed", farthest(kernel));
  });
  const set = (at, value) => {
    kernel.values[at] = clamp(Math.round(value * 100) / 100, least, most);
    colour();
    onChange();
  };
  for (let row = 0; row < kernel.height; row++) {
    const line = make("tr");
    for (let column = 0; column < kernel.width; column++) {
      const at = row * kernel.width + column;
      const field = numberField(`${caption}, row ${row + 1}, column ${column + 1}`, kernel.values[at],
        (value) => set(at, value), step);
      fields.push(field);
      line.append(make("td", "", field));
    }
    body.append(line);
  }
  table.append(body);
  table.refresh = () => {
    fields.forEach((field, at) => field.show(kernel.values[at]));
    colour();
  };
  colour();
  return table;
}

function numberField(label, value, onChange, step) {
  const field = make("input", "number");
  field.type = "text";
  field.inputMode = "text"; // telephones' number keys have no minus sign
  field.setAttribute("aria-label", label);
  let now = value;
  field.show = (next) => { now = next; field.value = words(next); };
  field.show(value);
  const tell = (next) => {
    onChange(next);
    field.show(Math.round(next * 100) / 100);
  };
  field.oninput = () => {
    const typed = typedNumber(field.value);
    field.classList.toggle("bad", typed === null);
    if (typed !== null) { now = typed; onChange(typed); }
  };
  field.onblur = () => { field.classList.remove("bad"); field.show(Math.round(now * 100) / 100); };
  field.onkeydown = (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    event.stopPropagation();
    if (!by) return;
    event.preventDefault();
    tell(now + by * step * (event.shiftKey ? 0.1 : 1));
  };
  dragField(field, () => now, tell, step);
  return field;
}

function typedNumber(text) {
  const cleaned = text.trim().replace("−", "-").replace(",", ".");
  return /^-?(\d+\.?\d*|\.\d+)$/.test(cleaned) ? Number(cleaned) : null;
}

/* Up or down on a number changes it; a click without a move is for typing. */
function dragField(field, value, tell, step) {
  let held = null;
  field.onpointerdown = (event) => {
    held = { y: event.clientY, from: value(), moved: false };
    field.setPointerCapture(event.pointerId);
  };
  field.onpointermove = (event) => {
    if (!held || !event.buttons) return;
    const by = Math.round((held.y - event.clientY) / 8);
    if (!held.moved && Math.abs(held.y - event.clientY) < 8) return;
    held.moved = true;
    event.preventDefault();
    tell(held.from + by * step);
  };
  field.onpointerup = () => {
    if (held && !held.moved) field.select();
    held = null;
  };
}
