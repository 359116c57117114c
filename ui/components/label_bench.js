// One session per queue: where one is, what was decided, what is not saved yet. It outlives the
// element, which Streamlit may draw anew at any time.
const sessions = new Map();
const AHEAD = 4;
const BATCH = 50;
const FIRST_GUESS_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 60;
const PACE_OF_LAST = 12;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".bench");
  const session = sessionFor(data);
  session.data = data;
  session.root = root;
  session.finished = () => setTriggerValue("finished", Date.now());
  wire(session);
  draw(session);
  const onKey = (event) => pressed(session, event);
  const onHide = () => sendAtOnce(session);
  document.addEventListener("keydown", onKey);
  window.addEventListener("pagehide", onHide);
  const before = session.release;
  if (before) before();
  session.release = () => {
    document.removeEventListener("keydown", onKey);
    window.removeEventListener("pagehide", onHide);
  };
  return () => { session.release(); session.release = null; };
}

function sessionFor(data) {
  const key = `${data.dataset} ${data.session}`;
  let session = sessions.get(key);
  if (!session) {
    session = { at: 0, mode: "one", marks: new Map(), history: [], pending: [], busy: false,
      paces: [], last: null, selected: new Set(), anchor: null, told: false, trouble: "" };
    sessions.set(key, session);
    session.fresh = true;
  }
  const unsaved = new Set(session.pending.map((entry) => entry.photo));
  for (const item of data.items) {
    if (unsaved.has(item.id) || session.busy) continue;
    if (item.decision) session.marks.set(item.id, item.decision);
    else session.marks.delete(item.id);
  }
  if (session.fresh) {
    const open = data.items.findIndex((item) => !session.marks.has(item.id));
    session.at = open < 0 ? data.items.length : open;
    session.told = open < 0;
    session.fresh = false;
  }
  session.at = Math.min(session.at, data.items.length);
  return session;
}

// ---- deciding -------------------------------------------------------------------------------

function decide(session, item, action, label) {
  const before = session.marks.get(item.id) || null;
  const after = { action, label: action === "move" ? label : item.label };
  if (before && before.action === after.action && before.label === after.label) return false;
  session.history.push({ id: item.id, before });
  if (before) session.pending.push({ photo: item.id, action: "take-back" });
  session.pending.push({ photo: item.id, action, label: after.label });
  session.marks.set(item.id, after);
  session.told = false;
  pump(session);
  return true;
}

function decideHere(session, action, label) {
  const item = session.data.items[session.at];
  if (!item) return;
  measurePace(session);
  decide(session, item, action, label);
  walk(session, 1);
}

function undo(session) {
  const last = session.history.pop();
  const known = last && session.data.items.findIndex((item) => item.id === last.id);
  if (!last || known < 0) return draw(session);
  session.pending.push({ photo: last.id, action: "take-back" });
  session.marks.delete(last.id);
  if (last.before) {
    session.pending.push({ photo: last.id, ...last.before });
    session.marks.set(last.id, last.before);
  }
  session.at = known;
  session.told = false;
  pump(session);
  draw(session);
}

function walk(session, steps) {
  session.at = Math.max(0, Math.min(session.data.items.length, session.at + steps));
  draw(session);
}

function measurePace(session) {
  const now = performance.now();
  const seconds = session.last === null ? null : (now - session.last) / 1000;
  if (seconds !== null && seconds < LONGEST_PAUSE_SECONDS) session.paces.push(seconds);
  session.paces = session.paces.slice(-PACE_OF_LAST);
  session.last = now;
}

// ---- saving ---------------------------------------------------------------------------------

function address(session) {
  return `/api/datasets/${encodeURIComponent(session.data.dataset)}/decisions`;
}

function request(decisions) {
  return { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ decisions }) };
}

