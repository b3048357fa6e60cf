"use strict";
// Turns a chain by pointer, keys or buttons, colours it by the track of the menu, and names the residue pointed at.
for (const figure of document.querySelectorAll("figure.structure")) {
  const svg = figure.querySelector("svg.space");
  const source = figure.querySelector("script.data");
  if (!svg || !source) continue;
  const data = JSON.parse(source.textContent);
  const menu = figure.querySelector("select"), told = figure.querySelector("output.residue");
  const [width, height] = data.box, number = data.at.length;
  let turned = [[1, 0, 0], [0, 1, 0], [0, 0, 1]], zoom = 1, chosen = data.tracks[menu.value];

  const draw = (name, parent) => parent.appendChild(document.createElementNS(svg.namespaceURI, name));
  svg.replaceChildren();
  const pieces = data.at.map((_, row) => {
    const group = draw("g", svg);
    group.dataset.row = row;
    const halo = draw("path", group);
    halo.setAttribute("class", "halo");
    return { group, halo, tube: draw("path", group), core: draw("path", group) };
  });
  const ends = ["N", "C"].map((name) => {
    const text = draw("text", svg);
    text.setAttribute("class", "end");
    text.textContent = name;
    return text;
  });

  const bytes = (colour) => [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));
  const paper = bytes(data.paper);
  const palette = data.palette.map(([colour, size, hollow]) => ({ colour: bytes(colour), size, hollow }));
  const mixed = (colour, share) => `rgb(${colour.map((one, band) => Math.round(one + (paper[band] - one) * share))})`;
  const times = (first, second) => first.map((row) => [0, 1, 2].map((column) =>
    row.reduce((sum, value, place) => sum + value * second[place][column], 0)));

  function show() {
    const scale = data.scale * zoom;
    const at = data.at.map((place) => turned.map((row) => row[0] * place[0] + row[1] * place[1] + row[2] * place[2]));
    const flat = at.map(([x, y]) => [width / 2 + x * scale, height / 2 - y * scale]);
    const text = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
    const middle = (one, two) => [(flat[one][0] + flat[two][0]) / 2, (flat[one][1] + flat[two][1]) / 2];
    const order = at.map((_, row) => row).sort((one, two) => at[one][2] - at[two][2]);
    for (const row of order) {
      const { group, halo, tube, core } = pieces[row], own = palette[chosen.paint[row]];
      const start = row && data.joined[row - 1] ? middle(row - 1, row) : flat[row];
      const end = data.joined[row] ? middle(row, row + 1) : flat[row];
      const path = `M${text(start)}Q${text(flat[row])} ${text(end)}`;
      for (const part of [halo, tube, core]) part.setAttribute("d", path);
      halo.setAttribute("stroke", data.paper);
      halo.setAttribute("stroke-width", own.size + 3);
      tube.setAttribute("stroke", mixed(own.colour, data.far * (0.5 - at[row][2] / data.radius / 2)));
      tube.setAttribute("stroke-width", own.size);
      core.setAttribute("stroke", own.hollow ? data.paper : "none");
      core.setAttribute("stroke-width", 0.45 * own.size);
      svg.appendChild(group);
    }
    ends.forEach((end, place) => {
      const [x, y] = flat[place ? number - 1 : 0];
      end.setAttribute("x", x + 7);
      end.setAttribute("y", y - 7);
      svg.appendChild(end);
    });
  }

  function turn(across, down) {
    const [a, b] = [across, down].map((angle) => [Math.cos(angle), Math.sin(angle)]);
    const about = [[[a[0], 0, a[1]], [0, 1, 0], [-a[1], 0, a[0]]], [[1, 0, 0], [0, b[0], -b[1]], [0, b[1], b[0]]]];
    turned = times(about[1], times(about[0], turned));
    show();
  }

  const back = () => { turned = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; zoom = 1; show(); };
  const larger = (factor) => { zoom = Math.min(6, Math.max(0.5, zoom * factor)); show(); };
  const step = Math.PI / 12;
  const moves = {
    ArrowLeft: () => turn(-step, 0), ArrowRight: () => turn(step, 0), ArrowUp: () => turn(0, -step),
    ArrowDown: () => turn(0, step), Home: back, "+": () => larger(1.25), "-": () => larger(0.8),
  };
  svg.addEventListener("keydown", (event) => {
    if (!moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    moves[event.key]();
  });
  const ways = { left: "ArrowLeft", right: "ArrowRight", up: "ArrowUp", down: "ArrowDown", back: "Home", nearer: "+", farther: "-" };
  for (const button of figure.querySelectorAll("[data-turn]")) {
    button.addEventListener("click", () => moves[ways[button.dataset.turn]]());
  }

  let held = null;
  svg.addEventListener("pointerdown", (event) => {
    held = [event.clientX, event.clientY];
    svg.setPointerCapture(event.pointerId);
  });
  for (const name of ["pointerup", "pointercancel"]) svg.addEventListener(name, () => { held = null; });
  svg.addEventListener("pointermove", (event) => {
    if (held) {
      const [x, y] = held, speed = Math.PI / svg.clientWidth;
      held = [event.clientX, event.clientY];
      turn((event.clientX - x) * speed, (event.clientY - y) * speed);
      return;
    }
    const group = event.target.closest("g[data-row]");
    if (group) told.textContent = `${data.name[group.dataset.row]}: ${chosen.words[group.dataset.row]}`;
  });

  menu.addEventListener("change", () => {
    chosen = data.tracks[menu.value];
    for (const key of figure.querySelectorAll("[data-legend]")) key.hidden = key.dataset.legend !== menu.value;
    svg.setAttribute("aria-label", `${data.words} Coloured by ${chosen.title}: ${chosen.summary}.`);
    told.textContent = "";
    show();
  });
  show();
}
