/* A picture one can point at, by mouse, finger or arrow keys, and how numbers become colours. */

function inColour(planes) {
  const [red, green, blue] = planes.length === 1 ? [planes[0], planes[0], planes[0]] : planes;
  return rgba(red, (at) => [red.values[at], green.values[at], blue.values[at]]);
}

/* 0..255 as one colour of light. */
function inLight(one, channel) {
  return rgba(one, (at) => [0, 1, 2].map((each) => (each === channel ? one.values[at] : 0)));
}

/* Zero is middle grey, the farthest from it black or white; else 0..255 as it is. */
function inGrey(one, signed, reach = farthest(one)) {
  return rgba(one, (at) => {
    const level = signed ? 127.5 + (one.values[at] / reach) * 127.5 : one.values[at];
    return [level, level, level];
  });
}

function farthest(one) {
  let reach = 0;
  for (const value of one.values) reach = Math.max(reach, Math.abs(value));
  return reach || 1;
}

function rgba(one, colour) {
  const image = new ImageData(one.width, one.height);
  for (let at = 0; at < one.values.length; at++) {
    const [red, green, blue] = colour(at);
    image.data.set([Math.round(red), Math.round(green), Math.round(blue), 255], at * 4);
  }
  return image;
}

class Board {
  /* `onPoint(row, column, kept)`: kept when it was pressed there; `onLeave`: back to what was. */
  constructor({ name, label, onPoint, onPress, onLeave, brush = false, step = 1 }) {
    this.canvas = make("canvas");
    this.frames = make("div", "frames");
    this.words = make("figcaption");
    this.node = make("figure", `board ${name}`, make("div", "picture", this.canvas, this.frames), this.words);
    Object.assign(this, { label, onPoint, onPress, onLeave, step });
    this.at = { row: 0, column: 0 };
    this.canvas.setAttribute("aria-label", label);
    this.canvas.setAttribute("role", "img");
    if (onPoint) this.listen(brush);
  }

  listen(brush) {
    const { canvas } = this;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", `${this.label}. Arrow keys move the frame.`);
    canvas.classList.add("live");
    canvas.classList.toggle("brush", brush);
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.point(event, true);
    };
    canvas.onpointermove = (event) => {
      if (event.pointerType === "mouse" || event.buttons) this.point(event, event.buttons > 0);
    };
    canvas.onpointerleave = (event) => {
      if (event.pointerType === "mouse" && !event.buttons && this.onLeave) this.onLeave();
    };
    canvas.onkeydown = (event) => this.key(event);
  }

  point(event, pressed) {
    const box = this.canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.canvas.height);
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.canvas.width);
    this.go(row, column, pressed);
    if (pressed && this.onPress) this.onPress(this.at.row, this.at.column, event);
  }

  key(event) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const presses = this.onPress && (event.key === "Enter" || event.key === " ");
    if (!by && !presses) return;
    event.preventDefault();
    event.stopPropagation();
    if (presses) return this.onPress(this.at.row, this.at.column, event);
    const far = this.step * (event.shiftKey ? 5 : 1);
    this.go(this.at.row + by[0] * far, this.at.column + by[1] * far, true);
  }

  go(row, column, kept) {
    this.at = {
      row: clamp(row, 0, this.canvas.height - 1),
      column: clamp(column, 0, this.canvas.width - 1),
    };
    this.onPoint(this.at.row, this.at.column, kept);
  }

  paint(image, caption) {
    if (this.canvas.width !== image.width || this.canvas.height !== image.height) {
      [this.canvas.width, this.canvas.height] = [image.width, image.height];
    }
    this.canvas.getContext("2d").putImageData(image, 0, 0);
    this.canvas.style.aspectRatio = `${image.width} / ${image.height}`;
    if (caption !== undefined) this.words.textContent = caption;
  }

  /* Frames in cells of the picture: {row, column, rows, columns, name}. */
  frame(...frames) {
    const { width, height } = this.canvas;
    this.frames.replaceChildren(...frames.map((one) => {
      const node = make("i", one.name ?? "");
      node.style.cssText = `top:${(one.row / height) * 100}%;left:${(one.column / width) * 100}%;`
        + `width:${(one.columns / width) * 100}%;height:${(one.rows / height) * 100}%`;
      return node;
    }));
  }
}