async function pump(session) {
  if (session.busy) return;
  session.busy = true;
  let pause = 500;
  while (session.pending.length) {
    const batch = session.pending.slice(0, BATCH);
    drawSaved(session);
    try {
      const answer = await fetch(address(session), request(batch));
      if (answer.status >= 500) throw new Error(answer.statusText);
      const said = await answer.json();
      session.pending.splice(0, batch.length);
      session.trouble = said.error || (said.errors || [])[0] || "";
      for (const photo of said.refused || batch.map((entry) => answer.ok ? null : entry.photo)) {
        if (photo) session.marks.delete(photo);
      }
      if (session.trouble) draw(session);
      pause = 500;
    } catch (error) {
      session.trouble = "Loupe does not answer. Your decisions wait here and are sent again.";
      drawTrouble(session);
      await new Promise((resume) => setTimeout(resume, pause));
      pause = Math.min(8000, pause * 2);
    }
  }
  session.busy = false;
  if (session.trouble.startsWith("Loupe does not")) session.trouble = "";
  drawTrouble(session);
  drawSaved(session);
  tellWhenDone(session);
}

// The page is about to go: what waits is sent in one go. Deciding twice the same does no harm.
function sendAtOnce(session) {
  if (session.pending.length) fetch(address(session), request(session.pending.slice(0, 400)));
}

function tellWhenDone(session) {
  const open = session.data.items.some((item) => !session.marks.has(item.id));
  if (open || session.told || session.pending.length || !session.data.items.length) return;
  session.told = true;
  session.finished();
}

// ---- keys and clicks ------------------------------------------------------------------------

