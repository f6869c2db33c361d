// An SMSC on loopback for the demo and the tests. The protocol is npm `smpp`'s; this file only behaves as a carrier's
// message centre does: it stores texts and forwards them, a window at a time, until they are acknowledged.
//
//   node server.mjs --port 2775 --control 2776 [--system-id tongdai] [--password demo]
//                   [--tls-key key.pem --tls-cert cert.pem]
//
// The control port (HTTP, JSON, loopback only):
//   POST /mo      {from, to, text, …} or a list of them: a citizen's text, see mo.mjs      → {ids}
//   GET  /mo?ids=1,2          how far these have come: {state: queued|sent|acked|refused, tries, parts}
//   GET  /mt?to=…&after=ID    what was sent to a phone, joined, oldest first
//   GET  /counts              what the centre itself counted
//   POST /behave  {…}         misbehave: see `mood`
//   POST /kick                cut every connection, without a goodbye
//   POST /forget              begin anew: no text, no count
import fs from "node:fs";
import http from "node:http";
import { parseArgs } from "node:util";
import smpp from "smpp";
import { pieces } from "./mo.mjs";
import { Phones } from "./mt.mjs";

const { values: given } = parseArgs({
  options: {
    port: { type: "string", default: "2775" },
    control: { type: "string", default: "2776" },
    "system-id": { type: "string", default: "tongdai" },
    password: { type: "string", default: "demo" },
    "tls-key": { type: "string" }, // with it SMPP is spoken over TLS
    "tls-cert": { type: "string" },
  },
});

const mood = {
  refuseBind: 0, // command_status of the answer to a bind; 0 takes it
  window: 50, // deliver_sm without an answer at a time
  dieAfter: 0, // cut the connection once so many more texts have been sent
  loseAcks: 0, // forget so many answers to deliver_sm: their texts are sent again after `patience`
  patience: 60_000, // ms until an unanswered deliver_sm is sent again
  retryAfter: 300, // ms until a refused one is
  receipts: "DELIVRD", // stat of the receipts; "" sends none
  receiptAfter: 20, // ms
  throttle: 0, // answer so many submit_sm with ESME_RTHROTTLED
  reject: "", // answer submit_sm to this number with ESME_RINVDSTADR
  refuse: {}, // {number: command_status} of the answer to a submit_sm to it
  perSecond: 0, // throttle what is more than so many submit_sm a second
  answerAfter: 0, // ms until a submit_sm is answered
  dieAfterSubmits: 0, // answer so many more submit_sm, then cut the connection
  deaf: false, // do not answer submit_sm at all
  mute: false, // do not answer a bind
  silent: false, // do not answer enquire_link
  idBase: 10, // message ids in receipts: decimal, or 16 as some centres have it
  answerBase: 10, // and in the answers to submit_sm
  receiptClass: 0x04, // esm_class of a receipt
  receiptParameters: true, // whether it has its TLVs
  receiptWords: "id:{id} sub:001 dlvrd:{good} submit date:{day} done date:{day} stat:{stat} err:000 text:",
};
const counts = { binds: 0, askedBinds: 0, refusedBinds: 0, submits: 0, mostUnanswered: 0, mostASecond: 0, partsTwice: 0, mo: 0, moParts: 0, acked: 0, refused: 0, resent: 0, mt: 0, mtParts: 0, receipts: 0 };
let phones = new Phones();
const waiting = []; // pieces to send, oldest first
const texts = new Map(); // id → {id, from, parts, acked, refused, tries, queuedAt, sentAt, ackedAt: ms}
let nextText = 1;
let nextMessage = 1_000_001; // as long as those of real centres: a short id is also one in another base
let links = []; // bound sessions that may be sent to
let senders = 0; // bound sessions that may send
let unanswered = 0; // submit_sm
let lately = []; // when they came, of the last second
let partsSeen = new Set(); // of what was taken: who, reference, number

