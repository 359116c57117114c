// What was searched for stays while one looks at a layer and comes back.
const kept = new Map();
const HEADS = ["", "Layer", "Output", "Values", "Weights", "Dead", "Mean"];

export default function ({ data, parentElement, setTriggerValue }) {
  const table = parentElement.querySelector(".table");
  const list = table.querySelector(".rows");
  const now = kept.get(data.key) ?? { text: "", kinds: new Set(), scroll: 0 };
  kept.set(data.key, now);

  const drawn = JSON.stringify(data);
  if (table.drawn !== drawn) {
    table.drawn = drawn;
    table.querySelector(".heads").replaceChildren(...HEADS.map((text) => make("span", "", text)));
    list.replaceChildren(...data.rows.map((row, at) => draw(row, at, data)));
    tools(table, data, now);
    filter(table, data, now);
    list.scrollTop = now.scroll;
  }
  list.onscroll = () => { now.scroll = list.scrollTop; };
  list.onclick = (event) => {
    const row = event.target.closest(".row");
    if (row) setTriggerValue("open", row.dataset.name);
  };
  list.onkeydown = (event) => move(event, list);
  return () => { list.onscroll = null; };
}

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

function tools(table, data, now) {
  const box = table.querySelector(".tools");
  const kinds = new Map();
  data.rows.forEach(({ kind }) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  [...now.kinds].filter((kind) => !kinds.has(kind)).forEach((kind) => now.kinds.delete(kind));
  const parts = [];
  if (data.rows.length > 6) {
    const search = make("input");
    search.type = "search";
    search.placeholder = "Find a layer";
    search.setAttribute("aria-label", "Find a layer by its name or kind");
    search.value = now.text;
    search.oninput = () => { now.text = search.value; filter(table, data, now); };
    search.onkeydown = (event) => event.stopPropagation();
    parts.push(search);
    const chips = make("div", "kinds");
    [...kinds].sort((one, other) => other[1] - one[1]).forEach(([kind, count]) => {
      const chip = make("button", "", kind);
      chip.append(make("small", "", String(count)));
      chip.setAttribute("aria-pressed", String(now.kinds.has(kind)));
      chip.onclick = () => {
        if (!now.kinds.delete(kind)) now.kinds.add(kind);
        chip.setAttribute("aria-pressed", String(now.kinds.has(kind)));
        filter(table, data, now);
      };
      chips.append(chip);
    });
    parts.push(chips);
  }
  const said = make("output");
  said.setAttribute("aria-live", "polite");
  box.replaceChildren(...parts, said);
}

function filter(table, data, now) {
  const list = table.querySelector(".rows");
  const words = now.text.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  data.rows.forEach((row, at) => {
    const text = `${row.name} ${row.kind} ${row.shape}`.toLowerCase();
    const fits = words.every((word) => text.includes(word))
      && (!now.kinds.size || now.kinds.has(row.kind));
    list.children[at].hidden = !fits;
    shown += fits;
  });
  list.querySelector(".none")?.remove();
  if (!shown) list.append(make("li", "none", "No layer is like this. Clear the search, or choose other kinds."));
  const all = data.rows.length;
  table.querySelector("output").textContent =
    shown === all ? `${all} layers` : `${shown} of ${all} layers`;
}

function draw(row, at, { rows, thumbnails, side }) {
  const item = make("li");
  const button = make("button", "row");
  button.type = "button";
  button.dataset.name = row.name;
  button.title = row.name;
  button.setAttribute("aria-label",
    `Layer ${at + 1} of ${rows.length}: ${row.title}, ${row.kind}, ${row.shape}. ${row.warn}`);

  const thumb = make("span", "thumb");
  if (row.thumb === null) thumb.textContent = "no maps";
  else {
    thumb.style.backgroundImage = `url("${thumbnails}")`;
    thumb.style.backgroundPosition = `0 ${-side * row.thumb}px`;
    thumb.style.backgroundSize = `${side}px auto`;
  }
  const name = make("span", "name");
  name.append(make("b", "", `${at + 1}. ${row.title}`), make("i", "", row.kind),
    make("small", "", row.does));
  if (row.inside) name.append(make("small", "", `Here begins ${row.inside}.`));
  if (row.warn) name.append(make("em", "", row.warn));
  const facts = make("span", "facts");
  facts.append(number("weights", row.weights), number("dead", row.dead),
    number("mean", row.mean, `± ${row.spread}`));
  button.append(thumb, name, make("span", "shape", row.shape), spark(row), facts);
  item.append(button);
  return item;
}

function number(says, text, more) {
  const node = make("span", "number", text);
  node.dataset.says = says;
  if (more) node.append(make("small", "", ` ${more}`));
  return node;
}

/* One bin full of zeros would press all others flat: it is cut a little above the next one. */
function spark(row) {
  const box = make("span", "spark");
  const sorted = [...row.counts].sort((one, other) => other - one);
  const top = Math.min(sorted[0], 1.25 * (sorted[1] || sorted[0])) || 1;
  const width = 100 / row.counts.length;
  const bars = row.counts.map((count, at) => {
    const height = count ? Math.max(1, 32 * Math.min(1, count / top)) : 0;
    return `<rect x="${(at * width).toFixed(2)}" y="${(33 - height).toFixed(1)}" ` +
      `width="${(width * 0.82).toFixed(2)}" height="${height.toFixed(1)}"/>`;
  }).join("");
  box.innerHTML = `<svg viewBox="0 0 100 33" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;
  const ends = make("span", "ends");
  ends.append(make("span", "", row.low), make("span", "", row.high));
  box.append(ends);
  return box;
}

function move(event, list) {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  if (!step) return;
  const shown = [...list.querySelectorAll("li:not([hidden]) > .row")];
  const at = shown.indexOf(list.getRootNode().activeElement);
  if (at < 0) return;
  event.preventDefault();
  shown[Math.max(0, Math.min(shown.length - 1, at + step))].focus();
}
