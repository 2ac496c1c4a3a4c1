/* Arrow keys between the cells of a table of rooms and times. Every link is reached by Tab too, and Enter opens it. */
"use strict";

/* The table as it is seen: a cell that stretches stands in each place that it covers. */
function layOut(table) {
  const grid = [];
  [...table.tBodies[0].rows].forEach((row, y) => {
    grid[y] ??= [];
    let x = 0;
    for (const cell of row.cells) {
      while (grid[y][x]) x += 1;
      for (let down = 0; down < cell.rowSpan; down += 1) {
        grid[y + down] ??= [];
        for (let along = 0; along < cell.colSpan; along += 1) grid[y + down][x + along] = cell;
      }
      x += cell.colSpan;
    }
  });
  return grid;
}

function placesOf(grid, cell) {
  return grid.flatMap((row, y) => row.flatMap((one, x) => (one === cell ? [{ x, y }] : [])));
}

const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/* The next cell in a direction that has something to open; it goes on from the row or column that it came by. */
function next(grid, cell, [right, down], came) {
  const places = placesOf(grid, cell);
  let { x, y } = places.find((one) => (right ? one.y === came.y : one.x === came.x)) ?? places[0];
  for (;;) {
    x += right;
    y += down;
    const found = grid[y]?.[x];
    if (!found) return null;
    if (found !== cell && found.querySelector("a")) return { cell: found, x, y };
  }
}

function edge(grid, cell, key) {
  const { y } = placesOf(grid, cell)[0];
  const row = grid[y].filter((one) => one.querySelector("a"));
  return key === "Home" ? row[0] : row[row.length - 1];
}

for (const table of document.querySelectorAll("table[data-arrows]")) {
  let came = { x: -1, y: -1 };
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const grid = layOut(table);
    let found = null;
    if (STEPS[event.key]) {
      found = next(grid, cell, STEPS[event.key], came);
      if (found) came = { x: found.x, y: found.y };
    } else if (event.key === "Home" || event.key === "End") {
      found = { cell: edge(grid, cell, event.key) };
      came = { x: -1, y: -1 };
    } else return;
    event.preventDefault();
    found?.cell.querySelector("a").focus();
  });
}
