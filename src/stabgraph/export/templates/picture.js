// The picture: vis-network draws nodes and links, we draw labels and the foreground over it.

const MANY = 8000; // links: more than that are not redrawn at every movement

const picture = createPicture();

function createPicture() {
  const container = document.getElementById("picture");
  const nodes = new vis.DataSet();
  const links = new vis.DataSet();
  const heaviest = Math.max(1e-9, data.edges.value[0] ?? 0);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const places = new Map();
  const measuring = document.createElement("canvas").getContext("2d");
  if (!data.hasPlaces && container.clientHeight > 1.15 * container.clientWidth) turnUpright();
  let colours = readColours();
  let opacity = 0.34;
  const network = new vis.Network(container, { nodes, edges: links }, { ...options, ...colourOptions() });
  network.on("afterDrawing", drawOver);
  // In the hidden tab of a notebook a page has no size yet.
  network.on("resize", ({ width, oldWidth }) => width && !oldWidth && fit());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    colours = readColours();
    network.setOptions(colourOptions());
  });

  /** The picture is wider than high; a telephone is not. */
  function turnUpright() {
    const across = data.nodes.x;
    data.nodes.x = data.nodes.y.map((y) => -y);
    data.nodes.y = across;
  }

  function readColours() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    return {
      ink: colour("ink"), paper: colour("paper"), link: colour("link"), strong: colour("link-strong"), ring: colour("ring"),
    };
  }

  function colourOptions() {
    const { link } = colours;
    return { edges: { ...options.edges, color: { color: link, hover: link, highlight: link, opacity } } };
  }

  function widthOf(link) {
    if (isEven) return 1.6;
    return 0.6 + 4 * Math.sqrt(Math.max(0, data.edges.value[link]) / heaviest);
  }

  function nodeItem(id) {
    const { x, y, size, group } = data.nodes;
    return { id, x: x[id], y: y[id], size: size[id], group: String(group[id]) };
  }

  function linkItem(id) {
    return { id, from: data.edges.from[id], to: data.edges.to[id], width: widthOf(id) };
  }

  function sync(set, wanted, item) {
    const keep = new Set(wanted);
    set.remove(set.getIds().filter((id) => !keep.has(id)));
    set.add(wanted.filter((id) => !set.get(id)).map(item));
  }

  /** Thousands of links would hide each other and slow the page down. */
  function adapt(count) {
    const wanted = count > 3000 ? 0.12 : count > 1000 ? 0.2 : 0.34;
    if (wanted !== opacity) {
      opacity = wanted;
      network.setOptions(colourOptions());
    }
    const many = count > MANY;
    network.setOptions({ interaction: { ...options.interaction, hover: !many, hideEdgesOnDrag: many, hideEdgesOnZoom: many } });
  }

  function show(seen) {
    adapt(seen.links.length);
    sync(nodes, seen.nodes, nodeItem);
    sync(links, seen.links, linkItem);
    places.clear();
  }

  function drawOver(context) {
    const scale = network.getScale();
    const front = focus();
    if (front) {
      drawVeil(context);
      drawFront(context, front, scale);
    }
    context.save();
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const toScreen = (x, y) => network.canvasToDOM({ x, y });
    drawLabels(context, placesFor(context, front, scale), toScreen, colours);
    context.restore();
  }

  function drawVeil(context) {
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 0.84;
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.restore();
  }

  function drawFront(context, front, scale) {
    const { x, y, size } = data.nodes;
    context.strokeStyle = colours.strong;
    for (const link of front.links) {
      const [from, to] = [data.edges.from[link], data.edges.to[link]];
      context.lineWidth = Math.max(widthOf(link), 1 / scale);
      context.beginPath();
      context.moveTo(x[from], y[from]);
      context.lineTo(x[to], y[to]);
      context.stroke();
    }
    for (const node of front.nodes) {
      if (!nodes.get(node)) continue;
      drawShape(context, lookOf(node).shape, x[node], y[node], size[node]);
      context.fillStyle = lookOf(node).color;
      context.fill();
      if (node !== front.centre) continue;
      context.strokeStyle = colours.ring;
      context.lineWidth = 2.5 / scale;
      context.stroke();
    }
  }

  /** Labels keep their places while the view moves; they are placed anew when zoom or foreground change. */
  function placesFor(context, front, scale) {
    const key = front ? `${front.centre}/${front.links.length}/${front.links[0]}` : "";
    const known = places.get(key);
    if (known?.scale === scale) return known.list;
    const drawn = byImportance.filter((node) => nodes.get(node) && (!front || front.nodes.has(node)));
    const centre = front?.centre ?? null;
    const order = centre === null ? drawn : [centre, ...drawn.filter((node) => node !== centre)];
    const list = placeLabels(context, order, scale, centre);
    places.set(key, { scale, list });
    return list;
  }

  function moved(ids) {
    for (const [id, at] of Object.entries(network.getPositions(ids))) {
      data.nodes.x[id] = at.x;
      data.nodes.y[id] = at.y;
    }
    places.clear();
  }

  function animation() {
    return calm ? false : { duration: 350, easingFunction: "easeInOutQuad" };
  }

  /** Bring a node to the middle, with as much of its neighbourhood as can be read. */
  function centre(node) {
    const ids = [...neighbourhood(node).nodes];
    const [x, y] = [data.nodes.x[node], data.nodes.y[node]];
    const wide = 2 * Math.max(...ids.map((id) => Math.abs(data.nodes.x[id] - x)));
    const high = 2 * Math.max(...ids.map((id) => Math.abs(data.nodes.y[id] - y)));
    const readable = Math.max(0.5, Math.min(network.getScale(), 0.9));
    move(x, y, Math.min(Math.max(scaleFor(wide, high), readable), 1.2), animation());
  }

  function scaleFor(wide, high, margins = [160, 90]) {
    const room = [container.clientWidth - coveredWidth(), container.clientHeight];
    const free = room.map((pixels, side) => Math.max(0.7 * pixels, pixels - margins[side]));
    return Math.max(0.02, Math.min(free[0] / Math.max(wide, 1), free[1] / Math.max(high, 1)));
  }

  function move(x, y, scale, how) {
    network.moveTo({ position: { x, y }, scale, offset: { x: -coveredWidth() / 2, y: 0 }, animation: how });
  }

  /** Move no more than needed: only what the details cover, or what lies outside, comes to the middle. */
  function uncover(selection) {
    const ids = selection.node === undefined
      ? [data.edges.from[selection.link], data.edges.to[selection.link]]
      : [selection.node];
    const seen = ids.every((id) => {
      const at = network.canvasToDOM({ x: data.nodes.x[id], y: data.nodes.y[id] });
      return at.x > 40 && at.x < container.clientWidth - coveredWidth() - 60
        && at.y > 20 && at.y < container.clientHeight - 30;
    });
    if (seen) return;
    const [left, right] = extent(ids.map((id) => data.nodes.x[id]));
    const [top, bottom] = extent(ids.map((id) => data.nodes.y[id]));
    const scale = Math.min(network.getScale(), scaleFor(right - left, bottom - top));
    move((left + right) / 2, (top + bottom) / 2, scale, animation());
  }

  /** How much of the picture the details hide. */
  function coveredWidth() {
    const panel = document.getElementById("details");
    return getComputedStyle(panel).position === "absolute" ? panel.offsetWidth : 0;
  }

  function fit() {
    const ids = nodes.getIds();
    if (!ids.length || !container.clientWidth || !container.clientHeight) return;
    const [left, right] = extent(ids.map((id) => data.nodes.x[id]));
    const [top, bottom] = extent(ids.map((id) => data.nodes.y[id]));
    const margins = [40, 40];
    let scale = 1;
    // Labels take the same room on the screen at any scale, and where they stand depends on the scale.
    for (let round = 0; round < 3; round += 1) {
      scale = Math.min(1.6, scaleFor(right - left, bottom - top, margins));
      const labels = placeLabels(measuring, byImportance.filter((id) => nodes.get(id)), scale, null);
      const overhang = ({ label, x, y }) => [
        Math.max(0, left * scale - x * scale + label.width / 2, (x - right) * scale + label.width / 2),
        Math.max(0, (top - y) * scale + label.height / 2, (y - bottom) * scale + label.height / 2),
      ];
      for (const side of [0, 1]) margins[side] = 24 + 2 * Math.max(0, ...labels.map((one) => overhang(one)[side]));
    }
    move((left + right) / 2, (top + bottom) / 2, scale, false);
  }

  function extent(values) {
    return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  }

  function zoom(factor) {
    network.moveTo({ scale: network.getScale() * factor, animation: animation() });
  }

  /** Where a node is on the page, in pixels. */
  function onPage(node) {
    const box = container.getBoundingClientRect();
    const at = network.canvasToDOM({ x: data.nodes.x[node], y: data.nodes.y[node] });
    return { x: box.left + at.x, y: box.top + at.y };
  }

  return {
    network, show, centre, uncover, fit, zoom, moved, onPage,
    labelled: () => placesFor(measuring, focus(), network.getScale()).map((place) => place.node),
    hasLink: (link) => links.get(link) !== null,
    hasNode: (node) => nodes.get(node) !== null,
    redraw: () => network.redraw(),
    point: (on) => container.classList.toggle("pointing", on),
  };
}
