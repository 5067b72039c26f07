// Where everything meets: what a reader does changes the state, and the state is shown.

function update() {
  const seen = visible();
  picture.show(seen);
  showAccount(seen.links.length);
  const empty = document.getElementById("empty");
  empty.hidden = seen.nodes.length > 0;
  showDetails();
  picture.redraw();
}

function select(selection) {
  state.selected = selection;
  state.hovered = null;
  showDetails();
  picture.redraw();
  if (selection) picture.uncover(selection);
}

function clear() {
  select(null);
}

/** Bring a node to the middle; if it is hidden or so asked, reveal it with all its links. */
function go(node, { reveal = false } = {}) {
  showGroupOf(node);
  if (reveal || !visible().nodes.includes(node)) state.revealed.add(node);
  state.selected = { node };
  state.hovered = null;
  update();
  picture.centre(node);
}

function setUpPicture() {
  const { network } = picture;
  network.on("click", ({ nodes, edges }) => {
    if (nodes.length) select({ node: nodes[0] });
    else if (edges.length) select({ link: edges[0] });
    else clear();
  });
  network.on("hoverNode", ({ node }) => hover(node));
  network.on("blurNode", () => hover(null));
  network.on("hoverEdge", () => picture.point(true));
  network.on("blurEdge", () => picture.point(false));
  network.on("dragging", ({ nodes }) => nodes.length && picture.moved(nodes));
  network.on("dragEnd", ({ nodes }) => nodes.length && picture.moved(nodes));
  document.getElementById("zoom-in").addEventListener("click", () => picture.zoom(1.4));
  document.getElementById("zoom-out").addEventListener("click", () => picture.zoom(1 / 1.4));
  document.getElementById("zoom-fit").addEventListener("click", () => picture.fit());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
  });
}

function hover(node) {
  state.hovered = node;
  picture.point(node !== null);
  picture.redraw();
}

setUpLegend();
setUpAmount();
setUpSearch();
setUpList();
setUpPicture();
update();
picture.fit();

/** For scripts and tests: nodes are named by their keys. */
window.stabgraph = {
  select: (key) => go(data.nodes.label.findIndex((_, node) => keyOf(node) === key)),
  selectLink: (link) => select({ link }),
  clear,
  visible: () => {
    const seen = visible();
    return { nodes: seen.nodes.map(keyOf), links: seen.links.length };
  },
  labels: () => picture.labelled().map(keyOf),
  onPage: (key) => picture.onPage(data.nodes.label.findIndex((_, node) => keyOf(node) === key)),
};
