/* Keeps what is typed in a form while it is typed, and tells who else has it open.
   Without this file the form is saved by its button alone, and what two changed at once is still joined. */
"use strict";

const REST = 1500;
const SEEN_EVERY = 60000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.state = document.querySelector("[data-autosave-state]");
    this.others = document.querySelector("[data-autosave-others]");
    this.dirty = false;
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", (event) => this.stop(event));
    addEventListener("pagehide", () => this.leave());
    this.send({ seen: "1" });
    setInterval(() => document.visibilityState === "visible" && !this.dirty && this.send({ seen: "1" }), SEEN_EVERY);
  }

  later() {
    this.dirty = true;
    this.stopped = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), REST);
  }

  fields() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  short(more) {
    const data = new FormData();
    for (const name of ["csrf_token", "edition"]) data.set(name, this.form.elements[name]?.value ?? "");
    for (const [name, value] of Object.entries(more)) data.set(name, value);
    return data;
  }

  /* How often this page has sent, so that what is late does not undo what came after it. */
  count() {
    const turn = this.form.elements.turn;
    if (turn) turn.value = Number(turn.value) + 1;
  }

  async keep() {
    this.dirty = false;
    this.count();
    if (!(await this.post(this.fields()))) {
      this.dirty = true;
      if (this.state) this.state.textContent = this.state.dataset.failed;
    }
  }

  send(more) {
    return this.post(this.short(more));
  }

  async post(data) {
    if (this.stopped) return true;
    this.request?.abort();
    const request = (this.request = new AbortController());
    try {
      const answer = await fetch(this.form.dataset.autosave, { method: "POST", body: data, credentials: "same-origin", signal: request.signal });
      if (!answer.ok || answer.redirected) return false;
      this.show(await answer.json());
      return true;
    } catch {
      return request.signal.aborted;
    }
  }

  show({ saved, others, newer, was }) {
    if (was) this.form.elements.was.value = was;
    if (this.state && saved) this.state.textContent = saved;
    if (!this.others) return;
    const text = [newer, others].filter(Boolean).join(" ");
    if (this.others.textContent !== text) this.others.textContent = text;
  }

  stop(event) {
    if (event.submitter?.formTarget) return;
    clearTimeout(this.timer);
    this.request?.abort();
    this.dirty = false;
    this.stopped = true;
    this.count();
  }

  leave() {
    if (this.stopped) return;
    if (this.dirty) this.count();
    if (this.dirty) navigator.sendBeacon(this.form.dataset.autosave, this.fields());
    navigator.sendBeacon(this.form.dataset.autosave, this.short({ left: "1" }));
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
