// Make what is shown say what the server says now, and keep every element that means the same: where the keyboard is, a menu
// that is open, what is typed or chosen, and a button that is being pressed outlive the news.

/** Make the children of `shown` those of `now`. */
export function morphChildren(shown: Element, now: ParentNode & Node): void {
  const kept = pairs([...shown.children], [...now.children]);
  for (const child of [...shown.childNodes]) if (!(child instanceof Element) || ![...kept.values()].includes(child)) child.remove();
  let next = shown.firstChild;
  for (const child of [...now.childNodes]) {
    const same = child instanceof Element ? kept.get(child) : undefined;
    if (same && child instanceof Element) {
      morph(same, child);
      next = same.nextSibling;
    } else shown.insertBefore(document.importNode(child, true), next);
  }
}

function morph(shown: Element, now: Element): void {
  for (const { name, value } of now.attributes) if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  for (const { name } of [...shown.attributes]) {
    if (!now.hasAttribute(name) && !(name === "open" && shown instanceof HTMLDetailsElement)) shown.removeAttribute(name);
  }
  if (shown instanceof HTMLInputElement && shown.type === "hidden") shown.value = now.getAttribute("value") ?? "";
  morphChildren(shown, now);
}

/** Which of the new children is which of the old: the most that stand in the same order. */
function pairs(old: Element[], now: Element[]): Map<Element, Element> {
  const [were, are] = [old.map(meaning), now.map(meaning)];
  const same = were.map((one) => are.map((other) => one === other));
  const most = old.map(() => now.map(() => 0)).concat([now.map(() => 0)]).map((row) => [...row, 0]);
  const at = (i: number, j: number): number => most[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const row = most[i];
      if (row) row[j] = same[i]?.[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found = new Map<Element, Element>();
  for (let i = 0, j = 0; i < old.length && j < now.length; ) {
    const [one, other] = [old[i], now[j]];
    if (one && other && same[i]?.[j]) {
      found.set(other, one);
      [i, j] = [i + 1, j + 1];
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return found;
}

const MEANS = ["id", "name", "action", "href", "data-phone", "data-digit", "data-key-of"];
const BY_LOOK = new Set(["DETAILS", "DIV", "H2", "P", "SPAN", "UL"]);
const BY_WHAT_IT_HOLDS = new Set(["ARTICLE", "LI", "TR"]);

/** What an element stands for: a button that does something else is another one. */
function meaning(element: Element): string {
  const says = [element.tagName, ...MEANS.map((name) => element.getAttribute(name) ?? "")];
  if (element instanceof HTMLButtonElement || element instanceof HTMLOptionElement) says.push(element.value);
  if (!element.id && BY_LOOK.has(element.tagName)) says.push(element.className);
  if (!element.id && BY_WHAT_IT_HOLDS.has(element.tagName)) says.push(element.querySelector("[id]")?.id ?? "");
  return says.join("|");
}
