"""What the burst camera does. The canvas that is shown is the canvas that is saved."""

CAMERA_JS = """
const KEPT_SETTINGS = "loupe.camera";
const USUAL = { rate: 6, side: 320, mirror: true, square: true, countdown: false, most: 100,
  device: "" };
const LONGEST_QUEUE = 150, QUALITY = 0.92, COUNTDOWN = 3;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".camera");
  clearTimeout(root.leaving);
  root.app ??= make_camera(parentElement, root);
  root.app.told(data, setTriggerValue);
  // Called again at once when only the data changed; else the page has let go of it.
  return () => { root.leaving = setTimeout(root.app.release, 300); };
}

function make_camera(place, root) {
  const find = (name) => place.querySelector(name);
  const [canvas, hold, nine] = [find(".preview"), find(".hold"), find(".nine")];
  const pen = canvas.getContext("2d");
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  const settings = { ...USUAL, ...kept_settings() };
  const counts = new Map();
  const sender = makeSender(() => { describe(); report(); });
  let data, trigger, label, told_label, stream = null, opening = 0, alive = false;
  let burst = null, busy = 0, unreported = 0, timer = null, countdown = null, mood = "";
  let taken = 0, last = "", told_size = "";

  function told(new_data, new_trigger) {
    [data, trigger] = [new_data, new_trigger];
    if (told_label !== data.label) label = told_label = data.label;
    if (!data.targets.some((target) => target.name === label)) label = data.targets[0]?.name;
    const quiet = !burst && !busy && !sender.open();
    for (const { name, photos } of data.targets) {
      counts.set(name, quiet ? photos : Math.max(photos, counts.get(name) ?? 0));
    }
    draw_targets();
    describe();
    if (!alive) come_alive();
  }

  function come_alive() {
    alive = true;
    document.addEventListener("visibilitychange", seen);
    navigator.mediaDevices?.addEventListener?.("devicechange", list_devices);
    if (document.visibilityState === "visible") open();
    root.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  function release() {
    alive = false;
    document.removeEventListener("visibilitychange", seen);
    navigator.mediaDevices?.removeEventListener?.("devicechange", list_devices);
    shut();
  }

  function seen() {
    if (document.visibilityState === "hidden") shut();
    else if (alive && !stream) open();
  }

  function shut() {
    opening += 1;
    stop_burst();
    stream?.getTracks().forEach((track) => { track.onended = null; track.stop(); });
    stream = video.srcObject = null;
    canvas.classList.remove("on");
  }

  async function open() {
    shut();
    find(".trouble").hidden = true;
    root.hidden = false;
    if (!window.isSecureContext) return trouble("insecure");
    if (!navigator.mediaDevices?.getUserMedia) return trouble("NotFoundError");
    const mine = opening;
    over("Your browser asks whether Loupe may use the camera.");
    let got;
    try {
      got = await navigator.mediaDevices.getUserMedia({ audio: false, video: wanted(settings) });
    } catch (error) {
      if (mine !== opening) return;
      if (settings.device) { settings.device = ""; return open(); }
      return trouble(error.name);
    }
    if (mine !== opening || !alive) return void got.getTracks().forEach((track) => track.stop());
    stream = got;
    const track = stream.getVideoTracks()[0];
    track.onended = () => { shut(); trouble("ended"); };
    const facing = track.getSettings().facingMode;
    if (facing && settings.facing !== facing) {
      Object.assign(settings, { facing, mirror: facing !== "environment" });
    }
    video.srcObject = stream;
    await video.play().catch(() => {});
    over("");
    show_settings();
    list_devices();
    watch(mine);
  }

  function watch(mine) {
    if (mine !== opening) return;
    if (!root.isConnected) return release();
    paint();
    requestAnimationFrame(() => watch(mine));
  }

  function paint() {
    const [width, height] = [video.videoWidth, video.videoHeight];
    if (!width || !stream) return false;
    const short = Math.min(width, height);
    const [across, down] = settings.square ? [short, short] : [width, height];
    const scale = Math.min(1, settings.side / Math.max(across, down));
    const size = [Math.round(across * scale), Math.round(down * scale)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) {
      [canvas.width, canvas.height] = size;
    }
    if (!canvas.classList.contains("on") || told_size !== size.join()) {
      canvas.classList.add("on");
      told_size = size.join();
      describe();
    }
    pen.imageSmoothingQuality = "high";
    if (settings.mirror) pen.setTransform(-1, 0, 0, 1, size[0], 0);
    else pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(video, (width - across) / 2, (height - down) / 2, across, down, 0, 0, ...size);
    return true;
  }

  function press() {
    if (burst || countdown) return settings.countdown ? stop_burst() : undefined;
    if (!stream || !label) return;
    if (!settings.countdown) return start_burst();
    count_down(COUNTDOWN);
  }

  function count_down(seconds) {
    if (!seconds) { countdown = null; over(""); return start_burst(); }
    over(String(seconds), true);
    countdown = setTimeout(() => count_down(seconds - 1), 1000);
    describe();
  }

  function let_go() {
    if (!settings.countdown) stop_burst();
  }

  function start_burst() {
    burst = { group: fresh_mark("burst"), label };
    taken = 0;
    [...nine.children].forEach(forget_image);
    mood = "";
    hold.classList.add("down");
    shoot();
    timer = setInterval(shoot, 1000 / settings.rate);
  }

  function stop_burst() {
    clearTimeout(countdown);
    if (countdown) over("");
    countdown = null;
    clearInterval(timer);
    burst = null;
    hold.classList.remove("down");
    describe();
    report();
  }

  function shoot() {
    if (!burst || busy) return;
    if (taken >= Number(settings.most)) {
      mood = `That was the most for one burst. Press again for more.`;
      return stop_burst();
    }
    if (sender.waiting.length > LONGEST_QUEUE || !paint()) return;
    const mine = burst, number = ++taken;
    busy += 1;
    canvas.toBlob((blob) => {
      busy -= 1;
      if (blob) keep(blob, mine.label, mine.group, number);
      report();
    }, "image/jpeg", QUALITY);
  }

  function keep(blob, into, group, number, together = true) {
    unreported += 1;
    last = into;
    counts.set(into, (counts.get(into) ?? 0) + 1);
    show_newest(nine, blob);
    const name = `${group}-${String(number).padStart(5, "0")}.jpg`;
    const address = address_of(data.collection, into, together ? group : "", "camera");
    sender.put({ blob, name, address });
    describe();
  }

  // The page hears of a burst once all of it has arrived.
  function report() {
    if (burst || busy || sender.open() || !unreported) return;
    trigger("recorded", { label: last, added: sender.kept });
    unreported = sender.kept = 0;
  }

  function choose(name) {
    if (burst || countdown || !name) return;
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
      button.onclick = (event) => { choose(target.name); if (event.detail) hold.focus(); };
      return button;
    }));
    const chosen = data.targets.find((target) => target.name === label);
    root.style.setProperty("--own", chosen?.color ?? "");
    root.style.setProperty("--on", chosen?.text ?? "");
  }

  function describe() {
    if (!data) return;
    hold.disabled = !stream;
    const [what, how] = hold_words();
    hold.replaceChildren(what, element("", how, "small"));
    const total = counts.get(label) ?? 0;
    find(".total").textContent = `${count_words(total, "photo", "photos")} of ${label}`;
    find(".burst").textContent = taken
      ? `${count_words(taken, "frame", "frames")} in this burst` : "";
    find(".red").hidden = !burst;
    find(".red").textContent = `Recording · ${taken}`;
    const at = data.targets.findIndex((target) => target.name === label);
    const chip = find(".targets").children[at]?.querySelector("small");
    if (chip) chip.textContent = total.toLocaleString();
    find(".note").textContent = stream && canvas.classList.contains("on") ? note() : "";
    for (const words of place.querySelectorAll(".words")) {
      words.textContent = status_words();
      words.classList.toggle("bad", Boolean(sender.refused || sender.failures));
    }
  }

  function hold_words() {
    if (countdown) return ["Get ready", "press again to stop"];
    if (burst && settings.countdown) return ["Recording", "press to stop"];
    if (burst) return ["Recording", "let go to stop"];
    if (settings.countdown) return [`Record ${label}`, `starts in ${COUNTDOWN} s`];
    return [`Hold to record ${label}`, "mouse, finger or space bar"];
  }

  function note() {
    const how = [settings.mirror && "mirrored", settings.square && "cut square"].filter(Boolean);
    return `Saved exactly as shown: ${[...how,
      `${canvas.width} × ${canvas.height} pixels`].join(", ")}.`;
  }

  function status_words() {
    if (sender.refused) return `${count_words(sender.refused, "picture was", "pictures were")}` +
      ` not kept. ${sender.trouble}`;
    if (sender.failures) return `${sender.obstacle} ${count_words(sender.open(), "frame waits",
      "frames wait")} here and will be sent again: leave this page open.`;
    if (sender.waiting.length > LONGEST_QUEUE) return "The connection is slow: recording waits.";
    if (sender.open() > 12) return `Sending ${count_words(sender.open(), "frame", "frames")}.`;
    return mood;
  }

  function over(words, big = false) {
    find(".over").textContent = words;
    find(".over").classList.toggle("big", big);
  }

  async function list_devices() {
    const all = await navigator.mediaDevices.enumerateDevices();
    const cameras = all.filter((device) => device.kind === "videoinput");
    const now = stream?.getVideoTracks()[0].getSettings().deviceId;
    const select = find("[data-setting=device]");
    select.replaceChildren(...cameras.map((camera, place) => {
      const option = element("", camera.label || `Camera ${place + 1}`, "option");
      option.value = camera.deviceId;
      option.selected = camera.deviceId === now;
      return option;
    }));
    select.closest("label").hidden = cameras.length < 2;
  }

  function trouble(kind) {
    const { what, next, command, again } = TROUBLES[kind] ?? TROUBLES.other;
    root.hidden = true;
    find(".trouble").hidden = false;
    find(".what").textContent = what;
    find(".next").textContent = next.replace("{address}", location.origin);
    find(".command").textContent = command ?? "";
    find(".command").hidden = !command;
    find(".again").hidden = again === false;
    find(".choose span").textContent = `Take or choose photos of ${label}`;
    find(".trouble").scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  function show_settings() {
    for (const input of place.querySelectorAll("[data-setting]")) {
      const value = settings[input.dataset.setting];
      if (input.type === "checkbox") input.checked = value;
      else if (input.dataset.setting !== "device") input.value = String(value);
    }
    find("output").textContent = settings.rate;
    describe();
  }

  function set(event) {
    const input = event.target, name = input.dataset.setting;
    if (!name) return;
    const value = input.type === "checkbox" ? input.checked : input.value;
    settings[name] = name === "device" ? value : typeof value === "string" ? Number(value) : value;
    find("output").textContent = settings.rate;
    try { localStorage.setItem(KEPT_SETTINGS, JSON.stringify(settings)); } catch {}
    if (name === "device") open();
    else describe();
  }

  function choose_files(event) {
    const group = fresh_mark("photo");
    [...event.target.files].forEach((file, place) => keep(file, label, group, place + 1, false));
    event.target.value = "";
  }

  hold.onpointerdown = (event) => {
    if (event.button) return;
    hold.setPointerCapture(event.pointerId);
    press();
  };
  hold.onpointerup = hold.onpointercancel = hold.onlostpointercapture = let_go;
  hold.oncontextmenu = (event) => event.preventDefault();
  hold.onkeydown = (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) press();
  };
  hold.onkeyup = (event) => { if (event.key === " " || event.key === "Enter") let_go(); };
  hold.onblur = let_go;
  root.onkeydown = (event) => {
    event.stopPropagation();
    if (/^[1-9]$/.test(event.key) && !event.target.matches("select, input"))
      choose(data.targets[event.key - 1]?.name);
  };
  root.oninput = set;
  find(".again").onclick = open;
  find(".choose input").onchange = choose_files;
  show_settings();
  return { told, release };
}

function wanted(settings) {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  return settings.device ? { ...size, deviceId: { exact: settings.device } }
    : { ...size, facingMode: "user" };
}

function kept_settings() {
  try { return JSON.parse(localStorage.getItem(KEPT_SETTINGS)) ?? {}; } catch { return {}; }
}

const TROUBLES = {
  insecure: { again: false,
    what: "The browser gives the camera to secure addresses only.",
    next: "This page is open at {address}, which is not one. Open Loupe on its own computer at " +
      "a localhost address, or start it with a certificate as below and open it with https. Or " +
      "let your device take the photos: that works everywhere.",
    command: "STREAMLIT_SERVER_SSL_CERT_FILE=cert.pem STREAMLIT_SERVER_SSL_KEY_FILE=key.pem " +
      "STREAMLIT_SERVER_ADDRESS=0.0.0.0 streamlit run streamlit_app.py" },
  NotAllowedError: { what: "The browser does not let Loupe use the camera.",
    next: "Choose the camera sign beside the address, allow the camera for this page, and try " +
      "again." },
  NotFoundError: { what: "No camera was found on this device.",
    next: "Connect one and try again, or choose photos." },
  NotReadableError: { what: "The camera is in use by another programme, or does not answer.",
    next: "Close what else uses it, and try again." },
  ended: { what: "The camera was taken away.",
    next: "It was unplugged, or another programme took it. Connect it and try again." },
  other: { what: "The camera could not be started.",
    next: "Try again, or choose photos." },
};
"""
