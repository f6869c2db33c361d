// A citizen's text as the deliver_sm PDUs a message centre makes of it.
//
// {from, to, text}            whole, or cut as phones cut: blindly, through surrogate pairs too
//   by:     "udh8" (default) | "udh16" | "sar" | "payload" (message_payload, never cut)
//   coding: "gsm" | "ucs2" | "ucs2le" (with a mark of the order) | "latin1"; default: gsm where every letter is in it
//   zero:   true: whatever the coding, data_coding is 0, as with a centre of another default alphabet
//   ref:    reference of the pieces        default: a running one; a list: one for each piece
//   order:  [2, 0, 1]                      pieces by index: out of order, repeated, or some left out
//   ton:    1 international, 5 alphanumeric; default by the look of `from`
//   hex, dataCoding, esmClass              user data as it is, for what no phone should send
import smpp from "smpp";

let reference = 0;

export function pieces(wanted) {
  if (wanted.hex !== undefined) {
    return [pdu(wanted, { esm_class: wanted.esmClass ?? 0, data_coding: wanted.dataCoding ?? 0, short_message: Buffer.from(wanted.hex, "hex") })];
  }
  const { octets, coding, room } = encoded(wanted);
  if (wanted.by === "payload") {
    return [pdu(wanted, { data_coding: coding, short_message: Buffer.alloc(0), message_payload: octets })];
  }
  if (octets.length <= room.alone) {
    return [pdu(wanted, { data_coding: coding, short_message: octets })];
  }
  const ref = wanted.ref ?? (reference = (reference + 1) % 65536);
  const each = wanted.by === "udh16" ? room.part - 1 - (room.even ? 1 : 0) : room.part;
  const total = Math.ceil(octets.length / each);
  const cut = Array.from({ length: total }, (_, at) => octets.subarray(at * each, (at + 1) * each));
  const made = cut.map((piece, at) => pdu(wanted, { data_coding: coding, ...placed(wanted.by, [ref].flat()[at] ?? ref, total, at + 1, piece) }));
  return (wanted.order ?? made.keys().toArray?.() ?? made.map((_, at) => at)).map((at) => made[at]);
}

function encoded(wanted) {
  const made = lettered(wanted);
  return wanted.zero ? { ...made, coding: 0 } : made;
}

function lettered({ text, coding }) {
  const kind = coding ?? (smpp.gsmCoder.GSM.charRegex.test(text) ? "gsm" : "ucs2");
  if (kind === "gsm") {
    return { octets: smpp.encodings.ASCII.encode(text), coding: 0, room: { alone: 160, part: 153 } };
  }
  if (kind === "latin1") {
    return { octets: Buffer.from(text, "latin1"), coding: 3, room: { alone: 140, part: 134 } };
  }
  if (kind === "ucs2le") {
    return { octets: Buffer.from(`\ufeff${text}`, "utf16le"), coding: 8, room: { alone: 140, part: 134, even: true } };
  }
  return { octets: Buffer.from(text, "utf16le").swap16(), coding: 8, room: { alone: 140, part: 134, even: true } };
}

function placed(by, ref, total, number, piece) {
  if (by === "sar") {
    return { short_message: piece, sar_msg_ref_num: ref & 0xffff, sar_total_segments: total, sar_segment_seqnum: number };
  }
  const udh = by === "udh16"
    ? [6, 8, 4, (ref >> 8) & 0xff, ref & 0xff, total, number]
    : [5, 0, 3, ref & 0xff, total, number];
  return { esm_class: 0x40, short_message: Buffer.concat([Buffer.from(udh), piece]) };
}

function pdu({ from, to = "1022", ton }, fields) {
  const international = /^(\+|84)\d{6,}/.test(from);
  return () => ({
    source_addr: from.replace(/^\+/, ""),
    source_addr_ton: ton ?? (/[a-z]/i.test(from) ? 5 : international ? 1 : 0),
    source_addr_npi: 1,
    destination_addr: to,
    ...fields,
  });
}
