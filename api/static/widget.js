/* <vraag-widget>: asks Bronvast and shows quotes. No framework, no innerHTML, no storage, no request to others.
   Attributes: modus ("zwevend", the default, or "inline"), titel, taal ("nl" or "en"), kop (level of its heading),
   collectie (the documents to search).
   Events: vraag-klaar {status, citaten}, bron-geopend {document, adres}. How to embed it: docs/insluiten.md. */

const BASE = new URL(".", import.meta.url);
const LONGEST_SPOKEN = 240;
const LIGHT = "nl-button nl-button--subtle light";

const TEXTS = {
  nl: {
    title: "Stel een vraag", open: "Stel een vraag (AI)", close: "Sluiten", clear: "Gesprek wissen", log: "Gesprek",
    machine: "U praat met een geautomatiseerd systeem (AI). Het geeft u letterlijke citaten.",
    privacy: "Vul geen persoonlijke gegevens in.", notStored: "Uw vraag wordt niet bewaard.", stored: "Uw vraag wordt {n} dagen bewaard.",
    label: "Uw vraag", hint: "Enter verstuurt uw vraag. Shift en Enter geeft een nieuwe regel.",
    send: "Verstuur", stop: "Stop", retry: "Probeer opnieuw", examples: "U kunt bijvoorbeeld vragen:",
    turn: "Vraag {n}: ", busy: "Bezig met zoeken in de documenten.",
    answered: "Dit staat erover in de documenten:", partial: "Hier staat een deel van het antwoord:",
    refused: "Geen antwoord gevonden.", searched: "Gezocht is op: {question}",
    collection: "Hier zoeken wij alleen in de collectie {name}.", only: "Alleen gezocht in: {woorden}.", unfilter: "Haal dit filter weg",
    why: {
      "niet-gevonden": "In de documenten staat geen antwoord op deze vraag, of Bronvast kan het niet vinden.",
      "andere-onderwerp": "Deze vraag gaat over iets anders dan de documenten.",
      "onjuiste-aanname": "Er klopt iets niet aan deze vraag: de documenten zeggen iets anders.",
    },
    otherwise: "Probeer andere woorden, of één vraag tegelijk.",
    nearest: "Dit komt het dichtst in de buurt. Het is geen antwoord op uw vraag.",
    contact: "Wilt u het aan een mens vragen? {contact}", speaker: "Wie dit zegt: {speaker}", row: "Met de kolommen erbij: {row}", also: "Ook in:",
    window: " (opent in een nieuw venster)", copy: "Kopieer met bronvermelding", copied: "Gekopieerd",
    notCopied: "Kopiëren lukt niet. Selecteer de tekst zelf.", unchecked: "Een citaat klopte niet met de bron. Het is weggelaten.",
    part: "deel {n}", page: "p. {n}", one: "1 citaat.", many: "{n} citaten.",
    model: "Een taalmodel schrijft er zinnen bij. Elke zin wijst de citaten aan waar hij op steunt.", writing: "Een taalmodel schrijft nu een antwoord bij deze citaten.",
    wrote: "Een taalmodel schreef deze zinnen. Bronvast ging na of zij uit de citaten volgen. Lees bij twijfel het citaat.", mark: "citaat {n}",
    onlyQuotes: "Dit zijn alleen de citaten: {why}.",
    empty: "Typ eerst een vraag.", tooLong: "Uw vraag is te lang. Gebruik hoogstens {n} tekens.",
    stopped: "U hebt het zoeken gestopt.", cleared: "Het gesprek is gewist.",
    offline: "Er is geen verbinding. Controleer uw netwerk. Probeer het dan opnieuw.",
    crowded: "Het is nu druk. Probeer het over {n} seconden opnieuw.",
    failed: "Er ging iets mis bij de dienst. Uw vraag is er nog. Probeer het opnieuw.",
    key: "Deze dienst werkt alleen met een sleutel. Vraag de beheerder van deze website om hulp.",
    helpful: "Helpt dit antwoord u?", yes: "Ja", no: "Nee", comment: "Wat kan beter? (hoeft niet)",
    kept: "Wij bewaren uw oordeel, uw vraag en uw toelichting.", give: "Verstuur oordeel",
    thanks: "Bedankt voor uw oordeel.", notKept: "Uw oordeel is niet bewaard. Probeer het later opnieuw.",
  },
  en: {
    title: "Ask a question", open: "Ask a question (AI)", close: "Close", clear: "Clear conversation", log: "Conversation",
    machine: "You are talking to an automated system (AI). It gives you literal quotes, in Dutch.",
    privacy: "Do not enter personal data.", notStored: "Your question is not stored.", stored: "Your question is stored for {n} days.",
    label: "Your question", hint: "Enter sends your question. Shift and Enter starts a new line.",
    send: "Send", stop: "Stop", retry: "Try again", examples: "For example, you can ask:",
    turn: "Question {n}: ", busy: "Searching the documents.",
    answered: "This is what the documents say:", partial: "This is part of the answer:",
    refused: "No answer found.", searched: "Searched for: {question}",
    collection: "Here we search only in the collection {name}.", only: "Searched only in: {woorden}.", unfilter: "Remove this filter",
    why: {
      "niet-gevonden": "The documents do not answer this question, or Bronvast cannot find the answer.",
      "andere-onderwerp": "This question is about something other than the documents.",
      "onjuiste-aanname": "Something in this question is not right: the documents say something else.",
    },
    otherwise: "Try other words, or one question at a time.",
    nearest: "This comes closest. It is not an answer to your question.",
    contact: "Do you want to ask a person? {contact}", speaker: "Who says this: {speaker}", row: "With its columns: {row}", also: "Also in:",
    window: " (opens in a new window)", copy: "Copy with reference", copied: "Copied",
    notCopied: "Copying does not work. Please select the text.", unchecked: "A quote did not match its source. It was left out.",
    part: "part {n}", page: "p. {n}", one: "1 quote.", many: "{n} quotes.",
    model: "A language model adds sentences. Each sentence points to the quotes it rests on.", writing: "A language model is now writing an answer to these quotes.",
    wrote: "A language model wrote these sentences. Bronvast checked that they follow from the quotes. When in doubt, read the quote.", mark: "quote {n}",
    onlyQuotes: "These are the quotes alone: the language model gave no sentence that could be used.",
    empty: "Type a question first.", tooLong: "Your question is too long. Use at most {n} characters.",
    stopped: "You stopped the search.", cleared: "The conversation is cleared.",
    offline: "There is no connection. Check your network. Then try again.",
    crowded: "It is busy now. Try again in {n} seconds.",
    failed: "Something went wrong at the service. Your question is still here. Try again.",
    key: "This service needs a key. Ask the owner of this website for help.",
    helpful: "Does this answer help you?", yes: "Yes", no: "No", comment: "What could be better? (optional)",
    kept: "We store your rating, your question and your comment.", give: "Send rating",
    thanks: "Thank you for your rating.", notKept: "Your rating was not stored. Please try again later.",
  },
};

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/* An element with properties, "aria-…" and other attributes, and children; children are text or elements, never HTML. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null && child !== ""));
  return element;
}

const button = (kind, text, onclick, more = {}) =>
  make("button", { type: "button", class: `nl-button nl-button--${kind}`, onclick, ...more }, text);

let styles;
function loadStyles() {
  styles ??= fetch(new URL("widget.css", BASE), { credentials: "same-origin", referrerPolicy: "no-referrer" })
    .then((response) => (response.ok ? response.text() : Promise.reject(new Error(response.status))))
    .then((text) => new CSSStyleSheet().replace(text));
  styles.catch(() => { styles = undefined; });
  return styles;
}

const setups = {};
function loadSetup(collection) {
  const plain = { documenten: [], voorbeelden: [], beoordelen: false, langsteVraag: 1000 };
  const address = new URL("../../opzet", BASE);
  if (collection) address.searchParams.set("collectie", collection);
  return (setups[address] ??= fetch(address, { credentials: "same-origin", referrerPolicy: "no-referrer" })
    .then((response) => (response.ok ? response.json() : plain)).catch(() => plain));
}

/* The events of a stream, as [name, value]. A service that sends one JSON answer gives one event. */
async function* eventsOf(response) {
  if (!(response.headers.get("content-type") ?? "").includes("event-stream")) {
    yield ["antwoord", await response.json()];
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let kept = ""; ;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (kept + value.replaceAll("\r", "")).split("\n\n");
    kept = parts.pop();
    for (const part of parts) {
      const lines = part.split("\n");
      const of = (field) => lines.filter((l) => l.startsWith(field)).map((l) => l.slice(field.length).replace(/^ /, "")).join("\n");
      if (of("data:")) yield [of("event:") || "message", JSON.parse(of("data:"))];
    }
  }
}

