/* Copyright (c) 2026, The sshfleet.containers contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */
(() => {
  "use strict";

  // Rows that are in the page at first, and that are added each time its reader comes near the end of them.
  const PIECE = 100;
  const COLUMNS = ["name", "engine", "image", "state", "health", "said", "ports"];
  const SHOWN = [["name", "Container"], ["host", "Host"], ["image", "Image"], ["state", "State"],
    ["health", "Health"], ["said", "Since"], ["ports", "Ports"], ["engine", "Engine"]];
  const BADGES = new Set(["state", "health"]);
  const TONES = new Set(["running", "paused", "restarting", "exited", "created", "dead", "healthy", "unhealthy",
    "starting"]);
  const THEMES = [["", "as the system"], ["light", "light"], ["dark", "dark"]];
  const byId = (id) => document.getElementById(id);
  const counted = (number) => number.toLocaleString("en");
  const byName = new Intl.Collator("en", { numeric: true }).compare;

  // The containers ----------------------------------------------------------------------------------------------

  const given = JSON.parse(byId("data").textContent);
  const texts = given.texts;
  const hosts = given.hosts.map(([name, groups]) => ({ name: texts[name], groups: groups.map((group) => texts[group]) }));
  const all = given.rows.map(([number, ...cells]) => {
    const row = { number, host: hosts[number].name, groups: hosts[number].groups };
    COLUMNS.forEach((column, index) => { row[column] = texts[cells[index]]; });
    return row;
  });
  let ordered = all;
  let found = all;
  let order = { key: "", down: false };
  let chosenHost = -1; // the number of a host that was chosen in the grid: a name may be there twice

  const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86400, week: 604800, month: 2592000, year: 31536000 };

  // For how long, of an engine's words: "Up 2 hours", "Exited (1) About a minute ago".
  function age(words) {
    const found = /(\d+|an?)\s+(second|minute|hour|day|week|month|year)/i.exec(words);
    return found ? (parseInt(found[1], 10) || 1) * SECONDS[found[2].toLowerCase()] : 0;
  }

  const ORDERS = { said: (a, b) => age(a) - age(b) || byName(a, b) };

  function sorted() {
    if (!order.key) return all;
    // Each text is compared once: there are far fewer of them than rows.
    const known = [...new Set(all.map((row) => row[order.key]))].sort(ORDERS[order.key] || byName);
    const rank = new Map(known.map((text, index) => [text, index]));
    const sign = order.down ? -1 : 1;
    // What is empty comes last in both directions.
    const place = (row) => (row[order.key] === "" ? Infinity : sign * rank.get(row[order.key]));
    return all.map((row) => [place(row), row]).sort((a, b) => (a[0] === b[0] ? 0 : a[0] - b[0])).map((pair) => pair[1]);
  }

  // Made when it is first needed: the page is there sooner.
  function searched(row) {
    row.words ??= [row.name, row.host, row.image, row.state, row.health, row.ports, row.engine].join("\n").toLowerCase();
    return row.words;
  }

  function wanted() {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = FILTERS.map(([id, of]) => [of, byId(id)]).filter(([, select]) => select.selectedIndex > 0)
      .map(([of, select]) => [of, select.value]);
    return (row) => (chosenHost < 0 || row.number === chosenHost)
      && chosen.every(([of, value]) => of(row).includes(value))
      && words.every((word) => searched(row).includes(word));
  }

  // Filters -----------------------------------------------------------------------------------------------------

  // Each: its element, the values of a row, what stands for ''.
  const FILTERS = [
    ["by-host", (row) => [row.host]],
    ["by-group", (row) => row.groups],
    ["by-image", (row) => [row.image]],
    ["by-state", (row) => [row.state]],
    ["by-health", (row) => [row.health]],
  ];

  function fillFilters() {
    for (const [id, of] of FILTERS) {
      const numbers = new Map();
      for (const row of all) for (const value of of(row)) numbers.set(value, (numbers.get(value) || 0) + 1);
      const options = [...numbers.keys()].sort(byName).map((value) => {
        const option = new Option(`${value || "(none)"} (${counted(numbers.get(value))})`);
        option.value = value;
        return option;
      });
      byId(id).replaceChildren(new Option("all", ""), ...options);
    }
  }

  function chooseHost(number) {
    chosenHost = number;
    for (const tile of document.querySelectorAll(".tile[aria-pressed]")) tile.removeAttribute("aria-pressed");
    if (number < 0) return;
    document.querySelector(`.tile[data-host="${number}"]`).setAttribute("aria-pressed", "true");
    byId("by-host").value = hosts[number].name;
    if (byId("by-host").selectedIndex < 0) byId("by-host").selectedIndex = 0; // it has no containers
  }

  function showAll() {
    byId("search").value = "";
    for (const [id] of FILTERS) byId(id).selectedIndex = 0;
    chooseHost(-1);
    filter();
  }

  // The table ---------------------------------------------------------------------------------------------------

  const body = byId("rows");

  function made(row, index) {
    const line = document.createElement("tr");
    line.setAttribute("role", "row");
    line.setAttribute("aria-rowindex", String(index + 2));
    for (const [key, label] of SHOWN) {
      const cell = document.createElement(key === "name" ? "th" : "td");
      const inner = document.createElement("span");
      cell.setAttribute("role", key === "name" ? "rowheader" : "cell");
      if (key === "name") cell.scope = "row";
      else cell.dataset.label = label;
      inner.className = "cell";
      cell.className = row[key] === "" ? `in-${key} empty` : `in-${key}`;
      if (BADGES.has(key) && row[key]) {
        const badge = document.createElement("span");
        badge.className = `badge ${TONES.has(row[key]) ? row[key] : "other"}`;
        badge.textContent = row[key];
        inner.append(badge);
      } else inner.textContent = row[key];
      cell.append(inner);
      line.append(cell);
    }
    return line;
  }

  function addPiece(size = PIECE) {
    const from = body.childElementCount;
    const piece = document.createDocumentFragment();
    found.slice(from, from + size).forEach((row, index) => piece.append(made(row, from + index)));
    body.append(piece);
    byId("further").hidden = body.childElementCount >= found.length;
  }

  function show() {
    body.replaceChildren();
    byId("scroll").scrollTop = 0;
    byId("table").setAttribute("aria-rowcount", String(found.length + 1));
    byId("shown").textContent = found.length === all.length
      ? `${counted(all.length)} containers` : `${counted(found.length)} of ${counted(all.length)} containers`;
    addPiece();
  }

  function filter() {
    found = ordered.filter(wanted());
    show();
  }

  function sortBy(key) {
    order = { key, down: order.key === key && !order.down };
    for (const head of document.querySelectorAll("#table th[data-key]")) {
      if (head.dataset.key === key) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    ordered = sorted();
    filter();
  }

  function listen() {
    document.querySelector(".filters").hidden = false;
    byId("search").addEventListener("input", filter);
    for (const [id] of FILTERS) byId(id).addEventListener("change", () => { chooseHost(-1); filter(); });
    byId("reset").addEventListener("click", showAll);
    for (const head of document.querySelectorAll("#table th[data-key]"))
      head.firstElementChild.addEventListener("click", () => sortBy(head.dataset.key));
    byId("further").addEventListener("click", () => addPiece());
    const region = byId("scroll");
    region.addEventListener("scroll", () => {
      if (region.scrollTop + 2 * region.clientHeight > region.scrollHeight) addPiece();
    }, { passive: true });
    // On paper there is no scrolling: all that was found is printed, and what is folded is opened.
    let folded = [];
    window.addEventListener("beforeprint", () => {
      addPiece(found.length);
      folded = [...document.querySelectorAll("details:not([open])")];
      for (const one of folded) one.open = true;
    });
    window.addEventListener("afterprint", () => {
      for (const one of folded) one.open = false;
      show();
    });
  }

  // The grid of hosts: one stop for the Tab key, and the arrow keys within ------------------------------------------

  function listenToGrid() {
    const grid = byId("grid");
    const tiles = [...grid.querySelectorAll(".tile")];
    const stop = (tile) => {
      for (const other of grid.querySelectorAll('.tile[tabindex="0"]')) other.tabIndex = -1;
      if (tile) tile.tabIndex = 0;
    };
    grid.addEventListener("click", (event) => {
      const tile = event.target.closest(".tile");
      if (!tile) return;
      stop(tile);
      const pressed = tile.getAttribute("aria-pressed") === "true";
      showAll();
      if (!pressed) {
        chooseHost(Number(tile.dataset.host));
        filter();
        byId("containers").scrollIntoView();
      }
    });
    grid.addEventListener("keydown", (event) => {
      const there = tiles.filter((tile) => !tile.parentElement.hidden);
      const at = there.indexOf(event.target.closest(".tile"));
      const wide = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
      const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide, Home: -at, End: there.length - 1 - at };
      if (at < 0 || !(event.key in steps)) return;
      event.preventDefault();
      const next = there[at + steps[event.key]];
      if (!next) return;
      stop(next);
      next.focus();
    });
    // The legend: only hosts of the states that are pressed, or all.
    const states = [...document.querySelectorAll(".legend button")];
    for (const button of states) button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      const pressed = states.filter((one) => one.getAttribute("aria-pressed") === "true").map((one) => one.dataset.state);
      for (const tile of tiles)
        tile.parentElement.hidden = pressed.length > 0 && !pressed.some((state) => tile.classList.contains(state));
      stop(tiles.find((tile) => !tile.parentElement.hidden));
    });
  }

  // Light and dark --------------------------------------------------------------------------------------------------

  function listenToTheme() {
    const button = byId("theme");
    const remembered = { get: () => "", set: () => {} };
    try {
      const store = window.localStorage; // some browsers have none for files
      remembered.get = () => store.getItem("sshfleet-theme") || "";
      remembered.set = (theme) => store.setItem("sshfleet-theme", theme);
      remembered.get();
    } catch (error) {
      remembered.get = () => "";
      remembered.set = () => {};
    }
    let at = Math.max(0, THEMES.findIndex(([theme]) => theme === remembered.get()));
    const apply = () => {
      const [theme, words] = THEMES[at];
      if (theme) document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
      button.textContent = `Colours: ${words}`;
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      at = (at + 1) % THEMES.length;
      remembered.set(THEMES[at][0]);
      apply();
    });
    apply();
  }

  fillFilters();
  listen();
  listenToGrid();
  listenToTheme();
  show();
})();
