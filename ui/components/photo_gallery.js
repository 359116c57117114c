// Marks are shown at once and told to the server a moment later. Each change has a number;
// what the server has not yet acknowledged is sent again with the next one, so that none is
// lost while the page is at work, and is laid over what the server says until then.
const TELL_AFTER = 120;
const LONG_PRESS = 420;
const DRAG_FROM = 6;
const EDGE = 70;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  const gallery = root.gallery ??= new Gallery(root);
  gallery.update(data, setTriggerValue);
  return () => gallery.tell();
}

class Gallery {
  constructor(root) {
    this.root = root;
    this.client = Math.random().toString(36).slice(2);
    this.number = 0;
    this.pending = [];
    this.tiles = new Map();
    this.marked = new Set();
    this.ids = [];
    this.at = 0;
    this.anchor = null;
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("dblclick", (event) => this.open(idAt(event)));
    root.addEventListener("keydown", (event) => this.pressed(event));
    root.addEventListener("pointerdown", (event) => this.down(event));
    root.addEventListener("pointermove", (event) => this.moved(event));
    root.addEventListener("pointerup", (event) => this.up(event));
    root.addEventListener("pointercancel", () => this.letGo());
    root.addEventListener("contextmenu", (event) => { if (this.painting) event.preventDefault(); });
    root.addEventListener("touchmove", (event) => this.painted(event), { passive: false });
  }

  update(data, send) {
    this.send = send;
    this.data = data;
    if (data.heard && data.heard.client === this.client) {
      this.pending = this.pending.filter((change) => change.number > data.heard.number);
    }
    const before = this.ids[this.at];
    this.ids = data.photos.map((photo) => photo.id);
    this.draw();
    this.marked = new Set(data.marked);
    this.pending.forEach((change) => this.apply(change));
    this.paint();
    this.settle(before);
  }

  draw() {
    const tiles = this.data.photos.map((photo) => this.tile(photo));
    const there = new Set(this.ids);
    for (const [id, tile] of this.tiles) if (!there.has(id)) { tile.remove(); this.tiles.delete(id); }
    tiles.forEach((tile, place) => {
      if (this.root.children[place] !== tile) this.root.insertBefore(tile, this.root.children[place]);
    });
    this.root.setAttribute("aria-label", this.data.title);
  }

  tile(photo) {
    const drawn = JSON.stringify(photo);
    let tile = this.tiles.get(photo.id);
    if (!tile) {
      tile = blank(photo.id);
      this.tiles.set(photo.id, tile);
    }
    if (tile.drawn !== drawn) fill(tile, photo, this.data.source);
    tile.drawn = drawn;
    return tile;
  }

  // Where the eye is: the same photo, or what has come into its place, or the page's beginning.
  settle(before) {
    const turned = this.place !== undefined && this.place !== this.data.place;
    this.place = this.data.place;
    const same = this.ids.indexOf(before);
    if (turned) this.at = this.backwards ? this.ids.length - 1 : 0;
    else this.at = same >= 0 ? same : Math.min(this.at, Math.max(0, this.ids.length - 1));
    this.backwards = false;
    this.focusOn(this.at);
    if (turned && this.root.getBoundingClientRect().top < 0) {
      this.root.scrollIntoView({ block: "start" });
    }
  }

  apply(change) {
    change.add.forEach((id) => this.marked.add(id));
    change.remove.forEach((id) => this.marked.delete(id));
  }

  paint() {
    for (const [id, tile] of this.tiles) {
      tile.classList.toggle("marked", this.marked.has(id));
      tile.setAttribute("aria-selected", String(this.marked.has(id)));
    }
  }

