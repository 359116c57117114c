const [WIDTH, MIDDLE, HEIGHT, REACH] = [380, 115, 56, 1.9];
const PAUSE = 110; // milliseconds between two messages while a point is dragged
const NS = "http://www.w3.org/2000/svg";

export default function ({ data, parentElement, setTriggerValue }) {
  const svg = parentElement.querySelector("svg");
  svg.setAttribute("aria-label", data.words);
  svg.querySelector(".curve").setAttribute("points", data.curve.map(onPaper).join(" "));
  fill(svg.querySelector(".fresh"), data.fresh, 2.8);
  const own = svg.querySelector(".train");
  fill(own, data.train, 6, svg.held);
  let number = 0;
  let last = 0;
  let later = null;
  const tell = (index, [x, y], now) => {
    clearTimeout(later);
    const send = () => {
      last = performance.now();
      setTriggerValue("moved", { index, x, y, number: `${Date.now()}-${++number}` });
    };
    const wait = now ? 0 : PAUSE - (performance.now() - last);
    if (wait <= 0) send();
    else later = setTimeout(send, wait);
  };
  [...own.children].forEach((dot, index) => {
    dot.tabIndex = 0;
    dot.setAttribute("role", "button");
    dot.setAttribute("aria-label",
      `Point ${index + 1}, at ${data.train[index].map((one) => one.toFixed(2)).join(", ")}; arrow keys move it`);
    dot.onpointerdown = (event) => {
      event.preventDefault();
      dot.focus({ preventScroll: true });
      dot.setPointerCapture(event.pointerId);
      dot.classList.add("held");
      svg.held = index;
    };
    dot.onpointermove = (event) => {
      if (svg.held !== index) return;
      const place = fromPaper(svg, event);
      put(dot, place);
      tell(index, place, false);
    };
    dot.onpointerup = dot.onpointercancel = (event) => {
      if (svg.held !== index) return;
      svg.held = undefined;
      dot.classList.remove("held");
      tell(index, fromPaper(svg, event), true);
    };
    dot.onkeydown = (event) => {
      const step = { ArrowLeft: [-.02, 0], ArrowRight: [.02, 0], ArrowUp: [0, .1], ArrowDown: [0, -.1] }[event.key];
      if (!step) return;
      event.preventDefault();
      const place = inside(data.train[index][0] + step[0], data.train[index][1] + step[1]);
      data.train[index] = place;
      put(dot, place);
      tell(index, place, false);
    };
  });
}

/* As many circles as points; the one that is held stays where the finger is. */
function fill(group, points, radius, held) {
  while (group.children.length > points.length) group.lastChild.remove();
  while (group.children.length < points.length) group.append(document.createElementNS(NS, "circle"));
  points.forEach((point, at) => {
    group.children[at].setAttribute("r", radius);
    if (at !== held) put(group.children[at], point);
  });
}

function put(dot, point) {
  const [x, y] = onPaper(point);
  dot.setAttribute("cx", x);
  dot.setAttribute("cy", y);
}

function onPaper([x, y]) {
  return [(10 + x * WIDTH).toFixed(1), (MIDDLE - y * HEIGHT).toFixed(1)];
}

function fromPaper(svg, event) {
  const box = svg.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) * 400 / box.width, (event.clientY - box.top) * 230 / box.height];
  return inside((x - 10) / WIDTH, (MIDDLE - y) / HEIGHT);
}

function inside(x, y) {
  return [Math.min(1, Math.max(0, x)), Math.min(REACH, Math.max(-REACH, y))];
}
