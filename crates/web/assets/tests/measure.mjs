// Runs inside the page: what is wrong with the geometry of the text and of the things to press. Returns a list
// of `{what, where}`. Numbers come from TRUST's accessibility section: 44 px and 24 px, in elder mode 60 px,
// 18 px and a line height of 1.5.
export function measure({ elder, targets }) {
  const wrong = [];
  const root = document.documentElement;
  const wide = root.clientWidth;
  const main = elder ? 60 : 44;
  const label = (node) => {
    const element = node.nodeType === 3 ? node.parentElement : node;
    const path = [];
    for (let at = element; at && at !== document.body && path.length < 3; at = at.parentElement) {
      const name = typeof at.className === "string" ? at.className.trim().split(/\s+/)[0] : "";
      path.unshift(at.tagName.toLowerCase() + (name ? `.${name}` : "") + (at.id ? `#${at.id}` : ""));
    }
    return `${path.join(">")} "${(node.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40)}"`;
  };
  const say = (what, node, more = "") => wrong.push({ what: more ? `${what} (${more})` : what, where: label(node) });
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const hiddenOnPurpose = (element) => element.closest(".skip, .hidden-label, noscript, template, script, style, title");
  const styles = new Map();
  const style = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  const forReadersAlone = (element) => {
    for (let at = element; at; at = at.parentElement) if (style(at).clipPath === "inset(50%)") return true;
    return false;
  };

  if (root.scrollWidth > wide + 1) say("the page scrolls sideways", document.body, `${root.scrollWidth} > ${wide}`);

  // Lines of text with what cuts them off.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || node.data.trim() === "" || element.closest("option") || hiddenOnPurpose(element)) continue;
    if (!shown(element) || forReadersAlone(element)) continue;
    const drawn = element.closest("svg") !== null;
    const size = Number.parseFloat(style(element).fontSize);
    if (elder && !drawn) {
      const high = Number.parseFloat(style(element).lineHeight) / size;
      if (size < 18) say("text under 18 px", node, `${size.toFixed(1)} px`);
      if (!(high >= 1.49)) say("line height under 1.5", node, String(high));
    }
    let sheet = null, scroller = null, sticky = false;
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const is = style(at);
      if (is.position === "sticky") sticky = true;
      if (!scroller && /auto|scroll/.test(is.overflowX) && at.scrollWidth > at.clientWidth + 1) scroller = at;
      const cuts = /hidden|clip/.test(is.overflowX + is.overflowY) && at.tagName !== "svg";
      const framed = is.borderLeftWidth !== "0px" || is.backgroundColor !== "rgba(0, 0, 0, 0)" || cuts;
      if (!sheet && framed && !is.display.startsWith("inline ") && is.display !== "inline" && !scroller) sheet = at;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      if (scroller) {
        if (style(scroller).overflowX !== "hidden" && scroller.tabIndex < 0 && !scroller.querySelector("a[href]"))
          say("a part that scrolls cannot be reached with the keyboard", scroller);
      } else if (box.left < -1 || box.right > wide + 1) {
        say("text runs over the edge of the screen", node, `${Math.round(box.left)}..${Math.round(box.right)}`);
      }
      if (sheet && !drawn) {
        const frame = sheet.getBoundingClientRect();
        const slack = size * 0.3;
        const out = box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - slack ||
          box.bottom > frame.bottom + slack;
        if (out) say("text runs out of its box", node, label(sheet).split(" ")[0]);
      }
      if (!sticky && !drawn && !scroller) lines.push({ node, box });
    }
    if (style(element).textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth + 1) say("text is cut off", node);
  }

  // Two texts in one place.
  lines.sort((a, b) => a.box.top - b.box.top);
  lines.forEach((one, at) => {
    for (let next = at + 1; next < lines.length && lines[next].box.top < one.box.bottom; next += 1) {
      const two = lines[next];
      if (two.node === one.node) continue;
      const across = Math.min(one.box.right, two.box.right) - Math.max(one.box.left, two.box.left);
      const down = Math.min(one.box.bottom, two.box.bottom) - Math.max(one.box.top, two.box.top);
      if (across > 2 && down > 0.4 * Math.min(one.box.height, two.box.height))
        say("text lies on other text", one.node, label(two.node));
    }
  });

  // Things to press. A link in a sentence may be lower; nothing may be under 24.
  const inSentence = (element) => {
    if (element.tagName !== "A" || style(element).display !== "inline") return false;
    const beside = Array.from(element.parentElement?.childNodes ?? []);
    return beside.some((node) => node.nodeType === 3 && node.data.replace(/[\s·|,、›]/g, "") !== "");
  };
  const press = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  for (const element of targets ? document.querySelectorAll(press) : []) {
    if (!shown(element) || hiddenOnPurpose(element) || element.closest("svg")) continue;
    const box = (element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? element : element)
      .getBoundingClientRect();
    const least = inSentence(element) ? 24 : main;
    // A field may be as narrow as what goes into it; its height counts.
    if (box.height < least - 0.5 || (!inSentence(element) && box.width < least - 0.5))
      say(`a target under ${least} px`, element, `${Math.round(box.width)}x${Math.round(box.height)}`);
  }
  return wrong;
}