function pressed(session, event) {
  if (!session.root.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.composedPath()[0];
  const name = target instanceof Element ? target.tagName : "";
  if (["INPUT", "TEXTAREA", "SELECT"].includes(name) || target.isContentEditable) return;
  const large = session.root.querySelector(".large");
  if (large.open) {
    if (event.key === "Escape") large.close();
    return;
  }
  const onControl = target instanceof Element && target.closest("button, a, [role=button]");
  if (onControl && (event.key === "Enter" || event.key === " ")) return;
  if (onControl && !session.root.contains(target) && event.key.startsWith("Arrow")) return;
  const done = session.mode === "one" ? keyOne(session, event.key) : keyAll(session, event.key);
  if (done) event.preventDefault();
}

function keyOne(session, key) {
  const item = session.data.items[session.at];
  const low = key.toLowerCase();
  if (key === "ArrowLeft") walk(session, -1);
  else if (key === "ArrowRight") walk(session, 1);
  else if (low === "z") undo(session);
  else if (!item) return false;
  else if (low === "k") decideHere(session, "keep");
  else if (low === "x") decideHere(session, "exclude");
  else if (low === "m" || key === "Enter") decideHere(session, "move", item.proposed);
  else if (/^[1-9]$/.test(key) && session.data.classes[key - 1]) {
    moveTo(session, session.data.classes[key - 1].name);
  } else return false;
  return true;
}

function moveTo(session, label) {
  const item = session.data.items[session.at];
  decideHere(session, label === item.label ? "keep" : "move", label);
}

function keyAll(session, key) {
  const low = key.toLowerCase();
  if (low === "z") undo(session);
  else if (key === "Escape") { session.selected.clear(); draw(session); }
  else if (low === "k") decideSelected(session, "keep");
  else if (low === "x") decideSelected(session, "exclude");
  else if (low === "m") decideSelected(session, "move");
  else return false;
  return true;
}

function decideSelected(session, action) {
  for (const item of session.data.items) {
    if (session.selected.has(item.id)) decide(session, item, action, item.proposed);
  }
  session.selected.clear();
  draw(session);
}

function wire(session) {
  const { root } = session;
  const actions = {
    keep: () => decideHere(session, "keep"),
    move: () => decideHere(session, "move", session.data.items[session.at].proposed),
    exclude: () => decideHere(session, "exclude"),
    undo: () => undo(session),
    back: () => walk(session, -1),
    on: () => walk(session, 1),
    again: () => { session.at = 0; draw(session); },
  };
  root.onclick = (event) => {
    const button = event.target.closest("button");
    if (event.target.matches(".photo img")) return enlarge(session);
    if (event.target.closest(".large")) return root.querySelector(".large").close();
    if (!button) return;
    if (button.dataset.mode) { session.mode = button.dataset.mode; draw(session); }
    else if (button.dataset.do) actions[button.dataset.do]();
    else if (button.dataset.class) moveTo(session, button.dataset.class);
    else if (button.dataset.all === "select") selectAll(session);
    else if (button.dataset.all === "undo") undo(session);
    else if (button.dataset.all) decideSelected(session, button.dataset.all);
    else if (button.dataset.card) select(session, Number(button.dataset.card), event.shiftKey);
  };
  root.ondblclick = (event) => {
    const card = event.target.closest(".card");
    if (!card) return;
    session.mode = "one";
    session.at = Number(card.dataset.card);
    session.selected.clear();
    draw(session);
  };
  root.onchange = (event) => {
    if (event.target.matches("select") && event.target.value) moveTo(session, event.target.value);
  };
}

function selectAll(session) {
  const open = session.data.items.filter((item) => !session.marks.has(item.id));
  const all = open.every((item) => session.selected.has(item.id));
  session.selected = new Set(all ? [] : open.map((item) => item.id));
  draw(session);
}

function select(session, place, range) {
  const { items } = session.data;
  const first = range && session.anchor !== null ? session.anchor : place;
  const [low, high] = [Math.min(first, place), Math.max(first, place)];
  for (const item of items.slice(low, high + 1)) {
    if (!range && session.selected.has(item.id)) session.selected.delete(item.id);
    else session.selected.add(item.id);
  }
  session.anchor = place;
  draw(session);
}

function enlarge(session) {
  const item = session.data.items[session.at];
  const dialog = session.root.querySelector(".large");
  dialog.querySelector("img").src = photo(session, item.id, "full");
  dialog.showModal();
}

// ---- drawing --------------------------------------------------------------------------------

function draw(session) {
  const { root, data, mode } = session;
  for (const button of root.querySelectorAll(".modes button")) {
    button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
  }
  root.querySelector(".one").hidden = mode !== "one";
  root.querySelector(".all").hidden = mode !== "all";
  drawCount(session);
  drawSaved(session);
  drawTrouble(session);
  if (mode === "all") drawCards(session);
  else if (session.at >= data.items.length) drawEnd(session);
  else drawOne(session);
}

function drawCount(session) {
  const { data, root } = session;
  const total = data.items.length;
  const done = data.items.filter((item) => session.marks.has(item.id)).length;
  const place = Math.min(session.at + 1, total);
  const words = session.mode === "one" && session.at < total
    ? `${place} of ${total}` : `${done} of ${total} decided`;
  root.querySelector(".count").textContent = words + timeLeft(session, total - done);
  root.querySelector(".track i").style.width = `${total ? 100 * done / total : 0}%`;
}

function timeLeft(session, open) {
  if (!open) return "";
  const sorted = [...session.paces].sort((a, b) => a - b);
  const pace = sorted.length > 2 ? sorted[Math.floor(sorted.length / 2)] : FIRST_GUESS_SECONDS;
  const seconds = Math.max(1, pace * open);
  if (seconds < 55) return `, about ${Math.max(5, 5 * Math.round(seconds / 5))} seconds left`;
  const minutes = Math.round(seconds / 60);
  return `, about ${minutes === 1 ? "a minute" : minutes + " minutes"} left`;
}

function drawSaved(session) {
  const waiting = session.pending.length;
  const words = waiting ? `Saving ${waiting}…` : session.history.length ? "All saved" : "";
  session.root.querySelector(".saved").textContent = words;
}

function drawTrouble(session) {
  const box = session.root.querySelector(".trouble");
  box.hidden = !session.trouble;
  box.textContent = session.trouble;
}

function drawOne(session) {
  const { root, data, at } = session;
  const item = data.items[at];
  const end = root.querySelector(".end");
  if (end) end.remove();
  root.querySelector(".photo").hidden = root.querySelector(".side").hidden = false;
  root.querySelector(".compare").hidden = false;
  const picture = root.querySelector(".photo img");
  const source = photo(session, item.id, 640);
  if (picture.getAttribute("src") !== source) picture.src = source;
  picture.alt = `The photo in question, in the class ${item.label}`;
  root.querySelector(".photo figcaption").textContent = item.name;
  drawMark(root.querySelector(".photo .mark"), session.marks.get(item.id));
  const unlike = isUnlike(item);
  root.querySelector(".question").replaceChildren(...(unlike
    ? ["Does it show a ", ...chip(session, item.label), " at all?"]
    : ["Is it ", ...chip(session, item.label), " or ", ...chip(session, item.proposed), "?"]));
  root.querySelector(".reason").textContent = item.reason;
  root.querySelector(".bars").replaceChildren(...bars(session, item));
  const [keep, move, exclude] = ["keep", "move", "exclude"].map(
    (name) => root.querySelector(`.actions [data-do=${name}]`));
  keep.lastChild.textContent = `Keep as ${item.label}`;
  move.lastChild.textContent = `Move to ${item.proposed}`;
  move.classList.toggle("likely", item.kind === "class");
  exclude.classList.toggle("likely", item.kind === "none");
  root.querySelector(".actions [data-do=undo]").disabled = !session.history.length;
  root.querySelector(".walk [data-do=back]").disabled = at === 0;
  root.querySelector(".walk span").textContent = "Arrow keys go back and forth";
  drawOthers(session, item);
  drawComparison(session, item);
  preload(session);
}

function isUnlike(item) {
  return item.kind === "none" || item.kind === "far";
}

function drawMark(box, mark) {
  box.hidden = !mark;
  if (!mark) return;
  box.textContent = { keep: "Kept", exclude: "Excluded", move: `Moved to ${mark.label}` }[mark.action];
}

function chip(session, label) {
  const known = session.data.classes.find((entry) => entry.name === label);
  const dot = document.createElement("span");
  dot.className = "chip";
  dot.style.background = known ? known.color : "#888";
  return [dot, label];
}

function bars(session, item) {
  const first = [item.label, item.proposed];
  const rest = Object.keys(item.probabilities).filter((name) => !first.includes(name))
    .sort((a, b) => item.probabilities[b] - item.probabilities[a]);
  return [...first, ...rest].slice(0, 6).map((name) => {
    const row = document.createElement("li");
    const share = item.probabilities[name] ?? 0;
    const label = element("span", "label");
    label.append(...chip(session, name));
    const rail = element("span", "rail");
    const bar = document.createElement("i");
    bar.style.width = `${100 * share}%`;
    bar.style.background = row.color = label.firstChild.style.background;
    rail.append(bar);
    const value = document.createElement("b");
    value.textContent = share > 0 && share < 0.01 ? "< 1 %" : `${Math.round(100 * share)} %`;
    row.append(label, rail, value);
    return row;
  });
}

function drawOthers(session, item) {
  const box = session.root.querySelector(".others");
  const names = session.data.classes.map((entry) => entry.name);
  const shown = JSON.stringify([names, item.label]);
  if (box.shown === shown) {
    const list = box.querySelector("select");
    if (list) list.value = "";
    return;
  }
  box.shown = shown;
  const buttons = names.slice(0, 9).map((name, place) => {
    const button = element("button", "");
    button.type = "button";
    button.dataset.class = name;
    const key = document.createElement("kbd");
    key.textContent = place + 1;
    button.append(key, name);
    return button;
  });
  box.replaceChildren("It is ", ...buttons);
  if (names.length <= 9) return;
  const list = document.createElement("select");
  list.setAttribute("aria-label", "Another class");
  list.append(new Option("another class", ""), ...names.slice(9).map((name) => new Option(name, name)));
  box.append(list);
}

function drawComparison(session, item) {
  const box = session.root.querySelector(".compare");
  const shown = `${item.label}\n${item.proposed}`;
  if (box.shown === shown) return;
  box.shown = shown;
  box.replaceChildren(...[item.label, item.proposed].map((label) => {
    const section = document.createElement("section");
    const title = document.createElement("h4");
    title.append("Typical ", ...chip(session, label));
    const row = document.createElement("div");
    const ids = (session.data.typical[label] || []).filter((id) => id !== item.id).slice(0, 3);
    row.append(...ids.map((id) => {
      const picture = document.createElement("img");
      picture.alt = `A typical photo of ${label}`;
      picture.src = photo(session, id, 320);
      return picture;
    }));
    section.append(title, row);
    return section;
  }));
}

function drawEnd(session) {
  const { root, data } = session;
  root.querySelector(".photo").hidden = root.querySelector(".side").hidden = true;
  root.querySelector(".compare").hidden = true;
  const counts = { keep: 0, move: 0, exclude: 0 };
  for (const item of data.items) {
    const mark = session.marks.get(item.id);
    if (mark) counts[mark.action] += 1;
  }
  const open = data.items.filter((item) => !session.marks.has(item.id)).length;
  const box = root.querySelector(".end") || element("div", "end");
  const title = document.createElement("h3");
  title.textContent = open ? `You are at the end; ${open} are not decided.` : "All decided.";
  const words = document.createElement("p");
  words.textContent = `${counts.move} moved, ${counts.exclude} excluded, ${counts.keep} kept.`;
  const again = element("button", "");
  again.type = "button";
  again.dataset.do = "again";
  again.textContent = "Look through them again";
  const back = element("button", "");
  back.type = "button";
  back.dataset.do = "undo";
  back.disabled = !session.history.length;
  back.textContent = "Undo the last decision";
  box.replaceChildren(title, words, again, " ", back);
  root.querySelector(".stage").append(box);
}

function drawCards(session) {
  const { root, data } = session;
  const box = root.querySelector(".cards");
  const shown = data.items.map((item) => item.id).join();
  if (box.shown !== shown) {
    box.shown = shown;
    box.replaceChildren(...data.items.map((item, place) => card(session, item, place)));
  }
  data.items.forEach((item, place) => {
    const button = box.children[place];
    const mark = session.marks.get(item.id);
    button.classList.toggle("done", Boolean(mark));
    button.setAttribute("aria-pressed", String(session.selected.has(item.id)));
    drawMark(button.querySelector(".mark"), mark);
  });
  const count = session.selected.size;
  root.querySelector(".chosen").textContent = count
    ? `${count} selected` : "Click photos to select";
  for (const button of root.querySelectorAll(".all .bar [data-all]")) {
    const needs = ["keep", "move", "exclude"].includes(button.dataset.all);
    button.disabled = needs ? !count : button.dataset.all === "undo" && !session.history.length;
  }
}

function card(session, item, place) {
  const button = element("button", "card");
  button.type = "button";
  button.dataset.card = place;
  button.title = `${item.name}\n${item.reason}\nDouble click to see it large`;
  button.setAttribute("aria-label", `${item.label}, perhaps ${item.proposed}: ${item.name}`);
  const picture = document.createElement("img");
  picture.loading = "lazy";
  picture.alt = "";
  picture.src = photo(session, item.id, 320);
  const words = element("div", "words");
  const [is, perhaps] = [document.createElement("div"), document.createElement("div")];
  is.append("is ", ...chip(session, item.label));
  perhaps.append(...(isUnlike(item)
    ? ["perhaps none of them"] : ["perhaps ", ...chip(session, item.proposed)]));
  words.append(is, perhaps);
  const mark = element("div", "mark");
  mark.hidden = true;
  button.append(picture, words, mark);
  return button;
}

function element(tag, kind) {
  const made = document.createElement(tag);
  made.className = kind;
  return made;
}

function photo(session, id, size) {
  const name = encodeURIComponent(session.data.dataset);
  return `/api/datasets/${name}/photos/${encodeURIComponent(id)}?size=${size}`;
}

function preload(session) {
  const next = session.data.items.slice(session.at + 1, session.at + 1 + AHEAD);
  session.loaded = next.map((item) => {
    const picture = new Image();
    picture.src = photo(session, item.id, 640);
    return picture;
  });
}