/* Offsets count characters, so a quote that was cut or changed on the way has another length. Such a quote is not shown. */
const isWhole = (citation) => citation.quote !== "" && [...citation.quote].length === citation.end - citation.start;

/* The sentences of a language model that may be shown: those whose quotes are whole. */
const sayable = (record) => (record.written?.sentences ?? []).filter((one) => one.text
  && one.citations.length && one.citations.every((number) => record.citations[number - 1] && isWhole(record.citations[number - 1])));

class Failure extends Error {
  constructor(status, detail, seconds) {
    super(detail);
    Object.assign(this, { status, detail, seconds });
  }
}

class VraagWidget extends HTMLElement {
  #earlier = [];
  #turns = 0;
  #places = 0;
  #running = null;

  async connectedCallback() {
    if (this.shadowRoot) return;
    this.collection = this.getAttribute("collectie") ?? "";
    const [sheet, setup] = await Promise.all([loadStyles(), loadSetup(this.collection)]).catch(() => []);
    if (!sheet || this.shadowRoot || !this.isConnected) return;
    this.setup = setup;
    this.lang = this.getAttribute("taal") === "en" ? "en" : "nl";
    this.texts = TEXTS[this.lang];
    this.floats = this.getAttribute("modus") !== "inline";
    this.level = Math.min(5, Math.max(1, Number(this.getAttribute("kop")) || 2));
    const root = this.attachShadow({ mode: "open", delegatesFocus: false });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#frame());
    // The form for pages without scripts has done its work; what somebody typed in it meanwhile stays.
    const before = this.querySelector("textarea");
    const typing = before && document.activeElement === before;
    this.input.value = before?.value ?? "";
    this.replaceChildren();
    if (typing) this.input.focus();
    root.addEventListener("keydown", (event) => this.#key(event));
  }

  #heading(level, attributes, ...children) {
    return make(`h${level}`, { class: `nl-heading nl-heading--level-${Math.min(level, 3)}`, ...attributes }, ...children);
  }

