"use strict";
// Names the substitution under the pointer.
for (const part of document.querySelectorAll("section.scan")) {
  const data = JSON.parse(part.querySelector("script.data").textContent);
  const svg = part.querySelector("svg"), told = part.querySelector("output.cell");
  const { cell, left, top, line, per_line: perLine } = data.layout;
  svg.addEventListener("pointermove", (event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const row = Math.floor((y - top) / line), place = Math.floor((x - left) / cell);
    const residue = row * perLine + place, letter = data.rows[Math.floor((y - top - row * line) / cell)];
    if (row < 0 || place < 0 || place >= perLine || residue >= data.letters.length || !letter) return;
    const own = data.letters[residue], name = `${own}${residue + data.first}`, column = data.columns.indexOf(letter);
    if (letter === own) { told.textContent = `${name}: the residue itself`; return; }
    const change = data.change[residue][column], width = data.width[residue][column];
    const unit = data.unit ? ` ${data.unit}` : "", doubt = width === null ? "" : `, interval ${width}${unit} wide`;
    told.textContent = `${name}${letter}: ${change > 0 ? "+" : ""}${change}${unit}${doubt}`;
  });
}
