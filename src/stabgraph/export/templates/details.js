// The panel that says what is known about a node or a link, and who says so.

const FIRST = 20;

function showDetails() {
  const panel = document.getElementById("details");
  const { selected } = state;
  panel.hidden = selected === null;
  if (!selected) {
    panel.replaceChildren();
    return;
  }
  const close = button("close", clear, "×");
  close.setAttribute("aria-label", "Close the details");
  const parts = selected.node === undefined ? partsOfLink(selected.link) : partsOfNode(selected.node);
  panel.replaceChildren(close, ...parts.filter(Boolean));
  panel.scrollTop = 0;
}

function partsOfNode(node) {
  const title = element("h2", "", labelOf(node));
  title.dir = "auto";
  const held = meetingsOfNode(node);
  const last = [neighbours(node), meetings(held, "Meetings")];
  if (held.length <= 3) last.reverse(); // sources first where they fit
  return [
    title,
    element("p", "kind", swatch(lookOf(node)), named(data.kinds[data.nodes.group[node]], "")),
    data.nodes.url[node] && element("p", "iri", link(data.nodes.url[node], data.nodes.url[node])),
    pairs(data.nodes.details[node] ?? []),
    ...last.flat(),
  ];
}

function partsOfLink(number_) {
  const ends = [data.edges.from[number_], data.edges.to[number_]];
  const held = meetingsOfLink(number_);
  const facts = [];
  if (typeOf(number_)) facts.push(["Type", typeOf(number_)]);
  if (data.edges.label[number_]) facts.push(["Label", data.edges.label[number_]]);
  if (!isEven) facts.push(["Strength", number(data.edges.value[number_])]);
  return [
    element("h2", "", "Link between"),
    element("ul", "ends", ...ends.map((node) => element("li", "", nodeButton(node)))),
    pairs(facts),
    ...meetings(held, "Meetings in common"),
  ];
}

function typeOf(one) {
  return data.linkTypes[data.edges.type[one]] ?? "";
}

/** A link if the address is one of the web; any other scheme stays text. */
function link(address, ...content) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    // Not an address: shown as it is.
  }
  if (!url || !["http:", "https:"].includes(url.protocol)) return named(content.join(""), "");
  const out = element("a", "", ...content);
  out.href = url.href;
  out.target = "_blank";
  out.rel = "noopener noreferrer";
  return out;
}

function pairs(facts) {
  if (!facts.length) return null;
  const cell = (name, text) => {
    const out = element(name, "", text);
    out.dir = "auto";
    return out;
  };
  return element("dl", "", ...facts.flatMap(([name, value]) => [cell("dt", name), cell("dd", value)]));
}

function neighbours(node) {
  const links = linksOf[node];
  if (!links.length) return [];
  const out = [element("h3", "", counted(links.length, "neighbour", "neighbours"))];
  const left = links.filter((one) => !picture.hasLink(one)).length;
  if (left) {
    const label = left === links.length ? "Show its links" : `Show the ${counted(left, "link", "links")} left out`;
    out.push(button("plain", () => go(node, { reveal: true }), label));
  }
  const groups = new Map();
  for (const one of links) {
    const group = data.nodes.group[otherEnd(one, node)];
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(one);
  }
  for (const [group, ofGroup] of groups) {
    if (groups.size > 1) out.push(element("h4", "", `${data.types[group]} (${number(ofGroup.length)})`));
    const item = (one) => element("li", "", nodeButton(otherEnd(one, node), isEven ? typeOf(one) : number(data.edges.value[one])));
    out.push(...listed(ofGroup, "nodes", item, groups.size > 1 ? 8 : FIRST));
  }
  return out;
}

function meetings(numbers, title) {
  if (!numbers.length) return [];
  const byDate = numbers
    .map((one) => data.meetings[one])
    .sort((a, b) => compared(b[1], a[1]) || collator.compare(a[0], b[0]));
  return [
    element("h3", "", `${title} (${number(byDate.length)})`),
    ...listed(byDate, "meetings", meetingItem, FIRST),
  ];
}

function compared(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function meetingItem([label, date, place, reports]) {
  const when = [date || "no date reported", place].filter(Boolean).join(" · ");
  const item = element("li", "", element("p", "what", named(label, "")), element("p", "when", named(when, "")));
  if (reports.length) item.append(element("ul", "reports", ...reports.map(reportItem)));
  return item;
}

function reportItem(one) {
  const [publisher, url, published, title] = data.reports[one];
  const out = element("li", "", link(url, data.publishers[publisher] || title || url || "(no publisher)"));
  const rest = [published, data.publishers[publisher] ? title : ""].filter(Boolean).join(", ");
  if (rest) out.append(", ", named(rest, "when"));
  return out;
}

/** A list of which the first entries are shown, and the others when asked for. */
function listed(values, className, item, first) {
  const list = element("ul", className, ...values.slice(0, first).map(item));
  if (values.length <= first) return [list];
  const more = button(
    "plain",
    () => {
      const rest = values.slice(first).map(item);
      list.append(...rest);
      rest[0].querySelector("button, a")?.focus();
      more.remove();
    },
    `Show all ${number(values.length)}`,
  );
  return [list, more];
}
