// What the page carries, and questions to it. Nothing here touches the document.

const options = JSON.parse(document.getElementById("options").textContent);
const data = JSON.parse(document.getElementById("data").textContent);

const nodeCount = data.nodes.label.length;
const linkCount = data.edges.from.length;

/** The numbers of the links of each node, strongest first, because links are sorted so. */
const linksOf = Array.from({ length: nodeCount }, () => []);
for (let link = 0; link < linkCount; link += 1) {
  linksOf[data.edges.from[link]].push(link);
  if (data.edges.to[link] !== data.edges.from[link]) linksOf[data.edges.to[link]].push(link);
}

/** Whether all links are equally strong, so that their strength says nothing. */
const isEven = data.edges.value[0] === data.edges.value[linkCount - 1];

/** Nodes in the order in which they deserve attention: a meeting may be small, but all else hangs on it. */
const importanceOf = (node) => data.nodes.size[node] * (1 + linksOf[node].length);
const byImportance = Array.from({ length: nodeCount }, (_, node) => node).sort(
  (a, b) => importanceOf(b) - importanceOf(a) || a - b,
);

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function labelOf(node) {
  return data.nodes.label[node].trim() || keyOf(node).trim() || "(no name)";
}

function keyOf(node) {
  return data.nodes.key[node] ?? data.nodes.label[node];
}

function lookOf(node) {
  return options.groups[data.nodes.group[node]];
}

function otherEnd(link, node) {
  return data.edges.from[link] === node ? data.edges.to[link] : data.edges.from[link];
}

function meetingsOfNode(node) {
  return data.nodes.meetings[node] ?? [];
}

/** Where nothing else is said, the meetings of a link are those in which both its ends stand. */
function meetingsOfLink(link) {
  const own = data.edges.meetings[link];
  if (own) return own;
  const others = new Set(meetingsOfNode(data.edges.to[link]));
  return meetingsOfNode(data.edges.from[link]).filter((meeting) => others.has(meeting));
}

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

let foldedLabels = null;

/** All nodes whose label holds a text, whatever its case and accents: beginnings first, then by importance. */
function nodesNamed(text) {
  foldedLabels ??= data.nodes.label.map((_, node) => folded(labelOf(node)));
  const wanted = folded(text.trim());
  if (!wanted) return [];
  const ranks = [[], [], []];
  for (const node of byImportance) {
    const at = foldedLabels[node].indexOf(wanted);
    if (at < 0) continue;
    const startsWord = at > 0 && /[\s\-–(/]/u.test(foldedLabels[node][at - 1]);
    ranks[at === 0 ? 0 : startsWord ? 1 : 2].push(node);
  }
  return ranks.flat();
}

function number(value) {
  return value.toLocaleString("en");
}

function counted(value, one, many) {
  return `${number(value)} ${value === 1 ? one : many}`;
}
