let number = 0;

export default function ({ data, parentElement, setTriggerValue }) {
  const stack = parentElement.querySelector(".stack");
  const cards = data.cards;
  const tell = (act) => setTriggerValue("act", { ...act, number: `${Date.now()}-${++number}` });
  const focused = stack.contains(active(stack)) ? active(stack)?.closest("li")?.dataset.place : null;
  const follow = stack.dataset.chosen !== data.chosen;
  const scrolled = stack.scrollTop;

  stack.replaceChildren(...cards.map((card, at) => draw(card, at, { data, cards, tell, stack })));
  stack.scrollTop = scrolled;
  stack.dataset.chosen = data.chosen;
  // Where it moved to while the keys were in use, the focus goes along.
  const wanted = focused && follow ? data.chosen : focused;
  const item = wanted && stack.querySelector(`li[data-place="${wanted}"]`);
  if (item) item.querySelector(".card").focus({ preventScroll: true });
  if (follow || item) reveal(stack, stack.querySelector(`li[data-place="${data.chosen}"]`));

  stack.onkeydown = (event) => keys(event, { cards, tell, stack });
  return () => { stack.onkeydown = null; };
}

function active(node) {
  return node.getRootNode().activeElement;
}

/* Scrolls the stack, never the page. */
function reveal(stack, item) {
  if (!item) return;
  const [top, bottom] = [item.offsetTop - stack.offsetTop, item.offsetTop - stack.offsetTop + item.offsetHeight];
  if (top < stack.scrollTop) stack.scrollTop = top - 8;
  else if (bottom > stack.scrollTop + stack.clientHeight) stack.scrollTop = bottom - stack.clientHeight + 8;
}

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

function draw(card, at, here) {
  const { data, cards, tell, stack } = here;
  const item = make("li");
  item.dataset.place = card.place;
  item.style.setProperty("--family", card.color);
  item.classList.toggle("inner", card.place.includes("."));
  item.classList.toggle("block", card.block);
  item.classList.toggle("chosen", card.place === data.chosen);
  item.classList.toggle("problem", Boolean(card.problem));

  const body = make("div", "card");
  body.tabIndex = card.place === data.chosen ? 0 : -1;
  body.setAttribute("role", "button");
  body.setAttribute("aria-pressed", String(card.place === data.chosen));
  body.setAttribute("aria-label", spoken(card, at, cards.length));
  const head = make("div", "head");
  head.append(make("b", "", card.title), make("span", "settings", card.settings),
    make("span", "shape", card.shape));
  const figures = make("div", "figures");
  if (card.sum) figures.append(make("span", "sum", card.sum));
  figures.append(...card.figures.map((text) => make("span", "", text)));
  body.append(head, figures);
  body.onclick = () => tell({ do: "choose", place: card.place });
  if (card.problem) {
    body.append(make("p", "bad", `${card.problem} ${card.step}`));
    if (card.fix) {
      const fix = make("button", "fix", card.fix);
      fix.onclick = (event) => { event.stopPropagation(); tell({ do: "fix", place: card.place }); };
      body.append(fix);
    }
  } else if (card.waiting) figures.append(make("span", "", card.waiting));

  item.append(make("div", "band"), body);
  if (!card.fixed) {
    const grip = make("span", "grip", "⋮⋮");
    grip.setAttribute("aria-hidden", "true");
    item.append(grip, tools(card, at, here));
  }
  drag(item, card, here);
  return item;
}

function spoken(card, at, count) {
  const parts = [`Layer ${at + 1} of ${count}: ${card.title}`, card.settings, card.shape,
    card.problem || card.waiting];
  return parts.filter(Boolean).join(", ");
}

function tools(card, at, { cards, tell }) {
  const box = make("div", "tools");
  const add = (words, act, disabled) => {
    const button = make("button", "more", words);
    button.setAttribute("aria-label", `${words}: ${card.title} ${card.name}`);
    button.tabIndex = -1;
    button.disabled = disabled;
    button.onclick = () => tell({ place: card.place, ...act });
    box.append(button);
  };
  const [up, down] = [neighbour(cards, at, -1), neighbour(cards, at, 1)];
  add("Up", { do: "move", goal: up }, up === null);
  add("Down", { do: "move", goal: down }, down === null);
  add("Copy", { do: "copy" }, false);
  add("Remove", { do: "remove" }, false);
  return box;
}

/* The place before which this one goes when it moves by one among its own; null at the ends. */
function neighbour(cards, at, step) {
  const place = cards[at].place.split(".").map(Number);
  const own = place[place.length - 1];
  const head = place.slice(0, -1);
  const goal = [...head, step < 0 ? own - 1 : own + 2].join(".");
  if (own + step < 0) return null;
  const beside = cards.find((card) => card.place === [...head, own + step].join("."));
  return !beside || beside.fixed ? null : goal;
}

function drag(item, card, { stack, tell }) {
  item.draggable = !card.fixed;
  item.ondragstart = (event) => {
    stack.held = card;
    item.classList.add("held");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.name);
  };
  item.ondragend = () => {
    stack.held = undefined;
    stack.querySelectorAll("li").forEach((one) => one.classList.remove("held", "before"));
  };
  item.ondragover = (event) => {
    if (!stack.held || stack.held.place === card.place) return;
    if (card.place.startsWith(`${stack.held.place}.`)) return;
    event.preventDefault();
    item.classList.add("before");
  };
  item.ondragleave = () => item.classList.remove("before");
  item.ondrop = (event) => {
    event.preventDefault();
    if (stack.held) tell({ do: "move", place: stack.held.place, goal: card.place });
  };
}

function keys(event, { cards, tell, stack }) {
  const item = active(stack)?.closest("li");
  if (!item || !active(stack).classList.contains("card")) return;
  const at = cards.findIndex((card) => card.place === item.dataset.place);
  const card = cards[at];
  const act = meaning(event, card, at, cards);
  if (act === null) return;
  event.preventDefault();
  event.stopPropagation();
  if (act.focus !== undefined) return focus(stack, act.focus);
  if (act.do) tell({ place: card.place, ...act });
}

function meaning(event, card, at, cards) {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  const command = ctrlKey || metaKey;
  if (command && key.toLowerCase() === "z") return { do: shiftKey ? "redo" : "undo" };
  if (command && key.toLowerCase() === "y") return { do: "redo" };
  if (command) return null;
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (step && altKey) {
    const goal = card.fixed ? null : neighbour(cards, at, step);
    return goal === null ? {} : { do: "move", goal };
  }
  if (step) return { focus: Math.max(0, Math.min(cards.length - 1, at + step)) };
  if (key === "Home") return { focus: 0 };
  if (key === "End") return { focus: cards.length - 1 };
  if (key === "Enter" || key === " ") return { do: "choose" };
  if (card.fixed) return null;
  if (key === "Delete" || key === "Backspace") return { do: "remove" };
  if (key.toLowerCase() === "d") return { do: "copy" };
  return null;
}

function focus(stack, at) {
  const item = stack.children[at];
  item.querySelector(".card").focus({ preventScroll: true });
  reveal(stack, item);
}
