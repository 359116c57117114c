let shown = null;

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".parts");
  const select = parentElement.querySelector("select");
  const tell = (anchor) => { if (anchor !== data.current) setTriggerValue("chosen", anchor); };
  const focused = list.contains(list.getRootNode().activeElement);
  list.replaceChildren(...data.parts.map((part) => column(part, data.current, tell)));
  select.replaceChildren(...data.parts.map((part) => group(part)));
  select.value = data.current;
  select.onchange = () => tell(select.value);
  const labs = data.parts.flatMap((part) => part.labs);
  const place = labs.findIndex((lab) => lab.anchor === data.current);
  const tried = labs.filter((lab) => lab.tried).length;
  parentElement.querySelector(".narrow span").textContent =
    `Lab ${place + 1} of ${labs.length}, ${tried} tried`;
  if (focused) list.querySelector("[aria-current]")?.focus({ preventScroll: true });
  if (shown !== null && shown !== data.current) {
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  }
  shown = data.current;
}

function column(part, current, tell) {
  const box = document.createElement("div");
  const head = document.createElement("h3");
  head.textContent = part.title;
  const labs = document.createElement("ol");
  labs.append(...part.labs.map((lab) => entry(lab, current, tell)));
  box.append(head, labs);
  return box;
}

function entry(lab, current, tell) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.title = lab.hint;
  if (lab.anchor === current) button.setAttribute("aria-current", "page");
  const tried = lab.tried ? ", tried" : "";
  button.setAttribute("aria-label", `${lab.title}, ${lab.minutes} minutes${tried}`);
  button.append(span("mark", lab.tried ? "✓" : ""), span("", lab.title),
    span("minutes", `${lab.minutes} min`));
  button.onclick = () => tell(lab.anchor);
  item.append(button);
  return item;
}

function span(name, text) {
  const node = document.createElement("span");
  node.className = name;
  node.textContent = text;
  return node;
}

function group(part) {
  const node = document.createElement("optgroup");
  node.label = part.title;
  node.append(...part.labs.map((lab) => {
    const option = document.createElement("option");
    option.value = lab.anchor;
    option.textContent = `${lab.tried ? "✓ " : ""}${lab.title} · ${lab.minutes} min`;
    return option;
  }));
  return node;
}