  #frame() {
    const t = this.texts;
    const title = this.getAttribute("titel") || t.title;
    const days = this.setup.bewaarDagen;
    const kept = days === undefined ? "" : filled(days ? t.stored : t.notStored, { n: days });
    this.log = make("div", { class: "log", role: "log", "aria-live": "off", "aria-label": t.log, tabindex: this.floats ? 0 : -1 });
    this.status = make("p", { class: "vh", role: "status" });
    this.alert = make("p", { class: "vh", role: "alert" });
    this.clear = button("subtle", t.clear, () => this.#clear(), { hidden: true, class: LIGHT });
    const close = this.floats && button("subtle", t.close, () => this.open(false), { class: LIGHT });
    this.panel = make("section", { class: "panel", id: "panel", "aria-labelledby": "title", hidden: this.floats },
      make("div", { class: "bar" }, this.#heading(this.level, { id: "title" }, title),
        make("div", { class: "actions" }, this.clear, close || null)),
      make("div", { class: "about small" }, make("p", {}, t.machine), this.setup.taalmodel ? make("p", {}, t.model) : null, make("p", {}, `${t.privacy} ${kept}`),
        this.collection ? make("p", {}, filled(t.collection, { name: this.collection })) : null),
      this.log, this.#start(), this.#form(), this.status, this.alert);
    if (!this.floats) return make("div", { class: "vw" }, this.panel);
    this.launcher = button("primary", t.open, () => this.open(this.panel.hidden),
      { class: "nl-button nl-button--primary launcher", "aria-expanded": "false", "aria-controls": "panel" });
    return make("div", { class: "vw floating" }, this.panel, this.launcher);
  }

  #start() {
    const own = [...this.querySelectorAll("button[value]")].map((element) => element.value).filter(Boolean);
    const questions = own.length ? own : this.setup.voorbeelden;
    this.start = make("div", { class: "start", hidden: !questions.length }, make("p", { id: "examples" }, this.texts.examples),
      make("ul", { class: "questions", role: "list", "aria-labelledby": "examples" }, ...questions.map((question) =>
        make("li", {}, button("secondary", question, () => this.ask(question))))));
    return this.start;
  }

