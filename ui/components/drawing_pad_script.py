"""What the drawing pad does. Strokes are kept as lists of points, so that undo is exact."""

PAD_JS = """
const KEPT_SETTINGS = "loupe.pad";
const USUAL = { width: 20, dark: true, quick: false };
const PAUSE = 1000;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pad");
  root.app ??= make_pad(root);
  root.app.told(data, setTriggerValue);
  return () => { root.leaving = setTimeout(root.app.release, 300); };
}

function make_pad(root) {
  const find = (name) => root.querySelector(name);
  const [paper, keep_button, nine] = [find(".paper"), find(".keep"), find(".nine")];
  const pen = paper.getContext("2d");
  const settings = { ...USUAL, ...kept_settings() };
  const counts = new Map();
  const sender = makeSender(() => { describe(); report(); });
  let data, trigger, label, told_label, erasing = false, stroke = null, pause = null;
  let done = [], undone = [], unreported = 0, drawn = 0;

  function told(new_data, new_trigger) {
    clearTimeout(root.leaving);
    [data, trigger] = [new_data, new_trigger];
    if (told_label !== data.label) label = told_label = data.label;
    if (!data.targets.some((target) => target.name === label)) label = data.targets[0]?.name;
    for (const { name, photos } of data.targets) {
      counts.set(name, sender.open() ? Math.max(photos, counts.get(name) ?? 0) : photos);
    }
    root.classList.toggle("alone", !data.collection);
    draw_targets();
    describe();
  }

  function release() {
    clearTimeout(pause);
    if (data.collection && settings.quick && !blank()) keep();
  }

  function blank() {
    const last = done.findLastIndex((mark) => mark.clear);
    return !done.slice(last + 1).some((mark) => !mark.erase);
  }

  function ink(erase) {
    return settings.dark !== erase ? "#fff" : "#000";
  }

  function redraw() {
    pen.fillStyle = ink(true);
    pen.fillRect(0, 0, paper.width, paper.height);
    for (const mark of done) {
      if (mark.clear) {
        pen.fillStyle = ink(true);
        pen.fillRect(0, 0, paper.width, paper.height);
      } else mark.points.forEach((_, place) => draw_piece(mark, place));
    }
  }

  function draw_piece(mark, place) {
    const [x, y, pressure] = mark.points[place];
    const [from_x, from_y] = mark.points[Math.max(0, place - 1)];
    pen.strokeStyle = ink(mark.erase);
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = mark.width * pressure;
    pen.beginPath();
    pen.moveTo(from_x, from_y);
    pen.lineTo(x + (place ? 0 : 0.01), y);
    pen.stroke();
  }

  function point(event) {
    const box = paper.getBoundingClientRect();
    const scale = paper.width / box.width;
    // Only a pen feels pressure; a mouse always says one half.
    const pressure = event.pointerType === "pen" ? 0.4 + 1.2 * event.pressure : 1;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale, pressure];
  }

  function begin(event) {
    if (stroke || event.button > 0 && event.button !== 5) return;
    clearTimeout(pause);
    paper.setPointerCapture(event.pointerId);
    paper.focus({ preventScroll: true });
    const erase = erasing || event.button === 5;
    const width = settings.width * (erase ? 1.5 : 1);
    stroke = { pointer: event.pointerId, erase, width, points: [point(event)] };
    done.push(stroke);
    undone = [];
    draw_piece(stroke, 0);
    describe();
  }

  function move(event) {
    if (stroke?.pointer !== event.pointerId) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      stroke.points.push(point(each));
      draw_piece(stroke, stroke.points.length - 1);
    }
  }

  function end(event) {
    if (stroke?.pointer !== event.pointerId) return;
    stroke = null;
    describe();
    if (settings.quick) pause = setTimeout(keep, PAUSE);
  }

  const actions = {
    pen: () => { erasing = false; },
    erase: () => { erasing = true; },
    undo: () => { if (done.length) undone.push(done.pop()); },
    redo: () => { if (undone.length) done.push(undone.pop()); },
    clear: () => { if (!blank()) { done.push({ clear: true }); undone = []; } },
    thinner: () => { settings.width = Math.max(4, settings.width - 4); },
    thicker: () => { settings.width = Math.min(48, settings.width + 4); },
    keep,
  };

  function act(name) {
    clearTimeout(pause);
    actions[name]();
    redraw();
    show_settings();
  }

  function keep() {
    clearTimeout(pause);
    if (blank() || stroke) return;
    if (!data.collection) return trigger("drawn", paper.toDataURL("image/png"));
    const into = label;
    drawn += 1;
    unreported += 1;
    counts.set(into, (counts.get(into) ?? 0) + 1);
    paper.toBlob((blob) => {
      show_newest(nine, blob);
      sender.put({ blob, name: fresh_mark("drawing") + ".png",
        address: address_of(data.collection, into, "", "drawing") });
      describe();
    }, "image/png");
    [done, undone, erasing] = [[], [], false];
    redraw();
    describe();
  }

  function report() {
    if (sender.open() || !unreported) return;
    trigger("kept", { label, added: sender.kept });
    unreported = sender.kept = 0;
  }

  function choose(name) {
    if (!name) return;
    label = name;
    draw_targets();
    describe();
  }

  function draw_targets() {
    find(".targets").replaceChildren(...data.targets.map((target, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", "radio");
      button.setAttribute("aria-checked", String(target.name === label));
      button.title = place < 9 ? `Key ${place + 1}` : target.name;
      button.append(element("dot", "", "i"), element("name", target.name),
        element("count", (counts.get(target.name) ?? 0).toLocaleString(), "small"));
      button.firstChild.style.background = target.color;
      button.onclick = (event) => { choose(target.name); if (event.detail) paper.focus(); };
      return button;
    }));
    const chosen = data.targets.find((target) => target.name === label);
    root.style.setProperty("--own", chosen?.color ?? "var(--st-primary-color)");
    root.style.setProperty("--on", chosen?.text ?? "#fff");
  }

  function describe() {
    if (!data) return;
    for (const button of root.querySelectorAll("[data-do]")) {
      const name = button.dataset.do;
      if (name === "pen") button.setAttribute("aria-pressed", String(!erasing));
      if (name === "erase") button.setAttribute("aria-pressed", String(erasing));
      if (name === "undo") button.disabled = !done.length;
      if (name === "redo") button.disabled = !undone.length;
      if (name === "clear") button.disabled = blank();
    }
    keep_button.disabled = blank();
    const what = data.collection ? `Keep as ${label}` : "Use this drawing";
    keep_button.replaceChildren(what, element("", "Enter", "small"));
    const total = counts.get(label) ?? 0;
    find(".total").textContent = data.collection
      ? `${count_words(total, "photo", "photos")} of ${label}` : "";
    find(".burst").textContent = drawn ? `${count_words(drawn, "drawing", "drawings")} kept` : "";
    const chip = find(".targets [aria-checked=true] small");
    if (chip) chip.textContent = total.toLocaleString();
    find(".note").textContent = "Draw here with the mouse, a finger or a pen. " +
      "Keys: P pen, E eraser, Ctrl+Z undo, [ and ] thickness.";
    find(".words").textContent = status_words();
    find(".words").classList.toggle("bad", Boolean(sender.refused || sender.failures));
  }

  function status_words() {
    if (sender.refused) return `${count_words(sender.refused, "drawing was", "drawings were")} ` +
      `not kept. ${sender.trouble}`;
    if (sender.failures) return `No connection. ${count_words(sender.open(), "drawing waits",
      "drawings wait")} here and will be sent when it is back: leave this page open.`;
    return "";
  }

  function show_settings() {
    for (const input of root.querySelectorAll("[data-setting]")) {
      const value = settings[input.dataset.setting];
      if (input.type === "checkbox") input.checked = value;
      else input.value = String(value);
    }
    find("output").textContent = settings.width;
    find(".quick").textContent = data?.collection ?? true
      ? "Keep by itself after a short pause" : "Use it by itself after a short pause";
    describe();
  }

  function set(event) {
    const input = event.target;
    const value = input.type === "checkbox" ? input.checked : Number(input.value);
    settings[input.dataset.setting] = value;
    try { localStorage.setItem(KEPT_SETTINGS, JSON.stringify(settings)); } catch {}
    redraw();
    show_settings();
  }

  paper.onpointerdown = begin;
  paper.onpointermove = move;
  paper.onpointerup = paper.onpointercancel = end;
  paper.oncontextmenu = (event) => event.preventDefault();
  root.onclick = (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name) act(name);
  };
  keep_button.onclick = keep;
  root.oninput = set;
  root.onkeydown = (event) => {
    event.stopPropagation();
    const name = wish(event);
    if (!name || name === "keep" && event.target !== paper) return;
    if (/^[0-8]$/.test(name)) return choose(data.targets[name]?.name);
    event.preventDefault();
    act(name);
  };
  redraw();
  show_settings();
  return { told, release };
}

function wish(event) {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") return event.shiftKey ? "redo" : "undo";
    return key === "y" ? "redo" : null;
  }
  if (event.altKey) return null;
  if (/^[1-9]$/.test(key)) return String(key - 1);
  return { p: "pen", e: "erase", delete: "clear", backspace: "clear", enter: "keep",
    "[": "thinner", "]": "thicker" }[key] ?? null;
}

function kept_settings() {
  try { return JSON.parse(localStorage.getItem(KEPT_SETTINGS)) ?? {}; } catch { return {}; }
}
"""
