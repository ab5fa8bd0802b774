"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("js");

  // The theme: that of the system, or one of the two.
  const theme = document.getElementById("theme");
  const themes = ["automatic", "light", "dark"];
  let chosen = 0;
  theme.hidden = false;
  theme.addEventListener("click", () => {
    chosen = (chosen + 1) % themes.length;
    if (chosen) root.dataset.theme = themes[chosen];
    else delete root.dataset.theme;
    theme.textContent = `Theme: ${themes[chosen]}`;
  });

  // A table that has nothing to scroll is no stop for the keyboard; one that has says so.
  const scrolling = (within = document) => all(".scroll, .keys", within).forEach((box) => {
    const wide = box.scrollWidth > box.clientWidth;
    box.tabIndex = wide || box.scrollHeight > box.clientHeight ? 0 : -1;
    box.parentElement.classList.toggle("wide", wide);
  });
  addEventListener("resize", () => scrolling());
  scrolling();
  const folds = all("details");
  folds.forEach((fold) => fold.addEventListener("toggle", () => scrolling(fold)));

  // On paper nothing is folded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = folds.filter((fold) => !fold.open && !fold.closest("form"));
    folded.forEach((fold) => { fold.open = true; });
  });
  addEventListener("afterprint", () => {
    folded.forEach((fold) => { fold.open = false; });
    folded = [];
  });

  // Notes: one at a time, beside its mark; held by Enter or a click, closed by Escape.
  let open = null;
  let held = false;
  let closing = 0;
  const noteOf = (mark) => mark.nextElementSibling;

  const close = () => {
    clearTimeout(closing);
    if (!open) return;
    noteOf(open).classList.remove("open");
    open.removeAttribute("aria-expanded");
    all(".m.linked").forEach((mark) => mark.classList.remove("linked"));
    open = null;
    held = false;
  };

  // Under its mark, or over it where there is no room below.
  const place = (mark) => {
    const note = noteOf(mark);
    const box = mark.getBoundingClientRect();
    const size = note.getBoundingClientRect();
    const left = Math.max(4, Math.min(box.left, root.clientWidth - size.width - 4));
    const under = box.bottom + 6;
    const top = under + size.height > window.innerHeight ? Math.max(4, box.top - size.height - 6) : under;
    note.style.setProperty("--left", `${left}px`);
    note.style.setProperty("--top", `${top}px`);
  };

  const show = (mark) => {
    clearTimeout(closing);
    if (open === mark) return;
    close();
    open = mark;
    noteOf(mark).classList.add("open");
    place(mark);
    mark.dataset.errors.split(" ").filter(Boolean).forEach((error) => {
      all(`.m[data-errors~="${error}"]`).forEach((other) => other !== mark && other.classList.add("linked"));
    });
  };

  const later = () => {
    clearTimeout(closing);
    if (!held) closing = setTimeout(close, 200);
  };

  const marks = all("button.m");
  marks.forEach((mark) => {
    const note = noteOf(mark);
    mark.addEventListener("pointerenter", () => held || show(mark));
    mark.addEventListener("pointerleave", () => document.activeElement === mark || later());
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("blur", later);
    note.addEventListener("pointerenter", () => clearTimeout(closing));
    note.addEventListener("pointerleave", () => document.activeElement === mark || later());
    mark.addEventListener("click", () => {
      const again = open === mark && held;
      if (again) return close();
      held = false;
      show(mark);
      held = true;
      mark.setAttribute("aria-expanded", "true");
    });
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
  document.addEventListener("pointerdown", (event) => {
    if (held && !event.target.closest(".m, .tip")) close();
  });
  const moved = () => open && (held || document.activeElement === open ? place(open) : close());
  window.addEventListener("scroll", moved, { passive: true });

  // The keyboard: one stop of Tab for each document, the arrows within it.
  const articles = all("article");
  const seen = (mark) => !mark.classList.contains("off") && !mark.closest(".none");
  const start = (mark) => Number(mark.dataset.start ?? Infinity);
  const stop = (article, wanted) => {
    const own = all("button.m", article);
    const reachable = own.filter(seen);
    const target = wanted ?? reachable.find((mark) => mark.tabIndex === 0) ?? reachable[0];
    own.forEach((mark) => { mark.tabIndex = mark === target ? 0 : -1; });
  };
  const lanes = all("#filters input[name=lane]").map((box) => box.value);
  const beside = (mark, article, key) => {
    const own = all("button.m", article).filter(seen);
    const lane = own.filter((other) => other.dataset.lane === mark.dataset.lane);
    const at = lane.indexOf(mark);
    if (key === "ArrowRight") return lane[at + 1];
    if (key === "ArrowLeft") return lane[at - 1];
    if (key === "Home") return lane[0];
    if (key === "End") return lane[lane.length - 1];
    const step = key === "ArrowDown" ? 1 : -1;
    for (let to = lanes.indexOf(mark.dataset.lane) + step; to >= 0 && to < lanes.length; to += step) {
      const others = own.filter((other) => other.dataset.lane === lanes[to]);
      const far = (other) => Math.abs(start(other) - start(mark));
      if (others.length) return others.reduce((best, other) => (far(other) < far(best) ? other : best));
    }
    return undefined;
  };
  const keys = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"];
  articles.forEach((article) => {
    stop(article);
    article.addEventListener("keydown", (event) => {
      const mark = event.target.closest("button.m");
      if (!mark || !keys.includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const target = beside(mark, article, event.key);
      if (target) target.focus();
    });
    article.addEventListener("focusin", (event) => {
      const mark = event.target.closest("button.m");
      if (mark) stop(article, mark);
    });
  });

  // What is copied from a text is the text alone.
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.rangeCount !== 1 || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const around = range.commonAncestorContainer;
    if (!(around.nodeType === Node.TEXT_NODE ? around.parentElement : around).closest(".text")) return;
    const copied = range.cloneContents();
    all(".lanes, .number", copied).forEach((other) => other.remove());
    const rows = all(".row", copied).map((row) => row.textContent);
    event.clipboardData.setData("text/plain", rows.length ? rows.join("\n") : copied.textContent);
    event.preventDefault();
  });

  // The filters.
  const form = document.getElementById("filters");
  const counted = document.getElementById("counted");
  const drawn = all("article .m");
  const picked = (name) => new Set(all(`input[name=${name}]:checked`, form).map((box) => box.value));
  const apply = () => {
    const [ofLane, ofType, ofOutcome] = [picked("lane"), picked("type"), picked("outcome")];
    close();
    drawn.forEach((mark) => {
      const some = mark.dataset.outcomes.split(" ").some((pair) => {
        const [letter, outcome] = pair.split(":");
        return ofLane.has(letter) && ofOutcome.has(outcome);
      });
      // The gold is there for those who look at it alone, too.
      const alone = mark.dataset.lane === "gold" && ofLane.size === 1;
      const on = ofLane.has(mark.dataset.lane) && ofType.has(mark.dataset.type) && (some || alone);
      mark.classList.toggle("off", !on);
    });
    root.classList.toggle("plain", ofLane.size === 0);
    const only = form.elements.matching.checked;
    all("article, .row, .nowhere, .fold:has(> article)").forEach((row) => {
      row.classList.toggle("none", only && !row.querySelector(".m:not(.off)"));
    });
    // What is left is not looked for in folds.
    if (only) unfold(true);
    articles.forEach((article) => stop(article));
    counted.textContent = `${marks.filter(seen).length} of ${marks.length} marks`;
  };
  const documents = articles.map((article) => article.closest("details"));
  const unfold = (open) => documents.forEach((fold) => { fold.open = open; });
  document.getElementById("unfold").addEventListener("click", () => unfold(true));
  document.getElementById("fold").addEventListener("click", () => unfold(false));
  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
})();
