"""The half of `/api/collections/…/frames` that runs in the browser; part of other components.

Pictures wait in a queue and travel in small forms, two at once. What does not arrive is sent
again, after longer and longer pauses, until it does; the server keeps a picture that comes
twice only once. What the server refuses is counted, and its sentence kept.
"""

SENDER_JS = """
const AT_ONCE = 8, IN_FLIGHT = 2, BYTES_AT_ONCE = 20e6, PATIENCE = 30000;
const PAUSES = [500, 1000, 2000, 4000, 8000];
const TRY_AGAIN = [408, 425, 429];

function makeSender(tell) {
  const sender = { waiting: [], aloft: 0, kept: 0, refused: 0, trouble: "", failures: 0 };
  let requests = 0, pause = null;
  sender.open = () => sender.waiting.length + sender.aloft;
  sender.put = (picture) => {
    sender.waiting.push(picture);
    pump();
  };
  addEventListener("beforeunload", (event) => { if (sender.open()) event.preventDefault(); });

  function pump() {
    while (requests < IN_FLIGHT && sender.waiting.length && !pause) fly(portion(sender.waiting));
  }

  async function fly(batch) {
    requests += 1;
    sender.aloft += batch.length;
    const outcome = await post(batch);
    requests -= 1;
    sender.aloft -= batch.length;
    if (outcome === null) hold_back(batch);
    else count(batch, outcome);
    tell();
    pump();
  }

  function hold_back(batch) {
    sender.waiting.unshift(...batch);
    const wait = PAUSES[Math.min(sender.failures, PAUSES.length - 1)];
    sender.failures += 1;
    pause ??= setTimeout(() => { pause = null; pump(); }, wait);
  }

  function count(batch, { ok, answer }) {
    sender.failures = 0;
    const lost = ok ? answer.refused : batch.map(() => ({ reason: says(answer) }));
    sender.kept += batch.length - lost.length;
    sender.refused += lost.length;
    if (lost.length) sender.trouble = lost[0].reason;
  }
  return sender;
}

function says(answer) {
  return `${answer.error || "Loupe did not take it."} ${answer.next_step || ""}`.trim();
}

function portion(waiting) {
  const batch = [], { address } = waiting[0];
  let bytes = 0;
  while (batch.length < AT_ONCE && waiting[0]?.address === address) {
    bytes += waiting[0].blob.size;
    if (batch.length && bytes > BYTES_AT_ONCE) break;
    batch.push(waiting.shift());
  }
  return batch;
}

async function post(batch) {
  const form = new FormData();
  for (const picture of batch) form.append("picture", picture.blob, picture.name);
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(batch[0].address, { method: "POST", body: form, signal });
    if (response.status >= 500 || TRY_AGAIN.includes(response.status)) return null;
    return { ok: response.ok, answer: await response.json() };
  } catch {
    return null;
  }
}

function address_of(collection, label, group, origin) {
  return `/api/collections/${encodeURIComponent(collection)}/frames?` +
    new URLSearchParams({ label, group, origin });
}

function fresh_mark(kind) {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return kind + "-" + Date.now().toString(36) + "-" +
    [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function element(kind, words, tag = "span") {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = words;
  return made;
}

function count_words(count, one, many) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

// The newest pictures as small images; the addresses of those that leave are given back.
function show_newest(strip, blob) {
  const image = document.createElement("img");
  image.src = URL.createObjectURL(blob);
  image.alt = "";
  strip.prepend(image);
  while (strip.children.length > 9) forget_image(strip.lastChild);
}

function forget_image(image) {
  URL.revokeObjectURL(image.src);
  image.remove();
}
"""
