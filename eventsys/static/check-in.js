/* Reads tickets with the camera at the door: the browser's own reader where there is one, else the vendored one. A code
   that is seen is put in the field and sent as if it had been typed. The page works without this file. */
"use strict";

const LOOK_EVERY = 150;
const SAME_AGAIN_AFTER = 4000;
const WIDEST = 640;

async function findOwnReader() {
  if (!("BarcodeDetector" in window)) return undefined;
  const formats = await BarcodeDetector.getSupportedFormats();
  if (!formats.includes("qr_code")) return undefined;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue;
}

function load(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: address, onload: done, onerror: failed });
    document.head.append(script);
  });
}

async function loadReader(address) {
  if (!window.jsQR) await load(address);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return window.jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data;
  };
}

class Camera {
  constructor(section) {
    this.section = section;
    this.video = section.querySelector("video");
    this.last = { code: "", at: 0 };
    section.querySelector("button").addEventListener("click", () => (this.stream ? this.stop() : this.start()));
    window.addEventListener("pagehide", () => this.stop());
    section.hidden = false;
  }

  async start() {
    this.show(true, false);
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      this.video.srcObject = this.stream;
      await this.video.play();
      this.read ??= (await findOwnReader().catch(() => undefined)) ?? (await loadReader(this.section.dataset.decoder));
      this.timer = setTimeout(() => this.look(), LOOK_EVERY);
    } catch {
      this.stop();
      this.show(false, true);
    }
  }

  stop() {
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.video.srcObject = null;
    this.show(false, false);
  }

  show(on, fault) {
    this.video.hidden = !on;
    this.section.querySelector("[data-on]").hidden = on;
    this.section.querySelector("[data-off]").hidden = !on;
    this.section.querySelector("[data-fault]").hidden = !fault;
  }

  async look() {
    const code = this.video.videoWidth ? await Promise.resolve(this.read(this.video)).catch(() => "") : "";
    if (code) this.take(code);
    if (this.stream) this.timer = setTimeout(() => this.look(), LOOK_EVERY);
  }

  take(code) {
    const now = Date.now();
    const again = code === this.last.code && now - this.last.at < SAME_AGAIN_AFTER;
    this.last = { code, at: now };
    if (again) return;
    const form = document.querySelector("form[data-scan]");
    form.elements.q.value = code;
    navigator.vibrate?.(80);
    form.requestSubmit();
  }
}

/* A scanner sends faster than one types: what the field would still look for must not come after what was sent. */
function send(event) {
  if (event.target.matches("form[data-scan]")) event.target.dataset.sent = "";
}

function look(event) {
  if (event.target.closest("form[data-sent]") && event.target.matches("input")) event.preventDefault();
}

/* An answer that is another page, such as the one to sign in, is opened as what it is. */
function receive(event) {
  if (event.detail.serverResponse.includes("id=\"people\"")) return;
  event.preventDefault();
  window.location.reload();
}

function tellLoss(lost) {
  for (const told of document.querySelectorAll("[data-offline]")) told.hidden = !lost;
  if (lost) for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}

document.addEventListener("submit", send, true);
document.addEventListener("htmx:confirm", look);
document.addEventListener("htmx:beforeSwap", receive);
document.addEventListener("htmx:afterOnLoad", () => tellLoss(false));
document.addEventListener("htmx:sendError", () => tellLoss(true));
document.addEventListener("htmx:responseError", () => tellLoss(true));

const section = document.querySelector("[data-camera]");
if (section && navigator.mediaDevices?.getUserMedia) new Camera(section);
