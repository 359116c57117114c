/* Scores to be dragged, the shares that softmax or sigmoid make of them, all sums written out. */
export default function ({ data, parentElement }) {
  return mounted(parentElement, data, (root, told) => {
    root.replaceChildren(sharesPanel(told), pairPanel());
    return { stop: () => {} };
  });
}

function sharesPanel({ names, colors, scores: start, temperature: warm }) {
  const scores = [...start];
  let temperature = warm, kind = "softmax";
  const rows = names.map((name, at) => scoreRow(name, colors[at], scores[at], (value) => {
    scores[at] = value;
    draw();
  }));
  const heads = ["class", "score: drag it", "z", "", "share", ""].map((words) => make("span", { class: "head" }, words));
  const grid = make("div", { class: "scores" }, ...heads, ...rows.map((row) => row.node));
  const stacked = make("div", { class: "stacked", "aria-hidden": "true" },
    ...colors.map((color) => make("i", { style: `background: ${color}` })));
  const sums = make("div", { class: "sum", "data-id": "softmax-sums" });
  const words = make("p", { class: "verdict", role: "status" });
  const heat = slider({ words: "Temperature T", id: "temperature", min: 0.2, max: 5, step: 0.1,
    value: temperature, show: (value) => figure(value, 1), change: (value) => { temperature = value; draw(); } });
  const how = choice("How many answers", [["softmax", "One answer: softmax"],
    ["sigmoid", "Several answers: sigmoid"]], kind, (name) => { kind = name; draw(); });

  function draw() {
    const single = kind === "softmax";
    const shares = single ? softmaxOf(scores, temperature) : scores.map(sigmoidOf);
    const raised = scores.map((score) => Math.exp(single ? score / temperature : -score));
    const total = raised.reduce((sum, one) => sum + one, 0);
    heat.node.hidden = !single;
    heat.node.style.display = single ? "" : "none";
    stacked.style.display = single ? "" : "none";
    heads[3].replaceChildren("e", make("sup", {}, single ? "z ÷ T" : "−z"));
    grid.style.setProperty("--power", single ? '"e to it: "' : '"e to its opposite: "');
    rows.forEach((row, at) => row.show(scores[at], raised[at], shares[at]));
    [...stacked.children].forEach((part, at) => { part.style.width = percent(shares[at]).replace(" ", ""); });
    sums.replaceChildren(...sumLines({ names, scores, raised, shares, total, temperature, single }));
    words.textContent = single ? oneAnswer(names, shares) : manyAnswers(names, shares);
  }
  draw();
  return make("section", { class: "panel" }, make("h3", {}, "From scores to shares"),
    make("div", { class: "row" }, how.node), stacked, grid, heat.node, words, sums);
}

function scoreRow(name, color, start, change) {
  const input = make("input", { type: "range", min: -4, max: 6, step: 0.1, "aria-label": `Score of ${name}`,
    "data-id": `score-${name}`, style: `--paint: ${color}` });
  input.value = start;
  paint(input);
  input.addEventListener("input", () => { paint(input); change(Number(input.value)); });
  const [score, raised, share] = ["number score", "number raised", "share"].map((kind) => make("span", { class: kind }));
  const length = make("i", { style: `background: ${color}` });
  share.dataset.share = name;
  return {
    node: make("div", { class: "line" }, make("span", { class: "name" }, make("i", { style: `background: ${color}` }), name),
      input, score, raised, make("div", { class: "bar", "aria-hidden": "true" }, length), share),
    show(value, power, part) {
      score.textContent = figure(value, 1);
      raised.textContent = figure(power, 3);
      share.textContent = percent(part);
      length.style.width = `${part * 100}%`;
    },
  };
}

