/* Writing mail texts: a click on a placeholder puts it where the cursor is, and the preview follows what is typed.
   Without this file placeholders are copied, and the preview is shown by its button. A form without one has no preview. */
"use strict";

const REST = 600;

class TextEditor {
  constructor(form) {
    this.form = form;
    this.button = form.querySelector("[formtarget]");
    this.field = form.querySelector("textarea");
    this.waiting = 0;
    this.frames = 0;
    for (const code of form.querySelectorAll("code[data-before]")) this.offer(code);
    form.addEventListener("focusin", (event) => this.remember(event.target));
    form.addEventListener("input", (event) => this.later(event.target));
    this.button?.addEventListener("click", (event) => {
      event.preventDefault();
      this.show();
    });
  }

  /* The name in the list becomes a button of the same words. */
  offer(code) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "insert";
    code.before(button);
    button.append(code);
    button.addEventListener("click", () => this.insert(code.dataset));
  }

  remember(field) {
    if (/^(subject|body)_/.test(field.name ?? "")) this.field = field;
  }

  insert({ before, after, use }) {
    const { form, field } = this;
    const target = use === "link" && field.name.startsWith("subject_") ? form.elements[field.name.replace("subject", "body")] : field;
    const words = target.value.slice(target.selectionStart, target.selectionEnd);
    const kept = use === "link" ? words : "";
    const cursor = target.selectionStart + before.length + kept.length;
    target.setRangeText(before + kept + after, target.selectionStart, target.selectionEnd, "end");
    if (use === "link" && !kept) target.setSelectionRange(cursor, cursor);
    target.focus();
    this.later(target);
  }

  later(field) {
    if (!this.button || field.name === "name") return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.show(), REST);
  }

  /* Into a new frame, which takes the old one's place when it has loaded: nothing flickers, and the way back stays short. */
  show() {
    for (const stale of this.form.querySelectorAll("iframe[hidden]")) stale.remove();
    const shown = this.form.querySelector("iframe");
    const fresh = shown.cloneNode();
    fresh.removeAttribute("src");
    fresh.hidden = true;
    fresh.name = `preview-${(this.frames += 1)}`;
    shown.after(fresh);
    fresh.addEventListener("load", () => this.swap(shown, fresh));
    this.button.formTarget = fresh.name;
    this.form.requestSubmit(this.button);
  }

  swap(shown, fresh) {
    fresh.hidden = false;
    shown.remove();
  }
}

for (const form of document.querySelectorAll("form.text-editor")) new TextEditor(form);