  #form() {
    const t = this.texts;
    this.input = make("textarea", { class: "utrecht-textarea", id: "question", rows: 2, autocomplete: "off", "aria-describedby": "hint error" });
    this.error = make("p", { class: "utrecht-form-field-error-message", id: "error" });
    this.stop = button("secondary", t.stop, () => this.#stop(), { hidden: true });
    const send = make("button", { type: "submit", class: "nl-button nl-button--primary" }, t.send);
    return make("form", { class: "ask", novalidate: true, onsubmit: (event) => { event.preventDefault(); this.#submit(); } },
      make("label", { class: "utrecht-form-label", for: "question" }, t.label), this.error, this.input,
      make("div", { class: "actions" }, send, this.stop,
        make("p", { class: "utrecht-form-field-description small hint", id: "hint" }, t.hint)));
  }

  /* Open or close the floating panel; focus goes to the question, or back to the button. */
  open(opened) {
    if (!this.floats) return;
    this.panel.hidden = !opened;
    this.launcher.setAttribute("aria-expanded", String(opened));
    (opened ? this.input : this.launcher).focus();
  }

  #key(event) {
    if (event.key === "Escape" && this.floats && !this.panel.hidden) this.open(false);
    else if (event.key === "F6" && !this.panel.hidden) (this.shadowRoot.activeElement === this.input ? this.log : this.input).focus();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === this.input) this.#submit();
    else return;
    event.preventDefault();
  }

  #submit() {
    if (this.#running) return;
    const question = this.input.value.trim();
    const most = this.setup.langsteVraag;
    const wrong = !question ? this.texts.empty : [...question].length > most ? filled(this.texts.tooLong, { n: most }) : "";
    this.error.textContent = wrong;
    this.input.classList.toggle("utrecht-textarea--invalid", wrong !== "");
    this.input.toggleAttribute("aria-invalid", false);
    if (!wrong) return void this.ask(question);
    this.input.setAttribute("aria-invalid", "true");
    this.input.focus();
  }

  /* Ask a question, as if it was typed; `recognise`: may the question itself say in which documents to look? */
  async ask(question, recognise = true) {
    if (this.#running) return;
    const control = (this.#running = new AbortController());
    this.input.value = "";
    this.#busy(true);
    this.input.focus();
    const turn = this.#turn(question);
    try {
      await this.#answer(turn, question, recognise, control.signal);
    } catch (error) {
      this.#failed(turn, () => this.ask(question, recognise), question, control.signal.aborted ? null : error);
    } finally {
      this.#running = null;
      this.#busy(false);
      turn.answer.setAttribute("aria-busy", "false");
    }
  }

  #busy(busy) {
    this.stop.hidden = !busy;
    this.start.hidden = true;
    this.clear.hidden = busy;
    if (busy) this.#say(this.texts.busy);
  }

  #say(text) {
    this.alert.textContent = "";
    this.status.textContent = text;
  }