function sumLines({ names, scores, raised, shares, total, temperature, single }) {
  const line = (...parts) => make("div", {}, ...parts);
  const strong = (text) => make("b", {}, text);
  if (!single) return names.map((name, at) => line(
    `${name}: 1 ÷ (1 + e^(${figure(-scores[at], 1)})) = 1 ÷ (1 + ${figure(raised[at])}) = `, strong(percent(shares[at]))));
  const tempered = (score) => (temperature === 1 ? figure(score, 1) : `${figure(score, 1)} ÷ ${figure(temperature, 1)}`);
  return [
    line(`Sum: ${scores.map((score) => `e^(${tempered(score)})`).join(" + ")} = `
      + `${raised.map((one) => figure(one)).join(" + ")} = `, strong(figure(total))),
    ...names.map((name, at) => line(`${name}: ${figure(raised[at])} ÷ ${figure(total)} = `, strong(percent(shares[at])))),
  ];
}

function oneAnswer(names, shares) {
  const best = shares.indexOf(Math.max(...shares));
  return `The shares add up to 100 %. The answer is ${names[best]}, with ${percent(shares[best])}.`;
}

function manyAnswers(names, shares) {
  const said = names.filter((_, at) => shares[at] >= 0.5);
  const total = percent(shares.reduce((sum, one) => sum + one, 0));
  const answer = said.length ? `Above 50 %, and so in the photo: ${said.join(", ")}.` : "None is above 50 %: nothing of these is in the photo.";
  return `Each answer stands for itself; together they make ${total}. ${answer}`;
}

/* The sigmoid's curve with a point to drag, and softmax of two beside it. */
function pairPanel() {
  let score = 1.2;
  const box = [34, 26, 330, 176];
  const x = scale(-6, 6, box[0], box[2]), y = scale(0, 1, box[3], box[1]);
  const drawing = canvas(340, 210, "The curve of the sigmoid");
  const line = Array.from({ length: 121 }, (_, at) => [x(-6 + at / 10), y(sigmoidOf(-6 + at / 10))]);
  const drop = ink("path", { fill: "none", stroke: "var(--slope)", "stroke-dasharray": "3 3" });
  const dot = ink("circle", { r: 8, class: "dot", fill: "var(--slope)" });
  const handle = ink("g", {}, ink("circle", { r: 22, class: "grip" }), dot);
  drawing.append(axes({ x, y, box, xs: [-6, -3, 0, 3, 6], ys: [0, 0.5, 1], across: "score z", up: "share" }),
    ink("path", { d: course(line), fill: "none", stroke: "var(--value)", "stroke-width": 2.5 }), drop, handle);
  const alone = make("div", { class: "sum", "data-id": "sigmoid-sum" });
  const both = make("div", { class: "sum", "data-id": "pair-sum" });
  const draw = () => {
    const share = sigmoidOf(score), pair = softmaxOf([score, 0]);
    handle.setAttribute("transform", `translate(${x(score)} ${y(share)})`);
    drop.setAttribute("d", `M${x(score)} ${box[3]}V${y(share)}H${box[0]}`);
    alone.replaceChildren(make("div", {}, `sigmoid of ${figure(score, 2)}`), make("div", {},
      `1 ÷ (1 + e^(${figure(-score, 2)})) = 1 ÷ (1 + ${figure(Math.exp(-score))}) = `, make("b", {}, percent(share))));
    const raised = Math.exp(score);
    both.replaceChildren(make("div", {}, `softmax of ${figure(score, 2)} and 0`), make("div", {},
      `e^(${figure(score, 2)}) ÷ (e^(${figure(score, 2)}) + e^0) = ${figure(raised)} ÷ (${figure(raised)} + 1) = `,
      make("b", {}, percent(pair[0]))));
  };
  draggable(handle, { drawing, words: "Score of the one answer", min: -6, max: 6, step: 0.1,
    read: () => score, write: (value) => { score = value; draw(); }, at: ([across]) => scale(box[0], box[2], -6, 6)(across),
    show: (value) => `score ${figure(value, 2)}, share ${percent(sigmoidOf(value))}` });
  draw();
  return make("section", { class: "panel" }, make("h3", {}, "Sigmoid is softmax of two, one score of which is 0"),
    make("div", { class: "two" }, make("div", {}, drawing), make("div", {}, make("p", {},
      "Yes or no needs one score only: how much more there is for yes than for no. Drag the dot along the curve."),
    alone, both)));
}
