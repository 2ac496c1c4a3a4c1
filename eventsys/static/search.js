/* The key / leads to the search field, unless somebody writes or has switched it off (kept in this browser alone). */
"use strict";

const OFF = "search-key-off";

function isOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

function isWriting(target) {
  return target.isContentEditable || target.matches?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector("[type=search]");
  if (!field || isOff() || isWriting(event.target)) return;
  event.preventDefault();
  field.focus();
  field.select();
});

function showSwitch(line) {
  const state = isOff() ? "off" : "on";
  for (const part of line.children) part.textContent = part.dataset[state];
  line.hidden = false;
}

for (const line of document.querySelectorAll("[data-key-switch]")) {
  showSwitch(line);
  line.querySelector("button").addEventListener("click", () => {
    if (isOff()) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    showSwitch(line);
  });
}