  mark(ids, on) {
    const changed = ids.filter((id) => this.marked.has(id) !== on);
    if (!changed.length) return;
    const change = { number: ++this.number, add: on ? changed : [], remove: on ? [] : changed };
    this.pending.push(change);
    this.apply(change);
    this.paint();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), TELL_AFTER);
  }

  tell() {
    clearTimeout(this.timer);
    if (this.pending.length) this.send("marks", { client: this.client, changes: this.pending });
  }

  act(name, value) {
    clearTimeout(this.timer);
    this.send("act", { name, value: value ?? null, at: this.ids[this.at] ?? null,
      client: this.client, changes: this.pending, number: ++this.number });
  }

  open(id) {
    if (id) this.act("open", id);
  }

  clicked(event) {
    if (this.dragged) { this.dragged = false; return; }
    const id = idAt(event);
    if (!id) return;
    this.at = this.ids.indexOf(id);
    this.focusOn(this.at);
    if (event.target.closest(".open")) { this.open(id); return; }
    if (event.shiftKey && this.anchor) this.range(id);
    else {
      this.mark([id], !this.marked.has(id));
      this.anchor = id;
    }
  }

  // From the last photo that was clicked to this one, also across pages.
  range(id) {
    const [from, to] = [this.ids.indexOf(this.anchor), this.ids.indexOf(id)];
    if (from < 0) { this.act("range", [this.anchor, id]); return; }
    this.mark(this.ids.slice(Math.min(from, to), Math.max(from, to) + 1), true);
  }

  pressed(event) {
    const { key, shiftKey } = event;
    const across = getComputedStyle(this.root).gridTemplateColumns.split(" ").length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[key];
    const command = event.ctrlKey || event.metaKey;
    if (command && key.toLowerCase() === "a") {
      const all = this.ids.every((id) => this.marked.has(id));
      this.mark(this.ids, !all);
    } else if (command && key.toLowerCase() === "z") this.act(shiftKey ? "redo" : "undo");
    else if (command || event.altKey) return;
    else if (step) this.go(step, shiftKey);
    else if (key === "Home") this.focusOn(0, true);
    else if (key === "End") this.focusOn(this.ids.length - 1, true);
    else if (key === " ") this.toggle();
    else if (key === "Enter") this.open(this.ids[this.at]);
    else if (/^[1-9]$/.test(key)) {
      const name = this.data.classes[Number(key) - 1];
      if (name) this.act("move", name);
    } else if (key === "x" || key === "Delete") this.act("exclude");
    else if (key === "r") this.act("restore");
    else if (key === "z" || key === "Z") this.act(shiftKey ? "redo" : "undo");
    else if (key === "s") this.act("similar");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  toggle() {
    const id = this.ids[this.at];
    if (!id) return;
    this.mark([id], !this.marked.has(id));
    this.anchor = id;
  }

  go(step, marking) {
    const next = this.at + step;
    if (next < 0 || next >= this.ids.length) {
      if (Math.abs(step) > 1 && next > 0 && this.at < this.ids.length - 1) {
        this.focusOn(this.ids.length - 1, true);
        return;
      }
      this.backwards = step < 0;
      this.act("page", step < 0 ? -1 : 1);
      return;
    }
    if (marking) {
      this.anchor ??= this.ids[this.at];
      this.mark(this.ids.slice(Math.min(this.at, next), Math.max(this.at, next) + 1), true);
    }
    this.focusOn(next, true);
  }

  focusOn(place, visible) {
    this.root.querySelector(".at")?.classList.remove("at");
    this.at = Math.max(0, place);
    const tile = this.tiles.get(this.ids[this.at]);
    if (!tile) return;
    tile.classList.add("at");
    this.root.setAttribute("aria-activedescendant", tile.id);
    if (visible) tile.scrollIntoView({ block: "nearest" });
  }

  down(event) {
    this.dragged = false;
    if (event.pointerType === "touch") {
      const id = idAt(event);
      this.start = [event.clientX, event.clientY];
      this.press = setTimeout(() => this.startPainting(id), LONG_PRESS);
    } else if (event.button === 0 && !event.target.closest(".open")) {
      const box = this.root.getBoundingClientRect();
      this.band = { x: event.clientX - box.left, y: event.clientY - box.top, id: event.pointerId };
    }
  }

  moved(event) {
    if (event.pointerType === "touch") {
      const far = this.start && Math.hypot(
        event.clientX - this.start[0], event.clientY - this.start[1]) > 10;
      if (far && !this.painting) clearTimeout(this.press);
      return;
    }
    if (!this.band) return;
    this.pointer = event;
    const box = this.root.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (!this.dragged && Math.hypot(x - this.band.x, y - this.band.y) < DRAG_FROM) return;
    if (!this.dragged) {
      this.dragged = true;
      this.root.setPointerCapture(this.band.id);
      this.root.append(this.band.drawn = document.createElement("div"));
      this.band.drawn.className = "band";
      this.scroll();
    }
    this.stretch();
  }

  stretch() {
    const box = this.root.getBoundingClientRect();
    const [x, y] = [this.pointer.clientX - box.left, this.pointer.clientY - box.top];
    const [left, top] = [Math.min(x, this.band.x), Math.min(y, this.band.y)];
    const [width, height] = [Math.abs(x - this.band.x), Math.abs(y - this.band.y)];
    Object.assign(this.band.drawn.style, { left: `${left}px`, top: `${top}px`,
      width: `${width}px`, height: `${height}px` });
    this.band.hit = this.ids.filter((id) => {
      const tile = this.tiles.get(id);
      const hit = tile.offsetLeft < left + width && tile.offsetLeft + tile.offsetWidth > left &&
        tile.offsetTop < top + height && tile.offsetTop + tile.offsetHeight > top;
      tile.classList.toggle("marked", this.pointer.altKey
        ? this.marked.has(id) && !hit : this.marked.has(id) || hit);
      return hit;
    });
  }

  // A drag to the edge of the window goes on below it.
  scroll() {
    if (!this.band?.drawn) return;
    const y = this.pointer.clientY;
    const by = y < EDGE ? -12 : y > innerHeight - EDGE ? 12 : 0;
    if (by) {
      scroller(this.root)?.scrollBy(0, by);
      this.stretch();
    }
    requestAnimationFrame(() => this.scroll());
  }

  up(event) {
    if (this.band?.drawn) this.mark(this.band.hit ?? [], !event.altKey);
    this.letGo();
  }

  letGo() {
    clearTimeout(this.press);
    this.band?.drawn?.remove();
    this.band = null;
    if (this.painting) this.dragged = true;
    this.painting = false;
    this.paint();
  }

  startPainting(id) {
    if (!id) return;
    this.painting = true;
    this.on = !this.marked.has(id);
    navigator.vibrate?.(12);
    this.mark([id], this.on);
  }

  painted(event) {
    if (!this.painting) return;
    event.preventDefault();
    const touch = event.touches[0];
    const id = idOf(this.root.getRootNode().elementFromPoint(touch.clientX, touch.clientY));
    if (id) this.mark([id], this.on);
  }
}

