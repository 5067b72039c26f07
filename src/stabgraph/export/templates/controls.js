// The panel beside the picture: search, legend, the number of links, the list of all nodes.

const MATCHES = 12;

/** An element with a class and children; texts become text, never markup. */
function element(name, className, ...children) {
  const out = document.createElement(name);
  if (className) out.className = className;
  out.append(...children);
  return out;
}

function button(className, onClick, ...children) {
  const out = element("button", className, ...children);
  out.type = "button";
  out.addEventListener("click", onClick);
  return out;
}

/** Text of unknown origin, in its own writing direction. */
function named(text, className = "name") {
  const out = element("span", className, text);
  out.dir = "auto";
  return out;
}

function nodeButton(node, count = "") {
  return button("", () => go(node), swatch(lookOf(node)), named(labelOf(node)), element("span", "count", count));
}

function setUpLegend() {
  const counts = data.types.map(() => 0);
  for (const group of data.nodes.group) counts[group] += 1;
  document.getElementById("legend").append(
    ...data.types.map((title, group) => {
      const toggle = button(
        "",
        () => {
          const hide = !state.hiddenGroups.delete(group);
          if (hide) state.hiddenGroups.add(group);
          toggle.setAttribute("aria-pressed", String(!hide));
          if (state.selected && !isSelectionShown()) clear();
          update();
        },
        swatch(options.groups[group]),
        named(title),
        element("span", "count", number(counts[group])),
      );
      toggle.setAttribute("aria-pressed", "true");
      toggle.title = "Show or hide";
      return element("li", "", toggle);
    }),
  );
}

function isSelectionShown() {
  const { node, link } = state.selected;
  const ends = link === undefined ? [node] : [data.edges.from[link], data.edges.to[link]];
  return ends.every(isGroupShown);
}

function showGroupOf(node) {
  if (!state.hiddenGroups.delete(data.nodes.group[node])) return;
  const toggles = document.querySelectorAll("#legend button");
  toggles[data.nodes.group[node]].setAttribute("aria-pressed", "true");
}

/** The slider is quadratic: among thousands of links, the strongest few hundred matter most. */
function setUpAmount() {
  const slider = document.getElementById("amount");
  let waiting = false;
  slider.addEventListener("input", () => {
    state.amount = Math.round(linkCount * (slider.value / 1000) ** 2);
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      update();
    });
  });
  document.getElementById("more").addEventListener("click", () => {
    state.amount = Math.min(linkCount, state.amount + Math.max(50, state.amount));
    update();
  });
  document.getElementById("reset").addEventListener("click", reset);
}

function reset() {
  Object.assign(state, { amount: data.shown, hiddenGroups: new Set(), revealed: new Set() });
  for (const toggle of document.querySelectorAll("#legend button")) toggle.setAttribute("aria-pressed", "true");
  clear();
  update();
  picture.fit();
}

function showAccount(shown) {
  const { weaker, hidden } = account(shown);
  const slider = document.getElementById("amount");
  slider.value = String(linkCount ? Math.round(1000 * Math.sqrt(state.amount / linkCount)) : 1000);
  slider.disabled = linkCount < 2;
  slider.setAttribute("aria-valuetext", counted(shown, "link", "links"));
  document.getElementById("more").disabled = weaker === 0;
  let text = `${number(shown)} of ${counted(linkCount, "link", "links")} shown`;
  if (weaker) text += `: the strongest; ${counted(weaker, "weaker one is", "weaker ones are")} left out`;
  if (hidden) text += `; ${number(hidden)} hidden with their type`;
  document.getElementById("account").textContent = `${text}.`;
}

function setUpSearch() {
  const input = document.getElementById("query");
  const list = document.getElementById("matches");
  let found = [];
  let active = -1;

  function mark(place) {
    active = place;
    [...list.children].forEach((item, i) => {
      if (item.getAttribute("role") === "option") item.setAttribute("aria-selected", String(i === active));
    });
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[active].id);
      list.children[active].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function choose(node) {
    close();
    input.value = labelOf(node);
    go(node);
  }

  function option(node, place) {
    const item = element("li", "", swatch(lookOf(node)), named(labelOf(node)));
    item.id = `match-${place}`;
    item.setAttribute("role", "option");
    item.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
    item.addEventListener("click", () => choose(node));
    return item;
  }

  function search() {
    const all = nodesNamed(input.value);
    found = all.slice(0, MATCHES);
    list.replaceChildren(...found.map(option));
    if (all.length > MATCHES) list.append(element("li", "note", `and ${number(all.length - MATCHES)} more`));
    if (!all.length) list.append(element("li", "note", "Nothing has this name."));
    const open = input.value.trim() !== "";
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    mark(open && found.length ? 0 : -1);
  }

  input.addEventListener("input", search);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      if (list.hidden) search();
      else mark((active + step + found.length) % found.length);
      event.preventDefault();
    } else if (event.key === "Enter" && active >= 0) {
      choose(found[active]);
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      close();
      event.stopPropagation();
      event.preventDefault();
    }
  });
}

/** The same as the picture, for those who do not see it; filled when it is first opened. */
function setUpList() {
  const all = document.getElementById("all");
  all.querySelector("summary").textContent = `All ${counted(nodeCount, "node", "nodes")}`;
  const fill = () => {
    data.types.forEach((title, group) => {
      const nodes = byImportance.filter((node) => data.nodes.group[node] === group);
      nodes.sort((a, b) => collator.compare(labelOf(a), labelOf(b)));
      const heading = element("h3", "", named(title, ""));
      const items = nodes.map((node) => element("li", "", nodeButton(node, number(linksOf[node].length))));
      all.append(heading, element("ul", "nodes", ...items));
    });
  };
  all.addEventListener("toggle", fill, { once: true });
}
