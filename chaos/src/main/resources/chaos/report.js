// The time-travel view of a run's page. It reads the element #travel-data (chaos.report.travel
// says what it holds), draws the lanes of one cell once, and at each move of the time bar only
// moves the cursor and fills three panels anew. The address names cell and instant:
// #cell=DIR&t=SECONDS. Nothing is loaded, stored or sent.
(function () {
  "use strict";

  const source = document.getElementById("travel-data");
  if (!source) return;
  const cells = JSON.parse(source.textContent);
  const byId = (id) => document.getElementById("travel-" + id);
  const view = byId("view"), bar = byId("time"), choice = byId("cell");
  const LEFT = 92, RIGHT = 10, CLIENT = 9, NODE = 30, SENTINEL = 18, GAP = 10;
  const STEP_S = 0.1, EVENTS_SHOWN = 8, PLAY_STEP_MS = 50;

  let cell = cells[0], now = 0, chosen = null, cursor = null, timer = null;
  let toX = (s) => s, toSeconds = (x) => x;

  // ---- small words ----

  const seconds = (s, digits) => s.toFixed(digits === undefined ? 1 : digits) + " s";
  const grouped = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((c) => c !== null && c !== undefined));
    return made;
  }

  function shape(tag, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // The last [time, value] of a sorted list that is not after s, or undefined.
  function at(list, s) {
    let low = 0, high = (list || []).length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle][0] <= s + 1e-9) low = middle + 1;
      else high = middle;
    }
    return low > 0 ? list[low - 1] : undefined;
  }

  const valueAt = (list, s) => (at(list, s) || [])[1];

  // ---- what was so at an instant ----

  const roleAt = (node, s) => valueAt(cell.roles[node], s) || "not seen yet";
  const offsetAt = (node, s) => valueAt(cell.offsets[node], s);
  function firstMaster() {
    for (const node of cell.nodes) {
      if (((cell.roles[node] || [])[0] || [])[1] === "master") return node;
    }
    return undefined;
  }

  // What the sentinel beside a node last announced, else what it was configured with.
  function believedMaster(node, s) {
    const announced = valueAt(cell.masters[node], s);
    return announced === undefined ? firstMaster() : announced;
  }

  const masters = (s) => cell.nodes.filter((node) => roleAt(node, s) === "master");
  const isUnderFault = (s) => cell.shades.some(([from, to]) => from <= s && s <= to);

  function faultText(s) {
    const last = at(cell.nemesis, s);
    const said = last && last[1] + " " + last[2] + (last[3] ? "" : " (begun)");
    return (isUnderFault(s) ? cell.shade : "none") + (said ? "; last order: " + said : "");
  }

  // Instants worth a stop, in order: nemesis, sentinels, changes of role.
  function stops() {
    const all = [...cell.nemesis, ...cell.sentinel].map((e) => e[0]);
    for (const node of cell.nodes) all.push(...(cell.roles[node] || []).map((e) => e[0]));
    return [...new Set(all)].sort((a, b) => a - b);
  }

  // ---- lanes ----

  function runs(slots, letter) {
    const found = [];
    for (let i = slots.indexOf(letter); i >= 0; i = slots.indexOf(letter, i)) {
      const from = i;
      while (slots[i] === letter) i++;
      found.push([from, i]);
    }
    return found;
  }

  function laneOfClient(slots, y) {
    return [...".ofiL"].slice(1).map((letter) => shape("path", {
      class: "lane-" + letter.toLowerCase(),
      d: runs(slots, letter).map(([from, to]) => {
        const x = toX(from * cell.slot), width = Math.max(0.6, toX(to * cell.slot) - x);
        return `M${x.toFixed(1)} ${y}h${width.toFixed(1)}v${CLIENT - 3}h${-width.toFixed(1)}z`;
      }).join(""),
    }));
  }

  function laneOfNode(node, y, offsetMax) {
    const roles = cell.roles[node] || [];
    const bands = roles.map(([from, role], i) => {
      const to = i + 1 < roles.length ? roles[i + 1][0] : cell.end;
      return shape("rect", {
        class: "role-" + role, x: toX(from), y: y + NODE - 10,
        width: Math.max(1, toX(to) - toX(from)), height: 7,
      });
    });
    const points = (cell.offsets[node] || []).map(([s, offset]) =>
      toX(s).toFixed(1) + "," + (y + NODE - 13 - (NODE - 15) * offset / offsetMax).toFixed(1));
    return [...bands, shape("polyline", { class: "offset", points: points.join(" ") })];
  }

  const eventClasses = { "+sdown": "sdown", "+odown": "odown", "+switch-master": "switch" };

  function ticks(events, y, height, classOf, textOf) {
    return events.map((event) => {
      const x = toX(event[0]).toFixed(1);
      const tick = shape("path", { class: "event " + classOf(event), d: `M${x} ${y}v${height}` });
      tick.append(shape("title", {}, seconds(event[0], 3) + " " + textOf(event)));
      return tick;
    });
  }

  function draw() {
    const width = Math.max(300, Math.floor(byId("lanes").clientWidth));
    const parts = [];
    toX = (s) => LEFT + (width - LEFT - RIGHT) * s / cell.end;
    toSeconds = (x) => (x - LEFT) * cell.end / (width - LEFT - RIGHT);
    let y = 8;
    const name = (text, height) =>
      parts.push(shape("text", { class: "lane-name", x: 8, y: y + height / 2 + 4 }, text));

    name("nemesis", SENTINEL);
    parts.push(...ticks(cell.nemesis, y, SENTINEL - 4, () => "nemesis",
      (e) => e[1] + " " + e[2] + (e[3] ? " done" : " begins")));
    y += SENTINEL + GAP;
    const offsetMax = Math.max(1, ...Object.values(cell.offsets).flat().map((o) => o[1]));
    for (const node of cell.nodes) {
      name("n" + node + " offset", NODE);
      parts.push(...laneOfNode(node, y, offsetMax));
      y += NODE;
    }
    y += GAP;
    for (const node of cell.nodes) {
      name("sentinel " + node, SENTINEL);
      parts.push(...ticks(cell.sentinel.filter((e) => e[1] === node), y, SENTINEL - 4,
        (e) => eventClasses[e[2]] || "", (e) => e[2] + " " + e[3]));
      y += SENTINEL;
    }
    y += GAP;
    cell.lanes.forEach((slots, client) => {
      if (client % 5 === 0 || cell.lanes.length < 5) name("client " + client, CLIENT);
      parts.push(...laneOfClient(slots, y));
      y += CLIENT;
    });
    const height = y + 24;
    const shades = cell.shades.map(([from, to]) => shape("rect", {
      class: "shade", x: toX(from), y: 0, width: Math.max(1, toX(to) - toX(from)), height: y + 2,
    }));
    const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((s) => toX(s) - LEFT > 45) || 1000;
    for (let s = 0; s <= cell.end; s += step) {
      parts.push(shape("text", { class: "tick mid", x: toX(s), y: height - 6 }, s));
    }
    cursor = shape("path", { class: "cursor" });
    const svg = shape("svg", {
      viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": "Lanes over time of nemesis, nodes, sentinels and clients: " + cell.title,
    });
    svg.append(...shades, ...parts, cursor);
    svg.addEventListener("click", (event) => {
      const box = svg.getBoundingClientRect();
      moveTo(toSeconds((event.clientX - box.left) * width / box.width), true);
    });
    cursor.dataset.height = height - 18;
    byId("lanes").replaceChildren(svg);
  }

  // ---- panels ----

  function row(cellsOfRow, isHead) {
    return element("tr", {}, cellsOfRow.map((c, i) =>
      element(isHead || i === 0 ? "th" : "td", isHead ? { scope: "col" }
        : i === 0 ? { scope: "row" } : {}, String(c))));
  }

  // Sentinels above, nodes below; a line leads from a sentinel to the node it calls master.
  function picture(s) {
    const step = 300 / cell.nodes.length, x = (i) => step * (i + 0.5);
    const svg = shape("svg", { viewBox: "0 0 300 112", "aria-hidden": "true" });
    cell.nodes.forEach((node, i) => {
      const to = cell.nodes.indexOf(believedMaster(node, s));
      if (to >= 0) svg.append(shape("path", { class: "belief", d: `M${x(i)} 28L${x(to)} 74` }));
    });
    cell.nodes.forEach((node, i) => {
      const role = valueAt(cell.roles[node], s) || "unseen";
      svg.append(
        shape("rect", { class: "sentinel", x: x(i) - 34, y: 6, width: 68, height: 22, rx: 4 }),
        shape("text", { class: "sentinel-name", x: x(i), y: 21 }, "sentinel " + node),
        shape("circle", { class: "node " + role, cx: x(i), cy: 88, r: 20 }),
        shape("text", { class: "node-name " + role, x: x(i), y: 92 }, "n" + node));
    });
    return svg;
  }

  function topology(s) {
    const offsets = cell.nodes.map((node) => offsetAt(node, s));
    const greatest = Math.max(...offsets.map((o) => (o === undefined ? -1 : o)));
    const said = masters(s);
    const rows = cell.nodes.map((node, i) => {
      const offset = offsets[i], believed = believedMaster(node, s);
      return row(["n" + node, roleAt(node, s), offset === undefined ? "–" : grouped(offset),
        offset === undefined ? "–" : grouped(greatest - offset),
        believed === undefined ? "–" : "n" + believed]);
    });
    return [
      element("h3", {}, "Topology at " + seconds(s)),
      element("p", { class: said.length === 1 ? "" : "hot" },
        said.length === 0 ? "No node says that it is the master."
          : said.length === 1 ? "n" + said[0] + " says that it is the master."
            : said.map((n) => "n" + n).join(" and ") + " say that they are the master."),
      picture(s),
      element("table", {},
        element("thead", {}, row(["node", "ROLE", "offset", "behind", "its sentinel says"], true)),
        element("tbody", {}, rows)),
      element("p", { class: "small" }, "Fault: " + faultText(s) + "."),
    ];
  }

  const jump = (s) =>
    element("button", { type: "button", onclick: () => moveTo(s, true) }, seconds(s, 3));

  function eventList(s) {
    const told = [
      ...cell.sentinel.map((e) => [e[0], "sentinel " + e[1] + " " + e[2] + " " + e[3]]),
      ...cell.nemesis.map((e) => [e[0], "nemesis " + e[1] + " " + e[2] + (e[3] ? " done" : "")]),
    ].filter((e) => e[0] <= s).sort((a, b) => b[0] - a[0]);
    return [
      element("h3", {}, "Last events"),
      told.length === 0 ? element("p", { class: "soft" }, "Nothing has happened yet.")
        : element("ol", {}, told.slice(0, EVENTS_SHOWN).map((e) =>
          element("li", {}, jump(e[0]), " " + e[1]))),
    ];
  }

  // What became of a lost write, as [instant or null, sentence].
  function lifeOf([name, client, sent, acked, node, key]) {
    const told = [[sent, `client ${client} sends ${name}` + (key ? ` (key ${key})` : "")]];
    const offset = offsetAt(node, acked);
    told.push([acked, `n${node} acknowledges it` + (offset === undefined ? ""
      : `, its offset last seen at ${grouped(offset)}`)]);
    const other = cell.sentinel.find((e) => e[0] >= acked && e[2] === "+switch-master" &&
      valueAt(cell.masters[e[1]], e[0]) !== node);
    if (other) {
      const chosen = valueAt(cell.masters[other[1]], other[0]);
      told.push([other[0], `sentinel ${other[1]} announces n${chosen} as master, whose history ` +
        "goes on without the write"]);
    }
    const away = (cell.roles[node] || []).find((e) => e[0] >= acked && e[1] === "silent");
    if (away) told.push([away[0], `n${node} falls silent`]);
    const demoted = (cell.roles[node] || []).find((e) => e[0] >= acked && e[1] === "slave");
    if (demoted) {
      told.push([demoted[0], `n${node} says that it is a replica: it takes over the master's ` +
        "history, and what only it held is discarded"]);
    }
    told.sort((a, b) => a[0] - b[0]);
    told.push([null, "absent from the final reads"]);
    return told;
  }

  function writes() {
    if (cell.lost.length === 0) {
      return [element("h3", {}, "Lost writes"),
        element("p", { class: "soft" }, "We found none in this cell, or kept no sample.")];
    }
    const life = chosen === null ? null : element("ol", { id: "travel-life" },
      lifeOf(cell.lost[chosen]).map(([s, text]) =>
        element("li", {}, s === null ? "at the end" : jump(s), " " + text)));
    return [
      element("h3", {}, "Lost writes, a sample of " + cell.lost.length), life,
      element("ol", {}, cell.lost.map((w, i) => element("li", {}, element("button", {
        type: "button", "aria-pressed": String(i === chosen), onclick: () => choose(i),
      }, `${w[0]}`), ` client ${w[1]}, acknowledged by n${w[4]} at ${seconds(w[3], 3)}`))),
    ];
  }

  // ---- moving ----

  function remember() {
    history.replaceState(null, "",
      "#cell=" + encodeURIComponent(cell.dir) + "&t=" + Number(now.toFixed(3)));
  }

  function moveTo(s, isSettled) {
    now = Math.min(cell.end, Math.max(0, s));
    bar.value = now;
    const said = masters(now).map((n) => "n" + n).join(" and ") || "nobody";
    const clock = seconds(now) + (isUnderFault(now) ? ", " + cell.shade : "");
    bar.setAttribute("aria-valuetext", clock + ", master by ROLE: " + said);
    byId("clock").textContent = clock;
    const x = toX(now).toFixed(1);
    cursor.setAttribute("d", `M${x} 0V${cursor.dataset.height}`);
    byId("topology").replaceChildren(...topology(now));
    byId("events").replaceChildren(...eventList(now));
    if (isSettled) remember();
  }

  function choose(i) {
    const list = () => byId("writes").querySelector("ol:last-of-type");
    const scrolled = list().scrollTop;
    chosen = i;
    byId("writes").replaceChildren(...writes().filter(Boolean));
    list().scrollTop = scrolled;
    byId("writes").querySelector('[aria-pressed="true"]').focus({ preventScroll: true });
    moveTo(cell.lost[i][3], true);
  }

  function show(next, s) {
    pause();
    cell = next;
    chosen = null;
    choice.value = cell.dir;
    bar.max = cell.end;
    byId("lost").disabled = cell.lost.length === 0;
    draw();
    byId("writes").replaceChildren(...writes().filter(Boolean));
    moveTo(s, false);
  }

  const firstFault = (c) => (c.shades.length > 0 ? c.shades[0][0] : 0);

  function step(direction) {
    const all = stops();
    const next = direction > 0 ? all.find((s) => s > now + 1e-6)
      : all.reverse().find((s) => s < now - 1e-6);
    if (next !== undefined) moveTo(next, true);
  }

  function pause() {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    byId("play").textContent = "Play";
    remember();
  }

  function play() {
    if (timer !== null) { pause(); return; }
    if (now >= cell.end) moveTo(0, false);
    byId("play").textContent = "Pause";
    timer = setInterval(() => {
      moveTo(now + PLAY_STEP_MS / 1000, false);
      if (now >= cell.end) pause();
    }, PLAY_STEP_MS);
  }

  function followAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const wanted = cells.find((c) => c.dir === asked.get("cell"));
    if (!wanted) return false;
    const s = parseFloat(asked.get("t"));
    show(wanted, Number.isFinite(s) ? s : firstFault(wanted));
    document.getElementById("travel").scrollIntoView();
    return true;
  }

  document.documentElement.classList.add("scripted");
  view.hidden = false;
  choice.addEventListener("change", () => {
    const next = cells.find((c) => c.dir === choice.value);
    show(next, firstFault(next));
    remember();
  });
  bar.addEventListener("input", () => { pause(); moveTo(parseFloat(bar.value), false); });
  bar.addEventListener("change", remember);
  byId("back").addEventListener("click", () => { pause(); step(-1); });
  byId("on").addEventListener("click", () => { pause(); step(1); });
  byId("play").addEventListener("click", play);
  byId("lost").addEventListener("click", () => choose(0));
  window.addEventListener("hashchange", followAddress);
  let lastWidth = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === lastWidth) return;
    lastWidth = window.innerWidth;
    draw();
    moveTo(now, false);
  });
  bar.step = STEP_S;
  if (!followAddress()) show(cell, firstFault(cell));
})();
