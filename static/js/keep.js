// What was typed and could not be sent (no network, a closed tab, an ended session) is kept in this browser and
// offered on the next visit of its page. Every form with data-keep="<user>:<path>" takes part; data-keep-lock says
// what was saved when the page was made. A page that saves by script tells the form with the event "keep:saved"
// (its detail: the FormData that was sent; without, all is saved as it stands). Where nothing may be stored, the page works without any of it.
(() => {
  "use strict";

  if (window.kpitrackKeep || !window.kpitrackBox) return; // kpitrack.js has not come: what is typed goes with the form
  window.kpitrackKeep = true;

  const PREFIX = "kpitrack:keep:";
  const SENT = "kpitrack:sent"; // in this tab: what the last form took along
  const LASTS = 14 * 24 * 60 * 60 * 1000; // milliseconds
  const LARGEST = 200000; // characters of one page
  const MOST = 40; // pages
  const WAIT = 250; // milliseconds after the last change
  const SHOWN = 20; // differences that are named
  const parts = document.getElementById("keep-parts");
  const say = parts ? parts.dataset : {};

  // The store

  const attempt = (what) => { try { return what(); } catch { return null; } };
  const forget = (key) => attempt(() => localStorage.removeItem(PREFIX + key));

  const isBox = (box) => box && typeof box.text === "string" && typeof box.was === "string" && typeof box.label === "string" && typeof box.at === "number";

  function recall(key) {
    const entry = attempt(() => JSON.parse(localStorage.getItem(PREFIX + key)));
    const isOurs = entry && entry.boxes && typeof entry.boxes === "object" && Object.values(entry.boxes).every(isBox);
    return isOurs && Date.now() - entry.at < LASTS ? entry : null;
  }

  function store(key, boxes) {
    if (!Object.keys(boxes).length) { forget(key); return true; }
    const text = JSON.stringify({ at: Math.max(...Object.values(boxes).map((box) => box.at)), boxes });
    if (text.length > LARGEST) return false;
    const put = () => { localStorage.setItem(PREFIX + key, text); return true; };
    return attempt(put) || (tidy(MOST / 4), attempt(put)) || false;
  }

  // What is too old goes, and of the rest only the newest stay, whoever typed it.
  function tidy(most) {
    const keys = attempt(() => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) || [];
    const known = keys.map((name) => [name.slice(PREFIX.length), recall(name.slice(PREFIX.length))]);
    known.filter(([, entry]) => !entry).forEach(([key]) => forget(key));
    known.filter(([, entry]) => entry).sort(([, a], [, b]) => b.at - a.at).slice(most).forEach(([key]) => forget(key));
  }

  // Boxes

  const OTHER = ["hidden", "submit", "button", "reset", "image", "file", "password"];
  const { isTick, savedOf, valueOf } = window.kpitrackBox;
  const nameOf = (box) => (isTick(box) ? `${box.name}=${box.value}` : box.name);
  const boxesOf = (form) => [...form.elements].filter((box) => box.name && !OTHER.includes(box.type) && "value" in box && box.tagName !== "BUTTON" && !box.hasAttribute("data-keep-not"));

  function setSaved(box) {
    if (isTick(box)) box.defaultChecked = box.checked;
    else if (box.tagName === "SELECT") [...box.options].forEach((option) => { option.defaultSelected = option.selected; });
    else box.defaultValue = box.value;
  }

  function put(box, text) {
    if (isTick(box)) box.checked = text === "1";
    else if (box.tagName === "SELECT" && ![...box.options].some((option) => option.value === text)) {
      const strange = new Option(text, text, true, true);
      strange.dataset.strange = "";
      box.add(strange);
    } else box.value = text;
  }

  const LINE = /^(.+)-(\d+)-/; // the beginning of a box's name in a list of lines
  const DIGITS = "๐๑๒๓๔๕๖๗๘๙";
  const NUMBER = /^[+-]?\d[\d,]*(\.\d+)?$/;

  // "๑,๒๓๔" is what the server shows as 1234: no difference to be told.
  function plain(text) {
    const latin = text.replace(/\r\n?/g, "\n").trim().replace(/[๐-๙]/g, (digit) => DIGITS.indexOf(digit));
    return NUMBER.test(latin) ? String(Number(latin.replace(/,/g, ""))) : latin;
  }

  const alike = (one, other) => one === other || plain(one) === plain(other);
  const labelOf = (box) => (box.dataset.keepLabel || box.getAttribute("aria-label") || (box.labels && box.labels[0] && box.labels[0].textContent) || box.name).trim().replace(/\s+/g, " ");

  // A checklist's ticks and a list of choices are told by their words.
  function wordOf(box, text) {
    if (box && isTick(box)) return text === "1" ? say.ticked : say.unticked;
    const option = box && box.tagName === "SELECT" ? [...box.options].find((each) => each.value === text) : null;
    return (option ? option.text : text).trim() || say.empty;
  }

  // One form

  class Keeper {
    constructor(form) {
      this.form = form;
      this.key = form.dataset.keep;
      this.timer = 0;
      // On a page that came back with errors the boxes hold what was typed and nobody has saved.
      this.refused = document.querySelector("main .error-summary, main .conflict") !== null && !form.dataset.rowUrl;
      this.carried = new Set(this.refused ? Object.keys(this.kept) : []);
      this.own = new Set(this.carried);
      form.addEventListener("input", () => this.soon());
      form.addEventListener("change", () => this.soon());
      form.addEventListener("keep:look", () => this.look());
      form.addEventListener("keep:saved", (event) => this.saved(event.detail));
      form.addEventListener("keep:taken", (event) => this.taken(event.detail)); // boxes that are gone because they were saved
    }

    get kept() { return (recall(this.key) || { boxes: {} }).boxes; }
    get lock() { return this.form.dataset.keepLock || ""; }

    soon() {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.look(), WAIT);
    }

    // Others may have the same page open: of the store only what is typed here is touched.
    look() {
      window.clearTimeout(this.timer);
      if (this.lets) return;
      const kept = this.kept;
      for (const box of boxesOf(this.form)) {
        const name = nameOf(box);
        const text = valueOf(box);
        if (text !== savedOf(box) || this.carried.has(name)) {
          if (!kept[name] || kept[name].text !== text) kept[name] = { was: savedOf(box), lock: this.lock, label: labelOf(box), ...kept[name], text, at: Date.now() };
          this.own.add(name);
        } else if (this.own.delete(name)) {
          delete kept[name];
        }
      }
      this.form.dataset.keeps = store(this.key, kept) ? "1" : "";
    }

    saved(sent) {
      for (const box of boxesOf(this.form)) {
        const text = sent ? (isTick(box) ? String(Number(sent.getAll(box.name).includes(box.value))) : sent.get(box.name)) : valueOf(box);
        if (text !== valueOf(box)) continue; // typed since, or not sent
        this.carried.delete(nameOf(box));
        setSaved(box);
      }
      this.look();
    }

    // In a conflict what others have saved was chosen: what is typed here is not wanted any more.
    letGo() {
      this.drop([...this.own, ...this.carried]);
      this.lets = true;
      window.setTimeout(() => { this.lets = false; }, 8000); // the way may be barred
    }

    taken(names) {
      names.forEach((name) => { this.own.delete(name); this.carried.delete(name); });
      this.drop(names);
    }

    drop(names) {
      const kept = this.kept;
      names.forEach((name) => delete kept[name]);
      store(this.key, kept);
    }

    // The offer

    box(name) { return boxesOf(this.form).find((box) => nameOf(box) === name); }

    stands(name, text) {
      const box = this.box(name);
      return box !== undefined && alike(text, valueOf(box));
    }

    // Lines of a list move up when they are saved: a new one (it has its name) is settled where a whole line says the
    // same; a number alone stands in many.
    lineStands(name, kept) {
      const [, list, number] = name.match(LINE) || [];
      if (!list || !(`${list}-${number}-name` in kept)) return false;
      const parts = Object.keys(kept).filter((each) => each.startsWith(`${list}-${number}-`) && kept[each].text.trim());
      const lines = new Set(boxesOf(this.form).map((box) => box.name.match(LINE)).filter((each) => each && each[1] === list).map((each) => each[2]));
      return parts.length > 0 && [...lines].some((line) => parts.every((each) => this.stands(each.replace(LINE, `${list}-${line}-`), kept[each].text)));
    }

    differences() {
      const kept = this.kept;
      const names = Object.keys(kept);
      const settled = names.filter((name) => this.stands(name, kept[name].text) || this.lineStands(name, kept));
      if (!this.refused) this.drop(settled);
      return names.filter((name) => !settled.includes(name)).map((name) => ({ name, box: this.box(name), ...kept[name] }));
    }

    offer() {
      const found = this.differences();
      if (!found.length || !parts) return;
      const bar = parts.content.querySelector(".keep-bar").cloneNode(true);
      const latest = Math.max(...found.map((each) => each.at));
      bar.querySelector(".keep-text").textContent = sentence(latest);
      found.slice(0, SHOWN).forEach((each) => bar.querySelector("ul").append(this.line(each)));
      if (found.length > SHOWN) bar.querySelector("ul").append(item(say.more.replace("#", found.length - SHOWN)));
      bar.querySelector("summary").textContent = say.differs.replace("#", found.length);
      bar.querySelector("details").open = found.length <= 3;
      bar.querySelector(".keep-moved").hidden = !found.some((each) => this.moved(each));
      this.answer(bar, found);
      const head = document.querySelector("main .page-head");
      if (head) head.after(bar); else this.form.before(bar);
    }

    // Somebody has saved something else since it was typed.
    moved(each) { return each.box !== undefined && !alike(savedOf(each.box), each.was); }

    line(each) {
      const text = wordOf(each.box, each.text);
      const facts = { label: each.label, text, now: each.box ? wordOf(each.box, valueOf(each.box)) : "" };
      const line = !each.box ? this.form.dataset.keepHidden || say.gone : this.moved(each) ? say.changed : say.line;
      return item(line.replace(/%(label|text|now)/g, (_sign, name) => facts[name]));
    }

    answer(bar, found) {
      const gone = found.filter((each) => !each.box);
      const use = bar.querySelector("[value=use]");
      use.hidden = gone.length === found.length;
      use.addEventListener("click", () => {
        const used = found.filter((each) => each.box);
        used.forEach((each) => put(each.box, each.text));
        used.forEach((each) => ["input", "change"].forEach((type) => each.box.dispatchEvent(new Event(type, { bubbles: true }))));
        this.look();
        if (gone.length) this.keepOnly(bar, gone); else bar.remove();
        used[0].box.focus();
      });
      bar.querySelector("[value=drop]").addEventListener("click", () => {
        this.drop(found.map((each) => each.name));
        this.look();
        bar.remove();
        const main = document.getElementById("main");
        if (main) main.focus();
      });
    }

    // What has no box any more stays to be read and copied.
    keepOnly(bar, gone) {
      bar.querySelector("ul").replaceChildren(...gone.map((each) => this.line(each)));
      bar.querySelector("summary").textContent = say.differs.replace("#", gone.length);
      bar.querySelector("[value=use]").hidden = true;
    }
  }

  const item = (text) => Object.assign(document.createElement("li"), { textContent: text });

  function sentence(at) {
    const language = document.documentElement.lang === "th" ? "th-TH" : "en-GB-u-ca-buddhist";
    const day = new Date(at);
    const time = day.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    if (day.toDateString() === new Date().toDateString()) return say.found.replace("#", time);
    const date = day.toLocaleDateString(language, { day: "numeric", month: "short", year: "numeric" }).replace(/ BE$/, "");
    return say.found.replace("#", `${date} ${time}`);
  }

  // A form that is sent as a whole

  let waiting = null; // the button that was pressed without a network

  const keepers = [...document.querySelectorAll("form[data-keep]")].map((form) => new Keeper(form));
  const keeperOf = (form) => keepers.find((keeper) => keeper.form === form);

  // Before anything else hears of it: without a network the browser would leave the page for its own error.
  window.addEventListener("submit", (event) => {
    const keeper = keeperOf(event.target);
    if (!keeper || navigator.onLine || (event.submitter?.value === "save" && keeper.form.dataset.rowUrl)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keeper.look();
    waiting = { keeper, button: event.submitter };
    note(keeper.form.dataset.keeps ? say.offline : say.offlineOnly);
  }, true);

  window.addEventListener("submit", (event) => {
    const keeper = keeperOf(event.target);
    if (!keeper || event.defaultPrevented) return;
    window.kpitrackToken(keeper.form);
    keeper.look();
    attempt(() => sessionStorage.setItem(SENT, JSON.stringify({ key: keeper.key, boxes: keeper.kept })));
  });

  window.addEventListener("input", () => { if (waiting) { waiting = null; note(say.offlineTyped); } });

  window.addEventListener("online", () => {
    if (!waiting) { note(""); return; }
    const { keeper, button } = waiting;
    waiting = null;
    note(say.again);
    if (button && button.isConnected) keeper.form.requestSubmit(button); else keeper.form.requestSubmit();
  });

  function note(text) {
    let line = document.querySelector(".keep-note");
    if (!text) { if (line) line.remove(); return; }
    if (!line) {
      line = parts.content.querySelector(".keep-note").cloneNode(true);
      document.getElementById("main").append(line);
    }
    line.textContent = text;
  }

  // The page after: where it says that all went well, what was sent is not kept any longer.
  function settle() {
    const sent = attempt(() => JSON.parse(sessionStorage.getItem(SENT)));
    attempt(() => sessionStorage.removeItem(SENT));
    if (!sent || !sent.boxes || document.querySelector("main .error-summary, main .conflict, main input[type=password]")) return;
    if (!document.querySelector("main .alert-success")) return;
    const kept = (recall(sent.key) || { boxes: {} }).boxes;
    Object.keys(sent.boxes).forEach((name) => { if (kept[name] && kept[name].text === sent.boxes[name].text) delete kept[name]; });
    store(sent.key, kept);
  }

  document.querySelectorAll("[data-keep-drop]").forEach((link) => link.addEventListener("click", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) keepers.forEach((keeper) => keeper.letGo());
  }));

  tidy(MOST);
  settle();
  keepers.forEach((keeper) => keeper.offer());
  window.addEventListener("pagehide", () => keepers.forEach((keeper) => keeper.look()));
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepers.forEach((keeper) => keeper.look()); });
  window.addEventListener("storage", (event) => {
    const keeper = keepers.find((each) => PREFIX + each.key === event.key);
    if (keeper && keeper.own.size) keeper.look(); // another tab has let go of what is not saved here
  });
})();
