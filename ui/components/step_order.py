"""A short list whose entries are put in order: drag them, or use their arrows."""

from collections.abc import Mapping

import streamlit as st


def step_order(entries: Mapping[str, str], *, key: str, title: str) -> list[str] | None:
    """Shows the list and returns the new order just after it changed, else None.

    Args:
        entries: What is put in order: name to words, in the present order.
        key: Identity of this list on its page.
        title: What the list holds, for people who hear it.
    """
    data = {"entries": [[name, words] for name, words in entries.items()], "title": title}
    result = _component(key=key, data=data, on_order_change=_nothing)
    order = result.get("order")
    if not isinstance(order, list) or sorted(order) != sorted(entries):
        return None
    return None if order == list(entries) else [str(name) for name in order]


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


HTML = '<ol class="order"></ol>'

CSS = """
.order {list-style: none; margin: 0; padding: 2px; display: grid; gap: 5px;
  font: 14px var(--st-font, sans-serif); color: var(--st-text-color)}
.order li {display: flex; align-items: center; gap: 8px; padding: 4px 6px 4px 10px;
  border-radius: 8px; background: var(--st-secondary-background-color); cursor: grab;
  border: 2px solid transparent}
.order li.over {border-color: var(--st-primary-color)}
.order li.held {opacity: .45}
.order .grip {opacity: .5; letter-spacing: -2px}
.order .words {flex: 1; min-width: 0}
.order button {border: 0; background: none; color: inherit; font-size: 15px; line-height: 1;
  width: 28px; height: 28px; border-radius: 6px; cursor: pointer}
.order button:hover:not(:disabled) {background: color-mix(in srgb, currentColor 12%, transparent)}
.order button:disabled {opacity: .25; cursor: default}
.order button:focus-visible {outline: 2px solid var(--st-primary-color)}
"""

JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".order");
  const names = data.entries.map(([name]) => name);
  const send = (from, to) => {
    if (from === to || to < 0 || to >= names.length) return;
    const order = [...names];
    order.splice(to, 0, ...order.splice(from, 1));
    setTriggerValue("order", order);
  };
  list.setAttribute("aria-label", data.title);
  list.replaceChildren(...data.entries.map(([name, words], at) => entry(name, words, at)));

  function entry(name, words, at) {
    const item = document.createElement("li");
    item.draggable = true;
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.textContent = "⋮⋮";
    grip.setAttribute("aria-hidden", "true");
    const text = document.createElement("span");
    text.className = "words";
    text.textContent = `${at + 1}. ${words}`;
    item.append(grip, text, arrow("↑", `${words}: earlier`, at, at - 1),
      arrow("↓", `${words}: later`, at, at + 1));
    item.ondragstart = (event) => {
      list.held = at;
      item.classList.add("held");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", name);
    };
    item.ondragend = () => {
      list.held = undefined;
      list.querySelectorAll("li").forEach((one) => one.classList.remove("held", "over"));
    };
    item.ondragover = (event) => {
      if (list.held === undefined) return;
      event.preventDefault();
      item.classList.add("over");
    };
    item.ondragleave = () => item.classList.remove("over");
    item.ondrop = (event) => {
      event.preventDefault();
      if (list.held !== undefined) send(list.held, at);
    };
    return item;
  }

  function arrow(sign, words, from, to) {
    const button = document.createElement("button");
    button.textContent = sign;
    button.title = words;
    button.setAttribute("aria-label", words);
    button.disabled = to < 0 || to >= names.length;
    button.onclick = () => send(from, to);
    return button;
  }
}
"""

_component = st.components.v2.component("loupe.step_order", html=HTML, css=CSS, js=JS)