function listen(session) {
  const inFlight = new Map();
  const link = { session, inFlight, sends: false };
  const drop = () => {
    if (link.sends) senders -= 1;
    link.sends = false;
    links = links.filter((each) => each !== link);
    for (const { piece, timer } of [...inFlight.values()].reverse()) {
      clearTimeout(timer);
      counts.resent += 1;
      waiting.unshift(piece);
    }
    inFlight.clear();
    forward();
  };
  session.on("error", () => session.destroy());
  session.on("close", drop);
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on("enquire_link", (pdu) => mood.silent || session.send(pdu.response()));
  session.on("submit_sm", (pdu) => submitted(link, pdu));
  session.on("unknown", (pdu) => pdu.command_id !== 0x80000000 && session.send(pdu.response()));
  for (const bind of ["bind_transceiver", "bind_receiver", "bind_transmitter"]) {
    session.on(bind, (pdu) => {
      counts.askedBinds += 1;
      if (mood.mute) return;
      const wrong = pdu.system_id !== given["system-id"] || pdu.password !== given.password;
      const status = mood.refuseBind || (wrong ? smpp.ESME_RINVPASWD : 0);
      if (status) {
        counts.refusedBinds += 1;
        session.send(pdu.response({ command_status: status }));
        session.close();
        return;
      }
      counts.binds += 1;
      session.send(pdu.response({ system_id: "demo-smsc" }));
      if (bind !== "bind_receiver") {
        link.sends = true;
        senders += 1;
      }
      if (bind !== "bind_transmitter") {
        links.push(link);
        forward();
      }
    });
  }
}

function forward() {
  for (const link of links) {
    while (waiting.length && link.inFlight.size < mood.window) {
      if (!deliver(link, waiting.shift())) return;
    }
  }
}

function deliver(link, piece) {
  const { session, inFlight } = link;
  const text = texts.get(piece.text);
  if (text) {
    text.tries += 1;
    text.sentAt ??= performance.now();
  }
  const pdu = new smpp.PDU("deliver_sm", piece.pdu());
  const entry = { piece };
  const sent = session.send(pdu, (answer) => {
    if (mood.loseAcks > 0) {
      mood.loseAcks -= 1;
      return; // as if it had never come; `patience` sends the text again
    }
    clearTimeout(entry.timer);
    inFlight.delete(pdu.sequence_number);
    answered(piece, answer.command_status);
    forward();
  });
  if (!sent) {
    waiting.unshift(piece);
    return false;
  }
  entry.timer = setTimeout(() => {
    if (inFlight.delete(pdu.sequence_number)) {
      counts.resent += 1;
      waiting.push(piece);
      forward();
    }
  }, mood.patience);
  inFlight.set(pdu.sequence_number, entry);
  if (mood.dieAfter > 0 && --mood.dieAfter === 0) {
    setImmediate(() => session.destroy());
    return false;
  }
  return true;
}

function answered(piece, status) {
  const text = texts.get(piece.text);
  if (status === 0) {
    if (!text) return; // a receipt
    counts.acked += 1;
    text.acked += 1;
    text.ackedAt = performance.now();
    return;
  }
  counts.refused += 1;
  if (text) text.refused += 1;
  const temporary = [smpp.ESME_RX_T_APPN, smpp.ESME_RTHROTTLED, smpp.ESME_RMSGQFUL, smpp.ESME_RSYSERR].includes(status);
  if (temporary) setTimeout(() => (waiting.push(piece), forward()), mood.retryAfter);
}

function submitted(link, pdu) {
  const { session } = link;
  const now = performance.now();
  lately = [...lately.filter((at) => at > now - 1000), now];
  unanswered += 1;
  counts.submits += 1;
  counts.mostUnanswered = Math.max(counts.mostUnanswered, unanswered);
  counts.mostASecond = Math.max(counts.mostASecond, lately.length);
  if (mood.deaf) return;
  const answer = (fields) => setTimeout(() => {
    unanswered -= 1;
    if (link.ended) return;
    session.send(pdu.response(fields));
    if (fields.message_id) seen(pdu);
    if (mood.dieAfterSubmits > 0 && --mood.dieAfterSubmits === 0) {
      link.ended = true;
      session.socket.end(); // what was answered still gets there
    }
  }, mood.answerAfter);
  const throttled = mood.throttle > 0 || (mood.perSecond && lately.length > mood.perSecond);
  const status = throttled ? smpp.ESME_RTHROTTLED
    : mood.refuse[pdu.destination_addr] ?? (mood.reject && pdu.destination_addr === mood.reject ? smpp.ESME_RINVDSTADR : 0);
  if (mood.throttle > 0) mood.throttle -= 1;
  if (status) return answer({ command_status: status });
  const id = nextMessage++;
  counts.mtParts += 1;
  if (phones.took(pdu)) counts.mt += 1;
  answer({ message_id: written(id, mood.answerBase) });
  if (pdu.registered_delivery & 0x01 && mood.receipts) {
    setTimeout(() => receipt(id, pdu), mood.answerAfter + mood.receiptAfter);
  }
}

