// The phones: what the city sent them, joined as a handset joins it.
import smpp from "smpp";

export class Phones {
  #texts = []; // {id, from, to, text, parts, coding, at}
  #partial = new Map(); // from|to|reference|total → {parts: Map, coding}
  #next = 1;

  /** Takes one submit_sm; true when it completes a text. */
  took(pdu) {
    const { udh, octets } = this.#userData(pdu);
    if (!udh) return this.#keep(pdu, [octets]);
    const key = [pdu.source_addr, pdu.destination_addr, udh.ref, udh.total].join("|");
    const held = this.#partial.get(key) ?? new Map();
    held.set(udh.number, octets);
    this.#partial.set(key, held);
    if (held.size < udh.total) return false;
    this.#partial.delete(key);
    return this.#keep(pdu, [...held.keys()].sort((a, b) => a - b).map((number) => held.get(number)));
  }

  read(to, after) {
    const digits = (number) => String(number).replace(/\D/g, "").replace(/^0/, "84");
    return this.#texts.filter((text) => text.id > after && (!to || digits(text.to) === digits(to)));
  }

  #userData(pdu) {
    const data = pdu.short_message?.message?.length || pdu.short_message?.udh ? pdu.short_message : pdu.message_payload ?? pdu.short_message;
    const header = data.udh?.find((element) => element[0] === 0 || element[0] === 8);
    const numbers = header && header.subarray(2);
    const udh = numbers && { ref: numbers.subarray(0, -2).toString("hex"), total: numbers.at(-2), number: numbers.at(-1) };
    return { udh, octets: data.message };
  }

  #keep(pdu, pieces) {
    // npm smpp has read each piece by its data_coding: text, or octets where it knows no such coding
    const text = pieces.map((piece) => (Buffer.isBuffer(piece) ? piece.toString("latin1") : piece)).join("");
    this.#texts.push({
      id: this.#next++, from: pdu.source_addr, to: pdu.destination_addr, text, parts: pieces.length,
      coding: pdu.data_coding, validity: pdu.validity_period, at: new Date().toISOString(),
    });
    return true;
  }
}
