/* Find in the document: marks every place with the browser's own highlights, changes no letter, and goes to the next one.
   Without this script the browser's Ctrl+F does the same. */
const form = document.getElementById("find");
const words = document.getElementById("words");
const found = document.getElementById("found");
const text = document.getElementById("tekst");
let ranges = [];
let last = "";
let at = -1;

function search(wanted) {
  ranges = [];
  const nodes = [];
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let whole = "";
  while (walker.nextNode()) {
    nodes.push([whole.length, walker.currentNode]);
    whole += walker.currentNode.data;
  }
  const low = whole.toLowerCase();
  const place = (offset) => {
    const [start, node] = nodes.findLast(([from]) => from <= offset);
    return [node, offset - start];
  };
  if (low.length !== whole.length) return; // a letter that changes length in lower case: offsets would lie
  for (let from = low.indexOf(wanted); from >= 0; from = low.indexOf(wanted, from + wanted.length)) {
    const range = new Range();
    range.setStart(...place(from));
    const [node, offset] = place(from + wanted.length - 1);
    range.setEnd(node, offset + 1);
    ranges.push(range);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = words.value.trim().toLowerCase();
  if (wanted !== last) {
    search(wanted);
    [last, at] = [wanted, -1];
    CSS.highlights.set("found", new Highlight(...(wanted ? ranges : [])));
  }
  if (!wanted || !ranges.length) {
    found.textContent = wanted ? "Niet gevonden." : "Typ eerst een woord.";
    return;
  }
  at = (at + 1) % ranges.length;
  CSS.highlights.set("here", new Highlight(ranges[at]));
  ranges[at].startContainer.parentElement.scrollIntoView({ block: "center" });
  found.textContent = `Plaats ${at + 1} van ${ranges.length}.`;
});
form.hidden = !("highlights" in CSS);