function seen(pdu) {
  const header = pdu.short_message?.udh?.find((element) => element[0] === 0);
  if (!header) return;
  const part = [pdu.destination_addr, header.toString("hex")].join("|");
  if (partsSeen.has(part)) counts.partsTwice += 1;
  partsSeen.add(part);
}

function written(id, base) {
  return base === 16 ? id.toString(16) : String(id).padStart(10, "0");
}

function receipt(id, { source_addr, destination_addr }) {
  const shown = written(id, mood.idBase);
  const day = new Date().toISOString().replace(/\D/g, "").slice(2, 12);
  const good = mood.receipts === "DELIVRD" ? "001" : "000";
  const fields = { id: shown, good, day, stat: mood.receipts };
  const words = mood.receiptWords.replace(/\{(\w+)\}/g, (_, name) => fields[name]);
  const parameters = mood.receiptParameters
    ? { receipted_message_id: shown, message_state: mood.receipts === "DELIVRD" ? 2 : 5 } : {};
  counts.receipts += 1;
  waiting.push({
    text: 0,
    pdu: () => ({
      source_addr: destination_addr, source_addr_ton: 1, source_addr_npi: 1, destination_addr: source_addr,
      esm_class: mood.receiptClass, data_coding: 0, short_message: Buffer.from(words, "latin1"), ...parameters,
    }),
  });
  forward();
}

function forget() {
  waiting.length = 0;
  texts.clear();
  phones = new Phones();
  partsSeen = new Set();
  unanswered = 0;
  lately = [];
  for (const name of Object.keys(counts)) counts[name] = 0;
  return {};
}

function sendFromPhone(wanted) {
  const ids = [];
  for (const each of [wanted].flat()) {
    const id = nextText++;
    const parts = pieces(each).map((pdu) => ({ text: id, pdu }));
    texts.set(id, { id, from: each.from, words: each.text ?? "", at: new Date().toISOString(), parts: parts.length, acked: 0, refused: 0, tries: 0, queuedAt: performance.now() });
    counts.mo += 1;
    counts.moParts += parts.length;
    waiting.push(...parts);
    ids.push(id);
  }
  forward();
  return { ids };
}

function progress(query) {
  const ids = query.get("ids")?.split(",").map(Number) ?? [...texts.keys()];
  return ids.map((id) => texts.get(id)).filter(Boolean).map((text) => ({
    ...text,
    state: text.acked >= text.parts ? "acked" : text.refused ? "refused" : text.tries ? "sent" : "queued",
  }));
}

const routes = {
  "POST /mo": (_, body) => sendFromPhone(body),
  "GET /mo": (query) => progress(query),
  "GET /mt": (query) => phones.read(query.get("to"), Number(query.get("after") ?? 0)),
  "GET /counts": () => ({
    ...counts, links: links.length, senders, waiting: waiting.length, inFlight: links.reduce((sum, { inFlight }) => sum + inFlight.size, 0),
  }),
  "POST /behave": (_, body) => (Object.assign(mood, body), forward(), mood),
  "POST /forget": forget,
  "POST /kick": () => (smsc.sessions.slice().forEach((session) => session.destroy()), {}),
};

const tls = given["tls-key"] ? { key: fs.readFileSync(given["tls-key"]), cert: fs.readFileSync(given["tls-cert"]) } : {};
const smsc = smpp.createServer(tls, listen);
const control = http.createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const route = routes[`${request.method} ${url.pathname}`];
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const reply = (status, what) => {
      response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
      response.end(JSON.stringify(what));
    };
    if (!route) return reply(404, { error: "no such route" });
    try {
      const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString("utf8")) : {};
      reply(200, route(url.searchParams, body));
    } catch (error) {
      reply(400, { error: String(error) });
    }
  });
});

smsc.on("error", (error) => stop(`SMPP port ${given.port}: ${error.message}`));
control.on("error", (error) => stop(`control port ${given.control}: ${error.message}`));
function stop(why) {
  console.error(why);
  process.exit(1);
}
smsc.listen(Number(given.port), "127.0.0.1", () => {
  control.listen(Number(given.control), "127.0.0.1", () => {
    console.log(`SMSC on smpp://127.0.0.1:${given.port}, control on http://127.0.0.1:${control.address().port}`);
  });
});
// one whose starter has gone (a test run killed, a closed terminal) goes too
if (process.env.TONGDAI_PEER_FOLLOWS_STDIN) process.stdin.on("end", () => process.exit(0)).resume();
