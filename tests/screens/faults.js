// What a person would see wrong in this window: [ "kind: where" ]. Boxes are in pixels of the page, each line of text one
// box, as high as its capitals: lines may come as near to each other as they do in a paragraph.
() => {
  const found = new Set();
  const root = document.documentElement;
  const known = new Map();
  /** What of an element's style is asked for here, read once. */
  const style = (el) => {
    let s = known.get(el);
    if (!s) {
      const { position, overflowX, overflowY, display, textOverflow, webkitLineClamp, clipPath, backgroundColor, borderLeftWidth, fontSize } = getComputedStyle(el);
      s = { position, overflowX, overflowY, display, textOverflow, webkitLineClamp, clipPath, backgroundColor, borderLeftWidth, fontSize };
      known.set(el, s);
    }
    return s;
  };
  const where = (el) => {
    const name = (one) => one.localName + (one.id ? "#" + one.id : "") + [...one.classList].map((c) => "." + c).join("");
    const of = el.closest("[id],[class]") ?? el;
    const text = (el.textContent || el.placeholder || el.alt || "").trim().replace(/\s+/g, " ").slice(0, 50);
    return (of === el ? "" : name(of) + " ") + name(el) + (text ? ` “${text}”` : "");
  };
  const say = (kind, el, more = "") => found.add(`${kind}: ${where(el)}${more}`);
  const seen = (el) => el.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  /** Said to those who listen, or waiting outside the window until it is reached by the keyboard. */
  const forEars = (el) => {
    for (let up = el; up && up !== document.body; up = up.parentElement) {
      const s = style(up);
      if (s.position === "absolute" && (s.overflowX === "hidden" || s.clipPath !== "none") && up.offsetWidth < 3) return true;
    }
    return !!el.closest(".skip, .sprite");
  };

  // --- how far an element can be seen: through which boxes it is cut, in which one it scrolls
  const parentOf = (el) => {
    const place = style(el).position;
    if (place === "fixed") return null;
    if (place !== "absolute") return el.parentElement;
    let up = el.parentElement;
    while (up && style(up).position === "static") up = up.parentElement;
    return up;
  };
  const inner = (el) => {
    const b = el.getBoundingClientRect();
    return { left: b.left + el.clientLeft, top: b.top + el.clientTop, right: b.left + el.clientLeft + el.clientWidth, bottom: b.top + el.clientTop + el.clientHeight };
  };
  const scrolls = (value) => value === "auto" || value === "scroll";
  const cuts = (value) => value === "hidden" || value === "clip";
  /** Whether something cuts it; what of it can be seen now; what of it scrolls along, and in what. */
  const through = (el, rect) => {
    const box = { left: rect.left, top: rect.top, right: rect.right, bottom: rect.bottom };
    let cut = "", scroller = null, own = box;
    for (let up = el; up && up !== root && up !== document.body; up = parentOf(up)) {
      const s = style(up);
      if (s.display === "inline" || s.display === "contents") continue;
      const excerpt = s.textOverflow === "ellipsis" || s.webkitLineClamp !== "none";
      const edge = up.getBoundingClientRect(), b = scrolls(s.overflowX) || scrolls(s.overflowY) ? inner(up) : edge;
      if (cuts(s.overflowX) && (box.left < b.left - 1 || box.right > b.right + 1)) cut ||= excerpt ? "" : where(up);
      if (cuts(s.overflowY) && (box.top < b.top - 1 || box.bottom > b.bottom + 1)) cut ||= excerpt ? "" : where(up);
      const before = { ...box };
      if (s.overflowX !== "visible") [box.left, box.right] = [Math.max(box.left, b.left), Math.min(box.right, b.right)];
      if (s.overflowY !== "visible") [box.top, box.bottom] = [Math.max(box.top, b.top), Math.min(box.bottom, b.bottom)];
      if (!scroller && (scrolls(s.overflowX) || scrolls(s.overflowY))) [scroller, own] = [up, { ...before }];
    }
    if (!scroller) own = box;
    const fixed = [root, document.body].some((one) => cuts(style(one).overflowY));
    if (!scroller && (box.left < -1 || box.right > root.clientWidth + 1)) cut ||= "the page";
    if (!scroller && fixed && box.bottom > innerHeight + 1) cut ||= "the window";
    return { cut, box, own, scroller };
  };

  // --- the page, and what scrolls in it
  const wide = root.scrollWidth - root.clientWidth;
  if (wide > 0) {
    const widest = [...document.body.querySelectorAll("*")].filter((el) => seen(el) && !through(el, el.getBoundingClientRect()).scroller)
      .reduce((a, b) => (a && a.getBoundingClientRect().right >= b.getBoundingClientRect().right ? a : b), null);
    say("sideways", widest ?? root, ` (${wide} px too wide)`);
  }
  for (const el of document.querySelectorAll("body *")) {
    if (el.scrollWidth <= el.clientWidth + 1 || !scrolls(style(el).overflowX) || !seen(el) || el.matches("textarea")) continue;
    if (!el.querySelector("table, svg, pre")) say("sideways", el, ` (${el.scrollWidth - el.clientWidth} px inside)`);
  }

  // --- lines of text
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const el = node.parentElement;
    if (!node.data.trim() || el.closest("script, style, textarea, option, noscript, template, title") || forEars(el) || !seen(el)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const size = parseFloat(style(el).fontSize);
    for (const r of range.getClientRects()) {
      if (r.width < 2 || r.height < 2) continue;
      const middle = (r.top + r.bottom) / 2, half = Math.min(r.height / 2, size * 0.36);
      const line = { left: r.left + 0.5, right: r.right - 0.5, top: middle - half, bottom: middle + half };
      const seenThrough = through(el, line);
      if (seenThrough.cut) say("clipped", el, ` by ${seenThrough.cut}`);
      texts.push({ el, ...line, ...seenThrough });
      spills(el, seenThrough.own);
    }
  }
  /** Text that stands out of the panel, button or tag that it is printed on. */
  function spills(el, line) {
    let loose = false;
    for (let up = el; up && up !== document.body; up = parentOf(up)) {
      const s = style(up);
      if (scrolls(s.overflowX) || scrolls(s.overflowY) || loose) return;
      loose = ["absolute", "fixed"].includes(s.position); // a menu hangs out of what it belongs to
      if (s.display === "inline" || s.display === "contents") continue;
      const drawn = s.backgroundColor !== "rgba(0, 0, 0, 0)" || parseFloat(s.borderLeftWidth) > 0 || up.matches("button, kbd, summary, td, th");
      if (!drawn) continue;
      const b = up.getBoundingClientRect();
      if (line.left < b.left - 1 || line.right > b.right + 1 || line.top < b.top - 1 || line.bottom > b.bottom + 1) {
        say("spill", el, ` out of ${where(up)}`);
        return;
      }
    }
  }

  // --- pictures, and what one presses
  const boxes = [];
  for (const el of document.querySelectorAll("img, svg, video, audio, canvas, iframe, input, select, textarea, button, a.btn, kbd, .tag")) {
    if (!seen(el) || forEars(el) || el.parentElement.closest("svg") || el.type === "hidden") continue;
    const r = el.getBoundingClientRect();
    if (r.width < 2 || r.height < 2) continue;
    const picture = el.matches("img, svg, video, canvas, iframe");
    const { cut, box, own, scroller } = through(el, r);
    if (cut && (!picture || el.matches(".i, img"))) say("clipped", el, ` by ${cut}`);
    if (el.matches("img") && el.complete && !el.naturalWidth) say("image", el, " did not come");
    if (picture) {
      let up = parentOf(el);
      while (up && ["inline", "contents"].includes(style(up).display)) up = parentOf(up);
      const b = up?.getBoundingClientRect();
      const drawing = el.matches("svg") && cuts(style(up ?? root).overflowX); // a scene that its frame cuts on purpose
      if (b && !drawing && !scrolls(style(up).overflowX) && (r.left < b.left - 1 || r.right > b.right + 1 || r.top < b.top - 2 || r.bottom > b.bottom + 2)) {
        say("image", el, ` ${Math.round(r.width)}×${Math.round(r.height)} in ${where(up)} ${Math.round(b.width)}×${Math.round(b.height)}`);
      }
    }
    boxes.push({ el, top: r.top, bottom: r.bottom, box, own, scroller });
  }

  // --- what is written in a field before anybody writes
  const pen = document.createElement("canvas").getContext("2d");
  for (const el of document.querySelectorAll("input[placeholder], select")) {
    if (!seen(el) || forEars(el) || (el.localName === "input" && el.value)) continue;
    const s = getComputedStyle(el), words = el.localName === "select" ? el.selectedOptions[0]?.text.trim() : el.placeholder;
    if (!words) continue;
    pen.font = `${s.fontWeight} ${s.fontSize} ${s.fontFamily}`;
    const arrow = el.localName === "select" && s.appearance !== "none" && el.size < 2 ? 18 : 0;
    const room = el.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight) - arrow;
    const excerpt = s.textOverflow === "ellipsis";
    if (!excerpt && pen.measureText(words).width > room + 1) say("clipped", el, ` “${words.slice(0, 60)}” in ${Math.round(room)} px`);
  }

  // --- neighbours
  const within = (a, b) => a.contains(b) || b.contains(a);
  /** One lies on the other on purpose: a menu, a label on a picture, with a ground of its own. */
  const onTop = (el, other) => {
    for (let up = el; up && !up.contains(other); up = up.parentElement) {
      const s = style(up);
      if (["absolute", "fixed"].includes(s.position) && other.matches("img, canvas, video")) return true; // written on a picture
      if (["absolute", "fixed", "sticky"].includes(s.position) && s.backgroundColor !== "rgba(0, 0, 0, 0)") return true;
      if (up.matches("dialog, [popover]")) return true;
    }
    return false;
  };
  const all = [...texts, ...boxes].sort((a, b) => a.top - b.top);
  for (let i = 0; i < all.length; i++) {
    const a = all[i];
    for (let j = i + 1; j < all.length && all[j].top < a.bottom; j++) {
      const b = all[j];
      if (a.el === b.el || within(a.el, b.el)) continue;
      const [one, two] = a.scroller === b.scroller ? [a.own, b.own] : [a.box, b.box];
      const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
      const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
      if (across > 1.5 && down > 1.5 && !onTop(a.el, b.el) && !onTop(b.el, a.el)) say("overlap", a.el, ` with ${where(b.el)}`);
    }
  }
  return [...found].slice(0, 40);
}
