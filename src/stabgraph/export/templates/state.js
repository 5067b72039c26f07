// What is to be seen: how many links, which types, what is selected. Everything else follows from it.

const state = {
  amount: data.shown,
  hiddenGroups: new Set(),
  revealed: new Set(), // nodes asked for by name: shown with all their links
  selected: null, // { node } or { link }
  hovered: null, // a node
};

/** The nodes and links to be drawn now. */
function visible() {
  const links = [];
  const nodes = new Set(state.revealed);
  for (let link = 0; link < linkCount; link += 1) {
    const from = data.edges.from[link];
    const to = data.edges.to[link];
    if (link >= state.amount && !state.revealed.has(from) && !state.revealed.has(to)) continue;
    nodes.add(from);
    nodes.add(to);
    if (isGroupShown(from) && isGroupShown(to)) links.push(link);
  }
  if (state.amount >= linkCount) {
    for (let node = 0; node < nodeCount; node += 1) nodes.add(node);
  }
  return { links, nodes: [...nodes].filter(isGroupShown).sort((a, b) => a - b) };
}

function isGroupShown(node) {
  return !state.hiddenGroups.has(data.nodes.group[node]);
}

/** How many links are left out, and why. */
function account(shown) {
  let weaker = 0;
  for (let link = state.amount; link < linkCount; link += 1) {
    const revealed = state.revealed.has(data.edges.from[link]) || state.revealed.has(data.edges.to[link]);
    if (!revealed) weaker += 1;
  }
  return { weaker, hidden: linkCount - weaker - shown };
}

/** The node or link in the foreground, with its neighbourhood; null when nothing is. */
function focus() {
  if (state.hovered !== null) return neighbourhood(state.hovered);
  if (state.selected?.node !== undefined) return neighbourhood(state.selected.node);
  if (state.selected?.link !== undefined) {
    const { link } = state.selected;
    return { centre: null, nodes: new Set([data.edges.from[link], data.edges.to[link]]), links: [link] };
  }
  return null;
}

function neighbourhood(node) {
  const links = linksOf[node].filter((link) => picture.hasLink(link));
  const nodes = new Set([node, ...links.map((link) => otherEnd(link, node))]);
  return { centre: node, nodes, links };
}