  #turn(question) {
    const number = ++this.#turns;
    const answer = make("div", { class: "answer", "aria-busy": "true" }, make("p", { class: "small" }, this.texts.busy));
    const article = make("article", { class: "turn", "aria-labelledby": `turn${number}` },
      this.#heading(this.level + 1, { id: `turn${number}` },
        make("span", { class: "vh" }, filled(this.texts.turn, { n: number })), question), answer);
    this.log.append(article);
    this.#show(article);
    return { article, answer, id: `quote${number}` };
  }

  #show(article) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    article.scrollIntoView({ block: this.floats ? "start" : "nearest", behavior: calm ? "auto" : "smooth" });
  }

  async #answer(turn, question, recognise, signal) {
    const response = await fetch(new URL("../../v1/antwoorden", BASE), {
      method: "POST", credentials: "same-origin", referrerPolicy: "no-referrer", signal,
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify({ question, earlier: this.#earlier, collectie: this.collection, herkenFilter: recognise }),
    });
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      throw new Failure(response.status, problem.detail, Number(response.headers.get("Retry-After")) || 0);
    }
    let streamed = "";
    let record;
    let quotes = [];
    const said = [];
    for await (const [name, value] of eventsOf(response)) {
      if (name === "fout") throw new Failure(value.status, value.detail, 0);
      if (name === "bronnen") quotes = value;
      if (name === "zin") {
        said.push(value);
        quotes = [...quotes, ...value.added];
      }
      if (["bronnen", "zin"].includes(name) && quotes.length) this.#renew(turn, ...this.#growing(turn, said, quotes));
      if (name === "tekst" && !turn.answer.querySelector(".quotes")) {
        streamed += typeof value === "string" ? value : value.tekst ?? "";
        turn.answer.replaceChildren(make("p", { class: "line" }, streamed));
      }
      if (name === "antwoord") this.#finish(turn, question, (record = value));
    }
    if (!record) throw new Failure(500);
  }

  #finish(turn, question, record) {
    const t = this.texts;
    const refused = record.status === "refused";
    const line = refused ? t.refused : record.status === "partial" ? t.partial : t.answered;
    const parts = [make("p", { class: "line" }, refused ? make("strong", {}, line) : line)];
    if (record.searched && record.searched !== question.trim().replace(/\s+/g, " ")) {
      turn.answer.before(make("p", { class: "small" }, filled(t.searched, { question: record.searched })));
    }
    if (record.filter?.woorden) turn.answer.before(this.#filter(turn, question, record.filter));
    const quotes = refused ? record.nearest ?? [] : record.citations;
    if (refused) {
      const why = quotes.length && t.why[record.reason]; // the places that come nearest are shown once, as quotes
      parts.push(make("p", { class: "note" }, why || record.answer));
      if (record.contact && (why || !record.answer.includes(record.contact))) parts.push(make("p", {}, filled(t.contact, record)));
      else if (why) parts.push(make("p", {}, t.otherwise));
    }
    const said = refused ? [] : sayable(record);
    if (said.length) parts.unshift(this.#written(turn, said), make("p", { class: "small" }, `${t.wrote} ${record.written.note}`));
    if (quotes.length) parts.push(...(refused ? [make("p", {}, t.nearest)] : []), this.#quotes(quotes, said.length ? turn : null, refused));
    if (record.written?.fallback) parts.push(make("p", { class: "small" }, filled(t.onlyQuotes, { why: record.written.fallback })));
    if (!quotes.every(isWhole)) parts.push(make("p", { class: "note error" }, t.unchecked));
    if (this.setup.beoordelen) parts.push(this.#feedback(question, record));
    this.#renew(turn, ...parts);
    this.#earlier = [...this.#earlier, question].slice(-(this.setup.langsteGesprek ?? 5));
    this.#say(this.#spoken(line, record));
    this.#show(turn.article);
    this.#tell("vraag-klaar", { status: record.status, citaten: record.citations.length });
  }

  /* Newer content of an answer; who reads a link of it with the keyboard stays at that link. */
  #renew(turn, ...parts) {
    const at = turn.answer.contains(this.shadowRoot.activeElement) && this.shadowRoot.activeElement.href;
    turn.answer.replaceChildren(...parts);
    if (at) [...turn.answer.querySelectorAll("a")].find((link) => link.href === at)?.focus({ preventScroll: true });
  }

  /* What the question itself chose to look in, with a button to look everywhere after all. */
  #filter(turn, question, filter) {
    const id = `filter${this.#turns}`;
    const remove = () => {
      if (this.#running) return;
      if (turn.article === this.log.lastElementChild) {
        turn.article.remove();
        this.#earlier = this.#earlier.slice(0, -1);
      }
      this.ask(question, false);
    };
    return make("div", { class: "filter small" }, make("span", { id }, filled(this.texts.only, filter)),
      button("subtle", this.texts.unfilter, remove, { class: LIGHT, "aria-describedby": id }));
  }

  /* What is read aloud: all of a short answer, the first sentence of a long one, and how many quotes there are. */
  #spoken(line, record) {
    const whole = record.citations.filter(isWhole);
    if (record.filter?.woorden) line = `${filled(this.texts.only, record.filter)} ${line}`;
    const said = sayable(record).map((one) => one.text).join(" ");
    const text = said || (whole.length ? whole[0].quote : record.answer);
    const first = text.length <= LONGEST_SPOKEN ? text : `${text.slice(0, LONGEST_SPOKEN).replace(/\s+\S*$/, "")} …`;
    const count = whole.length === 1 ? this.texts.one : filled(this.texts.many, { n: whole.length });
    return whole.length ? `${line} ${first} ${count}` : `${line} ${first}`;
  }

  /* An answer that is not whole yet: the quotes, and what a language model has written so far. */
  #growing(turn, sentences, citations) {
    const said = sayable({ written: { sentences }, citations });
    const note = said.length ? this.texts.wrote : this.texts.writing;
    const written = this.setup.taalmodel ? [said.length ? this.#written(turn, said) : "", make("p", { class: "small" }, note)] : [];
    return [...written.filter(Boolean), this.#quotes(citations, said.length ? turn : null)];
  }

  /* The sentences of a language model, each with links to the quotes it rests on. */
  #written(turn, said) {
    const link = (number) => make("a", { class: "nl-link", href: `#${turn.id}-${number}`, "aria-label": filled(this.texts.mark, { n: number }),
      onclick: (event) => { event.preventDefault(); this.shadowRoot.getElementById(`${turn.id}-${number}`)?.focus(); } }, `[${number}]`);
    return make("p", { class: "said", lang: "nl" }, ...said.flatMap((one) => [one.text, ...one.citations.flatMap((number) => [" ", link(number)]), " "]));
  }

  /* With a turn each quote has its number, which the sentences above it point at. */
  #quotes(citations, turn = null, near = false) {
    return make("ol", { class: near ? "quotes near" : "quotes", role: "list" },
      ...citations.map((citation, at) => [citation, turn && { id: `${turn.id}-${at + 1}`, number: at + 1 }])
        .filter(([citation]) => isWhole(citation)).map(([citation, named]) => make("li", {}, this.#quote(citation, named))));
  }

  #quote(citation, named) {
    const t = this.texts;
    const address = this.#address(citation);
    const id = `place${++this.#places}`;
    const also = (citation.also ?? []).map((place) => make("li", {}, this.#link(place, new URL(
      `../../bron/${encodeURIComponent(place.document)}#p${[place.page].flat()[0]}`, BASE))));
    return make("figure", named ? { class: "quote", id: named.id, tabindex: -1 } : { class: "quote" },
      make("blockquote", { lang: "nl", cite: address.href }, citation.quote),
      make("figcaption", {}, make("div", { id }, named ? `[${named.number}] ` : null, this.#link(citation, address)),
        citation.speaker ? make("div", {}, filled(t.speaker, citation)) : null,
        citation.row ? make("div", {}, filled(t.row, citation)) : null),
      also.length ? make("div", { class: "small" }, t.also, make("ul", { class: "places", role: "list" }, ...also)) : null,
      make("div", { class: "actions" }, button("subtle", t.copy, (event) => this.#copy(event.target, citation, address),
        { class: LIGHT, "aria-describedby": id })));
  }

  #link(place, address) {
    const onclick = () => this.#tell("bron-geopend", { document: place.document, adres: address.href });
    return make("a", { class: "nl-link", href: address.href, target: "_blank", rel: "noopener", onclick },
      this.#place(place), make("span", { class: "small" }, this.texts.window));
  }

  /* Source offsets never change, so the link still points to the same letters when the index is made anew. */
  #address(citation) {
    const address = new URL(`../../bron/${encodeURIComponent(citation.document)}#citaat`, BASE);
    for (const [start, end] of citation.sourceSpans) {
      address.searchParams.append("van", start);
      address.searchParams.append("tot", end);
    }
    address.searchParams.set("versie", citation.sha256.slice(0, 12));
    address.searchParams.set("passage", citation.passageId);
    return address;
  }

  #place(place) {
    const t = this.texts;
    const document = this.#document(place);
    const title = this.setup.documenten.length > 1 ? document.titel : "";
    const part = /^\d+$/.test(place.section) ? filled(t.part, { n: place.section }) : place.section;
    const note = place.footnote ? `voetnoot ${place.footnote}` : "";
    const inside = place.sections.slice(1).filter((name) => name !== note);
    const names = [title, part, document.delen?.[place.section], ...inside, place.heading, note].filter(Boolean);
    return `${[...new Set(names)].join(", ")} (${filled(t.page, { n: [place.page].flat().join("-") })})`;
  }

  #document(place) {
    return this.setup.documenten.find((document) => document.id === place.document) ?? { titel: place.document };
  }

  async #copy(pressed, citation, address) {
    const title = this.setup.documenten.length > 1 ? "" : `${this.#document(citation).titel}, `;
    const text = `“${citation.quote}” (${title}${this.#place(citation)}) ${address.href}`;
    const done = await copyText(text, this.panel);
    pressed.textContent = done ? this.texts.copied : this.texts.notCopied;
    this.#say(pressed.textContent);
    pressed.focus();
    setTimeout(() => { pressed.textContent = this.texts.copy; }, 4000);
  }

  #failed(turn, again, question, error) {
    const t = this.texts;
    const text = !error ? t.stopped
      : !(error instanceof Failure) ? t.offline
        : [429, 503].includes(error.status) ? filled(t.crowded, { n: error.seconds || 10 })
          : error.status === 401 ? t.key
            : error.status < 500 && error.detail ? error.detail : t.failed;
    const retry = button("secondary", t.retry, () => { turn.article.remove(); again(); });
    turn.answer.replaceChildren(make("p", { class: error ? "note error" : "note" }, text), make("div", { class: "actions" }, retry));
    this.input.value ||= question;
    if (!error) return this.#say(text);
    this.status.textContent = "";
    this.alert.textContent = text;
  }

  #stop() {
    this.#running?.abort();
    this.input.focus();
  }

  #clear() {
    this.#earlier = [];
    this.#turns = 0;
    this.log.replaceChildren();
    this.start.hidden = !this.start.querySelector("button");
    this.clear.hidden = true;
    this.#say(this.texts.cleared);
    this.input.focus();
  }

  #feedback(question, record) {
    const t = this.texts;
    const box = make("form", { class: "feedback" });
    const name = `comment${this.#turns}`;
    const choose = (verdict) => {
      const comment = make("textarea", { class: "utrecht-textarea", id: name, rows: 2, maxlength: 2000, "aria-describedby": `${name}k` });
      box.onsubmit = (event) => { event.preventDefault(); this.#rate(box, { antwoord: record.id, vraag: question, oordeel: verdict, toelichting: comment.value }); };
      box.replaceChildren(make("label", { class: "utrecht-form-label", for: name }, t.comment), comment,
        make("p", { class: "small", id: `${name}k` }, t.kept),
        make("div", { class: "actions" }, make("button", { class: "nl-button nl-button--secondary" }, t.give)));
      comment.focus();
    };
    box.append(make("div", { class: "actions" }, make("span", {}, t.helpful),
      button("secondary", t.yes, () => choose("goed")), button("secondary", t.no, () => choose("fout"))));
    return box;
  }

  async #rate(box, rating) {
    const response = await fetch(new URL("../../beoordelingen", BASE), {
      method: "POST", credentials: "same-origin", referrerPolicy: "no-referrer",
      headers: { "Content-Type": "application/json" }, body: JSON.stringify(rating),
    }).catch(() => ({ ok: false }));
    const text = response.ok ? this.texts.thanks : this.texts.notKept;
    box.replaceChildren(make("p", {}, text));
    this.#say(text);
    this.input.focus();
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/* The clipboard needs https; on an intranet without it the old way still works. */
async function copyText(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", { class: "vh", "aria-hidden": "true", tabindex: -1 });
    field.value = text;
    place.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

customElements.define("vraag-widget", VraagWidget);
if (!document.querySelector("vraag-widget")) document.body.append(document.createElement("vraag-widget"));
