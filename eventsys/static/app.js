/* What a page needs beyond HTML and htmx: suggestions while typing, and focus on what went wrong.
   Every page works without this file. */
"use strict";

const PAUSE = 120;
let lists = 0;

/* The ARIA combobox pattern on `<input data-suggest="address">`; the address answers `<li role="option" data-value>`. */
class Suggestions {
  constructor(input) {
    this.input = input;
    this.list = document.createElement("ul");
    this.status = document.createElement("span");
    this.active = -1;
    this.build();
    this.listen();
  }

  build() {
    const frame = document.createElement("span");
    frame.className = "combo";
    this.list.id = `suggestions-${(lists += 1)}`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels?.[0]?.textContent.trim() || this.input.getAttribute("aria-label") || "");
    this.status.setAttribute("role", "status");
    this.status.className = "combo-status sr-only";
    this.input.before(frame);
    frame.append(this.input, this.list, this.status);
    const roles = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
  }

  listen() {
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    this.request?.abort();
    const words = this.input.value.trim();
    if (!words) return this.close();
    const request = (this.request = new AbortController());
    const address = new URL(this.input.dataset.suggest, document.baseURI);
    address.searchParams.set("q", words);
    try {
      const answer = await fetch(address, { signal: request.signal, credentials: "same-origin" });
      const text = answer.ok ? await answer.text() : "";
      if (!request.signal.aborted) this.show(text);
    } catch {
      if (!request.signal.aborted) this.close();
    }
  }

  show(fragment) {
    this.list.innerHTML = fragment;
    const options = this.options();
    options.forEach((option, place) => {
      option.id = `${this.list.id}-${place}`;
      option.setAttribute("aria-selected", "false");
    });
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.open(options.length > 0 && document.activeElement === this.input);
    this.say(options.length);
  }

  say(hits) {
    const { none = "", some = "" } = this.input.dataset;
    this.status.classList.toggle("sr-only", hits > 0);
    this.status.textContent = hits ? some.replace("{n}", hits) : none;
  }

  open(yes) {
    this.list.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.open(false);
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = "";
  }

  move(step) {
    const options = this.options();
    if (this.list.hidden || !options.length) return this.ask();
    const from = this.active < 0 && step < 0 ? options.length : this.active;
    this.active = (from + step + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === this.active)));
    options[this.active].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[this.active].id);
    return undefined;
  }

  key(event) {
    if (event.isComposing) return;
    const chosen = this.list.hidden ? undefined : this.options()[this.active];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && chosen) this.choose(chosen);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
  }

  choose(option) {
    if (!option) return;
    this.input.value = option.dataset.value ?? option.textContent.trim();
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function showCurrent(strip) {
  const here = strip.querySelector("[aria-current]");
  if (!here) return;
  const [item, frame] = [here.getBoundingClientRect(), strip.getBoundingClientRect()];
  if (item.right > frame.right - 48) strip.scrollLeft += item.left - frame.left - 24;
}

/* Hides a question that is not asked: another answer (`data-if`) or the side (`data-side`) decides. */
function chosenIn(form, name) {
  const fields = [...form.elements].filter((field) => field.name === name);
  return fields.filter((field) => field.checked || field.tagName === "SELECT" || field.type === "hidden").map((field) => field.value);
}

function isAsked(question, form) {
  const { if: field, ifValues, side, sideValues } = question.dataset;
  const meets = (name, values) => !name || chosenIn(form, name).some((value) => values.split(" ").includes(value));
  const decided = field && form.querySelector(`[name="${CSS.escape(field)}"]`)?.closest(".question");
  return meets(field, ifValues) && meets(side, sideValues) && !decided?.hidden;
}

function showAsked(form) {
  for (const question of form.querySelectorAll(".question[data-if], .question[data-side]")) {
    question.hidden = !isAsked(question, form);
    question.querySelector(".condition")?.classList.add("sr-only");
  }
}

function prepare(root) {
  for (const input of root.querySelectorAll("input[data-suggest]:not([role=combobox])")) new Suggestions(input);
  for (const strip of root.querySelectorAll("nav:has(> .strip)")) showCurrent(strip);
  const forms = [...root.querySelectorAll(".question[data-if], .question[data-side]")].map((question) => question.closest("form"));
  for (const form of new Set(forms)) if (form) showAsked(form);
  root.querySelector("[data-focus]")?.focus();
}

document.addEventListener("change", (event) => event.target.form && showAsked(event.target.form));
prepare(document);
document.addEventListener("htmx:afterSettle", (event) => prepare(event.target.parentElement ?? document));
