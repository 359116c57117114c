"""The half of the upload that runs in the browser: what was dropped, sent in bundles."""

SCRIPT = r"""
const BUNDLE_FILES = 64, BUNDLE_BYTES = 8e6, IN_FLIGHT = 3, MOST_FILES = 200000;
const TRIES = 3, PAUSE = 800, MOST_REASONS = 5;
const HIDDEN = /^(\.|__macosx$|thumbs\.db$|desktop\.ini$|@eadir$|\$recycle\.bin$)/i;

export default function ({ data, parentElement, setTriggerValue }) {
  const zone = parentElement.querySelector(".zone");
  const desk = (zone.desk ??= makeDesk(zone));
  desk.data = data;
  desk.tell = (value) => setTriggerValue("uploaded", value);
  desk.draw();
}

function makeDesk(zone) {
  const find = (name) => zone.querySelector(name);
  const desk = { zone, upload: null, note: "", said: "" };

  desk.draw = () => {
    const into = desk.data.target.kind === "collection";
    find(".invitation b").textContent = into
      ? `Drop photos of ${desk.data.target.label} here`
      : "Drop a folder, photos or an archive here";
    find(".invitation small").textContent = desk.said || (into
      ? "Files or a whole folder: all of it goes into this class."
      : "Of any size. A ZIP or TAR file, a folder as it lies on your computer, or single files.");
    drawTrouble(desk);
  };
  for (const button of zone.querySelectorAll(".pick")) {
    button.onclick = () => find("input." + button.dataset.pick).click();
  }
  for (const input of zone.querySelectorAll("input")) {
    input.onchange = () => {
      const files = [...input.files].map((file) => (
        { path: file.webkitRelativePath || file.name, file }));
      input.value = "";
      if (files.length) start(desk, files);
    };
  }
  let depth = 0;
  zone.ondragenter = (event) => {
    event.preventDefault();
    depth += 1;
    zone.classList.add("over");
  };
  zone.ondragover = (event) => event.preventDefault();
  zone.ondragleave = () => {
    depth -= 1;
    if (depth <= 0) zone.classList.remove("over");
  };
  zone.ondrop = async (event) => {
    event.preventDefault();
    depth = 0;
    zone.classList.remove("over");
    if (desk.upload) return;
    const roots = rootsOf(event.dataTransfer);
    show(desk, "work", "Looking at what you dropped", "", 0);
    const files = await walk(roots, (count) => words(desk, `${number(count)} files found`));
    if (files.length) start(desk, files);
    else stop(desk, "There is no file in it.");
  };
  find(".cancel").onclick = () => cancel(desk);
  find(".again").onclick = () => again(desk);
  find(".on").onclick = () => goOn(desk);
  addEventListener("beforeunload", (event) => { if (desk.upload?.busy) event.preventDefault(); });
  return desk;
}

// What was dropped: entries where the browser knows folders, else plain files.
function rootsOf(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  return items.map((item) => {
    const entry = item.webkitGetAsEntry && item.webkitGetAsEntry();
    return entry || item.getAsFile();
  }).filter(Boolean);
}

async function walk(roots, tell) {
  const files = [], waiting = [...roots];
  while (waiting.length) {
    const entry = waiting.pop();
    if (entry instanceof File) files.push({ path: entry.name, file: entry });
    else if (HIDDEN.test(entry.name)) continue;
    else if (entry.isFile) {
      const file = await new Promise((done) => entry.file(done, () => done(null)));
      if (file) files.push({ path: entry.fullPath.replace(/^\/+/, ""), file });
    } else waiting.push(...await inside(entry));
    if (files.length % 100 === 0) tell(files.length);
  }
  return files;
}

async function inside(folder) {
  const reader = folder.createReader(), found = [];
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) return found;
    found.push(...some);
  }
}

function start(desk, found) {
  if (desk.upload?.busy) return;
  const { data } = desk;
  const files = found.filter(({ path }) => !path.split("/").some((part) => HIDDEN.test(part)));
  const packed = files.filter(({ file }) => isArchive(file.name, data));
  const single = data.target.kind === "source" && packed.length === 1 && files.length === 1;
  if (data.target.kind === "source" && packed.length && !single) {
    return stop(desk, packed.length > 1
      ? "Drop one archive at a time: each becomes a data set of its own."
      : "Drop either an archive or photos, not both at once.");
  }
  if (!files.length) return stop(desk, "There is no file in it that could be a photo.");
  if (files.length > MOST_FILES) return stop(desk, `These are ${number(files.length)} files; `
    + `up to ${number(MOST_FILES)} can be uploaded at once.`);
  const upload = desk.upload = {
    kind: single ? "archive" : data.target.kind, target: data.target, files, name: nameOf(files),
    total: files.reduce((sum, { file }) => sum + file.size, 0), began: performance.now(),
    queue: [], aloft: new Map(), doneBytes: 0, doneFiles: 0, kept: 0,
    refused: [], broken: [], token: null, busy: true, requests: 0,
  };
  desk.note = desk.said = "";
  show(desk, "work", titleOf(upload), "Starting", 0);
  const run = { archive: sendArchive, source: sendFolder, collection: sendPhotos }[upload.kind];
  run(desk, upload);
}

function isArchive(name, data) {
  return data.archives.some((ending) => name.toLowerCase().endsWith(ending));
}

function nameOf(files) {
  const first = files[0].path.split("/")[0];
  if (files.length === 1) return files[0].path.split("/").pop();
  const shared = files.every(({ path }) => path.includes("/") && path.split("/")[0] === first);
  return shared ? first : "my photos";
}

function titleOf(upload) {
  const count = upload.files.length;
  const what = count === 1 ? "" : `${number(count)} files, `;
  return `${upload.name}: ${what}${megabytes(upload.total)}`;
}

async function sendArchive(desk, upload) {
  const { file } = upload.files[0];
  const address = "/api/uploads?name=" + encodeURIComponent(file.name);
  const outcome = await post(desk, upload, address, file, "archive");
  if (upload.cancelled) return;
  if (outcome.ok) return finished(desk, { file: outcome.answer.file, name: file.name, files: 1 });
  fail(desk, upload, outcome);
}

async function sendFolder(desk, upload) {
  const query = `?name=${encodeURIComponent(upload.name)}&bytes=${upload.total}`;
  const outcome = await post(desk, upload, "/api/uploads/folders" + query, "", "begin");
  if (upload.cancelled) return;
  if (!outcome.ok) return fail(desk, upload, outcome);
  upload.token = outcome.answer.token;
  upload.queue = bundles(desk, upload, upload.files);
  pump(desk, upload);
}

function sendPhotos(desk, upload) {
  upload.queue = upload.files.map((each) => ({ files: [each], tries: 0 }));
  pump(desk, upload);
}

// Files that travel together, and those too large to be sent at all.
function bundles(desk, upload, files) {
  const found = [];
  let bundle = { files: [], tries: 0 }, size = 0;
  for (const each of files) {
    if (each.file.size > desk.data.largest) {
      const limit = megabytes(desk.data.largest);
      refuse(upload, each, `It is larger than ${limit}.`);
      continue;
    }
    if (bundle.files.length && (bundle.files.length >= BUNDLE_FILES
        || size + each.file.size > BUNDLE_BYTES)) {
      found.push(bundle);
      bundle = { files: [], tries: 0 };
      size = 0;
    }
    bundle.files.push(each);
    size += each.file.size;
  }
  if (bundle.files.length) found.push(bundle);
  return found;
}

function refuse(upload, each, reason) {
  upload.refused.push({ path: each.path, reason });
  upload.doneFiles += 1;
  upload.doneBytes += each.file.size;
}

function pump(desk, upload) {
  if (!desk.zone.isConnected) return cancel(desk);
  while (upload.requests < IN_FLIGHT && upload.queue.length) {
    fly(desk, upload, upload.queue.shift());
  }
  if (!upload.requests && !upload.queue.length && upload.busy) landed(desk, upload);
}

async function fly(desk, upload, bundle) {
  upload.requests += 1;
  const [address, body] = letter(upload, bundle.files);
  const outcome = await post(desk, upload, address, body, bundle);
  upload.requests -= 1;
  upload.aloft.delete(bundle);
  if (upload.cancelled) return;
  if (outcome.ok || outcome.status === 422 && upload.kind === "collection") {
    account(upload, bundle.files, outcome);
  } else if ([404, 403, 413, 507].includes(outcome.status)) {
    return fail(desk, upload, outcome);
  } else await holdBack(upload, bundle);
  tellProgress(desk, upload);
  pump(desk, upload);
}

function letter(upload, files) {
  const [{ path, file }] = files;
  if (upload.kind === "collection") {
    const { collection, label } = upload.target;
    const query = new URLSearchParams({ label, name: path.split("/").pop(), origin: "files" });
    return [`/api/collections/${encodeURIComponent(collection)}/photos?${query}`, file];
  }
  const parts = files.flatMap((each) => (
    [JSON.stringify({ path: each.path, size: each.file.size }) + "\n", each.file]));
  return [`/api/uploads/folders/${upload.token}`, new Blob(parts)];
}

function account(upload, files, { ok, answer }) {
  const lost = upload.kind === "collection"
    ? (ok ? [] : [{ path: files[0].path, reason: says(answer) }])
    : answer.refused;
  upload.refused.push(...lost);
  upload.kept += files.length - lost.length;
  upload.doneFiles += files.length;
  upload.doneBytes += files.reduce((sum, { file }) => sum + file.size, 0);
}

// What did not arrive is sent again, after a pause; then file by file, to find the broken one.
async function holdBack(upload, bundle) {
  bundle.tries += 1;
  if (bundle.tries < TRIES) {
    await new Promise((done) => setTimeout(done, PAUSE * bundle.tries));
    upload.queue.unshift(bundle);
  } else if (bundle.files.length > 1) {
    upload.queue.unshift(...bundle.files.map((each) => ({ files: [each], tries: TRIES - 1 })));
  } else upload.broken.push(bundle.files[0]);
}

async function landed(desk, upload) {
  if (upload.broken.length) {
    upload.busy = false;
    const arrived = `${number(upload.kept)} files have arrived`;
    show(desk, "choice", titleOf(upload), arrived, share(upload));
    return drawTrouble(desk);
  }
  goOn(desk);
}

async function goOn(desk) {
  const { upload } = desk;
  if (!upload) return;
  const refused = upload.refused.length + upload.broken.length;
  if (upload.kind === "collection") {
    return finished(desk, { kept: upload.kept, refused, reasons: reasonsOf(upload) });
  }
  if (!upload.kept) {
    const [first] = upload.refused;
    cancel(desk);
    return stop(desk,
      first ? `No file was kept. ${first.path}: ${first.reason}` : "Nothing arrived.");
  }
  const address = `/api/uploads/folders/${upload.token}/finish`;
  const outcome = await post(desk, upload, address, "", "finish");
  if (!outcome.ok) return fail(desk, upload, outcome);
  finished(desk, { file: outcome.answer.file, name: upload.name, files: outcome.answer.files });
}

function reasonsOf(upload) {
  return upload.refused.slice(0, MOST_REASONS).map(({ path, reason }) => `${path}: ${reason}`);
}

function finished(desk, value) {
  const { upload } = desk;
  const lost = upload.refused.length;
  const many = lost === 1 ? "1 file was not kept." : `${number(lost)} files were not kept.`;
  stop(desk, lost ? `${many} ${reasonsOf(upload).join(" ")}` : "");
  desk.said = upload.kind === "collection"
    ? `${number(upload.kept)} of ${number(upload.files.length)} photos were kept.`
    : `${upload.name} has arrived.`;
  desk.draw();
  desk.tell({ ...value, at: Date.now() });
}

function again(desk) {
  const { upload } = desk;
  if (!upload) return;
  if (upload.failed) {
    desk.upload = null;
    return start(desk, upload.files);
  }
  upload.queue = upload.broken.map((each) => ({ files: [each], tries: 0 }));
  upload.broken = [];
  upload.busy = true;
  desk.note = "";
  show(desk, "work", titleOf(upload), "Trying again", share(upload));
  drawTrouble(desk);
  pump(desk, upload);
}

function fail(desk, upload, { answer }) {
  if (upload.cancelled) return;
  giveUp(upload);
  upload.busy = false;
  upload.failed = true;
  upload.cancelled = true;
  desk.note = says(answer);
  show(desk, "choice", titleOf(upload), "The upload did not get through.", share(upload));
  drawTrouble(desk);
}

function cancel(desk) {
  const { upload } = desk;
  if (!upload) return stop(desk, "");
  upload.cancelled = true;
  giveUp(upload);
  stop(desk, upload.kind === "collection" && upload.kept
    ? `Cancelled; ${number(upload.kept)} photos were kept before.`
    : "Cancelled. Nothing of it was kept.");
  if (upload.kind === "collection" && upload.kept) {
    desk.tell({ kept: upload.kept, refused: 0, reasons: [], at: Date.now() });
  }
}

function giveUp(upload) {
  for (const { request } of upload.aloft.values()) request.abort();
  upload.aloft.clear();
  upload.queue = [];
  if (upload.token) fetch(`/api/uploads/folders/${upload.token}/cancel`, { method: "POST" });
  upload.token = null;
}

function stop(desk, note) {
  desk.upload = null;
  desk.note = note;
  show(desk, "idle", "", "", 0);
  drawTrouble(desk);
}

function post(desk, upload, address, body, mark) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const flight = { request, loaded: 0 };
    upload.aloft.set(mark, flight);
    request.open("POST", address);
    request.upload.onprogress = (event) => {
      flight.loaded = event.loaded;
      tellProgress(desk, upload);
    };
    const end = () => {
      upload.aloft.delete(mark);
      done({ ok: request.status === 200, status: request.status, answer: answerOf(request) });
    };
    request.onload = end;
    request.onerror = end;
    request.onabort = end;
    request.send(body);
  });
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText || "{}");
  } catch {
    return {};
  }
}

function says(answer) {
  const words = answer.error || "The connection broke off. Is Loupe still running?";
  return `${words} ${answer.next_step || ""}`.trim();
}

function tellProgress(desk, upload) {
  if (!upload.busy || upload.cancelled) return;
  const sent = sentBytes(upload), seconds = (performance.now() - upload.began) / 1000;
  const left = sent > 0 && seconds > 1 ? seconds * (upload.total - sent) / sent : 0;
  const files = upload.files.length > 1
    ? `${number(upload.doneFiles)} of ${number(upload.files.length)} files · ` : "";
  const time = left >= 1 ? ` · ${duration(left)} left` : "";
  words(desk, `${files}${megabytes(sent)} of ${megabytes(upload.total)}${time}`);
  desk.zone.querySelector("progress").value = share(upload);
}

function sentBytes(upload) {
  let sent = upload.doneBytes;
  for (const { loaded } of upload.aloft.values()) sent += loaded;
  return Math.min(sent, upload.total);
}

function share(upload) {
  return upload.total ? sentBytes(upload) / upload.total : 0;
}

function show(desk, state, title, said, value) {
  desk.zone.dataset.state = state;
  desk.zone.querySelector(".title").textContent = title;
  desk.zone.querySelector("progress").value = value;
  words(desk, said);
}

function words(desk, said) {
  desk.zone.querySelector(".words").textContent = said;
}

function drawTrouble(desk) {
  const { upload, note } = desk;
  const find = (name) => desk.zone.querySelector(name);
  const broken = upload && !upload.busy && !upload.failed ? upload.broken : [];
  const reasons = find(".reasons");
  reasons.replaceChildren();
  if (note) reasons.append(note);
  if (broken.length) {
    const few = broken.slice(0, MOST_REASONS).map(({ path }) => path).join(", ");
    const others = broken.length - MOST_REASONS;
    const more = others > 0 ? ` and ${number(others)} more` : "";
    const bold = document.createElement("b");
    const count = broken.length === 1 ? "1 file" : `${number(broken.length)} files`;
    bold.textContent = `${count} could not be read or sent: `;
    reasons.append(bold, `${few}${more}.`);
  }
  find(".again").hidden = !(upload && (broken.length || upload.failed));
  find(".on").hidden = !broken.length;
  find(".on").textContent = broken.length === 1 ? "Go on without it" : "Go on without them";
  desk.zone.classList.toggle("troubled", Boolean(note || broken.length));
}

function number(value) {
  return value.toLocaleString("en");
}

function megabytes(bytes) {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  return bytes >= 1e5 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} KB`;
}

function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
"""
