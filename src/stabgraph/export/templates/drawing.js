// Shapes and labels on a canvas. vis-network lets labels overlap; here each finds a free place or stays away.

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif';
const LINE_LENGTH = 22;
const SMALL_FONT = 11.5;
const LARGE_FONT = 15;
const ALWAYS = 30; // at most so many labels, and one in five, may cover minor nodes, but no other label

/** Corners of the shapes that have some, for a radius of 1; as vis-network draws them. */
const CORNERS = {
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  diamond: [[0, -1], [1, 0], [0, 1], [-1, 0]],
  triangle: [[0, -0.98], [1, 0.75], [-1, 0.75]],
  triangleDown: [[0, 0.98], [1, -0.75], [-1, -0.75]],
  hexagon: Array.from({ length: 6 }, (_, i) => [Math.cos((i * Math.PI) / 3), Math.sin((i * Math.PI) / 3)]),
  star: Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 ? 0.5 : 1.2;
    return [radius * Math.sin((i * Math.PI) / 5), 0.1 - radius * Math.cos((i * Math.PI) / 5)];
  }),
};

function drawShape(context, shape, x, y, radius) {
  context.beginPath();
  const corners = CORNERS[shape];
  if (corners) {
    for (const [dx, dy] of corners) context.lineTo(x + dx * radius, y + dy * radius);
    context.closePath();
  } else {
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
}

/** The same shape as a small picture for lists. */
function swatch(look) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "-1.3 -1.3 2.6 2.6");
  picture.setAttribute("class", "swatch");
  picture.setAttribute("aria-hidden", "true");
  const corners = CORNERS[look.shape];
  const shape = document.createElementNS(picture.namespaceURI, corners ? "polygon" : "circle");
  if (corners) shape.setAttribute("points", corners.map((corner) => corner.join(",")).join(" "));
  else shape.setAttribute("r", "1");
  shape.setAttribute("fill", look.color);
  picture.append(shape);
  return picture;
}

/** A label in at most three lines. Characters made of several code points are not torn apart. */
function wrapped(label, lines = 3) {
  const words = label.replace(/\s+/gu, " ").split(" ");
  const out = [""];
  for (const word of words) {
    const last = out[out.length - 1];
    if (!last) out[out.length - 1] = word;
    else if (last.length + 1 + word.length <= LINE_LENGTH) out[out.length - 1] = `${last} ${word}`;
    else out.push(word);
  }
  const kept = out.slice(0, lines).map((line) => shortened(line, LINE_LENGTH + 6));
  if (out.length > lines && !kept[lines - 1].endsWith("…")) kept[lines - 1] += " …";
  return kept;
}

function shortened(text, length) {
  if (text.length <= length) return text;
  const characters = Intl.Segmenter
    ? Array.from(new Intl.Segmenter().segment(text.slice(0, 4 * length)), (part) => part.segment)
    : Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

const measured = new Map();
const largest = data.nodes.size.reduce((a, b) => Math.max(a, b), 0);
const smallest = data.nodes.size.reduce((a, b) => Math.min(a, b), largest);

/** The lines of a node's label, its font and the room it takes, in pixels of the screen. */
function measure(context, node) {
  let label = measured.get(node);
  if (!label) {
    const share = (data.nodes.size[node] - smallest) / Math.max(1e-9, largest - smallest);
    const size = SMALL_FONT + (LARGE_FONT - SMALL_FONT) * share;
    const lines = wrapped(labelOf(node));
    const font = `${share > 0.45 ? 600 : 400} ${size.toFixed(1)}px ${FONT}`;
    context.font = font;
    const width = Math.max(...lines.map((line) => context.measureText(line).width));
    label = { lines, font, width, line: size * 1.15, height: size * 1.15 * lines.length };
    measured.set(node, label);
  }
  return label;
}

/** Boxes that are taken, in squares of the plane so that few need to be compared. */
class Room {
  constructor() {
    this.cells = new Map();
  }

  * #cellsOf([left, top, right, bottom]) {
    for (let i = Math.floor(left / 64); i <= Math.floor(right / 64); i += 1) {
      for (let j = Math.floor(top / 64); j <= Math.floor(bottom / 64); j += 1) yield `${i},${j}`;
    }
  }

  isFree(box, owner) {
    for (const cell of this.#cellsOf(box)) {
      for (const [left, top, right, bottom, other] of this.cells.get(cell) ?? []) {
        if (other !== owner && left < box[2] && right > box[0] && top < box[3] && bottom > box[1]) return false;
      }
    }
    return true;
  }

  take(box, owner) {
    for (const cell of this.#cellsOf(box)) {
      if (!this.cells.has(cell)) this.cells.set(cell, []);
      this.cells.get(cell).push([...box, owner]);
    }
  }
}

/** Places for labels around their nodes, for one zoom; those first in `order` get theirs first. */
function placeLabels(context, order, scale, insist) {
  const room = new Room();
  const names = new Room();
  const radius = (node) => data.nodes.size[node] * scale;
  const at = (node) => [data.nodes.x[node] * scale, data.nodes.y[node] * scale];
  for (const node of order) {
    const [x, y] = at(node);
    const r = radius(node) * 0.85;
    if (r > 2) room.take([x - r, y - r, x + r, y + r], node);
  }
  const places = [];
  for (const node of order) {
    const label = measure(context, node);
    const [x, y] = at(node);
    const gap = radius(node) + 3;
    const half = label.width / 2;
    const middles = [
      [x, y + gap + label.height / 2],
      [x, y - gap - label.height / 2],
      [x + gap + half + 1, y],
      [x - gap - half - 1, y],
    ];
    const box = ([mx, my]) => [mx - half - 2, my - label.height / 2, mx + half + 2, my + label.height / 2];
    const free = middles.find((middle) => room.isFree(box(middle), node))
      ?? (places.length < Math.min(ALWAYS, order.length / 5) ? middles.find((middle) => names.isFree(box(middle), -1)) : null)
      ?? (node === insist ? middles[0] : null);
    if (!free) continue;
    room.take(box(free), null);
    names.take(box(free), null);
    places.push({ node, label, x: free[0] / scale, y: free[1] / scale });
  }
  return places;
}

function drawLabels(context, places, toScreen, { ink, paper }) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = paper;
  context.fillStyle = ink;
  for (const { label, x, y } of places) {
    const at = toScreen(x, y);
    context.font = label.font;
    label.lines.forEach((line, i) => {
      const top = at.y + (i - (label.lines.length - 1) / 2) * label.line;
      context.strokeText(line, at.x, top);
      context.fillText(line, at.x, top);
    });
  }
}
