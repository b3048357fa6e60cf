// Draws the points of the page; the pointer names them, the legend hides them, the wheel zooms, dragging moves.
const { points } = JSON.parse(document.getElementById("data").textContent);
const map = document.getElementById("map"), hint = document.getElementById("hint"), figure = map.parentElement;
const SIZE = 1000, EDGE = 24, named = "http://www.w3.org/2000/svg";
const radius = points.length > 5000 ? 2.5 : points.length > 1000 ? 3.5 : 5;
let view = { x: 0, y: 0, size: SIZE };

const dots = points.map(([x, y, group, colour]) => {
  const dot = document.createElementNS(named, "circle");
  dot.setAttribute("cx", EDGE + x * (SIZE - 2 * EDGE));
  dot.setAttribute("cy", EDGE + y * (SIZE - 2 * EDGE));
  dot.setAttribute("fill", colour);
  return dot;
});
// Points without a label lie below the others.
map.append(...dots.map((dot, index) => [dot, points[index][5] !== ""]).sort((a, b) => a[1] - b[1]).map(([dot]) => dot));
const indexOf = new Map(dots.map((dot, index) => [dot, index]));

function draw() {
  map.setAttribute("viewBox", `${view.x} ${view.y} ${view.size} ${view.size}`);
  for (const dot of dots) dot.setAttribute("r", radius * view.size / SIZE * (dot.classList.contains("found") ? 2 : 1));
}

function within(event) {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
  return [x, y];
}

map.addEventListener("pointermove", (event) => {
  const index = indexOf.get(event.target);
  hint.hidden = index === undefined;
  if (hint.hidden) return;
  const box = figure.getBoundingClientRect();
  hint.replaceChildren(...points[index].slice(4).filter(Boolean).map((words) => Object.assign(document.createElement("span"), { textContent: words })));
  hint.style.left = `${Math.min(event.clientX - box.left + 12, box.width - hint.offsetWidth - 4)}px`;
  hint.style.top = `${event.clientY - box.top + 12}px`;
});
map.addEventListener("pointerleave", () => { hint.hidden = true; });

map.addEventListener("wheel", (event) => {
  event.preventDefault();
  const [x, y] = within(event), size = Math.min(SIZE, Math.max(SIZE / 200, view.size * Math.exp(event.deltaY / 400)));
  view = { x: x - (x - view.x) * size / view.size, y: y - (y - view.y) * size / view.size, size };
  if (size === SIZE) view = { x: 0, y: 0, size };
  draw();
}, { passive: false });

let held = null;
map.addEventListener("pointerdown", (event) => { held = within(event); map.setPointerCapture(event.pointerId); });
map.addEventListener("pointermove", (event) => {
  if (!held) return;
  const [x, y] = within(event);
  view.x += held[0] - x; view.y += held[1] - y;
  draw();
});
for (const end of ["pointerup", "pointercancel"]) map.addEventListener(end, () => { held = null; });
map.addEventListener("dblclick", () => { view = { x: 0, y: 0, size: SIZE }; draw(); });

for (const button of document.querySelectorAll("#legend button")) {
  button.addEventListener("click", () => {
    const isShown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", isShown);
    dots.forEach((dot, index) => { if (points[index][2] == button.dataset.group) dot.classList.toggle("hidden", !isShown); });
  });
}

document.getElementById("search").addEventListener("input", (event) => {
  const words = event.target.value.trim().toLowerCase();
  let count = 0;
  dots.forEach((dot, index) => {
    const isFound = words !== "" && points[index][4].toLowerCase().includes(words);
    dot.classList.toggle("found", isFound);
    count += isFound;
  });
  map.classList.toggle("searching", words !== "");
  document.getElementById("found").textContent = words === "" ? "" : `${count} found`;
  draw();
});

hint.hidden = true;
draw();