function idAt(event) {
  return idOf(event.target);
}

function idOf(element) {
  return element?.closest?.(".photo")?.dataset.id;
}

function scroller(element) {
  let node = element;
  while (node) {
    node = node.parentElement ?? node.getRootNode().host;
    if (node && node.scrollHeight > node.clientHeight + 1 &&
      /auto|scroll/.test(getComputedStyle(node).overflowY)) return node;
  }
  return document.scrollingElement;
}

function blank(id) {
  const tile = piece("div", "photo");
  tile.id = `photo-${id}`;
  tile.dataset.id = id;
  tile.setAttribute("role", "option");
  const frame = piece("div", "frame");
  const picture = document.createElement("img");
  picture.loading = "lazy";
  picture.draggable = false;
  picture.alt = "";
  picture.onerror = () => frame.classList.add("broken");
  const open = piece("button", "open");
  open.tabIndex = -1;
  open.title = "Enlarge (Enter)";
  open.setAttribute("aria-label", "Enlarge");
  open.innerHTML = `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.4">
    <path d="M14 4h6v6M10 20H4v-6M20 4l-7 7M4 20l7-7"/></svg>`;
  frame.append(picture, piece("span", "flags"));
  const words = piece("div", "words");
  words.append(piece("span", "dot"), piece("span", "label"), piece("span", "note"));
  tile.append(frame, piece("span", "tick"), open, words);
  return tile;
}

function fill(tile, photo, source) {
  const find = (name) => tile.querySelector(name);
  const address = source.replace("{id}", encodeURIComponent(photo.id));
  if (find("img").getAttribute("src") !== address) find("img").src = address;
  find(".dot").style.background = photo.color;
  find(".label").textContent = photo.label;
  find(".note").textContent = photo.note;
  find(".note").title = photo.note;
  find(".flags").textContent = photo.flags;
  find(".flags").hidden = !photo.flags;
  tile.classList.toggle("excluded", photo.excluded);
  tile.title = [photo.name, photo.hint].filter(Boolean).join("\n");
  tile.setAttribute("aria-label", [photo.label, photo.name, photo.note, photo.flags]
    .filter(Boolean).join(", "));
}

function piece(kind, name) {
  const element = document.createElement(kind);
  element.className = name;
  return element;
}
